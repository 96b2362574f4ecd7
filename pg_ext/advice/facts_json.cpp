// Evidence as a JSON object.
#include "pg_ext/advice/facts_json.h"

#include "pg_ext/boundary.h"

#include <charconv>

namespace advisor::pg {
namespace {

std::string json_string(const std::string &value) {
    const char *plain = value.c_str();
    return pg_call([=] {
        StringInfoData json;
        initStringInfo(&json);
        escape_json(&json, plain);
        return json.data;
    });
}

std::string json_number(double value) {
    if (!std::isfinite(value))
        return "null";
    char digits[32];
    const auto end = std::to_chars(digits, digits + sizeof digits, value).ptr;
    return {digits, end};
}

template <class Value, class Render>
std::string json_list(const std::vector<Value> &values, Render render) {
    std::string json = "[";
    for (const Value &value : values)
        json += (json.size() > 1 ? ", " : "") + render(value);
    return json + "]";
}

struct JsonValue {
    std::string operator()(std::monostate) const { return "null"; }
    std::string operator()(bool value) const { return value ? "true" : "false"; }
    std::string operator()(std::int64_t value) const { return std::to_string(value); }
    std::string operator()(double value) const { return json_number(value); }
    std::string operator()(const std::string &value) const { return json_string(value); }
    std::string operator()(const std::vector<std::string> &values) const {
        return json_list(values, json_string);
    }
    // Query ids do not fit the numbers of every JSON reader.
    std::string operator()(const std::vector<std::int64_t> &values) const {
        return json_list(values, [](std::int64_t value) { return "\"" + std::to_string(value) + "\""; });
    }
};

} // namespace

std::string facts_json(const std::vector<core::Fact> &facts) {
    std::string json = "{";
    for (const core::Fact &fact : facts)
        json += (json.size() > 1 ? ", " : "") + json_string(fact.name) + ": " +
                std::visit(JsonValue{}, fact.value);
    return json + "}";
}

} // namespace advisor::pg
