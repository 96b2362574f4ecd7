// Names and values are cut out of the comment into one buffer, with the %xx of URLs resolved.
#include "pg_ext/observe/tags.h"

#include "pg_ext/observe/statement_text.h"
#include "pg_ext/store/tags.h"

namespace advisor::pg::observe {
namespace {

constexpr std::size_t most_comment_bytes = 1024;

struct Tags {
    std::size_t count;
    std::size_t used;
    store::Tag tags[store::most_tags];
    char text[most_comment_bytes + 2 * store::most_tags];
};

bool starts_with(TextCut text, const char *word) {
    const std::size_t length = std::strlen(word);
    return text.length >= length && std::memcmp(text.at, word, length) == 0;
}

bool ends_with(TextCut text, const char *word) {
    const std::size_t length = std::strlen(word);
    return text.length >= length && std::memcmp(text.at + text.length - length, word, length) == 0;
}

// What stands between /* and */ at the end or else at the beginning; empty when there is none.
TextCut comment_of(TextCut text) {
    if (ends_with(text, "*/"))
        for (const char *at = text.at + text.length - 3; at > text.at; --at)
            if (at[0] == '*' && at[-1] == '/')
                return {at + 1, static_cast<std::size_t>(text.at + text.length - 2 - (at + 1))};
    if (starts_with(text, "/*"))
        for (const char *at = text.at + 2; at + 1 < text.at + text.length; ++at)
            if (at[0] == '*' && at[1] == '/')
                return {text.at + 2, static_cast<std::size_t>(at - text.at - 2)};
    return {"", 0};
}

// What stands in front of the place where the server says that the statement begins: since 18 that is behind
// comments, and behind what carries the statement (EXPLAIN, DECLARE). The first of several comments counts.
TextCut comment_before(const char *source, int location) {
    constexpr std::size_t most_looked_at = 4096;
    std::string_view before(source, strnlen(source, static_cast<std::size_t>(location)));
    before.remove_prefix(before.size() > most_looked_at ? before.size() - most_looked_at : 0);
    TextCut comment{"", 0};
    while (!before.empty() && before.back() != ';') {
        if (!before.ends_with("*/")) {
            before.remove_suffix(1);
            continue;
        }
        const std::size_t end = before.size() - 2;
        const std::size_t start = before.substr(0, end).rfind("/*");
        if (start == std::string_view::npos)
            break;
        comment = {before.data() + start + 2, end - start - 2};
        before = before.substr(0, start);
    }
    return comment;
}

int hex_digit(char c) {
    if (c >= '0' && c <= '9')
        return c - '0';
    c = static_cast<char>(c | 0x20);
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

// Takes one character off the text, "%2F" and "\'" as one.
char next_character(TextCut &text) {
    std::size_t length = 1;
    char c = text.at[0];
    if (c == '\\' && text.length > 1) {
        c = text.at[1];
        length = 2;
    } else if (c == '%' && text.length > 2 && hex_digit(text.at[1]) >= 0 && hex_digit(text.at[2]) >= 0) {
        c = static_cast<char>(hex_digit(text.at[1]) * 16 + hex_digit(text.at[2]));
        length = 3;
    }
    text.at += length;
    text.length -= length;
    return c;
}

// A name or value up to its end; null when there is no end.
const char *take_until(TextCut &text, char end, Tags &tags) {
    const std::size_t start = tags.used;
    while (text.length > 0 && text.at[0] != end && tags.used + 1 < sizeof tags.text) {
        const char c = next_character(text);
        if (c != '\0')
            tags.text[tags.used++] = c;
    }
    if (text.length == 0 || text.at[0] != end || tags.used + 1 >= sizeof tags.text)
        return nullptr;
    ++text.at;
    --text.length;
    tags.text[tags.used++] = '\0';
    // %xx may spell anything
    return pg_verifymbstr(tags.text + start, static_cast<int>(tags.used - 1 - start), true)
               ? tags.text + start
               : nullptr;
}

void skip_separators(TextCut &text) {
    while (text.length > 0 && (text.at[0] == ',' || text.at[0] == ' ' || text.at[0] == '\n')) {
        ++text.at;
        --text.length;
    }
}

bool differs_each_time(const char *name) {
    return std::strcmp(name, "traceparent") == 0 || std::strcmp(name, "tracestate") == 0;
}

void add_comment(TextCut comment, Tags &tags) {
    for (skip_separators(comment); comment.length > 0 && tags.count < store::most_tags;
         skip_separators(comment)) {
        const char *name = take_until(comment, '=', tags);
        if (!name || *name == '\0' || comment.length == 0 || comment.at[0] != '\'')
            return; // a comment of another kind
        ++comment.at;
        --comment.length;
        const char *value = take_until(comment, '\'', tags);
        if (!value)
            return;
        tags.tags[tags.count++] = {name, value, differs_each_time(name)};
    }
}

} // namespace

void give_tags(const Activity &activity) {
    static Tags tags;
    tags.count = tags.used = 0;
    if (application_name && *application_name)
        tags.tags[tags.count++] = {"application_name", application_name, false};
    if (settings::capture_parameters == settings::capture_on) {
        TextCut comment = comment_of(cut_statement(activity.text, activity.location, activity.length));
        if (comment.length == 0 && activity.text && activity.location > 0)
            comment = comment_before(activity.text, activity.location);
        if (comment.length <= most_comment_bytes)
            add_comment(comment, tags);
    }
    store::supply_tags(activity.execution.key, tags.tags, tags.count);
}

} // namespace advisor::pg::observe
