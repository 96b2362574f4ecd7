#include "sqlite_ext/functions/settings.h"

#include "core/error.h"
#include "sqlite_ext/functions/table_function.h"
#include "sqlite_ext/store/save_file.h"

#include <array>
#include <charconv>
#include <string_view>

namespace advisor::sqlite {

namespace {

using core::Error;
using core::ErrorCode;

struct Unit {
    std::string_view name;
    std::int64_t milliseconds;
};
constexpr std::array units = {Unit{"d", 86'400'000}, Unit{"h", 3'600'000}, Unit{"min", 60'000},
                              Unit{"s", 1000}, Unit{"ms", 1}};
constexpr std::int64_t longest = std::int64_t{3650} * 86'400'000;

// "7d", "90min", "500ms".
std::int64_t duration_argument(const Cell &value, const std::string &setting) {
    const std::string text = text_argument(value, "value");
    std::int64_t count = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), count);
    const std::string_view unit_name(end, static_cast<std::size_t>(text.data() + text.size() - end));
    for (const Unit &unit : units)
        if (error == std::errc() && unit.name == unit_name && count >= 0 &&
            count <= longest / unit.milliseconds)
            return count * unit.milliseconds;
    throw Error(ErrorCode::invalid_input, "invalid duration \"" + text + "\" for setting \"" + setting + "\"",
                "Write a whole number and its unit, such as 7d, 12h, 30min, 5s or 500ms.");
}

std::string duration_text(std::int64_t milliseconds) {
    for (const Unit &unit : units)
        if (milliseconds % unit.milliseconds == 0 && milliseconds > 0)
            return std::to_string(milliseconds / unit.milliseconds) + std::string(unit.name);
    return "0s";
}

std::string set_save_file(Host &host, const Cell *value) {
    if (value != nullptr) {
        const bool none = std::holds_alternative<std::monostate>(*value);
        if (host.path().empty() && !none)
            throw Error(ErrorCode::invalid_input, "an in-memory database has no save file");
        use_save_file(host.store(), host.path(), none ? std::string() : text_argument(*value, "value"));
        if (const std::string error = host.store().save_error(); !error.empty()) {
            host.store().set_save_file("");
            throw Error(ErrorCode::invalid_input, error);
        }
    }
    return host.store().save_file();
}

std::string set_observation_window(Host &host, const Cell *value) {
    if (value != nullptr)
        host.store().set_observation_window_ms(duration_argument(*value, "observation_window"));
    return duration_text(host.store().observation_window_ms());
}

std::string set_rule_time_limit(Host &host, const Cell *value) {
    if (value != nullptr) {
        const std::int64_t limit = duration_argument(*value, "rule_time_limit");
        if (limit == 0)
            throw Error(ErrorCode::invalid_input, "setting \"rule_time_limit\" must be more than 0");
        host.store().set_rule_time_limit_ms(limit);
    }
    return duration_text(host.store().rule_time_limit_ms());
}

struct Setting {
    std::string_view name;
    std::string (*apply)(Host &host, const Cell *value); // sets what is given; what holds now
};
constexpr std::array settings = {Setting{"save_file", set_save_file},
                                 Setting{"observation_window", set_observation_window},
                                 Setting{"rule_time_limit", set_rule_time_limit}};

} // namespace

void config(sqlite3_context *context, int count, sqlite3_value **values) {
    Host &host = *static_cast<Host *>(sqlite3_user_data(context));
    const std::string name = text_argument(cell_of(values[0]), "name");
    for (const Setting &setting : settings) {
        if (setting.name != name)
            continue;
        const Cell value = count == 2 ? cell_of(values[1]) : Cell{};
        const std::string now = setting.apply(host, count == 2 ? &value : nullptr);
        if (!now.empty())
            sqlite3_result_text64(context, now.data(), now.size(), SQLITE_TRANSIENT, SQLITE_UTF8);
        return;
    }
    throw Error(ErrorCode::invalid_input, "unrecognized setting \"" + name + "\"",
                "Known settings: save_file, observation_window, rule_time_limit.");
}

} // namespace advisor::sqlite
