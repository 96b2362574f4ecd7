// What stands out in a recorded plan.
#pragma once
#include "pg_ext/plan_text.h"

namespace advisor::pg {

// The node whose estimate was furthest from the rows that it gave, if by a factor of two at least:
// "Seq Scan on orders (estimated 10, actual 5,400 rows)". Else empty.
std::string worst_node(const std::vector<ReadNode> &nodes);

// "orders: Seq Scan → Index Scan using orders_customer_idx; join order or method changed".
std::string plan_change(const std::vector<ReadNode> &before, const std::vector<ReadNode> &after);

} // namespace advisor::pg
