// Puts $n in the places where the text of a function's statement names variables.
#include "pg_ext/compat.h"
#include "pg_ext/observe/lexer.h"
#include "pg_ext/observe/parse_notes.h"
#include "pg_ext/store/layout.h"

#include <algorithm>
#include <charconv>
#include <cstdlib>

namespace advisor::pg::observe {
namespace {

// A word of the text that stands for a parameter.
struct Place {
    int location;
    int number;
    Oid type;
    bool field; // the last part of a.b is a field of the parameter
};

struct Places {
    std::size_t count;
    bool complete;
    Place place[most_noted_parameters];
};

void add_place(Places &places, const Param *parameter, bool field) {
    if (parameter->paramkind != PARAM_EXTERN)
        return;
    for (std::size_t i = 0; i < places.count; ++i)
        if (places.place[i].location == parameter->location)
            return;
    if (parameter->location < 0 || places.count == most_noted_parameters) {
        places.complete = false;
        return;
    }
    places.place[places.count++] = {parameter->location, parameter->paramid, parameter->paramtype, field};
}

bool collect(Node *node, void *context) {
    if (!node)
        return false;
    auto *places = static_cast<Places *>(context);
    if (IsA(node, Param)) {
        add_place(*places, reinterpret_cast<Param *>(node), false);
        return false;
    }
    if (IsA(node, FieldSelect) && IsA(reinterpret_cast<FieldSelect *>(node)->arg, Param)) {
        add_place(*places, reinterpret_cast<Param *>(reinterpret_cast<FieldSelect *>(node)->arg), true);
        return false;
    }
    if (IsA(node, Query))
        return compat::walk_query(reinterpret_cast<Query *>(node), collect, context);
    return compat::walk_expression(node, collect, context);
}

bool is_name(const Token &token) {
    return token.kind == TokenKind::word || token.kind == TokenKind::quoted_word;
}

// The name at the front of the text: a, a.b, a.b.c, a.*; or $n. Its bytes, and those of its last part with
// the dot.
struct Name {
    std::size_t length;
    std::size_t last_part;
    bool star;
};

Name name_at(TextCut text) {
    Token token;
    if (!next_token(text, token))
        return {};
    if (token.kind == TokenKind::parameter)
        return {token.length, 0, false};
    if (!is_name(token))
        return {};
    Name name{token.length, 0, false};
    for (;;) {
        TextCut ahead = text;
        Token dot, part;
        if (!next_token(ahead, dot) || !is_symbol(dot, '.') || !next_token(ahead, part))
            return name;
        if (!is_name(part) && !is_symbol(part, '*'))
            return name;
        name.last_part = dot.length + part.length;
        name.length += name.last_part;
        name.star = is_symbol(part, '*');
        text = ahead;
        if (name.star)
            return name;
    }
}

class TextWriter {
public:
    TextWriter(char *target, std::size_t capacity) : target_(target), capacity_(capacity) {}

    void put(const char *bytes, std::size_t length) {
        if (used_ + length <= capacity_)
            std::memcpy(target_ + used_, bytes, length);
        used_ += length;
    }
    void put_parameter(std::size_t number) {
        char text[16] = "$";
        const auto end = std::to_chars(text + 1, text + sizeof text, number).ptr;
        put(text, static_cast<std::size_t>(end - text));
    }
    std::size_t used() const { return used_; }
    bool fits() const { return used_ <= capacity_; }

private:
    char *target_;
    std::size_t capacity_;
    std::size_t used_ = 0;
};

// Position of the parameter among those noted; one variable is one parameter wherever it is named.
std::size_t position_of(ParseNote &note, const Place &place) {
    for (std::size_t i = 0; i < note.parameters; ++i)
        if (note.numbers[i] == place.number)
            return i + 1;
    note.numbers[note.parameters] = place.number;
    note.types[note.parameters] = place.type;
    return ++note.parameters;
}

// False when a place does not hold a name.
bool replace(const Places &places, const char *source, TextCut text, ParseNote &note, TextWriter &writer) {
    const char *at = text.at;
    for (std::size_t i = 0; i < places.count; ++i) {
        const Place &place = places.place[i];
        const char *from = source + place.location;
        if (from < at)
            return false;
        const Name name = name_at({from, static_cast<std::size_t>(text.at + text.length - from)});
        if (name.length == 0)
            return false;
        writer.put(at, static_cast<std::size_t>(from - at));
        const bool field = (place.field || name.star) && name.last_part > 0;
        if (field)
            writer.put("(", 1);
        writer.put_parameter(position_of(note, place));
        if (field) {
            writer.put(")", 1);
            writer.put(from + name.length - name.last_part, name.last_part);
        }
        at = from + name.length;
    }
    writer.put(at, static_cast<std::size_t>(text.at + text.length - at));
    return writer.fits();
}

bool starts_statement(const Token &token) {
    for (const char *word : {"select", "insert", "update", "delete", "merge", "with", "values", "table"})
        if (is_word(token, word))
            return true;
    return false;
}

// (SELECT …) alone is a statement and an expression; with UNION or the like behind it is only the former.
bool is_set_operation(TextCut text) {
    int level = 0;
    for (Token token; next_significant(text, token);) {
        level += is_symbol(token, '(') - is_symbol(token, ')');
        if (level == 0 && token.kind == TokenKind::word)
            return is_word(token, "union") || is_word(token, "intersect") || is_word(token, "except") ||
                   is_word(token, "order") || is_word(token, "limit") || is_word(token, "offset") ||
                   is_word(token, "fetch");
    }
    return false;
}

void drop_places_before(Places &places, int location) {
    std::size_t kept = 0;
    for (std::size_t i = 0; i < places.count; ++i)
        if (places.place[i].location >= location)
            places.place[kept++] = places.place[i];
    places.count = kept;
}

} // namespace

// PL/pgSQL hands over expressions without SELECT, and assignments with their target.
int parse_mode_of(TextCut &text) {
    TextCut rest = text;
    Token token;
    if (!next_significant(rest, token) || starts_statement(token) ||
        (is_symbol(token, '(') && is_set_operation(text)))
        return RAW_PARSE_DEFAULT;
    int level = 0;
    for (rest = text; next_significant(rest, token);) {
        level += (is_symbol(token, '(') || is_symbol(token, '[')) -
                 (is_symbol(token, ')') || is_symbol(token, ']'));
        if (level == 0 && is_symbol(token, ':') && rest.length > 0 && *rest.at == '=') {
            text = trimmed({rest.at + 1, rest.length - 1});
            break;
        }
        if (level == 0 && !is_name(token) && !is_symbol(token, '.') && !is_symbol(token, ']'))
            break;
    }
    return RAW_PARSE_PLPGSQL_EXPR;
}

void note_variables(const char *source, Query *query, std::uint64_t key) {
    TextCut text = cut_statement(source, query->stmt_location, query->stmt_len);
    if (text.length == 0 || text.length > store::most_text_bytes)
        return;
    const int mode = parse_mode_of(text);
    Places places{0, true, {}};
    compat::walk_query(query, collect, &places);
    drop_places_before(places, static_cast<int>(text.at - source));
    if (!places.complete)
        return;
    std::sort(places.place, places.place + places.count,
              [](const Place &a, const Place &b) { return a.location < b.location; });
    const std::size_t capacity = text.length + places.count * 16;
    auto *note = static_cast<ParseNote *>(std::malloc(sizeof(ParseNote) + capacity));
    if (!note)
        return;
    note->key = key;
    note->as_given = false;
    note->parse_mode = mode;
    note->parameters = 0;
    TextWriter writer(note->text(), capacity);
    if (replace(places, source, text, *note, writer)) {
        note->bytes = writer.used();
        keep_note(note);
    } else {
        std::free(note);
    }
}

} // namespace advisor::pg::observe
