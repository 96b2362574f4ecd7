// A list is read ahead to its end before its first element is given out, so elements are compared by hashes.
#include "pg_ext/observe/reduced_tokens.h"

namespace advisor::pg::observe {
namespace {

constexpr int most_levels = 8; // of brackets within an element

// One element as far as it has been read.
class Element {
public:
    void add(const Token &token);

    int level() const { return level_; }
    std::uint64_t shape() const { return shape_.value; }
    // Of constants, parameters and rows of them only; such are alike when their rows are.
    bool plain() const { return state_ == State::value_ends || state_ == State::type; }
    std::uint64_t row() const { return row_.value; }

private:
    // Where in "( constant :: type(1, 2)[], … )" the reading is.
    enum class State { value, value_ends, colon, type, modifier, other };

    void follow(const Token &token);
    void follow_symbol(char symbol);

    TokenHash shape_;
    TokenHash row_;
    int level_ = 0;
    State state_ = State::value;
};

void Element::add(const Token &token) {
    const bool value = token.kind == TokenKind::constant || token.kind == TokenKind::parameter;
    if (value)
        shape_.add('?');
    else
        shape_.add(token);
    if (state_ != State::other)
        follow(token);
    if (token.kind == TokenKind::other)
        level_ += (*token.at == '(' || *token.at == '[') - (*token.at == ')' || *token.at == ']');
}

void Element::follow(const Token &token) {
    switch (token.kind) {
    case TokenKind::constant:
    case TokenKind::parameter:
        if (state_ == State::value) {
            row_.add('?');
            state_ = State::value_ends;
        } else if (state_ != State::modifier) {
            state_ = State::other;
        }
        break;
    case TokenKind::word:
    case TokenKind::quoted_word:
        state_ = state_ == State::type || state_ == State::colon ? State::type : State::other;
        break;
    case TokenKind::other: follow_symbol(*token.at); break;
    case TokenKind::space:
    case TokenKind::comment:
    case TokenKind::left_out: break;
    }
}

void Element::follow_symbol(char symbol) {
    const bool ended = plain();
    if (state_ == State::modifier) {
        if (symbol == ')' || symbol == ']')
            state_ = State::type;
        else if (symbol != ',')
            state_ = State::other;
    } else if (symbol == ':' && (ended || state_ == State::colon)) {
        state_ = State::colon;
    } else if (state_ == State::type && (symbol == '.' || symbol == '(' || symbol == '[')) {
        state_ = symbol == '.' ? State::type : State::modifier;
    } else if (symbol == '(' && state_ == State::value) {
        row_.add('(');
    } else if (ended && level_ > 0 && (symbol == ',' || symbol == ')')) {
        row_.add(static_cast<unsigned char>(symbol));
        state_ = symbol == ',' ? State::value : State::value_ends;
    } else {
        state_ = State::other;
    }
}

bool closes(const Token &token) {
    return is_symbol(token, ')') || is_symbol(token, ']');
}

bool starts_query(std::uint64_t word) {
    return word == packed_word("select") || word == packed_word("with") || word == packed_word("values");
}

// Reads a list from behind its opening bracket to its end.
class ListReader {
public:
    explicit ListReader(const FoldedTokens &ahead) : tokens_(ahead) {}

    // Both are true when there is something to leave out.
    bool read_elements();
    bool read_rows(const Token &open); // each with its own brackets, the first of which is opened already

    const char *first_ends() const { return first_ends_; }
    const char *ends() const { return ends_; }
    bool left_out_parameters() const { return parameters_; }

private:
    bool next() {
        do {
            tokens_.skip_space();
            if (!tokens_.next(token_))
                return false;
        } while (token_.kind == TokenKind::space || token_.kind == TokenKind::comment);
        parameters_ = parameters_ || (first_ends_ && token_.kind == TokenKind::parameter);
        return true;
    }

    // False when the elements are not alike.
    bool finish_element(const char *end) {
        if (!first_ends_) {
            first_ = element_;
            first_ends_ = end;
        } else {
            shapes_alike_ = shapes_alike_ && element_.shape() == first_.shape();
            rows_alike_ = rows_alike_ && first_.plain() && element_.plain() && element_.row() == first_.row();
        }
        ends_ = end;
        element_ = Element();
        return shapes_alike_ || rows_alike_;
    }

    FoldedTokens tokens_;
    Token token_{};
    Element first_, element_;
    bool shapes_alike_ = true, rows_alike_ = true;
    const char *first_ends_ = nullptr;
    const char *ends_ = nullptr;
    bool parameters_ = false;
};

bool ListReader::read_elements() {
    bool begins = true;
    while (next()) {
        const bool ends_list = closes(token_);
        if (element_.level() == 0 && (ends_list || is_symbol(token_, ','))) {
            if (!finish_element(token_.at))
                return false;
            if (ends_list)
                return ends_ != first_ends_;
            continue;
        }
        if (element_.level() >= most_levels || (begins && starts_query(tokens_.last_word())))
            return false;
        element_.add(token_);
        begins = false;
    }
    return false;
}

bool ListReader::read_rows(const Token &open) {
    element_.add(open);
    for (;;) {
        while (element_.level() > 0) {
            if (!next() || element_.level() > most_levels)
                return false;
            element_.add(token_);
        }
        if (!finish_element(token_.at + token_.length))
            return false;
        if (!next() || !is_symbol(token_, ',') || !next() || !is_symbol(token_, '('))
            return ends_ != first_ends_;
        element_.add(token_);
    }
}

} // namespace

bool ReducedTokens::next(Token &token) {
    if (cut_count_ > 0 && tokens_.rest().at >= cuts_[cut_count_ - 1].from) [[unlikely]] {
        const Cut &cut = cuts_[--cut_count_];
        token = {TokenKind::left_out, cut.from, static_cast<std::size_t>(cut.to - cut.from)};
        tokens_.skip_to(cut.to);
        return true;
    }
    const std::uint64_t word_before = tokens_.last_word();
    if (!tokens_.next(token))
        return false;
    if (token.kind == TokenKind::other && (*token.at == '(' || *token.at == '['))
        see_bracket(token, word_before);
    else if (token.kind != TokenKind::space && token.kind != TokenKind::comment)
        in_array_ = false;
    return true;
}

void ReducedTokens::see_bracket(const Token &token, std::uint64_t word_before) {
    const bool rows = word_before == packed_word("values") && *token.at == '(';
    const bool array = *token.at == '[' && (word_before == packed_word("array") || in_array_);
    in_array_ = array;
    if (!rows && !array && !(word_before == packed_word("in") && *token.at == '('))
        return;
    if (cut_count_ == most_cuts)
        return;
    ListReader list(tokens_);
    if (rows ? list.read_rows(token) : list.read_elements()) {
        cuts_[cut_count_++] = {list.first_ends(), list.ends()};
        left_out_parameters_ = left_out_parameters_ || list.left_out_parameters();
    }
}

} // namespace advisor::pg::observe
