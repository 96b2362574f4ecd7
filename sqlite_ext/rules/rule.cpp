#include "sqlite_ext/rules/rule.h"

#include "core/error.h"
#include "sqlite_ext/json.h"
#include "sqlite_ext/rules/embedded.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>
#include <string_view>

namespace advisor::sqlite {

namespace {

using core::Error;
using core::ErrorCode;

std::string_view trimmed(std::string_view text) {
    const std::size_t start = text.find_first_not_of(" \t");
    if (start == std::string_view::npos)
        return {};
    return text.substr(start, text.find_last_not_of(" \t\r") + 1 - start);
}

ThresholdValue value_of(const std::string &json) {
    const std::vector<core::Fact> facts = facts_of_json("{\"value\":" + json + "}");
    if (const auto *number = std::get_if<std::int64_t>(&facts.front().value))
        return static_cast<double>(*number);
    if (const auto *number = std::get_if<double>(&facts.front().value))
        return *number;
    if (const auto *flag = std::get_if<bool>(&facts.front().value))
        return *flag;
    return std::get<std::string>(facts.front().value);
}

// "min_rows = 1000: tables with fewer rows are left out"; a text in quotes may hold colons.
Threshold parse_threshold(std::string_view line) {
    const std::size_t equals = line.find('=');
    const std::string_view rest = trimmed(line.substr(equals + 1));
    const std::size_t end = rest.front() == '"' ? rest.find('"', 1) + 1 : rest.find(':');
    return {std::string(trimmed(line.substr(0, equals))),
            value_of(std::string(trimmed(rest.substr(0, end))))};
}

void read_header_line(std::string_view line, Rule &rule) {
    const std::size_t colon = line.find(':');
    if (!line.starts_with("-- ") || colon == std::string_view::npos)
        return;
    const std::string_view name = line.substr(3, colon - 3);
    const std::string_view value = trimmed(line.substr(colon + 1));
    if (name == "rule")
        rule.id = value;
    else if (name == "severity")
        rule.severity = value;
    else if (name == "title")
        rule.title = value;
    else if (name == "minimum version")
        rule.minimum_version = value;
    else if (name == "examined")
        rule.examined = value;
    else if (name == "waits")
        rule.waits = true;
    else if (name == "threshold")
        rule.thresholds.push_back(parse_threshold(value));
}

// The header is the file's first lines, as far as they are comments.
Rule parse_rule(const EmbeddedRule &embedded) {
    Rule rule;
    rule.category = embedded.category;
    rule.also_pg = embedded.also_pg;
    rule.sql = embedded.text;
    std::string_view rest = embedded.text;
    while (rest.starts_with("--")) {
        const std::size_t end = std::min(rest.find('\n'), rest.size());
        read_header_line(rest.substr(0, end), rule);
        rest.remove_prefix(std::min(end + 1, rest.size()));
    }
    return rule;
}

Rule fixed_rule(const std::string &id, const std::string &category, const std::string &severity,
                const std::string &title, std::vector<Threshold> thresholds) {
    Rule rule;
    rule.id = id;
    rule.category = category;
    rule.severity = severity;
    rule.title = title;
    rule.also_pg = true;
    rule.fixed = true;
    rule.thresholds = std::move(thresholds);
    return rule;
}

const char *type_name(const ThresholdValue &value) {
    constexpr std::array names = {"a number", "true or false", "a text"};
    return names[value.index()];
}

std::string names_of(const Rule &rule) {
    std::string names;
    for (const Threshold &threshold : rule.thresholds)
        names += (names.empty() ? "" : ", ") + threshold.name;
    return names;
}

std::optional<ThresholdValue> value_of(const core::Fact &fact) {
    if (const auto *number = std::get_if<std::int64_t>(&fact.value))
        return static_cast<double>(*number);
    if (const auto *number = std::get_if<double>(&fact.value))
        return *number;
    if (const auto *flag = std::get_if<bool>(&fact.value))
        return *flag;
    if (const auto *text = std::get_if<std::string>(&fact.value))
        return *text;
    return std::nullopt;
}

} // namespace

std::vector<Rule> catalog_rules() {
    std::vector<Rule> rules;
    for (const EmbeddedRule &embedded : embedded_rules())
        rules.push_back(parse_rule(embedded));
    return rules;
}

std::vector<Rule> all_rules() {
    const std::vector<Threshold> floors = {
        {"min_table_rows", 1000.0}, {"min_calls", 5.0}, {"min_total_ms", 1000.0}, {"min_saving", 0.5}};
    std::vector<Rule> rules = {
        fixed_rule("advisor-not-ready", "configuration", "info", "Something stops the advisor from looking",
                   {}),
        fixed_rule("missing-index-filter", "query", "high", "Statements search a table without an index",
                   floors),
        fixed_rule("missing-index-join", "query", "high", "Statements join a table without an index", floors),
        fixed_rule("missing-index-sort", "query", "medium",
                   "Statements sort what an index would give in order", floors)};
    for (Rule &rule : catalog_rules())
        rules.push_back(std::move(rule));
    return rules;
}

Rule find_rule(const std::string &id) {
    for (Rule &rule : all_rules())
        if (rule.id == id)
            return std::move(rule);
    throw Error(ErrorCode::invalid_input, "there is no rule \"" + id + "\"", "Rules are in advisor_rules.");
}

int version_number(const std::string &version) {
    std::array<int, 3> parts{};
    const char *position = version.data();
    const char *end = position + version.size();
    for (int &part : parts) {
        const auto [next, error] = std::from_chars(position, end, part);
        if (error != std::errc())
            return 0;
        if (next == end)
            break;
        position = next + 1;
    }
    return parts[0] * 1'000'000 + parts[1] * 1000 + parts[2];
}

std::string threshold_json(const ThresholdValue &value) {
    if (const auto *number = std::get_if<double>(&value))
        return json_number(*number);
    if (const auto *flag = std::get_if<bool>(&value))
        return *flag ? "true" : "false";
    return json_string(std::get<std::string>(value));
}

std::string thresholds_json(const std::vector<Threshold> &thresholds) {
    std::string json = "{";
    for (const Threshold &threshold : thresholds)
        json += (json.size() > 1 ? "," : "") + json_string(threshold.name) + ":" +
                threshold_json(threshold.value);
    return json + "}";
}

std::vector<Threshold> effective_thresholds(const Rule &rule, const std::string &set) {
    std::vector<Threshold> thresholds = rule.thresholds;
    if (set.empty())
        return thresholds;
    for (const core::Fact &fact : facts_of_json(set))
        if (const auto value = value_of(fact))
            for (Threshold &threshold : thresholds)
                if (threshold.name == fact.name && threshold.value.index() == value->index())
                    threshold.value = *value;
    return thresholds;
}

std::string changed_thresholds(const Rule &rule, const std::string &set, const std::string &change) {
    if (!trimmed(change).starts_with("{"))
        throw Error(ErrorCode::invalid_input, "thresholds are a JSON object",
                    "For example {\"min_rows\": 1000}.");
    std::vector<Threshold> thresholds = effective_thresholds(rule, set);
    for (const core::Fact &fact : facts_of_json(change)) {
        const auto known = std::find_if(rule.thresholds.begin(), rule.thresholds.end(),
                                        [&](const Threshold &own) { return own.name == fact.name; });
        if (rule.fixed || known == rule.thresholds.end())
            throw Error(ErrorCode::invalid_input,
                        "rule \"" + rule.id + "\" has no threshold \"" + fact.name + "\" to set",
                        rule.fixed || rule.thresholds.empty() ? "It has none."
                                                              : "It has " + names_of(rule) + ".");
        const bool back = std::holds_alternative<std::monostate>(fact.value);
        const std::optional<ThresholdValue> value = back ? known->value : value_of(fact);
        if (!value || value->index() != known->value.index())
            throw Error(ErrorCode::invalid_input,
                        "threshold \"" + fact.name + "\" of rule \"" + rule.id + "\" must be " +
                            type_name(known->value),
                        "Its default is " + threshold_json(known->value) + ".");
        thresholds[static_cast<std::size_t>(known - rule.thresholds.begin())].value = *value;
    }
    std::size_t own = 0;
    std::erase_if(thresholds, [&](const Threshold &threshold) {
        return threshold.value == rule.thresholds[own++].value;
    });
    return thresholds_json(thresholds);
}

} // namespace advisor::sqlite
