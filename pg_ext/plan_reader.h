// What the planner was asked of tables, as core values.
#pragma once
#include "core/workload/workload.h"
#include "pg_ext/what_if/access_capture.h"
#include "pg_ext/what_if/analysed_statement.h"

#include <vector>

namespace advisor::pg {

// A constant in a statement's text.
struct WrittenLiteral {
    int offset = 0;        // in bytes
    double executions = 0; // that are known to have had the same
};

// The position of a relation in the list, which grows by it when it is new.
std::size_t position_of(std::vector<Oid> &relations, Oid relation);

// TableAccess::table is a position in relations.
std::vector<core::TableAccess> read_accesses(const AccessCapture &capture, std::vector<Oid> &relations,
                                             const std::vector<WrittenLiteral> &literals);

core::StatementKind kind_of(CmdType command);

} // namespace advisor::pg
