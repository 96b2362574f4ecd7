// Gathers per sampled row the size of its index tuple and a hash of each leading part of its key, then counts
// groups with the block as the sampling unit: right for clustered and for scattered values.
#include "pg_ext/what_if/key_measurement.h"

#include "pg_ext/boundary.h"
#include "pg_ext/what_if/row_evaluation.h"

#include <algorithm>
#include <bit>

namespace advisor::pg {
namespace {

constexpr uint32 null_hash = 0x6e756c6c;
constexpr int most_prefix_rows = 500;
constexpr int widest_stored = BLCKSZ;
constexpr Size widest_tuple = (BLCKSZ - 40 - 16) / 3 / 8 * 8 - 8; // a third of a page, less a row position
constexpr Size never_compressed = 256;                            // less than TOAST_INDEX_TARGET
constexpr double least_changes = 20;
constexpr double plausible_runs = 1.5; // of the other estimate
constexpr double plausible_chance = 3; // above it equal neighbours are no accident

// Gathered by plain code inside a pg_try; everything lies in `memory`.
struct Gathered {
    MemoryContext memory;
    TupleDesc row_type;
    TupleDesc *prefix_types; // per leading part of the key
    int key_count;
    int rows;
    uint32 *block_of;
    uint16 *bytes;         // per row
    uint64 *part_hashes;   // per row and leading part of the key
    uint64 *column_hashes; // per row and key column
    double *prefix_bytes;  // per leading part: mean size of an index tuple
    int oversized;
};

bool too_wide(TupleDesc row_type, const Datum *values, const bool *nulls) {
    for (int i = 0; i < row_type->natts; ++i) {
        if (nulls[i] || TupleDescAttr(row_type, i)->attlen != -1)
            continue;
        auto *value = reinterpret_cast<struct varlena *>(DatumGetPointer(values[i]));
        if (!VARATT_IS_EXTERNAL_ONDISK(value))
            continue;
        struct varatt_external pointer;
        VARATT_EXTERNAL_GET_POINTER(pointer, value);
        if (VARATT_EXTERNAL_GET_EXTSIZE(pointer) > widest_stored)
            return true;
    }
    return false;
}

// Whether forming the tuple would leave all values as they are, neither fetched nor compressed.
bool stays_as_is(TupleDesc row_type, const Datum *values, const bool *nulls) {
    for (int i = 0; i < row_type->natts; ++i) {
        if (nulls[i] || TupleDescAttr(row_type, i)->attlen != -1)
            continue;
        auto *value = reinterpret_cast<struct varlena *>(DatumGetPointer(values[i]));
        if (VARATT_IS_EXTERNAL(value) || VARSIZE_ANY(value) > never_compressed)
            return false;
    }
    return true;
}

// What index_form_tuple (src/backend/access/common/indextuple.c) would make, made only where it must be.
Size tuple_bytes(TupleDesc row_type, Datum *values, bool *nulls) {
    if (!stays_as_is(row_type, values, nulls))
        return IndexTupleSize(index_form_tuple(row_type, values, nulls));
    const bool any_null = std::any_of(nulls, nulls + row_type->natts, [](bool null) { return null; });
    const unsigned short bits = any_null ? INDEX_NULL_MASK : 0;
    return MAXALIGN(IndexInfoFindDataOffset(bits) + heap_compute_data_size(row_type, values, nulls));
}

void hash_key(Gathered *gathered, const Datum *values, const bool *nulls, Size row) {
    const Size first = row * gathered->key_count;
    uint64 hash = 0;
    for (int i = 0; i < gathered->key_count; ++i) {
        const Form_pg_attribute column = TupleDescAttr(gathered->row_type, i);
        const uint32 own =
            nulls[i] ? null_hash : datum_image_hash(values[i], column->attbyval, column->attlen);
        hash = hash_bytes_uint32_extended(own, hash + 1);
        gathered->part_hashes[first + i] = hash;
        gathered->column_hashes[first + i] = own;
    }
}

// Means over fewer rows: they only matter for the upper levels. Weighted by the whole tuple's size, since a
// wide tuple is the one at a page's border more often.
void measure_prefixes(const EvaluatedRows &rows, Gathered *gathered, MemoryContext scratch) {
    const int step = 1 + rows.row_count / most_prefix_rows;
    for (int part = 1; part <= gathered->key_count; ++part) {
        TupleDesc row_type = gathered->prefix_types[part - 1];
        double sum = 0, weight = 0;
        for (int i = 0; i < rows.row_count; i += step) {
            if (gathered->bytes[i] == 0)
                continue;
            Datum *values = rows.values + static_cast<Size>(i) * rows.column_count;
            bool *nulls = rows.nulls + static_cast<Size>(i) * rows.column_count;
            MemoryContext before = MemoryContextSwitchTo(scratch);
            sum += static_cast<double>(gathered->bytes[i]) * tuple_bytes(row_type, values, nulls);
            weight += gathered->bytes[i];
            MemoryContextSwitchTo(before);
            MemoryContextReset(scratch);
        }
        gathered->prefix_bytes[part - 1] = weight > 0 ? sum / weight : 0;
    }
}

void allocate(Gathered *gathered, int rows) {
    const Size cells = static_cast<Size>(rows) * gathered->key_count;
    gathered->bytes = static_cast<uint16 *>(palloc0(rows * sizeof(uint16) + 1));
    gathered->part_hashes =
        static_cast<uint64 *>(palloc_extended(cells * sizeof(uint64) + 1, MCXT_ALLOC_HUGE | MCXT_ALLOC_ZERO));
    gathered->column_hashes =
        static_cast<uint64 *>(palloc_extended(cells * sizeof(uint64) + 1, MCXT_ALLOC_HUGE | MCXT_ALLOC_ZERO));
    gathered->prefix_bytes = static_cast<double *>(palloc0(gathered->key_count * sizeof(double)));
}

void measure_rows(const EvaluatedRows &rows, void *argument) {
    auto *gathered = static_cast<Gathered *>(argument);
    gathered->rows = rows.row_count;
    gathered->block_of = rows.block_of;
    allocate(gathered, rows.row_count);
    MemoryContext scratch =
        AllocSetContextCreate(CurrentMemoryContext, "db_advisor row", ALLOCSET_DEFAULT_SIZES);
    for (int i = 0; i < rows.row_count; ++i) {
        CHECK_FOR_INTERRUPTS();
        Datum *values = rows.values + static_cast<Size>(i) * rows.column_count;
        bool *nulls = rows.nulls + static_cast<Size>(i) * rows.column_count;
        if (too_wide(gathered->row_type, values, nulls)) {
            ++gathered->oversized;
            continue;
        }
        MemoryContext before = MemoryContextSwitchTo(scratch);
        const Size bytes = tuple_bytes(gathered->row_type, values, nulls);
        gathered->oversized += bytes > widest_tuple;
        gathered->bytes[i] = static_cast<uint16>(bytes);
        hash_key(gathered, values, nulls, i);
        MemoryContextSwitchTo(before);
        MemoryContextReset(scratch);
    }
    measure_prefixes(rows, gathered, scratch);
}

// From here on plain C++ without the server.

// The sampled rows of one key.
struct Group {
    uint64 hash;
    double rows, blocks;
    uint32 last_block;
    uint16 bytes; // of its first row
};

// Changes of the key from one row to the next in physical order, and such neighbours, both within blocks.
struct Neighbours {
    double pairs = 0, changes = 0;
};

Neighbours compare_neighbours(const Gathered &gathered, const uint64 *hashes, int position) {
    Neighbours result;
    for (int i = 1; i < gathered.rows; ++i) {
        if (gathered.block_of[i] != gathered.block_of[i - 1])
            continue;
        const uint64 *own = hashes + static_cast<std::size_t>(i) * gathered.key_count + position;
        result.pairs += 1;
        result.changes += own[0] != own[-gathered.key_count];
    }
    return result;
}

// There can't be more keys than runs of equal ones, and where a key's rows lie together in a few blocks, of
// which the sample rarely holds two, the runs are the better estimate. `equal_share`: how often any two rows
// are equal.
void use_runs(SampledGroups &groups, const Neighbours &neighbours, double equal_share, double rows_in_table) {
    if (neighbours.changes < least_changes)
        return;
    const double runs = neighbours.changes / neighbours.pairs * rows_in_table;
    const double equal = neighbours.pairs - neighbours.changes;
    groups.clustered = equal >= least_changes && runs < groups.groups * plausible_runs &&
                       equal > neighbours.pairs * equal_share * plausible_chance;
    if (groups.clustered || runs < groups.groups)
        groups.groups = runs;
}

// By first row. A hash table rather than a sort: an analysis measures thousands of keys, and rows come by
// block.
std::vector<Group> groups_by(const Gathered &gathered, const uint64 *hashes, int position) {
    constexpr std::uint32_t empty = UINT32_MAX;
    const auto rows = static_cast<std::size_t>(gathered.rows);
    const std::size_t mask = std::bit_ceil(rows * 2 + 1) - 1;
    std::vector<std::uint32_t> places(mask + 1, empty);
    std::vector<Group> groups;
    for (std::size_t row = 0; row < rows; ++row) {
        const uint64 hash =
            hashes[row * static_cast<std::size_t>(gathered.key_count) + static_cast<std::size_t>(position)];
        const uint32 block = gathered.block_of[row];
        std::size_t place = (hash * 0x9E3779B97F4A7C15U >> 32) & mask;
        while (places[place] != empty && groups[places[place]].hash != hash)
            place = (place + 1) & mask;
        if (places[place] == empty) {
            places[place] = static_cast<std::uint32_t>(groups.size());
            groups.push_back({hash, 1, 1, block, gathered.bytes[row]});
            continue;
        }
        Group &group = groups[places[place]];
        group.rows += 1;
        group.blocks += group.last_block != block;
        group.last_block = block;
    }
    return groups;
}

SampledGroups count_groups(const Gathered &gathered, const uint64 *hashes, int position,
                           const std::vector<Group> &groups, double blocks_share) {
    BlockCounts count;
    double equal_pairs = 0;
    for (const Group &group : groups) {
        count.add(group.blocks, hashes == gathered.column_hashes && group.hash == null_hash);
        equal_pairs += group.rows * (group.rows - 1);
    }
    SampledGroups result = estimate_groups(count, blocks_share);
    const double tuples = gathered.rows;
    if (blocks_share < 1 && tuples > 1)
        use_runs(result, compare_neighbours(gathered, hashes, position), equal_pairs / tuples / (tuples - 1),
                 tuples / blocks_share);
    result.groups = std::max(count.keys, std::min(result.groups, tuples / blocks_share));
    return result;
}

std::vector<core::TupleSizeShare> shares(const std::vector<double> &counts) {
    std::vector<core::TupleSizeShare> result;
    for (std::size_t bytes = 1; bytes < counts.size(); ++bytes)
        if (counts[bytes] > 0)
            result.push_back({static_cast<double>(bytes), counts[bytes]});
    return result;
}

void measure_sizes(const Gathered &gathered, const std::vector<Group> &groups, KeyMeasurement &result) {
    std::vector<double> by_row(UINT16_MAX + 1), by_group(UINT16_MAX + 1);
    for (int i = 0; i < gathered.rows; ++i)
        by_row[gathered.bytes[i]] += 1;
    for (const Group &group : groups) {
        by_group[group.bytes] += 1;
        if (result.whole_table() || (group.rows >= least_heavy_rows && group.blocks >= least_heavy_blocks))
            result.heavy_groups.push_back(group.rows);
    }
    result.sizes_by_row = shares(by_row);
    result.sizes_by_group = shares(by_group);
}

KeyMeasurement conclude(const Gathered &gathered, const RowSample &sample) {
    KeyMeasurement result;
    result.rows = sampled_rows(sample, gathered.block_of, gathered.rows);
    result.oversized = gathered.oversized > 0;
    const double share = sample.total_blocks > 0 ? sample.sampled_blocks / sample.total_blocks : 1;
    for (int part = 0; part < gathered.key_count; ++part) {
        std::vector<Group> groups = groups_by(gathered, gathered.column_hashes, part);
        result.columns.push_back(count_groups(gathered, gathered.column_hashes, part, groups, share));
        if (part > 0)
            groups = groups_by(gathered, gathered.part_hashes, part);
        result.parts.push_back(part > 0 ? count_groups(gathered, gathered.part_hashes, part, groups, share)
                                        : result.columns[0]);
        result.part_bytes.push_back(gathered.prefix_bytes[part]);
        if (part + 1 == gathered.key_count)
            measure_sizes(gathered, groups, result);
        poll_interrupts();
    }
    return result;
}

void describe_rows(Relation heap, const HypotheticalKeys &keys, Gathered &gathered) {
    gathered.key_count = keys.key_count;
    gathered.row_type = hypothetical_row_type(heap, keys, static_cast<int>(keys.columns.size()));
    gathered.prefix_types =
        pg_call([&] { return static_cast<TupleDesc *>(palloc(keys.key_count * sizeof(TupleDesc))); });
    for (int i = 0; i < keys.key_count; ++i)
        gathered.prefix_types[i] = hypothetical_row_type(heap, keys, i + 1);
}

} // namespace

std::optional<KeyMeasurement> measure_keys(Relation heap, const HypotheticalKeys &keys) {
    const RowSample *sample = sample_rows(heap);
    if (sample == nullptr)
        return std::nullopt;
    Gathered gathered{};
    describe_rows(heap, keys, gathered);
    gathered.memory = pg_call([] {
        return AllocSetContextCreate(CurrentMemoryContext, "db_advisor keys", ALLOCSET_DEFAULT_SIZES);
    });
    bool complete = false;
    const auto failed = pg_try([&] {
        MemoryContext caller = MemoryContextSwitchTo(gathered.memory);
        complete = evaluate_rows(heap, *sample, keys, measure_rows, &gathered);
        MemoryContextSwitchTo(caller);
    });
    std::optional<KeyMeasurement> result;
    if (!failed && complete) {
        result = conclude(gathered, *sample);
    } else if (failed && failed->sqlstate == ERRCODE_PROGRAM_LIMIT_EXCEEDED) {
        result.emplace();
        result->oversized = true;
    }
    pg_call([&] { MemoryContextDelete(gathered.memory); });
    return result;
}

} // namespace advisor::pg
