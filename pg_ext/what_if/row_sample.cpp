// Reading goes through the table access method's sample scan with a block chooser of our own, so that any
// method that knows TABLESAMPLE works and visibility is the method's affair.
#include "pg_ext/what_if/row_sample.h"

#include "pg_ext/boundary.h"
#include "pg_ext/compat.h"

namespace advisor::pg {
namespace {

constexpr int most_blocks = 300;
constexpr int most_tables = 16;
constexpr Size most_bytes = 16 * 1024 * 1024;
constexpr Size chunk_bytes = 64 * 1024;

struct CachedSample {
    RowSample sample;
    MemoryContext context; // null: a free entry
    Oid relation;
    Oid file;
    int32 pages; // pg_class as it was
    float4 tuples;
    bool stale;
    uint64 last_use;
};

// Plain data without constructors; the invalidation callback may touch it at any time.
CachedSample cache[most_tables];
uint64 use_counter = 0;
bool callback_registered = false;

void forget_relation(Datum, Oid relation) {
    for (CachedSample &entry : cache)
        if (relation == InvalidOid || entry.relation == relation)
            entry.stale = true;
}

struct BlockChooser {
    BlockSamplerData blocks;
    OffsetNumber row;
    int chosen;
};

// Called by the access method; neither can raise.
BlockNumber choose_block(SampleScanState *scan, BlockNumber) {
    auto *chooser = static_cast<BlockChooser *>(scan->tsm_state);
    if (!BlockSampler_HasMore(&chooser->blocks))
        return InvalidBlockNumber;
    chooser->row = InvalidOffsetNumber;
    ++chooser->chosen;
    return BlockSampler_Next(&chooser->blocks);
}

OffsetNumber choose_row(SampleScanState *scan, BlockNumber, OffsetNumber last) {
    auto *chooser = static_cast<BlockChooser *>(scan->tsm_state);
    return chooser->row < last ? ++chooser->row : InvalidOffsetNumber;
}

// The server gives a ring only to tables above a quarter of shared_buffers; here every read is a passing one.
void read_through_ring(Relation heap, TableScanDesc scan) {
    if (heap->rd_tableam != GetHeapamTableAmRoutine())
        return;
    auto *heap_scan = reinterpret_cast<HeapScanDesc>(scan);
    if (heap_scan->rs_strategy == nullptr && !RelationUsesLocalBuffers(heap))
        heap_scan->rs_strategy = GetAccessStrategy(BAS_BULKREAD);
}

// Rows packed into large chunks: an allocation per row would double the memory of narrow ones.
struct RowStore {
    RowSample sample;
    int capacity;
    char *room;
    Size room_left;
};

char *take_room(RowStore *store, Size bytes) {
    if (bytes > store->room_left) {
        store->room_left = bytes > chunk_bytes ? bytes : chunk_bytes;
        store->room = static_cast<char *>(palloc(store->room_left));
    }
    char *taken = store->room;
    store->room += bytes;
    store->room_left -= bytes;
    return taken;
}

void append_row(RowStore *store, TupleTableSlot *slot) {
    RowSample &sample = store->sample;
    if (sample.row_count == store->capacity) {
        store->capacity *= 2;
        sample.rows =
            static_cast<HeapTupleData *>(repalloc(sample.rows, store->capacity * sizeof *sample.rows));
        sample.block_of =
            static_cast<uint32 *>(repalloc(sample.block_of, store->capacity * sizeof *sample.block_of));
    }
    bool copied;
    HeapTuple tuple = ExecFetchSlotHeapTuple(slot, false, &copied);
    HeapTupleData &row = sample.rows[sample.row_count];
    row = *tuple;
    row.t_data = reinterpret_cast<HeapTupleHeader>(take_room(store, MAXALIGN(tuple->t_len)));
    memcpy(row.t_data, tuple->t_data, tuple->t_len);
    if (copied)
        heap_freetuple(tuple);
    sample.block_of[sample.row_count] = static_cast<uint32>(sample.sampled_blocks - 1);
    ++sample.row_count;
}

// Everything that stays is allocated in the current context.
RowSample read_sample(Relation heap, BlockNumber total_blocks) {
    BlockChooser chooser{};
    TsmRoutine method{};
    method.type = T_TsmRoutine;
    method.NextSampleBlock = choose_block;
    method.NextSampleTuple = choose_row;
    SampleScanState *state = makeNode(SampleScanState);
    state->tsmroutine = &method;
    state->tsm_state = &chooser;
    // The same blocks each time for a table of the same size: two analyses of it don't differ by chance.
    BlockSampler_Init(&chooser.blocks, total_blocks, most_blocks, murmurhash32(RelationGetRelid(heap)));

    RowStore store{};
    RowSample &sample = store.sample;
    store.capacity = 4096;
    sample.total_blocks = total_blocks;
    sample.rows = static_cast<HeapTupleData *>(palloc(store.capacity * sizeof *sample.rows));
    sample.block_of = static_cast<uint32 *>(palloc(store.capacity * sizeof *sample.block_of));
    TupleTableSlot *slot = table_slot_create(heap, nullptr);
    TableScanDesc scan = table_beginscan_sampling(heap, GetActiveSnapshot(), 0, nullptr, true, false, true);
    read_through_ring(heap, scan);
    while (table_scan_sample_next_block(scan, state)) {
        CHECK_FOR_INTERRUPTS();
        sample.sampled_blocks = chooser.chosen;
        while (table_scan_sample_next_tuple(scan, state, slot))
            append_row(&store, slot);
    }
    table_endscan(scan);
    ExecDropSingleTupleTableSlot(slot);
    return sample;
}

bool may_be_read(Relation heap) {
    const Form_pg_class row = heap->rd_rel;
    if (row->relkind != RELKIND_RELATION && (row->relkind != RELKIND_MATVIEW || !row->relispopulated))
        return false;
    return !row->relforcerowsecurity && !RELATION_IS_OTHER_TEMP(heap) && ActiveSnapshotSet();
}

bool still_fits(const CachedSample &entry, Relation heap, BlockNumber blocks) {
    const Form_pg_class row = heap->rd_rel;
    const double grown = blocks - entry.sample.total_blocks;
    return !entry.stale && entry.file == row->relfilenode && entry.pages == row->relpages &&
           entry.tuples == row->reltuples && std::abs(grown) <= entry.sample.total_blocks / 10;
}

void drop(CachedSample &entry) {
    MemoryContext context = entry.context;
    entry = CachedSample{};
    if (context != nullptr)
        MemoryContextDelete(context);
}

// A free entry; older samples give way to the limit on bytes, assuming the new one is like a full one.
CachedSample &make_room() {
    for (;;) {
        CachedSample *unused = nullptr, *oldest = nullptr;
        Size bytes = 0;
        for (CachedSample &entry : cache) {
            if (entry.context == nullptr) {
                unused = &entry;
                continue;
            }
            bytes += MemoryContextMemAllocated(entry.context, true);
            if (oldest == nullptr || entry.last_use < oldest->last_use)
                oldest = &entry;
        }
        if (unused != nullptr && bytes + Size{most_blocks} * BLCKSZ <= most_bytes)
            return *unused;
        drop(*oldest);
    }
}

CachedSample *find_cached(Relation heap, BlockNumber blocks) {
    CachedSample *found = nullptr;
    for (CachedSample &entry : cache) {
        if (entry.context == nullptr)
            continue;
        const bool wanted = entry.relation == RelationGetRelid(heap);
        if (entry.stale || (wanted && !still_fits(entry, heap, blocks)))
            drop(entry);
        else if (wanted)
            found = &entry;
    }
    return found;
}

// What the reading leaves behind: plain, so that an error may jump over it.
struct Reading {
    MemoryContext context;
    RowSample sample;
};

CachedSample *keep(const Reading &reading, Relation heap) {
    CachedSample &entry = make_room();
    entry = {.sample = reading.sample,
             .context = reading.context,
             .relation = RelationGetRelid(heap),
             .file = heap->rd_rel->relfilenode,
             .pages = heap->rd_rel->relpages,
             .tuples = heap->rd_rel->reltuples,
             .stale = false,
             .last_use = ++use_counter};
    MemoryContextSetParent(entry.context, TopMemoryContext);
    return &entry;
}

} // namespace

const RowSample *sample_rows(Relation heap) {
    if (!may_be_read(heap))
        return nullptr;
    const BlockNumber blocks = pg_call([&] {
        if (!callback_registered)
            CacheRegisterRelcacheCallback(forget_relation, Datum{0});
        callback_registered = true;
        return RelationGetNumberOfBlocks(heap);
    });
    CachedSample *cached = pg_call([&] { return find_cached(heap, blocks); });
    if (cached == nullptr) {
        // A child of the caller's context until it is complete, so that a failed reading leaks nothing.
        Reading reading{};
        reading.context = pg_call([] {
            return AllocSetContextCreate(CurrentMemoryContext, "db_advisor rows", ALLOCSET_DEFAULT_SIZES);
        });
        const auto failed = pg_try([&] {
            MemoryContext caller = MemoryContextSwitchTo(reading.context);
            reading.sample = read_sample(heap, blocks);
            MemoryContextSwitchTo(caller);
        });
        if (failed) {
            pg_call([&] { MemoryContextDelete(reading.context); });
            return nullptr;
        }
        cached = pg_call([&] { return keep(reading, heap); });
    }
    cached->last_use = ++use_counter;
    return &cached->sample;
}

} // namespace advisor::pg
