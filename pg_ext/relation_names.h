// Relations and indexes by a number that lasts: a hash of their qualified names instead of their OIDs.
#pragma once
#include "pg_ext/pg.h"
#include "pg_ext/settings.h"

#include <cstdint>

namespace advisor::pg {

// Hashes; zeroes: no such relation. A size that is a power of two is found faster.
struct alignas(32) RelationName {
    Oid relation;
    std::uint64_t qualified[2]; // with the schema; without (db_advisor.merge_schemas)
};

constexpr std::size_t most_relation_names = 512;
extern RelationName relation_names[most_relation_names];

// Looks the name up in the catalog's caches and keeps it until the relation changes. May raise where they do.
const RelationName &read_relation_name(Oid relation);

inline const RelationName &relation_name(Oid relation) {
    const RelationName &known = relation_names[relation % most_relation_names];
    return known.relation == relation ? known : read_relation_name(relation);
}

// The number of a relation, as the settings want it.
inline std::uint64_t lasting_number(Oid relation) {
    return relation_name(relation).qualified[settings::merge_schemas];
}

// Of one name, of any length and without quotes.
class NameHash {
public:
    void add(char c) { value_ = (value_ ^ static_cast<unsigned char>(c)) * 0x100000001B3ULL; }
    std::uint64_t value() const { return value_; }

private:
    std::uint64_t value_ = 0xCBF29CE484222325ULL;
};

// What RelationName::qualified holds. All temporary schemas are "pg_temp"; without a schema, its hash is 0.
std::uint64_t qualified_hash(std::uint64_t schema, std::uint64_t name);

} // namespace advisor::pg
