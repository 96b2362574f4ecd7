// Works on the bytes of the statement; all server encodings keep ASCII bytes apart from those of other
// characters.
#include "pg_ext/observe/statement_text.h"

#include "pg_ext/observe/activity.h"
#include "pg_ext/observe/mentioned_relations.h"
#include "pg_ext/observe/parameter_numbers.h"
#include "pg_ext/observe/reduced_tokens.h"
#include "pg_ext/observe/replannable_text.h"
#include "pg_ext/store/gifts.h"

#include <charconv>

namespace advisor::pg::observe {
namespace {

constexpr std::size_t most_fingerprinted = 64 * 1024;

bool is_white(char c) {
    return c == ' ' || (c >= '\t' && c <= '\r');
}

// A dollar sign behind it would be part of a word.
bool continues_word(char c) {
    return c == '_' || (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
           static_cast<unsigned char>(c) >= 0x80;
}

// One reading of a statement for its fingerprint.
struct Reading {
    ReducedTokens tokens;
    const MentionedRelations *unqualified; // relations whose schema does not count; null: all schemas do
    const ParameterNumbers *numbers;       // null: as written
    bool bodies;                           // in dollar quotes count

    std::uint64_t hash();
    bool passes_schema(const Token &schema);
};

std::uint64_t Reading::hash() {
    TokenHash hash;
    std::size_t bytes = 0; // of what counts
    for (Token token; bytes < most_fingerprinted; bytes += token.length) {
        tokens.skip_space();
        if (!tokens.next(token))
            break;
        switch (token.kind) {
        case TokenKind::space:
        case TokenKind::comment:
        case TokenKind::left_out: token.length = 0; break;
        case TokenKind::constant:
            if (bodies && token.at[0] == '$')
                hash.add(token);
            else
                hash.add('?');
            break;
        case TokenKind::word:
        case TokenKind::quoted_word:
            if (unqualified && passes_schema(token))
                break;
            if (const std::uint64_t word = tokens.last_word())
                hash.add_packed(word, token.length);
            else
                hash.add(token);
            break;
        case TokenKind::parameter:
            hash.add('$');
            hash.add(numbers ? numbers->number_of(token) : written_number(token));
            break;
        case TokenKind::other: hash.add(token); break;
        }
    }
    return hash.value;
}

// Takes the dot off as well when the word is the schema of a relation.
bool Reading::passes_schema(const Token &schema) {
    TextCut ahead = tokens.rest();
    Token dot, name;
    if (!next_significant(ahead, dot) || !is_symbol(dot, '.'))
        return false;
    const char *behind_dot = ahead.at;
    if (!next_significant(ahead, name) ||
        (name.kind != TokenKind::word && name.kind != TokenKind::quoted_word) ||
        !is_mentioned(*unqualified, schema, name))
        return false;
    tokens.skip_to(behind_dot);
    return true;
}

std::size_t highest_parameter(TextCut text) {
    std::size_t highest = 0;
    for (Token token; next_token(text, token);)
        if (token.kind == TokenKind::parameter)
            highest = written_number(token) > highest ? written_number(token) : highest;
    return highest;
}

// A text that ends where it is full.
struct BoundedText {
    char *target;
    std::size_t capacity;
    std::size_t used = 0;

    bool put(std::string_view text) {
        if (used + text.size() > capacity)
            return false;
        std::memcpy(target + used, text.data(), text.size());
        used += text.size();
        return true;
    }
    bool put_parameter(std::size_t number) {
        char text[24] = " $";
        const char *end = std::to_chars(text + 2, text + sizeof text, number).ptr;
        const char *start = used > 0 && continues_word(target[used - 1]) ? text : text + 1;
        return put({start, static_cast<std::size_t>(end - start)});
    }
};

// Statements whose text may hold a password.
bool holds_secrets(NodeTag utility) {
    switch (utility) {
    case T_CreateRoleStmt:
    case T_AlterRoleStmt:
    case T_CreateUserMappingStmt:
    case T_AlterUserMappingStmt:
    case T_CreateForeignServerStmt:
    case T_AlterForeignServerStmt:
    case T_CreateSubscriptionStmt:
    case T_AlterSubscriptionStmt: return true;
    default: return false;
    }
}

} // namespace

TextCut cut_statement(const char *source, int location, int length) {
    if (!source)
        return {"", 0};
    std::size_t bytes = std::strlen(source);
    const char *at = source;
    if (location > 0) {
        const std::size_t skipped =
            static_cast<std::size_t>(location) < bytes ? static_cast<std::size_t>(location) : bytes;
        at += skipped;
        bytes -= skipped;
    }
    if (location >= 0 && length > 0 && static_cast<std::size_t>(length) < bytes)
        bytes = static_cast<std::size_t>(length);
    return trimmed({at, bytes});
}

TextCut trimmed(TextCut text) {
    while (text.length > 0 && is_white(text.at[0])) {
        ++text.at;
        --text.length;
    }
    while (text.length > 0 && (is_white(text.at[text.length - 1]) || text.at[text.length - 1] == ';'))
        --text.length;
    return text;
}

std::uint64_t text_fingerprint(TextCut text, const MentionedRelations *unqualified) {
    Reading reading{ReducedTokens(text), unqualified, nullptr, false};
    const std::uint64_t hash = reading.hash();
    if (!reading.tokens.left_out_parameters())
        return hash;
    const ParameterNumbers numbers(text);
    return Reading{ReducedTokens(text), unqualified, &numbers, false}.hash();
}

std::uint64_t utility_fingerprint(TextCut text) {
    return Reading{ReducedTokens(text), nullptr, nullptr, true}.hash();
}

std::size_t without_constants(TextCut text, char *target, std::size_t capacity) {
    std::size_t number = highest_parameter(text);
    BoundedText bare{target, capacity};
    for (Token token; next_token(text, token);) {
        bool fits = true;
        if (token.kind == TokenKind::constant)
            fits = bare.put_parameter(++number);
        else if (token.kind == TokenKind::comment)
            fits = bare.put(" ");
        else
            fits = bare.put({token.at, token.length});
        if (!fits)
            break;
    }
    return bare.used;
}

std::size_t reduced_text(TextCut text, char *target, std::size_t capacity) {
    const ParameterNumbers numbers(text);
    std::size_t number = numbers.count();
    BoundedText reduced{target, capacity};
    ReducedTokens tokens(text);
    for (Token token; tokens.next(token);) {
        bool fits = true;
        switch (token.kind) {
        case TokenKind::constant: fits = reduced.put_parameter(++number); break;
        case TokenKind::parameter: fits = reduced.put_parameter(numbers.number_of(token)); break;
        case TokenKind::comment: fits = reduced.put(" "); break;
        case TokenKind::left_out: fits = reduced.put(" /*, ... */"); break;
        case TokenKind::space:
        case TokenKind::word:
        case TokenKind::quoted_word:
        case TokenKind::other: fits = reduced.put({token.at, token.length}); break;
        }
        if (!fits)
            break;
    }
    return reduced.used;
}

void give_display_text(const Activity &activity) {
    static char buffer[store::most_text_bytes];
    TextCut text = activity.execution.utility
                       ? cut_statement(activity.text, activity.location, activity.length)
                       : display_text(activity);
    const std::size_t bytes = text.length;
    if (settings::capture_parameters != settings::capture_on || holds_secrets(activity.utility))
        text = {buffer, reduced_text(text, buffer, sizeof buffer)};
    else if (bytes > store::most_text_bytes)
        text.length = static_cast<std::size_t>(
            pg_mbcliplen(text.at, static_cast<int>(store::most_text_bytes + MAX_MULTIBYTE_CHAR_LEN),
                         static_cast<int>(store::most_text_bytes)));
    store::supply_text(activity.execution.key, text.at, text.length, bytes, GetDatabaseEncoding());
}

} // namespace advisor::pg::observe
