// Our id of a statement: its text without constants and the names of its relations, so that it is the same
// after dump and restore, after a major upgrade, and for a table that was dropped and made again. Computed
// once per key of the source (source_key.h), which stands for it from then on.
//
// Statements that the server gives the same id, though their texts differ (an output column's name), are one
// under the text that was seen first. Without ids of the server, relations are not known: the text alone
// counts.
#pragma once
#include "pg_ext/pg.h"
#include "pg_ext/settings.h"

#include <cstdint>

namespace advisor::pg::observe {

struct KnownIdentity {
    std::uint64_t key;
    std::int64_t id;
};

// What this backend has met lately: sets of two.
constexpr std::size_t identity_sets = 512;
extern KnownIdentity known_identities[identity_sets][2];

// Past the backend's own memory: 0 when no backend knows it.
std::int64_t find_identity(std::uint64_t key);

inline std::uint64_t identity_key(std::uint64_t source) {
    return settings::merge_schemas ? ~source : source;
}

inline std::int64_t known_identity(std::uint64_t source) {
    const std::uint64_t key = identity_key(source);
    const KnownIdentity(&set)[2] = known_identities[key % identity_sets];
    if (set[0].key == key)
        return set[0].id;
    return set[1].key == key ? set[1].id : find_identity(key);
}

// At execution. A statement that was analysed under the other setting of merge_schemas keeps its id until it
// is analysed again. 0: nobody knows it any more.
inline std::int64_t executed_identity(std::uint64_t source) {
    const std::int64_t id = known_identity(source);
    return id != 0 ? id : find_identity(~identity_key(source));
}

// At parse analysis of a statement that is not known: from now on it is.
void identify(Query *query, const char *text, std::uint64_t source);

// The same for an id that comes from elsewhere.
void keep_identity(std::uint64_t source, std::int64_t id);

// From a fingerprint of whatever kind, so that nobody joins it to the server's.
std::int64_t identity_from(std::uint64_t fingerprint);

} // namespace advisor::pg::observe
