// The values at the positions of parameters and constants in one execution, for a sample of executions.
#pragma once
#include "pg_ext/observe/activity.h"

namespace advisor::pg::observe {

// Positions are numbered as reduced_text() does: parameters first, then constants, lists with their first
// element. Nothing is kept of them where the settings don't want constants kept.
void sample_parameters(const QueryDesc *query, const Activity &activity);

} // namespace advisor::pg::observe
