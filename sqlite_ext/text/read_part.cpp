#include "sqlite_ext/text/read_part.h"

#include "sqlite_ext/text/parameters.h"
#include "sqlite_ext/text/tokens.h"

#include <algorithm>
#include <initializer_list>

namespace advisor::sqlite {

namespace {

// The tokens of one statement, with a cursor over those outside brackets.
class Splitter {
public:
    explicit Splitter(std::string_view sql)
        : sql_(sql), tokens_(tokenize(sql)), numbers_(parameter_numbers(tokens_)) {
        while (!tokens_.empty() && tokens_.back().is(";"))
            tokens_.pop_back();
    }

    ReadPart split();
    std::string count_of_input() const;

private:
    std::size_t find(std::size_t start, std::initializer_list<std::string_view> words) const;
    std::string text(std::size_t start, std::size_t end) const;
    std::size_t read_target(std::size_t i, ReadPart &part);
    void split_delete(std::size_t verb, ReadPart &part);
    void split_update(std::size_t verb, ReadPart &part);
    void split_insert(std::size_t verb, ReadPart &part);
    std::string assignments(std::size_t start, std::size_t end, std::vector<std::string> &columns) const;
    void read_conflicts(std::size_t start, ReadPart &part) const;

    std::string_view sql_;
    std::vector<Token> tokens_;
    std::vector<std::size_t> numbers_;
    std::string with_;
    std::string target_; // the written table with its alias, as in a FROM clause
};

// First of the words outside brackets; the number of tokens if there is none.
std::size_t Splitter::find(std::size_t start, std::initializer_list<std::string_view> words) const {
    int depth = 0;
    for (std::size_t i = start; i < tokens_.size(); ++i) {
        depth += tokens_[i].is("(") ? 1 : tokens_[i].is(")") ? -1 : 0;
        if (depth == 0)
            for (const auto word : words)
                if (tokens_[i].is(word))
                    return i;
    }
    return tokens_.size();
}

std::string Splitter::text(std::size_t start, std::size_t end) const {
    std::string result;
    for (std::size_t i = start; i < end; ++i) {
        if (i > start) {
            // Comments go, and what SQLite took as one token stays one.
            const auto gap =
                tokens_[i].text.data() - (tokens_[i - 1].text.data() + tokens_[i - 1].text.size());
            if (gap > 0)
                result += ' ';
        }
        if (numbers_[i] > 0)
            result += "?" + std::to_string(numbers_[i]);
        else
            result += tokens_[i].text;
    }
    return result;
}

ReadPart Splitter::split() {
    ReadPart part;
    std::size_t verb = 0;
    if (!tokens_.empty() && tokens_[0].is("with")) {
        verb = find(0, {"select", "values", "insert", "replace", "update", "delete"});
        with_ = text(0, verb) + " ";
    }
    if (verb >= tokens_.size())
        return part;
    if (tokens_[verb].is("delete"))
        split_delete(verb, part);
    else if (tokens_[verb].is("update"))
        split_update(verb, part);
    else if (tokens_[verb].is("insert") || tokens_[verb].is("replace"))
        split_insert(verb, part);
    else if (tokens_[verb].is("select") || tokens_[verb].is("values"))
        part.sql = text(0, tokens_.size());
    return part;
}

// [schema .] table [AS alias] [INDEXED BY name | NOT INDEXED]; gives the position behind it.
std::size_t Splitter::read_target(std::size_t i, ReadPart &part) {
    if (i + 2 < tokens_.size() && tokens_[i + 1].is(".")) {
        part.written_schema = unquoted(tokens_[i].text);
        i += 2;
    }
    if (i >= tokens_.size())
        return i;
    part.written_table = unquoted(tokens_[i].text);
    const std::size_t start = part.written_schema.empty() ? i : i - 2;
    ++i;
    if (i + 1 < tokens_.size() && tokens_[i].is("as"))
        i += 2;
    target_ = text(start, i);
    if (i < tokens_.size() && tokens_[i].is("indexed"))
        i += 3;
    else if (i + 1 < tokens_.size() && tokens_[i].is("not"))
        i += 2;
    return i;
}

void Splitter::split_delete(std::size_t verb, ReadPart &part) {
    read_target(verb + 2, part);
    const std::size_t end = find(verb, {"returning"});
    const std::size_t where = find(verb, {"where"});
    if (where < end)
        part.sql = with_ + "SELECT * FROM " + target_ + " " + text(where, end);
}

void Splitter::split_update(std::size_t verb, ReadPart &part) {
    std::size_t i = verb + 1;
    if (i < tokens_.size() && tokens_[i].is("or"))
        i += 2;
    read_target(i, part);
    const std::size_t set = find(i, {"set"});
    const std::size_t end = find(i, {"returning"});
    const std::size_t where = std::min(find(set, {"where"}), end);
    const std::size_t from = std::min(find(set, {"from"}), where);
    const std::string subqueries = assignments(set + 1, from, part.assigned_columns);
    if (where == end && subqueries.empty() && from == where)
        return;
    part.sql = with_ + "SELECT *" + subqueries + " FROM " + target_;
    if (from < where)
        part.sql += ", " + text(from + 1, where);
    if (where < end)
        part.sql += " " + text(where, end);
}

// Notes the assigned columns and gives the assigned expressions that read something themselves.
std::string Splitter::assignments(std::size_t start, std::size_t end,
                                  std::vector<std::string> &columns) const {
    std::string result;
    while (start < end) {
        const std::size_t next = std::min(find(start, {","}), end);
        const std::size_t equal = std::min(find(start, {"="}), next);
        for (std::size_t i = start; i < equal; ++i)
            if (tokens_[i].name())
                columns.push_back(unquoted(tokens_[i].text));
        bool reads = false;
        for (std::size_t i = equal; i < next; ++i)
            reads = reads || tokens_[i].is("select");
        if (reads && equal == start + 1)
            result += ", " + text(equal + 1, next);
        start = next + 1;
    }
    return result;
}

void Splitter::split_insert(std::size_t verb, ReadPart &part) {
    const std::size_t into = find(verb, {"into"});
    if (into + 1 >= tokens_.size())
        return;
    const std::size_t i = read_target(into + 1, part);
    read_conflicts(i, part);
    const std::size_t start = find(i, {"select", "with", "values"});
    if (start >= tokens_.size() || tokens_[start].is("values"))
        return;
    std::size_t end = find(start, {"returning"});
    for (std::size_t on = find(start, {"on"}); on + 1 < end; on = find(on + 1, {"on"}))
        if (tokens_[on + 1].is("conflict"))
            end = on;
    part.sql = with_ + text(start, end);
}

// ON CONFLICT … DO UPDATE SET …, any number of them
void Splitter::read_conflicts(std::size_t start, ReadPart &part) const {
    for (std::size_t on = find(start, {"on"}); on < tokens_.size(); on = find(on + 1, {"on"})) {
        const std::size_t next = find(on + 1, {"on", "returning"});
        const std::size_t set = find(on, {"set"});
        if (on + 1 < tokens_.size() && tokens_[on + 1].is("conflict") && set < next)
            assignments(set + 1, std::min(find(set, {"where"}), next), part.conflict_columns);
    }
}

std::string Splitter::count_of_input() const {
    if (tokens_.empty() || !tokens_[0].is("select") ||
        find(0, {"union", "except", "intersect", "limit", "window"}) < tokens_.size())
        return {};
    const std::size_t from = find(0, {"from"});
    const std::size_t end = std::min(find(from, {"group"}), find(from, {"order"}));
    return from < end ? "SELECT count(*) " + text(from, end) : std::string();
}

} // namespace

ReadPart read_part(std::string_view sql) {
    return Splitter(sql).split();
}

std::string count_of_input(std::string_view sql) {
    return Splitter(sql).count_of_input();
}

} // namespace advisor::sqlite
