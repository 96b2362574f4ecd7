// The recorded workload in a file of the data directory.
#pragma once

namespace advisor::pg::store {

// Name of the file, relative to the data directory.
extern const char *const save_file_name;

// Writes all to a new file and renames it. Raises nothing: a failure is a LOG line and is counted. In the
// postmaster at shutdown nothing is locked, elsewhere each partition for a moment.
bool save_to_file();

// After a reset: what was forgotten is not to come back after a crash.
void remove_file();

// At start, before any backend. A damaged or foreign file is set aside with a LOG line.
void load_from_file();

} // namespace advisor::pg::store
