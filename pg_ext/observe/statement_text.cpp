// Works on the bytes of the statement; all server encodings keep ASCII bytes apart from those of other
// characters.
#include "pg_ext/observe/statement_text.h"

#include "pg_ext/observe/activity.h"
#include "pg_ext/observe/lexer.h"
#include "pg_ext/observe/replannable_text.h"
#include "pg_ext/store/gifts.h"

#include <charconv>

namespace advisor::pg::observe {
namespace {

constexpr std::size_t most_fingerprinted = 64 * 1024;

bool is_white(char c) {
    return c == ' ' || (c >= '\t' && c <= '\r');
}

struct Hash {
    std::uint64_t value = 0xCBF29CE484222325ULL;

    void add(char c) { value = (value ^ static_cast<unsigned char>(c)) * 0x100000001B3ULL; }
    void add(const Token &token) {
        for (std::size_t i = 0; i < token.length; ++i) {
            const char c = token.at[i];
            add(token.kind == TokenKind::word && c >= 'A' && c <= 'Z' ? static_cast<char>(c | 0x20) : c);
        }
    }
};

int highest_parameter(TextCut text) {
    int highest = 0;
    for (Token token; next_token(text, token);) {
        int number = 0;
        if (token.kind == TokenKind::parameter) {
            std::from_chars(token.at + 1, token.at + token.length, number);
            highest = number > highest ? number : highest;
        }
    }
    return highest;
}

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

std::uint64_t text_fingerprint(TextCut text) {
    Hash hash;
    const std::size_t bytes = text.length;
    if (text.length > most_fingerprinted)
        text.length = most_fingerprinted;
    for (Token token; next_token(text, token);) {
        switch (token.kind) {
        case TokenKind::space:
        case TokenKind::comment: break;
        case TokenKind::constant:
            if (token.at[0] == '$') // the body of DO or of a function
                hash.add(token);
            else
                hash.add('?');
            break;
        case TokenKind::word:
        case TokenKind::quoted_word:
        case TokenKind::parameter:
        case TokenKind::other:
            hash.add(token);
            hash.add(' ');
            break;
        }
    }
    if (bytes > most_fingerprinted)
        hash.value ^= bytes * 0x9E3779B97F4A7C15ULL;
    return hash.value;
}

std::size_t without_constants(TextCut text, char *target, std::size_t capacity) {
    int number = highest_parameter(text);
    std::size_t used = 0;
    for (Token token; next_token(text, token);) {
        char parameter[16] = "$";
        const char *at = token.at;
        std::size_t length = token.length;
        if (token.kind == TokenKind::constant) {
            const auto end = std::to_chars(parameter + 1, parameter + sizeof parameter, ++number).ptr;
            at = parameter;
            length = static_cast<std::size_t>(end - parameter);
        } else if (token.kind == TokenKind::comment) {
            at = " ";
            length = 1;
        }
        if (used + length > capacity)
            break;
        std::memcpy(target + used, at, length);
        used += length;
    }
    return used;
}

void give_display_text(const Activity &activity) {
    static char buffer[store::most_text_bytes];
    TextCut text = activity.execution.utility
                       ? cut_statement(activity.text, activity.location, activity.length)
                       : display_text(activity);
    const std::size_t bytes = text.length;
    if (settings::capture_parameters != settings::capture_on || holds_secrets(activity.utility))
        text = {buffer, without_constants(text, buffer, sizeof buffer)};
    else if (bytes > store::most_text_bytes)
        text.length = static_cast<std::size_t>(
            pg_mbcliplen(text.at, static_cast<int>(store::most_text_bytes + MAX_MULTIBYTE_CHAR_LEN),
                         static_cast<int>(store::most_text_bytes)));
    store::supply_text(activity.execution.key, text.at, text.length, bytes, GetDatabaseEncoding());
}

} // namespace advisor::pg::observe
