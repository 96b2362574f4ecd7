#include "sqlite_ext/json.h"

#include "core/error.h"

#include <array>
#include <charconv>
#include <cmath>

namespace advisor::sqlite {

namespace {

constexpr int reader_flags =
    SQLITE_OPEN_READWRITE | SQLITE_OPEN_MEMORY | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_PRIVATECACHE;

struct ValueWriter {
    std::string operator()(std::monostate) const { return "null"; }
    std::string operator()(bool value) const { return value ? "true" : "false"; }
    std::string operator()(std::int64_t value) const { return std::to_string(value); }
    std::string operator()(double value) const { return json_number(value); }
    std::string operator()(const std::string &value) const { return json_string(value); }
    std::string operator()(const std::vector<std::string> &values) const { return json_array(values); }
    std::string operator()(const std::vector<std::int64_t> &values) const { return json_array(values); }
};

// Bytes of the UTF-8 sequence at this place; 0 when there is none, which JSON must not hold.
std::size_t sequence_length(std::string_view text, std::size_t i) {
    const auto byte = [&](std::size_t at) {
        return at < text.size() ? static_cast<unsigned char>(text[at]) : 0U;
    };
    const unsigned first = byte(i);
    const std::size_t length = first < 0x80 ? 1 : first >= 0xF0 && first < 0xF5 ? 4 : first >= 0xE0 ? 3 : 2;
    if (first >= 0x80 && (first < 0xC2 || first > 0xF4))
        return 0;
    for (std::size_t next = 1; next < length; ++next)
        if ((byte(i + next) & 0xC0) != 0x80)
            return 0;
    return length;
}

} // namespace

std::string json_string(std::string_view text) {
    constexpr std::string_view digits = "0123456789abcdef";
    std::string result = "\"";
    for (std::size_t i = 0; i < text.size();) {
        const char c = text[i];
        const std::size_t length = sequence_length(text, i);
        if (length == 0) {
            result += "\xEF\xBF\xBD";
            ++i;
            continue;
        }
        if (c == '"' || c == '\\') {
            result += '\\';
            result += c;
        } else if (c == '\n') {
            result += "\\n";
        } else if (static_cast<unsigned char>(c) < 0x20) {
            result += "\\u00";
            result += digits[static_cast<unsigned char>(c) >> 4];
            result += digits[static_cast<unsigned char>(c) & 15];
        } else {
            result += text.substr(i, length);
        }
        i += length;
    }
    return result + "\"";
}

std::string json_number(double value) {
    if (!std::isfinite(value))
        return "null";
    if (value == std::trunc(value) && std::abs(value) < 1e15)
        return std::to_string(static_cast<std::int64_t>(value));
    std::array<char, 32> buffer{};
    const auto end = std::to_chars(buffer.data(), buffer.data() + buffer.size(), value);
    return {buffer.data(), end.ptr};
}

std::string json_array(const std::vector<std::string> &texts) {
    std::string result = "[";
    for (const std::string &text : texts)
        result += (result.size() > 1 ? "," : "") + json_string(text);
    return result + "]";
}

std::string json_array(const std::vector<std::int64_t> &numbers) {
    std::string result = "[";
    for (const std::int64_t number : numbers)
        result += (result.size() > 1 ? "," : "") + std::to_string(number);
    return result + "]";
}

std::string json_object(const std::vector<core::Fact> &facts) {
    std::string result = "{";
    for (const core::Fact &fact : facts)
        result += (result.size() > 1 ? "," : "") + json_string(fact.name) + ":" +
                  std::visit(ValueWriter{}, fact.value);
    return result + "}";
}

JsonReader::JsonReader()
    : connection_(open_connection(":memory:", reader_flags)),
      members_(connection_.get(), "SELECT key, type, value FROM json_each(?1)") {}

template <class Visit>
void JsonReader::each_member(const std::string &json, Visit visit) {
    members_.reset();
    members_.bind(1, json);
    try {
        while (members_.step())
            visit(members_);
    } catch (const Failure &) {
        throw core::Error(core::ErrorCode::invalid_input, "malformed JSON");
    }
}

std::vector<core::Fact> JsonReader::facts(const std::string &object) {
    std::vector<core::Fact> facts;
    each_member(object, [&](const Query &member) {
        const std::string type = member.text(1);
        core::Fact fact{member.text(0), {}};
        if (type == "true" || type == "false")
            fact.value = type == "true";
        else if (type == "integer")
            fact.value = member.integer(2);
        else if (type == "real")
            fact.value = member.real(2);
        else if (type == "array")
            fact.value = std::vector<std::string>{member.text(2)};
        else if (type != "null")
            fact.value = member.text(2);
        facts.push_back(std::move(fact));
    });
    for (core::Fact &fact : facts)
        if (auto *list = std::get_if<std::vector<std::string>>(&fact.value))
            *list = strings(list->front());
    return facts;
}

std::vector<std::string> JsonReader::strings(const std::string &array) {
    std::vector<std::string> result;
    each_member(array, [&](const Query &member) { result.push_back(member.text(2)); });
    return result;
}

std::vector<double> JsonReader::numbers(const std::string &array) {
    std::vector<double> result;
    each_member(array, [&](const Query &member) { result.push_back(member.real(2)); });
    return result;
}

std::vector<core::Fact> facts_of_json(const std::string &object) {
    return JsonReader().facts(object);
}

std::vector<std::string> strings_of_json(const std::string &array) {
    return JsonReader().strings(array);
}

std::vector<double> numbers_of_json(const std::string &array) {
    return JsonReader().numbers(array);
}

} // namespace advisor::sqlite
