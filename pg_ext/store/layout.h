// What lies in the block of shared memory: header, hash buckets, pending slots of each backend, and chunks.
//
//   statement   one chunk; hangs in a bucket; key, texts, list of its plans
//   plan        one chunk; hangs at its statement; counters of the executions with that plan shape
//   slice       one chunk; hangs at its plan; the executions of an hour, of a day or of all time before
//   blob        a chain of chunks: texts, examples, values, tags, nodes
//
// Apart from these lie the ids of statements by the server's query ids, a table without locks (identities.h).
//
// Everything is made of chunks of one size, so that memory never fragments and eviction of any entry helps
// any other. Only plain data: the block outlives every process but the postmaster.
//
// Locks. A bucket belongs to a partition; its lock guards the statements in it with all that hangs at them.
// Who records takes it conditionally and defers when it is taken; only readers, reset and the save worker
// wait. No one takes a second lock. Free chunks are a list with lock-free push; one process at a time may pop
// (a flag, tried a bounded number of times), so the list knows no ABA. A pending slot is written by its owner
// only, between two increments of its sequence; a flush moves it into the store under the partition's lock,
// so whoever holds that lock sees each execution exactly once, in the slot or in the store.
#pragma once
#include "pg_ext/pg.h"
#include "pg_ext/store/recorded.h"

#include <cstdint>

namespace advisor::pg::store {

using Ref = std::uint32_t; // number of a chunk; 0: none

constexpr std::uint32_t layout_version = 3; // change with any struct below: the save file holds them
constexpr std::size_t chunk_bytes = 320;
constexpr std::uint32_t partitions = 64;
constexpr std::uint32_t most_slots = 64; // pending slots of one backend
constexpr std::uint32_t remembered_resets = 64;
constexpr std::uint32_t remembered_changes = 256;
constexpr std::uint32_t most_relations = 8;
constexpr std::size_t settings_bytes = 8192;
constexpr std::size_t most_text_bytes = 16 * 1024;

struct StatementKey {
    std::int64_t queryid;
    Oid role;
    Oid database;
    std::uint32_t nested; // 0: sent by the client

    bool operator==(const StatementKey &) const = default;
};

// A variable-length value in a chain of chunks.
struct Blob {
    Ref first;
    std::uint32_t bytes;
};

// What a statement has in chains of its own.
enum StatementBlob : unsigned {
    text_blob,       // clipped display text, in the statement's encoding
    example_blob,    // example_codec.h: picked by time
    slowest_blob,    // the same: the slowest execution
    parameters_blob, // values at the positions of constants and parameters
    tags_blob,
    statement_blobs
};

struct Statement {
    Ref next;  // in the bucket
    Ref plans; // newest first
    StatementKey key;
    std::uint32_t hash;
    std::uint32_t plan_count;
    std::uint64_t server_queryid;
    std::int64_t nested_in; // queryid of the statement that it last ran in; 0: none
    Blob blobs[statement_blobs];
    std::uint32_t text_bytes; // before clipping
    std::int32_t encoding;
    double weight;         // milliseconds, where later ones count for more (table.h)
    double example_weight; // milliseconds of the executions that an example was picked from
    double slowest_ms;     // of the slowest example
    TimestampTz first_seen;
    TimestampTz changed;           // when one of its relations was last changed; 0: not while recorded
    std::uint32_t change_serial;   // of the latest change looked at
    std::uint32_t tried;           // bit per blob: it was tried to give one
    Oid relations[most_relations]; // that it reads or writes; 0 after the last
    std::uint8_t utility;
    std::uint8_t integrity;      // run by a referential integrity trigger
    std::uint8_t more_relations; // than fit
};

enum PlanBlob : unsigned {
    description_blob, // names and conditions of the nodes
    nodes_blob,       // estimates and sampled counters of the nodes
    plan_blobs
};

struct Plan {
    Ref next;
    Ref slices; // newest first
    Blob blobs[plan_blobs];
    std::uint32_t tried;   // as of a statement
    std::uint32_t sampled; // executions that were instrumented
    std::int64_t planid;
    double estimated_cost;
    double estimated_rows;
    Counters counters;
};

constexpr std::uint32_t histogram_buckets = 64; // latency.h

// The executions of one plan in a span of time.
struct Slice {
    Ref next; // older
    enum class Span : std::uint8_t { hour, day, ever } span;
    std::uint8_t after_change; // it begins where an index or table of the statement was changed
    TimestampTz from;
    std::int64_t calls;
    double total_ms, sum_squares_ms;
    std::int64_t rows;
    std::int64_t blocks; // touched, in whatever buffers
    std::int64_t wal_bytes;
    std::uint32_t histogram[histogram_buckets];
};

struct Chunk {
    Ref next;
    char data[chunk_bytes - sizeof(Ref)];
};

static_assert(sizeof(Statement) <= chunk_bytes && sizeof(Plan) <= chunk_bytes &&
              sizeof(Slice) <= chunk_bytes);
static_assert(std::is_trivially_copyable_v<Statement> && std::is_trivially_copyable_v<Plan>);

// What a slot has counted; times in ticks (clock.h).
struct Pending {
    std::int64_t calls, rows;
    std::uint64_t total, self, least, most, planning;
    double squares; // of ticks
    Usage usage;
    std::int64_t generic_plans, custom_plans, complete_runs, complete_rows;
    std::int64_t failed, cancelled;
    std::uint64_t failed_ticks;
    double jit_ms;
    std::int64_t workers_planned, workers_launched;
    TimestampTz first_seen, last_seen;
    std::uint16_t histogram[histogram_buckets];
};

// Executions of one statement with one plan by one backend that are not yet in the store.
struct Slot {
    std::uint32_t sequence; // odd while the owner writes
    std::uint32_t used;
    std::uint32_t generation; // of the block when the slot was opened
    std::uint32_t reset_serial;
    StatementKey key;
    std::uint32_t hash;
    std::uint8_t utility, integrity;
    std::int64_t planid;
    std::uint64_t server_queryid;
    std::int64_t nested_in;
    double estimated_cost;
    double estimated_rows;
    Pending pending;
};
static_assert(std::is_trivially_copyable_v<Slot>);

struct SingleReset {
    std::int64_t queryid;
    std::uint32_t serial;
};

// An index or table was changed: what ran before and after is kept apart.
struct SchemaChange {
    Oid database;
    Oid relation; // the table
    Oid index;    // InvalidOid: the table itself
    std::uint32_t serial;
    TimestampTz time;
};

// Counts of the server's table statistics at a point in time.
struct RelationWrites {
    Oid database;
    Oid relation; // InvalidOid: free
    TimestampTz since;
    std::int64_t inserted, updated, hot_updated, deleted;
};
constexpr std::uint32_t most_written_relations = 2048;

// The transaction id that was next at a time.
struct XidMark {
    TimestampTz time;
    std::uint64_t next_xid;
};
constexpr std::uint32_t most_xid_marks = 64;
constexpr std::uint32_t eviction_words = 64;

constexpr std::uint32_t most_analyses = 32;       // databases whose last analysis is kept
constexpr std::uint32_t most_analysis_parts = 32; // of most_text_bytes each

struct StoredAnalysis {
    std::int64_t id; // 0: free
    Oid database;
    std::uint32_t parts;
    TimestampTz finished;
    Blob blobs[most_analysis_parts];
};

// Where advice is asked for (advised_databases.h).
struct AdvisedDatabase {
    Oid database; // InvalidOid: free
    TimestampTz asked;
    TimestampTz begun; // the last analysis by a worker
};
constexpr std::uint32_t most_advised_databases = 64;

struct Header {
    std::uint64_t bytes;
    std::uint64_t system_identifier;
    std::uint32_t bucket_count; // a power of two, at least the number of partitions
    std::uint32_t backend_count;
    std::uint32_t slots_per_backend;
    std::uint32_t chunk_count;
    std::uint64_t buckets_at, slots_at, chunks_at; // offsets from the header
    std::uint64_t identities_at;                   // identities.h
    std::uint32_t identity_sets;
    TimestampTz recording_since;

    pg_atomic_uint32 generation;   // raised by a reset: older slots are void
    pg_atomic_uint32 reset_serial; // raised by a reset of one statement
    SingleReset resets[remembered_resets];
    pg_atomic_uint32 name_epoch;      // raised when a schema was renamed
    pg_atomic_uint32 holds_constants; // 1: texts were given while constants might be kept
    pg_atomic_uint32 change_serial;   // of the latest change below
    SchemaChange changes[remembered_changes];
    double milliseconds_per_tick;

    pg_atomic_uint32 popping;    // 1 while a process takes free chunks
    pg_atomic_uint32 free_list;  // chunks given back
    pg_atomic_uint32 never_used; // the lowest chunk that was never taken
    pg_atomic_uint32 free_count;
    pg_atomic_uint32 clock_hand; // bucket
    pg_atomic_uint64 threshold;  // a double: statements of no more weight go when the hand passes
    TimestampTz weight_origin;   // a millisecond at this time weighs one

    pg_atomic_uint64 statements, plans, deferred, lost, evicted, clipped, failures, saves, save_failures;
    pg_atomic_uint64 last_saved;                   // TimestampTz
    pg_atomic_uint64 evicted_untraced;             // statements whose relations nobody knew
    pg_atomic_uint32 evicted_from[eviction_words]; // evictions.h

    pg_atomic_uint32 settings_sequence;
    std::uint32_t settings_length;
    char settings[settings_bytes]; // name, zero byte, value, zero byte …

    std::int64_t last_analysis_id;
    StoredAnalysis analyses[most_analyses];
    AdvisedDatabase advised[most_advised_databases];
    LWLockPadded analysis_lock; // guards the three above

    RelationWrites writes[most_written_relations];
    XidMark xid_marks[most_xid_marks]; // xid_marks.h
    std::uint32_t xid_mark_count;
    LWLockPadded writes_lock; // guards the three above

    LWLockPadded locks[partitions];
};

// The block of this process: null when not recording into any.
extern Header *block;

inline double milliseconds_of(std::uint64_t ticks) {
    return static_cast<double>(ticks) * block->milliseconds_per_tick;
}

inline Ref *buckets() {
    return reinterpret_cast<Ref *>(reinterpret_cast<char *>(block) + block->buckets_at);
}

inline Slot *slots_of(std::uint32_t backend) {
    return reinterpret_cast<Slot *>(reinterpret_cast<char *>(block) + block->slots_at) +
           std::size_t{backend} * block->slots_per_backend;
}

inline void *chunk_address(Ref ref) {
    return reinterpret_cast<char *>(block) + block->chunks_at + std::size_t{ref} * chunk_bytes;
}
inline Chunk *chunk_at(Ref ref) {
    return static_cast<Chunk *>(chunk_address(ref));
}
inline Statement *statement_at(Ref ref) {
    return ref ? static_cast<Statement *>(chunk_address(ref)) : nullptr;
}
inline Plan *plan_at(Ref ref) {
    return ref ? static_cast<Plan *>(chunk_address(ref)) : nullptr;
}

inline Slice *slice_at(Ref ref) {
    return ref ? static_cast<Slice *>(chunk_address(ref)) : nullptr;
}

inline std::uint32_t bucket_of(std::uint32_t hash) {
    return hash & (block->bucket_count - 1);
}
inline LWLock *lock_of(std::uint32_t partition) {
    return &block->locks[partition].lock;
}
inline std::uint32_t partition_of(std::uint32_t hash) {
    return hash & (partitions - 1);
}

} // namespace advisor::pg::store
