// Which constants of conditions are part of what the application asks, and which only happen to stand where
// the next execution has another value.
#pragma once
#include "core/catalog/table.h"
#include "core/workload/workload.h"

#include <span>

namespace advisor::core {

// Sets the constant text of conditions with a literal that never varied: over all executions of all
// statements that ask the same, on a column of few values, and seen so often that one of them chosen at
// random each time would hardly have been the same again and again. tables: by TableAccess::table.
void settle_literals(std::span<Statement> statements, std::span<const Table> tables);

} // namespace advisor::core
