// Which transaction id was next at which time. The catalog knows no time at which an index was made, but the
// transaction that made it: these marks say since when an index is there at the latest.
#pragma once
#include "pg_ext/store/layout.h"

namespace advisor::pg::store {

// Twice a day at the most; the first one stays, so that what is older than the recorder is known as such.
// Nothing in recovery. Does not wait.
void note_xid_mark();

// Oldest first, into an array of most_xid_marks. Gives their number.
std::uint32_t read_xid_marks(XidMark *target);

} // namespace advisor::pg::store
