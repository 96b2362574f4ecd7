// The expensive part of observation, once per statement and per plan in the cluster: an example that can be
// planned again, and the plan as text.
#pragma once
#include "pg_ext/observe/activity.h"

namespace advisor::pg::observe {

// Before ExecutorEnd. Runs in a subtransaction, so that no failure of it is the user's; a cancel goes on.
void capture(QueryDesc *query, const Activity &activity, store::Wanted wanted);

} // namespace advisor::pg::observe
