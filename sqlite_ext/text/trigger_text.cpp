#include "sqlite_ext/text/trigger_text.h"

#include "sqlite_ext/text/tokens.h"

#include <algorithm>

namespace advisor::sqlite {

namespace {

// The number of NEW.x or OLD.x, the same at each place.
std::size_t number_of(std::vector<std::string> &names, const std::string &name) {
    const auto known = std::find(names.begin(), names.end(), name);
    const auto position = static_cast<std::size_t>(known - names.begin());
    if (known == names.end())
        names.push_back(name);
    return position + 1;
}

bool is_row_value(const std::vector<Token> &tokens, std::size_t i, std::size_t end) {
    return i + 2 < end && is_any(tokens[i], {"new", "old"}) && tokens[i + 1].is(".") && tokens[i + 2].name();
}

std::string step_text(const std::vector<Token> &tokens, std::size_t start, std::size_t end) {
    std::vector<std::string> names;
    std::string text;
    for (std::size_t i = start; i < end; ++i) {
        text += text.empty() ? "" : " ";
        if (is_row_value(tokens, i, end)) {
            text += "?" + std::to_string(number_of(names, lower_case(tokens[i].text) + "." +
                                                              lower_case(unquoted(tokens[i + 2].text))));
            i += 2;
        } else {
            text += tokens[i].text;
        }
    }
    return text;
}

// The position of BEGIN; a CASE … END in the WHEN does not matter, since nothing else begins there.
std::size_t read_head(const std::vector<Token> &tokens, TriggerText &trigger) {
    const auto find = [&](std::size_t from, std::initializer_list<std::string_view> words) {
        while (from < tokens.size() && !is_any(tokens[from], words))
            ++from;
        return from;
    };
    // A name may be spelled like an event only in quotes; BEFORE and AFTER stand between name and event.
    const std::size_t event = find(0, {"insert", "update", "delete"});
    const std::size_t on = find(event, {"on"});
    const std::size_t begin = find(on, {"begin"});
    if (begin >= tokens.size() || on + 1 >= begin)
        return tokens.size();
    const std::size_t table = on + 3 < begin && tokens[on + 2].is(".") ? on + 3 : on + 1;
    trigger.event = lower_case(tokens[event].text);
    trigger.table = unquoted(tokens[table].text);
    for (std::size_t i = event + 1; i < on; ++i)
        if (!is_any(tokens[i], {"of", ","}))
            trigger.columns.push_back(unquoted(tokens[i].text));
    return begin;
}

} // namespace

TriggerText trigger_text(std::string_view sql) {
    const std::vector<Token> tokens = tokenize(sql);
    TriggerText trigger;
    const bool create =
        tokens.size() > 2 && tokens[0].is("create") && (tokens[1].is("trigger") || tokens[2].is("trigger"));
    std::size_t start = create ? read_head(tokens, trigger) + 1 : tokens.size();
    for (std::size_t i = start; i < tokens.size(); ++i)
        if (tokens[i].is(";")) {
            trigger.steps.push_back(step_text(tokens, start, i));
            start = i + 1;
        }
    return trigger;
}

} // namespace advisor::sqlite
