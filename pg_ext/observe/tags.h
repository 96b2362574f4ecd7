// Where a statement comes from: application_name, and the comment that sqlcommenter and its like put before
// or behind a statement, /*route='%2Forders',framework='rails'*/
// (https://google.github.io/sqlcommenter/spec).
#pragma once
#include "pg_ext/observe/activity.h"

namespace advisor::pg::observe {

// Of a sampled execution. Plain frame, allocates nothing. Comments are the user's text: they are read only
// where constants may be recorded.
void give_tags(const Activity &activity);

} // namespace advisor::pg::observe
