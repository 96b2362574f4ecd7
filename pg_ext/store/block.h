// Reserves, lays out and attaches the block of memory that statements are recorded in.
#pragma once

namespace advisor::pg::store {

// From _PG_init of a preloaded module: chains the shared memory hooks.
void reserve_shared_block();

// Without preload: a block of the same layout in the memory of this session. May raise (out of memory).
void make_session_block();

// True when the block belongs to this session alone.
bool block_is_private();

} // namespace advisor::pg::store
