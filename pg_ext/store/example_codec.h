// A recorded example as bytes in the store.
#pragma once
#include "pg_ext/store/recorded.h"

namespace advisor::pg::store {

constexpr std::size_t most_parameters = 64;
constexpr std::size_t most_value_bytes = 256;

struct Piece {
    const char *bytes;
    std::size_t length;
};

// What the capture gathers: plain data, valid while it runs.
struct ExampleParts {
    int parse_mode;
    bool row_security, standard_conforming_strings;
    Piece text, search_path, date_style, interval_style, time_zone;
    std::size_t parameters;
    bool has_values;
    Oid types[most_parameters];
    Piece values[most_parameters]; // bytes null: SQL null
};

std::size_t encoded_bytes(const ExampleParts &parts);
void encode(const ExampleParts &parts, char *target); // of encoded_bytes

// Nothing when the bytes are not an encoded example.
std::optional<RecordedExample> decode_example(const char *bytes, std::size_t length);

} // namespace advisor::pg::store
