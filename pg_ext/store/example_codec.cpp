// Layout: fixed part, types, values, then the five texts; each value and text is a length and its bytes.
#include "pg_ext/store/example_codec.h"

namespace advisor::pg::store {
namespace {

constexpr std::uint32_t null_length = 0xFFFFFFFF;

struct FixedPart {
    std::int32_t parse_mode;
    std::uint16_t parameters;
    std::uint8_t flags;
    std::uint8_t version;
};
enum : std::uint8_t { flag_values = 1, flag_row_security = 2, flag_conforming_strings = 4 };

class Reader {
public:
    Reader(const char *bytes, std::size_t length) : at_(bytes), end_(bytes + length) {}

    bool get(void *target, std::size_t size) {
        if (static_cast<std::size_t>(end_ - at_) < size)
            return false;
        std::memcpy(target, at_, size);
        at_ += size;
        return true;
    }
    bool get(std::optional<std::string> &target) {
        std::uint32_t length = 0;
        if (!get(&length, sizeof length))
            return false;
        if (length == null_length)
            return true;
        if (static_cast<std::size_t>(end_ - at_) < length)
            return false;
        target.emplace(at_, length);
        at_ += length;
        return true;
    }
    bool get(std::string &target) {
        std::optional<std::string> text;
        if (!get(text) || !text)
            return false;
        target = std::move(*text);
        return true;
    }

private:
    const char *at_;
    const char *end_;
};

char *put(char *target, const Piece &piece) {
    const std::uint32_t length = piece.bytes ? static_cast<std::uint32_t>(piece.length) : null_length;
    std::memcpy(target, &length, sizeof length);
    target += sizeof length;
    if (piece.bytes && piece.length > 0)
        std::memcpy(target, piece.bytes, piece.length);
    return target + (piece.bytes ? piece.length : 0);
}

std::size_t room(const Piece &piece) {
    return sizeof(std::uint32_t) + (piece.bytes ? piece.length : 0);
}

} // namespace

std::size_t encoded_bytes(const ExampleParts &parts) {
    std::size_t bytes = sizeof(FixedPart) + parts.parameters * sizeof(Oid);
    for (std::size_t i = 0; parts.has_values && i < parts.parameters; ++i)
        bytes += room(parts.values[i]);
    for (const Piece *piece :
         {&parts.text, &parts.search_path, &parts.date_style, &parts.interval_style, &parts.time_zone})
        bytes += room(*piece);
    return bytes;
}

void encode(const ExampleParts &parts, char *target) {
    FixedPart fixed{parts.parse_mode, static_cast<std::uint16_t>(parts.parameters), 0, 1};
    fixed.flags = static_cast<std::uint8_t>(
        (parts.has_values ? flag_values : 0) | (parts.row_security ? flag_row_security : 0) |
        (parts.standard_conforming_strings ? flag_conforming_strings : 0));
    std::memcpy(target, &fixed, sizeof fixed);
    target += sizeof fixed;
    std::memcpy(target, parts.types, parts.parameters * sizeof(Oid));
    target += parts.parameters * sizeof(Oid);
    for (std::size_t i = 0; parts.has_values && i < parts.parameters; ++i)
        target = put(target, parts.values[i]);
    for (const Piece *piece :
         {&parts.text, &parts.search_path, &parts.date_style, &parts.interval_style, &parts.time_zone})
        target = put(target, *piece);
}

std::optional<RecordedExample> decode_example(const char *bytes, std::size_t length) {
    Reader reader(bytes, length);
    FixedPart fixed;
    if (!reader.get(&fixed, sizeof fixed) || fixed.version != 1 || fixed.parameters > most_parameters)
        return std::nullopt;
    RecordedExample example;
    example.parse_mode = fixed.parse_mode;
    example.has_parameter_values = (fixed.flags & flag_values) != 0;
    example.row_security = (fixed.flags & flag_row_security) != 0;
    example.standard_conforming_strings = (fixed.flags & flag_conforming_strings) != 0;
    example.parameter_types.resize(fixed.parameters);
    if (!reader.get(example.parameter_types.data(), fixed.parameters * sizeof(Oid)))
        return std::nullopt;
    if (example.has_parameter_values) {
        example.parameter_values.resize(fixed.parameters);
        for (auto &value : example.parameter_values)
            if (!reader.get(value))
                return std::nullopt;
    }
    for (std::string *text : {&example.text, &example.search_path, &example.date_style,
                              &example.interval_style, &example.time_zone})
        if (!reader.get(*text))
            return std::nullopt;
    return example;
}

} // namespace advisor::pg::store
