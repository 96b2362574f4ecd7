// read_statements: partitions are copied one by one, then decoded outside of any lock.
#include "pg_ext/boundary.h"
#include "pg_ext/store/example_codec.h"
#include "pg_ext/store/image.h"
#include "pg_ext/store/recorded.h"
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

RecordedStatement decode(const store::Statement &statement, const char *text, const char *example) {
    RecordedStatement result = named(statement.key);
    result.server_queryid = statement.server_queryid;
    result.nested_in = statement.nested_in;
    result.utility = statement.utility != 0;
    result.query = store::in_database_encoding(text, statement.text.bytes, statement.encoding);
    result.query_bytes = statement.text_bytes;
    // An example of another database is of no use here, and its texts need not fit this encoding.
    if (statement.example.bytes > 0 && statement.key.database == MyDatabaseId)
        result.example = store::decode_example(example, statement.example.bytes);
    return result;
}

RecordedPlan decode(const store::Plan &plan, const char *text, const char *nodes, int encoding) {
    RecordedPlan result;
    result.planid = plan.planid;
    result.counters = plan.counters;
    result.estimated_cost = plan.estimated_cost;
    result.estimated_rows = plan.estimated_rows;
    result.description = store::in_database_encoding(text, plan.text.bytes, encoding);
    if (plan.nodes.bytes > 0) {
        result.nodes.resize(plan.nodes.bytes / sizeof(store::NodeRecord));
        std::memcpy(result.nodes.data(), nodes, result.nodes.size() * sizeof(store::NodeRecord));
    }
    return result;
}

// All statements of the image; those of other databases are passed over.
void decode_image(ImageCursor cursor, Oid database, std::map<Key, RecordedStatement> &statements) {
    store::Statement statement;
    const char *text, *example;
    while (store::next_statement(cursor, statement, text, example)) {
        const bool wanted = database == InvalidOid || statement.key.database == database;
        RecordedStatement *result = nullptr;
        if (wanted)
            result = &statements.insert_or_assign(key_of(statement.key), decode(statement, text, example))
                          .first->second;
        for (std::uint32_t i = 0; i < statement.plan_count; ++i) {
            store::Plan plan;
            const char *plan_text, *plan_nodes;
            if (!store::next_plan(cursor, plan, plan_text, plan_nodes))
                return;
            if (result)
                result->plans.push_back(decode(plan, plan_text, plan_nodes, statement.encoding));
        }
    }
}

void add_slot(const store::Slot &slot, std::map<Key, RecordedStatement> &statements) {
    auto &statement = statements.try_emplace(key_of(slot.key), named(slot.key)).first->second;
    statement.server_queryid = slot.server_queryid;
    statement.nested_in = slot.nested_in;
    statement.utility = slot.utility != 0;
    auto plan = std::find_if(statement.plans.begin(), statement.plans.end(),
                             [&](const RecordedPlan &known) { return known.planid == slot.planid; });
    if (plan == statement.plans.end()) {
        statement.plans.emplace_back().planid = slot.planid;
        plan = statement.plans.end() - 1;
    }
    plan->estimated_cost = slot.estimated_cost;
    plan->estimated_rows = slot.estimated_rows;
    store::merge_counters(plan->counters, slot.counters);
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
