// read_statements: partitions are copied one by one, then decoded outside of any lock.
#include "pg_ext/boundary.h"
#include "pg_ext/store/example_codec.h"
#include "pg_ext/store/image.h"
#include "pg_ext/store/latency.h"
#include "pg_ext/store/recorded.h"
#include "pg_ext/store/slices.h"
#include "pg_ext/store/table.h"
#include "pg_ext/store/text_encoding.h"

#include <algorithm>
#include <map>
#include <new>
#include <tuple>

namespace advisor::pg {
namespace {

using store::ImageCursor;
using store::PartitionCopy;

class OwnedCopy {
public:
    OwnedCopy() = default;
    OwnedCopy(const OwnedCopy &) = delete;
    OwnedCopy &operator=(const OwnedCopy &) = delete;
    ~OwnedCopy() { store::free_copy(copy_); }

    const PartitionCopy &refill(std::uint32_t partition) {
        if (!pg_call([this, partition] { return store::copy_partition(partition, true, copy_); }))
            throw std::bad_alloc();
        return copy_;
    }

private:
    PartitionCopy copy_{};
};

using Key = std::tuple<std::int64_t, Oid, Oid, bool>;

Key key_of(const store::StatementKey &key) {
    return {key.queryid, key.role, key.database, key.nested == 0};
}

RecordedStatement named(const store::StatementKey &key) {
    RecordedStatement result;
    result.queryid = key.queryid;
    result.role = key.role;
    result.database = key.database;
    result.toplevel = key.nested == 0;
    return result;
}

// An example of another database is of no use here, and its texts need not fit this encoding.
std::optional<RecordedExample> decode_example(const store::Statement &statement, store::StatementBlob which,
                                              const char *bytes) {
    if (statement.blobs[which].bytes == 0 || statement.key.database != MyDatabaseId)
        return std::nullopt;
    return store::decode_example(bytes, statement.blobs[which].bytes);
}

// Pairs of texts with a zero byte behind each.
void add_tags(std::string_view bytes, int encoding, std::map<std::string, std::vector<std::string>> &tags) {
    const auto next = [&] {
        const std::string_view piece = bytes.substr(0, bytes.find('\0'));
        bytes.remove_prefix(std::min(piece.size() + 1, bytes.size()));
        return store::in_database_encoding(piece.data(), piece.size(), encoding);
    };
    while (!bytes.empty()) {
        const std::string name = next();
        tags[name].push_back(next());
    }
}

RecordedStatement decode(const store::Statement &statement,
                         const char *const (&blobs)[store::statement_blobs]) {
    const auto text = [&](store::StatementBlob which) {
        return store::in_database_encoding(blobs[which], statement.blobs[which].bytes, statement.encoding);
    };
    RecordedStatement result = named(statement.key);
    result.server_queryid = statement.server_queryid;
    result.nested_in = statement.nested_in;
    result.utility = statement.utility != 0;
    result.integrity = statement.integrity != 0;
    result.query = text(store::text_blob);
    result.query_bytes = statement.text_bytes;
    add_tags({blobs[store::tags_blob], statement.blobs[store::tags_blob].bytes}, statement.encoding,
             result.tags);
    result.positions.assign(blobs[store::parameters_blob], statement.blobs[store::parameters_blob].bytes);
    result.encoding = statement.encoding;
    result.example = decode_example(statement, store::example_blob, blobs[store::example_blob]);
    result.slowest = decode_example(statement, store::slowest_blob, blobs[store::slowest_blob]);
    for (const Oid relation : statement.relations)
        if (relation != InvalidOid)
            result.relations.push_back(relation);
    return result;
}

RecordedPlan decode(const store::Plan &plan, const char *const (&blobs)[store::plan_blobs], int encoding) {
    RecordedPlan result;
    result.planid = plan.planid;
    result.counters = plan.counters;
    result.estimated_cost = plan.estimated_cost;
    result.estimated_rows = plan.estimated_rows;
    result.description = store::in_database_encoding(blobs[store::description_blob],
                                                     plan.blobs[store::description_blob].bytes, encoding);
    const std::uint32_t node_bytes = plan.blobs[store::nodes_blob].bytes;
    result.nodes.resize(node_bytes / sizeof(store::NodeRecord));
    if (!result.nodes.empty())
        std::memcpy(result.nodes.data(), blobs[store::nodes_blob],
                    result.nodes.size() * sizeof(store::NodeRecord));
    return result;
}

RecordedSlice decode(const store::Slice &slice) {
    RecordedSlice result;
    result.span = static_cast<RecordedSlice::Span>(slice.span);
    result.after_change = slice.after_change != 0;
    result.from = slice.from;
    result.calls = slice.calls;
    result.total_ms = slice.total_ms;
    result.sum_squares_ms = slice.sum_squares_ms;
    result.rows = slice.rows;
    result.blocks = slice.blocks;
    result.wal_bytes = slice.wal_bytes;
    result.histogram.assign(slice.histogram, slice.histogram + store::histogram_buckets);
    return result;
}

void add(RecordedSlice &slice, const Counters &counters) {
    slice.calls += counters.calls;
    slice.total_ms += counters.total_ms;
    slice.sum_squares_ms += counters.sum_squares_ms;
    slice.rows += counters.rows;
    slice.blocks += touched_blocks(counters.usage);
    slice.wal_bytes += counters.usage.wal_bytes;
}

RecordedSlice &begin_slice(RecordedPlan &plan, TimestampTz from) {
    RecordedSlice &slice = *plan.slices.emplace(plan.slices.begin());
    slice.from = from;
    slice.histogram.resize(store::histogram_buckets);
    return slice;
}

// The store keeps no slice of a plan that ran once: its counters say it all.
void complete_slices(RecordedPlan &plan) {
    if (!plan.slices.empty() || plan.counters.calls != 1)
        return;
    RecordedSlice &slice = begin_slice(plan, plan.counters.last_seen);
    add(slice, plan.counters);
    ++slice.histogram[store::bucket_of_latency(plan.counters.total_ms)];
}

// The plans behind a statement; result is null when it is passed over. False when the image ends too early.
bool decode_plans(ImageCursor &cursor, const store::Statement &statement, RecordedStatement *result) {
    for (std::uint32_t i = 0; i < statement.plan_count; ++i) {
        store::Plan plan;
        const char *blobs[store::plan_blobs];
        if (!store::next_plan(cursor, plan, blobs))
            return false;
        if (result)
            result->plans.push_back(decode(plan, blobs, statement.encoding));
        store::Slice slice;
        for (bool more = plan.slices != 0; more; more = slice.next != 0) {
            if (!store::next_slice(cursor, slice))
                return false;
            if (result)
                result->plans.back().slices.push_back(decode(slice));
        }
        if (result)
            complete_slices(result->plans.back());
    }
    return true;
}

// All statements of the image; those of other databases are passed over.
void decode_image(ImageCursor cursor, Oid database, std::map<Key, RecordedStatement> &statements) {
    store::Statement statement;
    const char *blobs[store::statement_blobs];
    while (store::next_statement(cursor, statement, blobs)) {
        const bool wanted = database == InvalidOid || statement.key.database == database;
        RecordedStatement *result = nullptr;
        if (wanted)
            result =
                &statements.insert_or_assign(key_of(statement.key), decode(statement, blobs)).first->second;
        if (!decode_plans(cursor, statement, result))
            return;
    }
}

// What is pending counts as part of the newest slice, whose time it nearly always is.
void add_pending_to_slices(const store::Slot &slot, const std::vector<Oid> &relations, RecordedPlan &plan) {
    const store::Pending &pending = slot.pending;
    if (plan.slices.empty())
        begin_slice(plan, pending.first_seen);
    const TimestampTz changed =
        store::change_since(plan.slices.front().from, slot.key.database, relations.data(), relations.size());
    if (changed != 0 && pending.first_seen >= changed)
        begin_slice(plan, changed).after_change = true;
    RecordedSlice &slice = plan.slices.front();
    add(slice, store::counters_of(pending));
    for (std::uint32_t i = 0; i < store::histogram_buckets; ++i)
        slice.histogram[i] += pending.histogram[i];
}

void add_slot(const store::Slot &slot, std::map<Key, RecordedStatement> &statements) {
    auto &statement = statements.try_emplace(key_of(slot.key), named(slot.key)).first->second;
    statement.server_queryid = slot.server_queryid;
    statement.nested_in = slot.nested_in;
    statement.utility = slot.utility != 0;
    statement.integrity = slot.integrity != 0;
    auto plan = std::find_if(statement.plans.begin(), statement.plans.end(),
                             [&](const RecordedPlan &known) { return known.planid == slot.planid; });
    if (plan == statement.plans.end()) {
        statement.plans.emplace_back().planid = slot.planid;
        plan = statement.plans.end() - 1;
    }
    plan->estimated_cost = slot.estimated_cost;
    plan->estimated_rows = slot.estimated_rows;
    add_pending_to_slices(slot, statement.relations, *plan);
    store::merge_counters(plan->counters, store::counters_of(slot.pending));
}

void finish(RecordedStatement &statement) {
    for (auto &plan : statement.plans) {
        const Counters &counters = plan.counters;
        store::merge_counters(statement.counters, counters);
        if (counters.complete_runs > 0)
            plan.actual_rows = counters.complete_rows / static_cast<double>(counters.complete_runs);
    }
}

} // namespace

std::vector<std::uint64_t> latency_histogram(const RecordedStatement &statement) {
    std::vector<std::uint64_t> sum(store::histogram_buckets);
    for (const RecordedPlan &plan : statement.plans)
        for (const RecordedSlice &slice : plan.slices)
            for (std::size_t i = 0; i < slice.histogram.size(); ++i)
                sum[i] += slice.histogram[i];
    const bool counted = std::any_of(sum.begin(), sum.end(), [](std::uint64_t count) { return count > 0; });
    return counted ? sum : std::vector<std::uint64_t>{};
}

std::vector<RecordedStatement> read_statements(Oid database) {
    std::vector<RecordedStatement> result;
    if (!store::block)
        return result;
    OwnedCopy copies;
    for (std::uint32_t partition = 0; partition < store::partitions; ++partition) {
        poll_interrupts();
        const PartitionCopy &copy = copies.refill(partition);
        std::map<Key, RecordedStatement> statements;
        decode_image({copy.bytes, copy.bytes + copy.image_bytes}, database, statements);
        for (std::uint32_t i = 0; i < copy.slot_count; ++i) {
            store::Slot slot;
            std::memcpy(&slot, copy.bytes + copy.image_bytes + i * sizeof slot, sizeof slot);
            if (database == InvalidOid || slot.key.database == database)
                add_slot(slot, statements);
        }
        for (auto &[key, statement] : statements) {
            finish(statement);
            if (statement.counters.calls + statement.counters.failed > 0)
                result.push_back(std::move(statement));
        }
    }
    return result;
}

} // namespace advisor::pg
