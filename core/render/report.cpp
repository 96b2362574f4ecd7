// Recommendations as plain text of at most 100 columns and as Markdown.
#include "core/render/report.h"

#include <fmt/core.h>

#include <algorithm>
#include <cstddef>
#include <string_view>
#include <vector>

namespace advisor::core {

namespace {

constexpr std::size_t page_width = 100;
constexpr std::size_t title_width = 62;
constexpr std::size_t indent = 10; // below the severity
constexpr std::size_t most_shown = 10;

bool begins_character(char c) {
    return (static_cast<unsigned char>(c) & 0xC0) != 0x80;
}

std::size_t columns(std::string_view text) {
    return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), begins_character));
}

std::string padded(std::string_view text, std::size_t width) {
    const std::size_t used = columns(text);
    return std::string(text) + std::string(used < width ? width - used : 0, ' ');
}

// Bytes of the first count characters.
std::size_t bytes_of(std::string_view text, std::size_t count) {
    std::size_t position = 0;
    for (std::size_t seen = 0; position < text.size(); ++position)
        if (begins_character(text[position]) && seen++ == count)
            break;
    return position;
}

std::string one_line(std::string_view text) {
    std::string line(text);
    std::replace_if(
        line.begin(), line.end(), [](char c) { return static_cast<unsigned char>(c) < 0x20; }, ' ');
    return line;
}

// Breaks at spaces. A piece without one is cut; in SQL a space inside quotes is no place to break, and what
// is cut ends in "…", so that nobody runs half a name.
std::vector<std::string> wrapped(const std::string &text, std::size_t width, bool sql) {
    std::vector<std::string> lines;
    std::string_view rest = text;
    while (columns(rest) > width) {
        char quote = 0;
        std::size_t space = 0;
        const std::size_t limit = bytes_of(rest, width + 1);
        for (std::size_t i = 0; i < limit && i < rest.size(); ++i) {
            if (sql && (rest[i] == '"' || rest[i] == '\''))
                quote = quote == 0 ? rest[i] : quote == rest[i] ? '\0' : quote;
            if (rest[i] == ' ' && quote == 0 && i > 0 && i <= bytes_of(rest, width))
                space = i;
        }
        if (space == 0 && sql) {
            lines.push_back(std::string(rest.substr(0, bytes_of(rest, width - 1))) + "…");
            return lines;
        }
        const std::size_t end = space == 0 ? bytes_of(rest, width) : space;
        lines.emplace_back(rest.substr(0, end));
        rest.remove_prefix(space == 0 ? end : space + 1);
    }
    if (!rest.empty() || lines.empty())
        lines.emplace_back(rest);
    return lines;
}

std::string saves_text(const Recommendation &recommendation) {
    return recommendation.benefit ? human_share(*recommendation.benefit) : "–";
}

std::string size_text(const Recommendation &recommendation) {
    if (!recommendation.storage_bytes)
        return "–";
    const std::string size = human_bytes(*recommendation.storage_bytes);
    return *recommendation.storage_bytes > 0 ? "+" + size : size;
}

std::string right_aligned(const std::string &text, std::size_t width) {
    const std::size_t used = columns(text);
    return std::string(used < width ? width - used : 0, ' ') + text;
}

std::string row(std::string_view severity, std::string_view title, const std::string &saves,
                const std::string &size) {
    return fmt::format("{}{}{}{}\n", padded(severity, indent), padded(title, title_width),
                       right_aligned(saves, 12), right_aligned(size, 14));
}

std::string entry(const Recommendation &recommendation) {
    const auto title = wrapped(one_line(recommendation.title), title_width, false);
    std::string text = row(severity_name(recommendation.severity), title.front(), saves_text(recommendation),
                           size_text(recommendation));
    const std::string margin(indent, ' ');
    for (std::size_t i = 1; i < title.size(); ++i)
        text += margin + title[i] + "\n";
    for (const std::string &step : recommendation.fix_steps)
        for (const std::string &line : wrapped(one_line(step), page_width - indent, true))
            text += margin + line + "\n";
    return text;
}

std::string heading(std::size_t count) {
    if (count == 0)
        return "No recommendations.\n";
    const std::string noun = count == 1 ? "recommendation" : "recommendations";
    return count > most_shown ? fmt::format("{} {}, the first {}:\n", count, noun, most_shown)
                              : fmt::format("{} {}:\n", count, noun);
}

std::string cell(std::string_view text) {
    std::string escaped;
    for (const char c : one_line(text)) {
        if (std::string_view("|\\`*_<>[]").find(c) != std::string_view::npos)
            escaped += '\\';
        escaped += c;
    }
    return escaped;
}

// A fence longer than any run of backticks inside.
std::string code_block(const std::string &text) {
    std::size_t longest = 2, run = 0;
    for (const char c : text) {
        run = c == '`' ? run + 1 : 0;
        longest = std::max(longest, run);
    }
    const std::string fence(longest + 1, '`');
    return fence + "sql\n" + text + "\n" + fence + "\n";
}

} // namespace

std::string finding_lines(std::span<const Recommendation> recommendations) {
    std::string lines;
    for (const Recommendation &finding : recommendations)
        lines += fmt::format("{}{}  {}  {}  {}", lines.empty() ? "" : "\n", severity_name(finding.severity),
                             finding.id, finding.rule, finding.title);
    return lines;
}

std::string report_text(std::span<const Recommendation> recommendations) {
    std::string text = heading(recommendations.size());
    if (recommendations.empty())
        return text;
    text += "\n" + row("severity", "title and fix", "saves", "size");
    for (const Recommendation &recommendation :
         recommendations.first(std::min(recommendations.size(), most_shown)))
        text += "\n" + entry(recommendation);
    return text;
}

std::string report_markdown(std::span<const Recommendation> recommendations) {
    std::string text = "# Recommendations\n\n";
    if (recommendations.empty())
        return text + "None.\n";
    text += "| # | severity | title | saves | size |\n|--:|---|---|--:|--:|\n";
    for (std::size_t i = 0; i < recommendations.size(); ++i) {
        const Recommendation &one = recommendations[i];
        text += fmt::format("| {} | {} | {} | {} | {} |\n", i + 1, severity_name(one.severity),
                            cell(one.title), saves_text(one), size_text(one));
    }
    for (std::size_t i = 0; i < recommendations.size(); ++i) {
        const Recommendation &one = recommendations[i];
        text += fmt::format("\n## {}. {}\n\n{}\n\nRule `{}`, confidence {:.2f}, id `{}`.\n\n", i + 1,
                            cell(one.title), cell(one.detail), one.rule, one.confidence, one.id);
        text += code_block(one.fix);
        if (!one.rollback.empty())
            text += "\nTo undo it:\n\n" + code_block(one.rollback);
    }
    return text;
}

} // namespace advisor::core
