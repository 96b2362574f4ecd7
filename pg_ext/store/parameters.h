// What was seen at the positions of a statement's parameters and constants: how many values, whether always
// the same one, and a few of them.
#pragma once
#include "pg_ext/store/example_codec.h"
#include "pg_ext/store/layout.h"

namespace advisor::pg::store {

constexpr std::uint32_t most_positions = 64;
constexpr std::uint32_t most_kept_values = 8;
constexpr std::uint32_t most_distinct = 16;

// One position in one execution.
struct ParameterSample {
    Oid type; // InvalidOid: unknown
    bool constant;
    bool comparable; // there is a hash
    bool kept;       // there is a value; its bytes null: SQL null
    std::uint32_t hash;
    Piece value;
};

// One position over all executions compared so far.
struct Position {
    Oid type;
    std::uint32_t compared;   // executions
    std::uint32_t with_value; // of them, those whose value could be kept
    std::uint8_t constant;
    std::uint8_t incomparable; // some execution's value was not even hashed
    std::uint8_t distinct;     // values, most_distinct + 1: more
    std::uint8_t values;
    std::uint32_t hashes[most_distinct]; // none when there are more
    Piece kept[most_kept_values];        // a uniform sample of the executions with a value
};

// Positions in an encoded blob, at most most_positions, whose values point into it. Stops where it is
// damaged.
std::uint32_t decode_positions(const char *bytes, std::size_t length, Position *positions);

// A gift (gifts.h): adds an execution's values, by position.
void supply_parameters(const StatementKey &key, const ParameterSample *samples, std::uint32_t count);

} // namespace advisor::pg::store
