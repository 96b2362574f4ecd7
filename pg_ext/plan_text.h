// Recorded plans for readers: nodes with their names, and the text that EXPLAIN would show.
#pragma once
#include "pg_ext/store/recorded.h"

namespace advisor::pg {

struct ReadNode {
    store::NodeRecord record;
    std::string schema, relation, alias, object, index; // quoted where SQL needs it; object: function, CTE …
    std::string heading;                                // of a subplan: "InitPlan 1 (returns $0)"
    std::vector<std::string> details;                   // "Filter: (id = 1)"
};

// In the order of the records. Nodes that the description does not reach get the names that the catalog
// knows, if it is that of this database. None of a plan with too many nodes.
std::vector<ReadNode> read_nodes(const RecordedPlan &plan, Oid database);

std::string node_type(const store::NodeRecord &record); // "Hash Left Join", "Index Scan Backward"
std::string node_title(const ReadNode &node);           // "Index Scan using orders_pkey on orders o"

// Mean rows of one loop, where the samples tell; none for a bitmap, of which the server counts no rows.
std::optional<double> rows_per_loop(const store::NodeRecord &record);

// Empty for a plan that was not described yet.
std::string plan_text(const RecordedPlan &plan, const std::vector<ReadNode> &nodes);

} // namespace advisor::pg
