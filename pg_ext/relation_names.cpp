// A direct-mapped array, emptied by the server's invalidation messages.
#include "pg_ext/relation_names.h"

#include "pg_ext/observe/known_plan.h"
#include "pg_ext/store/identities.h"

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

// Of the hash in shared memory: a new connection need not load the catalog's caches to name what it reads.
std::uint64_t shared_key(Oid relation, bool without_schema) {
    const std::uint64_t epoch = pg_atomic_read_u32(&store::block->name_epoch);
    return ((epoch << 33 | std::uint64_t{relation} << 1 | without_schema) + 1) * 0x9E3779B97F4A7C15ULL;
}

// Whoever renames a relation takes in the message of it as well, so the shared hash goes with the first.
void on_relation_change(Datum, Oid relation) {
    ++observe::plan_epoch;
    if (!OidIsValid(relation)) {
        forget_all();
        return;
    }
    if (relation_names[relation % most_relation_names].relation == relation)
        relation_names[relation % most_relation_names] = RelationName{};
    if (store::block)
        for (const bool without_schema : {false, true})
            store::forget_identity(shared_key(relation, without_schema));
}

void on_schema_change(Datum, int, std::uint32_t) {
    ++observe::plan_epoch;
    forget_all();
    if (store::block)
        pg_atomic_fetch_add_u32(&store::block->name_epoch, 1);
}

bool find_shared(Oid relation, RelationName &read) {
    for (const bool without_schema : {false, true}) {
        const std::int64_t hash = store::find_identity(shared_key(relation, without_schema));
        if (hash == 0)
            return false;
        read.qualified[without_schema] = static_cast<std::uint64_t>(hash);
    }
    read.relation = relation;
    return true;
}

void read_from_catalog(Oid relation, RelationName &read) {
    char *name = get_rel_name(relation);
    if (!name)
        return;
    char *schema = get_namespace_name_or_temp(get_rel_namespace(relation));
    read.relation = relation;
    read.qualified[false] = qualified_hash(hash_of(schema ? schema : ""), hash_of(name));
    read.qualified[true] = qualified_hash(0, hash_of(name));
    pfree(name);
    if (schema)
        pfree(schema);
    for (const bool without_schema : {false, true})
        if (store::block)
            store::keep_identity(shared_key(relation, without_schema),
                                 static_cast<std::int64_t>(read.qualified[without_schema]));
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
    if (!store::block || !find_shared(relation, read))
        read_from_catalog(relation, read);
    RelationName &known = relation_names[relation % most_relation_names];
    known = read;
    return known;
}

} // namespace advisor::pg
