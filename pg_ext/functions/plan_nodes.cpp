// advisor.plan_nodes(): each node of the recorded plans, with what sampled executions counted.
#include "pg_ext/boundary.h"
#include "pg_ext/functions/rows.h"
#include "pg_ext/plan_text.h"

namespace advisor::pg {
namespace {

using store::NodeKind;
using store::NodeRecord;

void put_qualified(ResultRow &row, const ReadNode &node, const std::string &name) {
    row.put_text(name.empty() || node.schema.empty() ? name : node.schema + "." + name);
}

std::string conditions(const ReadNode &node) {
    std::string text;
    for (const std::string &detail : node.details)
        text += (text.empty() ? "" : "; ") + detail;
    return text;
}

void put_counts(ResultRow &row, const NodeRecord &record) {
    row.put(record.estimated_rows);
    if (record.samples == 0) {
        for (int column = 0; column < 5; ++column)
            row.null();
        return;
    }
    const auto samples = static_cast<double>(record.samples);
    row.put_optional(rows_per_loop(record));
    row.put(record.loops / samples);
    row.put((record.removed + record.removed_by_more) / samples);
    const double amount = record.heap_fetches_or_spilled_bytes / samples;
    if (record.kind == NodeKind::index_only_scan) {
        row.put(amount);
        row.put(std::int64_t{0});
    } else {
        row.null();
        row.put(static_cast<std::int64_t>(amount));
    }
}

void put_node(ResultRow &row, const ReadNode &node, std::size_t position) {
    const NodeRecord &record = node.record;
    row.put_int(static_cast<int>(position) + 1);
    if (record.parent == store::no_parent)
        row.null();
    else
        row.put_int(record.parent + 1);
    row.put(node_type(record));
    put_qualified(row, node, node.relation.empty() ? node.object : node.relation);
    put_qualified(row, node, node.index);
    row.put_text(conditions(node));
    put_counts(row, record);
    row.put(static_cast<std::int64_t>(record.samples));
}

} // namespace

ADVISOR_SQL_FUNCTION(db_advisor_plan_nodes) {
    ReturnSetInfo *result = begin_rows(fcinfo);
    for (const RecordedStatement &statement : visible_statements()) {
        if (statement.utility)
            continue;
        for (const RecordedPlan &plan : statement.plans) {
            const std::vector<ReadNode> nodes = read_nodes(plan, statement.database);
            for (std::size_t i = 0; i < nodes.size(); ++i) {
                ResultRow row;
                row.put(statement.queryid);
                row.put(plan.planid);
                put_node(row, nodes[i], i);
                row.add_to(result);
            }
        }
        poll_interrupts();
    }
    return Datum{0};
}

} // namespace advisor::pg
