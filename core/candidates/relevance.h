// Whether an index could change the plan of a statement at all: spares the planner the question.
#pragma once
#include "core/candidates/generate.h"

namespace advisor::core {

bool can_serve(const Candidate &candidate, const Statement &statement);

} // namespace advisor::core
