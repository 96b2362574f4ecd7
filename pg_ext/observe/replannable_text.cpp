// From the note of parse analysis where there is one, else the text as the client sent it.
#include "pg_ext/observe/replannable_text.h"

#include "pg_ext/observe/lexer.h"
#include "pg_ext/observe/parameter_values.h"
#include "pg_ext/observe/parse_notes.h"

namespace advisor::pg::observe {
namespace {

// Constants go where the settings say so; types of what stands there instead are left to the parser.
void set_text(TextCut text, store::ExampleParts &parts) {
    if (settings::capture_parameters == settings::capture_on) {
        parts.text = {text.at, text.length};
        return;
    }
    auto *target = static_cast<char *>(palloc(store::most_text_bytes));
    parts.text = {target, without_constants(text, target, store::most_text_bytes)};
}

void read_all_parameters(ParamListInfo parameters, store::ExampleParts &parts) {
    int numbers[store::most_parameters];
    const auto known = static_cast<std::size_t>(parameters ? parameters->numParams : 0);
    const std::size_t count = known <= store::most_parameters ? known : 0;
    for (std::size_t i = 0; i < count; ++i)
        numbers[i] = static_cast<int>(i) + 1;
    read_parameters(parameters, numbers, count, parts);
}

void from_note(const ParseNote &note, const QueryDesc *query, store::ExampleParts &parts) {
    parts.parse_mode = note.parse_mode;
    for (std::size_t i = 0; i < note.parameters; ++i)
        parts.types[i] = note.types[i];
    set_text({note.text(), note.bytes}, parts);
    if (note.as_given)
        read_all_parameters(query->params, parts);
    else
        read_parameters(query->params, note.numbers, note.parameters, parts);
}

// Up to the closing parenthesis of one that was opened before the text.
TextCut up_to_closing(TextCut text) {
    TextCut rest = text;
    int level = 1;
    for (Token token; next_significant(rest, token);) {
        level += is_symbol(token, '(') - is_symbol(token, ')');
        if (level == 0)
            return {text.at, static_cast<std::size_t>(token.at - text.at)};
    }
    return text;
}

// Without WITH [NO] DATA at the end.
TextCut without_data_clause(TextCut text) {
    const char *with = nullptr;
    TextCut rest = text;
    for (Token token; next_significant(rest, token);) {
        if (is_word(token, "with"))
            with = token.at;
        else if (!is_word(token, "no") && !is_word(token, "data"))
            with = nullptr;
    }
    return with ? TextCut{text.at, static_cast<std::size_t>(with - text.at)} : text;
}

TextCut after_word(TextCut text, std::string_view word) {
    TextCut rest = text;
    for (Token token; next_significant(rest, token);)
        if (is_word(token, word))
            return rest;
    return text;
}

TextCut after_explain_options(TextCut text) {
    TextCut rest = text;
    Token token;
    if (next_significant(rest, token) && is_symbol(token, '(')) {
        const TextCut options = up_to_closing(rest);
        const char *end = rest.at + rest.length;
        const char *at = options.at + options.length;
        return at < end ? TextCut{at + 1, static_cast<std::size_t>(end - at - 1)} : text;
    }
    rest = text;
    while (next_significant(rest, token) &&
           (is_word(token, "analyze") || is_word(token, "analyse") || is_word(token, "verbose")))
        text = rest;
    return text;
}

} // namespace

TextCut inner_statement(TextCut text) {
    TextCut rest = text;
    Token token;
    if (!next_significant(rest, token) ||
        std::string_view("cdepCDEP").find(*token.at) == std::string_view::npos)
        return text; // begins with none of these words
    if (is_word(token, "declare"))
        return after_word(rest, "for");
    if (is_word(token, "explain"))
        return inner_statement(after_explain_options(rest));
    if (is_word(token, "prepare"))
        return after_word(rest, "as");
    if (is_word(token, "create"))
        return without_data_clause(after_word(rest, "as"));
    if (is_word(token, "copy") && next_significant(rest, token) && is_symbol(token, '('))
        return up_to_closing(rest);
    return text;
}

TextCut display_text(const Activity &activity) {
    const TextCut text =
        trimmed(inner_statement(cut_statement(activity.text, activity.location, activity.length)));
    if (text.length > 0)
        return text;
    const ParseNote *note = find_note(activity.note_key);
    return note ? TextCut{note->text(), note->bytes} : text;
}

Replannable find_replannable_text(const QueryDesc *query, const Activity &activity,
                                  store::ExampleParts &parts) {
    if (const ParseNote *note = find_note(activity.note_key)) {
        from_note(*note, query, parts);
        return Replannable::yes;
    }
    TextCut text = display_text(activity);
    if (text.length == 0 || text.length > store::most_text_bytes)
        return Replannable::no;
    if (query->params && query->params->paramFetch) // of PL/pgSQL: the text names variables
        return Replannable::later;
    parts.parse_mode = activity.execution.key.nested ? parse_mode_of(text) : RAW_PARSE_DEFAULT;
    set_text(text, parts);
    read_all_parameters(query->params, parts);
    return Replannable::yes;
}

} // namespace advisor::pg::observe
