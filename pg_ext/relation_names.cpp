// A direct-mapped array, emptied by the server's invalidation messages.
#include "pg_ext/relation_names.h"

#include "pg_ext/observe/known_plan.h"

namespace advisor::pg {

RelationName relation_names[most_relation_names];

namespace {

std::uint64_t hash_of(const char *name) {
    NameHash hash;
    for (; *name; ++name)
        hash.add(*name);
    return hash.value();
}

void forget_all() {
    for (RelationName &known : relation_names)
        known = RelationName{};
}

void on_relation_change(Datum, Oid relation) {
    ++observe::plan_epoch;
    if (!OidIsValid(relation))
        forget_all();
    else if (relation_names[relation % most_relation_names].relation == relation)
        relation_names[relation % most_relation_names] = RelationName{};
}

void on_schema_change(Datum, int, std::uint32_t) {
    ++observe::plan_epoch;
    forget_all();
}

void watch_changes() {
    static bool watching = false;
    if (watching)
        return;
    CacheRegisterRelcacheCallback(on_relation_change, Datum{0});
    CacheRegisterSyscacheCallback(NAMESPACEOID, on_schema_change, Datum{0});
    watching = true;
}

} // namespace

// Order matters, and neither half shows in the result.
std::uint64_t qualified_hash(std::uint64_t schema, std::uint64_t name) {
    std::uint64_t value = (schema * 0x9E3779B97F4A7C15ULL) ^ name;
    value = (value ^ (value >> 30)) * 0xBF58476D1CE4E5B9ULL;
    return value ^ (value >> 27);
}

const RelationName &read_relation_name(Oid relation) {
    watch_changes();
    // The lookups may themselves take in messages, so the entry is filled after them.
    RelationName read{};
    char *name = get_rel_name(relation);
    if (name) {
        char *schema = get_namespace_name_or_temp(get_rel_namespace(relation));
        read.relation = relation;
        read.qualified[false] = qualified_hash(hash_of(schema ? schema : ""), hash_of(name));
        read.qualified[true] = qualified_hash(0, hash_of(name));
        pfree(name);
        if (schema)
            pfree(schema);
    }
    RelationName &known = relation_names[relation % most_relation_names];
    known = read;
    return known;
}

} // namespace advisor::pg
