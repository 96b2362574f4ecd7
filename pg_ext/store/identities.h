// The ids of statements that some backend has computed, by the server's query id in its database. Shared,
// with no lock: whoever is late computes the same id once more.
#pragma once
#include "pg_ext/store/layout.h"

namespace advisor::pg::store {

// One cache line. A pair is whole when check ^ id gives the key; what two writers tore apart is nobody's.
struct IdentitySet {
    struct {
        pg_atomic_uint64 check, id;
    } pairs[4];
};
static_assert(sizeof(IdentitySet) == 64);

// As many sets as a small part of the block holds, a power of two.
std::uint32_t identity_sets_that_fit(std::size_t block_bytes);

// Also hashes of relations' names, by keys that are hashes as well.
//
// The key is the server's query id as this backend's settings understand it; 0: not known.
std::int64_t find_identity(std::uint64_t key);
void keep_identity(std::uint64_t key, std::int64_t id);
void forget_identity(std::uint64_t key);

} // namespace advisor::pg::store
