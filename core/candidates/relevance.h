// What an index offers a statement: spares the planner questions whose answer is known or nearly known.
#pragma once
#include "core/candidates/generate.h"

#include <string>

namespace advisor::core {

// Empty: the index cannot change the plan. Indexes with equal texts lead to plans of about equal cost: they
// match the same leading keys, cover or don't, and hold the same part of the table.
std::string service(const Candidate &candidate, const Statement &statement);

} // namespace advisor::core
