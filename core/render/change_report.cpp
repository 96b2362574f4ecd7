// What changes of indexes did, as plain text and as Markdown.
#include "core/render/change_report.h"

#include <fmt/core.h>

#include <string_view>

namespace advisor::core {

namespace {

constexpr std::size_t page_width = 100;
constexpr std::size_t indent = 12;
constexpr std::string_view heading = "What your last changes did";

// Broken at spaces, each line behind the margin.
std::string indented(const std::string &text) {
    const std::string margin(indent, ' ');
    std::string lines;
    std::string_view rest = text;
    while (!rest.empty()) {
        std::size_t end = rest.size();
        if (end > page_width - indent) {
            const std::size_t space = rest.rfind(' ', page_width - indent);
            end = space == std::string_view::npos || space == 0 ? rest.find(' ') : space;
        }
        lines += margin + std::string(rest.substr(0, end)) + "\n";
        rest.remove_prefix(end < rest.size() ? end + 1 : rest.size());
    }
    return lines;
}

std::string told_of(const ChangeOutcome &outcome) {
    return outcome.told.empty() ? "not enough has run since to tell" : outcome.told;
}

// Names may hold anything.
std::string code(const std::string &text) {
    std::size_t longest = 0, run = 0;
    for (const char c : text) {
        run = c == '`' ? run + 1 : 0;
        longest = run > longest ? run : longest;
    }
    const std::string fence(longest + 1, '`');
    const std::string pad = longest > 0 ? " " : "";
    return fence + pad + text + pad + fence;
}

} // namespace

std::string changes_text(std::span<const ChangeOutcome> changes) {
    if (changes.empty())
        return "";
    std::string text = fmt::format("\n{}:\n", heading);
    for (const ChangeOutcome &outcome : changes) {
        text += fmt::format("\n{:<12}{}  {}\n", outcome.status, outcome.date, outcome.change);
        text += indented(told_of(outcome));
        if (!outcome.way_back.empty())
            text += indented("to undo it: " + outcome.way_back);
    }
    return text;
}

std::string changes_markdown(std::span<const ChangeOutcome> changes) {
    if (changes.empty())
        return "";
    std::string text = fmt::format("\n## {}\n\n", heading);
    for (const ChangeOutcome &outcome : changes) {
        text += fmt::format("- **{}**, {}: {}. {}.", outcome.status, outcome.date, code(outcome.change),
                            told_of(outcome));
        text += outcome.way_back.empty() ? "\n" : fmt::format(" To undo it: {}\n", code(outcome.way_back));
    }
    return text;
}

} // namespace advisor::core
