#include "sqlite_ext/text/normalize.h"

#include "sqlite_ext/text/tokens.h"

#include <array>

namespace advisor::sqlite {

namespace {

using core::StatementKind;

constexpr std::string_view own_prefix = "advisor_";
constexpr std::array own_names = std::to_array<std::string_view>({"add",
                                                                  "assert",
                                                                  "check",
                                                                  "config",
                                                                  "coverage",
                                                                  "dismiss",
                                                                  "history",
                                                                  "live",
                                                                  "load",
                                                                  "normalize",
                                                                  "plan",
                                                                  "record",
                                                                  "report",
                                                                  "recommendations",
                                                                  "recommend_indexes",
                                                                  "recommendation_statements",
                                                                  "reset",
                                                                  "rules",
                                                                  "save",
                                                                  "set_rule",
                                                                  "statements",
                                                                  "status",
                                                                  "undismiss",
                                                                  "version",
                                                                  "what_if"});

bool is_own_name(const Token &token) {
    if (token.kind != TokenKind::word || token.text.size() <= own_prefix.size())
        return false;
    const std::string name = lower_case(token.text);
    if (!name.starts_with(own_prefix))
        return false;
    for (const auto own : own_names)
        if (std::string_view(name).substr(own_prefix.size()) == own)
            return true;
    return false;
}

// The kind is that of the first main verb outside brackets: behind WITH, the verb after the last CTE.
void classify(const std::vector<Token> &tokens, NormalizedStatement &statement) {
    int depth = 0;
    const bool with = !tokens.empty() && tokens.front().is("with");
    for (const Token &token : tokens) {
        depth += token.is("(") ? 1 : token.is(")") ? -1 : 0;
        if (depth != 0)
            continue;
        if (token.is("select") || token.is("values"))
            statement.kind = StatementKind::select;
        else if (token.is("insert") || token.is("replace"))
            statement.kind = StatementKind::insert;
        else if (token.is("update"))
            statement.kind = StatementKind::update;
        else if (token.is("delete"))
            statement.kind = StatementKind::remove;
        else if (with)
            continue;
        statement.advisable = statement.kind != StatementKind::other;
        return;
    }
}

// A path into a document names what is looked at: it stays, other literals become "?".
bool stays(const Token &token, const Token *before) {
    return token.kind == TokenKind::string && token.text.starts_with("'$") && before != nullptr &&
           (before->is(",") || before->is("->") || before->is("->>"));
}

bool is_operand_end(const Token &token) {
    return token.literal() || token.kind == TokenKind::variable || token.kind == TokenKind::quoted_name ||
           token.is(")") ||
           (token.kind == TokenKind::word && !token.is("and") && !token.is("or") && !token.is("not") &&
            !token.is("in") && !token.is("between") && !token.is("like") && !token.is("when") &&
            !token.is("then") && !token.is("else") && !token.is("select") && !token.is("where") &&
            !token.is("limit") && !token.is("offset") && !token.is("set") && !token.is("is") &&
            !token.is("by") && !token.is("on") && !token.is("having"));
}

// ORDER BY 2 and GROUP BY 1 name a column: folding them would change what the statement means.
class ColumnNumbers {
public:
    bool keeps(const std::vector<Token> &tokens, std::size_t i) {
        const Token &token = tokens[i];
        if (token.is("by"))
            inside_ = true;
        else if (inside_ && !token.is(",") && !token.is("asc") && !token.is("desc") && !token.is("collate") &&
                 !token.name() && token.kind != TokenKind::number && !token.is("."))
            inside_ = false;
        else if (inside_ && (token.is("limit") || token.is("having") || token.is("union")))
            inside_ = false;
        return inside_ && token.kind == TokenKind::number && i > 0 &&
               (tokens[i - 1].is("by") || tokens[i - 1].is(","));
    }

private:
    bool inside_ = false;
};

bool glued(std::string_view left, std::string_view right, bool call) {
    if (left.empty() || left.back() == '(' || left.back() == '.')
        return true;
    if (right == "(")
        return call;
    return right == ")" || right == "," || right == ";" || right == ".";
}

bool takes_spaced_bracket(std::string_view word) {
    for (const std::string_view keyword :
         {"in", "and", "or", "not", "values", "where", "on", "from", "join", "by", "as", "exists", "select",
          "over", "using", "set", "when", "then"})
        if (word == keyword)
            return true;
    return false;
}

// "?, ?" inside an IN list and "(…), (…)" after VALUES shrink to one member.
void shrink_lists(std::vector<std::string> &words) {
    std::vector<std::string> result;
    result.reserve(words.size());
    std::size_t row = std::string::npos; // start of the first row of VALUES in the result
    for (std::size_t i = 0; i < words.size(); ++i) {
        const std::size_t n = result.size();
        if (words[i] == "?" && n >= 2 && result[n - 1] == "," && result[n - 2] == "?" && n >= 4 &&
            result[n - 3] == "(" && result[n - 4] == "in") {
            result.pop_back();
            continue;
        }
        result.push_back(words[i]);
        if (words[i] == "values")
            row = result.size();
        if (words[i] != ")" || row == std::string::npos)
            continue;
        // A row just closed: drop it when it repeats the first one.
        const std::size_t length = (result.size() - row - 1) / 2;
        if (result.size() > row + 1 && (result.size() - row) % 2 == 1 && result[row + length] == "," &&
            std::equal(result.begin() + static_cast<std::ptrdiff_t>(row),
                       result.begin() + static_cast<std::ptrdiff_t>(row + length),
                       result.begin() + static_cast<std::ptrdiff_t>(row + length + 1)))
            result.resize(row + length);
    }
    words = std::move(result);
}

std::int64_t hash(std::string_view text) {
    std::uint64_t value = 14695981039346656037U;
    for (const char c : text)
        value = (value ^ static_cast<unsigned char>(c)) * 1099511628211U;
    return static_cast<std::int64_t>(value);
}

std::vector<std::string> folded_words(const std::vector<Token> &tokens) {
    std::vector<std::string> words;
    ColumnNumbers column_numbers;
    for (std::size_t i = 0; i < tokens.size(); ++i) {
        const Token &token = tokens[i];
        const Token *before = i > 0 ? &tokens[i - 1] : nullptr;
        const bool number_of_column = column_numbers.keeps(tokens, i);
        if (stays(token, before) || number_of_column || token.kind == TokenKind::quoted_name) {
            words.emplace_back(token.text);
        } else if (token.literal() || token.kind == TokenKind::variable) {
            const bool sign = !words.empty() && (words.back() == "-" || words.back() == "+") && i >= 2 &&
                              !is_operand_end(tokens[i - 2]);
            if (sign)
                words.pop_back();
            words.emplace_back("?");
        } else {
            words.push_back(lower_case(token.text));
        }
    }
    while (!words.empty() && words.back() == ";")
        words.pop_back();
    return words;
}

} // namespace

NormalizedStatement normalize(std::string_view sql) {
    const std::vector<Token> tokens = tokenize(sql);
    NormalizedStatement statement;
    classify(tokens, statement);
    for (const Token &token : tokens)
        statement.own = statement.own || is_own_name(token);
    std::vector<std::string> words = folded_words(tokens);
    shrink_lists(words);
    std::string_view left;
    for (const std::string &word : words) {
        const bool call =
            !left.empty() && left.back() != '\'' && left != "?" && !takes_spaced_bracket(left) &&
            (left.back() == '_' || left.back() == '"' || (left.back() >= '0' && left.back() <= '9') ||
             (left.back() >= 'a' && left.back() <= 'z'));
        if (!glued(left, word, call))
            statement.text += ' ';
        statement.text += word;
        left = word;
    }
    statement.queryid = hash(statement.text);
    return statement;
}

std::string_view kind_name(StatementKind kind) {
    switch (kind) {
    case StatementKind::select: return "select";
    case StatementKind::insert: return "insert";
    case StatementKind::update: return "update";
    case StatementKind::remove: return "delete";
    case StatementKind::merge: return "merge";
    case StatementKind::other: return "other";
    }
    return "other";
}

} // namespace advisor::sqlite
