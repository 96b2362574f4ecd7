// The block's life: asked for before shared memory exists, laid out by the postmaster, attached by
// inheritance. Plain frames throughout: the server calls these with no handler above, and nothing in them
// allocates in C++.
#include "pg_ext/store/block.h"

#include "pg_ext/settings.h"
#include "pg_ext/store/clock.h"
#include "pg_ext/store/identities.h"
#include "pg_ext/store/layout.h"
#include "pg_ext/store/save_file.h"
#include "pg_ext/store/server_settings.h"

namespace advisor::pg::store {

Header *block = nullptr;

namespace {

constexpr std::size_t session_block_bytes = std::size_t{8} * 1024 * 1024;
constexpr const char *tranche_name = "db_advisor";

shmem_request_hook_type previous_request = nullptr;
shmem_startup_hook_type previous_startup = nullptr;
bool session_block = false;

std::uint32_t slots_that_fit(std::size_t bytes, std::uint32_t backends) {
    const std::size_t eighth = bytes / 8 / (std::size_t{backends} * sizeof(Slot));
    return static_cast<std::uint32_t>(eighth < 1 ? 1 : eighth > most_slots ? most_slots : eighth);
}

std::uint32_t backends_possible() {
    return static_cast<std::uint32_t>(MaxBackends + NUM_AUXILIARY_PROCS);
}

// max_memory, raised where it is too small for one slot per backend and some statements.
std::size_t shared_block_bytes() {
    const std::size_t wanted = std::size_t{1024} * static_cast<std::size_t>(settings::max_memory);
    const std::size_t least =
        sizeof(Header) + std::size_t{backends_possible()} * sizeof(Slot) * 4 + 1024 * 1024;
    return wanted > least ? wanted : least;
}

void request() {
    if (previous_request)
        previous_request();
    RequestAddinShmemSpace(shared_block_bytes());
}

void init_counters(Header &header) {
    for (auto *counter : {&header.generation, &header.reset_serial, &header.popping, &header.free_list,
                          &header.free_count, &header.clock_hand, &header.settings_sequence,
                          &header.change_serial, &header.holds_constants, &header.name_epoch})
        pg_atomic_init_u32(counter, 0);
    pg_atomic_init_u32(&header.never_used, 1); // 0 means none
    for (auto *counter :
         {&header.statements, &header.plans, &header.deferred, &header.lost, &header.evicted, &header.clipped,
          &header.failures, &header.threshold, &header.saves, &header.save_failures, &header.last_saved})
        pg_atomic_init_u64(counter, 0);
    pg_atomic_init_u64(&header.evicted_untraced, 0);
    for (pg_atomic_uint32 &word : header.evicted_from)
        pg_atomic_init_u32(&word, 0);
}

// Chunks are not touched here: memory that no statement needs is never paged in.
void lay_out(void *memory, std::size_t bytes, std::uint32_t backends, int tranche) {
    auto *header = static_cast<Header *>(memory);
    std::memset(memory, 0, sizeof(Header));
    header->bytes = bytes;
    header->backend_count = backends;
    header->slots_per_backend = slots_that_fit(bytes, backends);
    header->bucket_count = partitions;
    while (header->bucket_count < bytes / chunk_bytes / 8)
        header->bucket_count *= 2;
    header->buckets_at = MAXALIGN(sizeof(Header));
    header->slots_at = MAXALIGN(header->buckets_at + header->bucket_count * sizeof(Ref));
    header->identities_at =
        CACHELINEALIGN(header->slots_at + std::size_t{backends} * header->slots_per_backend * sizeof(Slot));
    header->identity_sets = identity_sets_that_fit(bytes);
    header->chunks_at = header->identities_at + header->identity_sets * sizeof(IdentitySet);
    header->chunk_count = static_cast<std::uint32_t>((bytes - header->chunks_at) / chunk_bytes);
    header->recording_since = header->weight_origin = GetCurrentTimestamp();
    header->milliseconds_per_tick = choose_clock();
    init_counters(*header);
    pg_atomic_write_u32(&header->free_count, header->chunk_count - 1);
    for (auto &lock : header->locks)
        LWLockInitialize(&lock.lock, tranche);
    LWLockInitialize(&header->analysis_lock.lock, tranche);
    LWLockInitialize(&header->writes_lock.lock, tranche);
    std::memset(static_cast<char *>(memory) + header->buckets_at, 0, header->chunks_at - header->buckets_at);
}

void save_at_shutdown(int code, Datum) {
    if (code == 0 && settings::save)
        save_to_file();
}

void startup() {
    if (previous_startup)
        previous_startup();
    const std::size_t bytes = shared_block_bytes();
    bool found = false;
    LWLockAcquire(AddinShmemInitLock, LW_EXCLUSIVE);
    void *memory = ShmemInitStruct("db_advisor", bytes, &found);
    if (!found)
        lay_out(memory, bytes, backends_possible(), LWLockNewTrancheId());
    LWLockRelease(AddinShmemInitLock);
    block = static_cast<Header *>(memory);
    LWLockRegisterTranche(block->locks[0].lock.tranche, tranche_name);
    if (found || IsUnderPostmaster)
        return;
    block->system_identifier = GetSystemIdentifier();
    publish_server_settings();
    on_shmem_exit(save_at_shutdown, Datum{0});
    if (settings::save)
        load_from_file();
}

} // namespace

void reserve_shared_block() {
    previous_request = shmem_request_hook;
    shmem_request_hook = request;
    previous_startup = shmem_startup_hook;
    shmem_startup_hook = startup;
}

void make_session_block() {
    if (block)
        return;
    void *memory = MemoryContextAllocHuge(TopMemoryContext, session_block_bytes);
    const int tranche = LWLockNewTrancheId();
    LWLockRegisterTranche(tranche, tranche_name);
    lay_out(memory, session_block_bytes, 1, tranche);
    session_block = true;
    block = static_cast<Header *>(memory);
}

bool block_is_private() {
    return session_block;
}

} // namespace advisor::pg::store
