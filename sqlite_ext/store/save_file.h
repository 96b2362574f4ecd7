// The workload and the state of findings kept across processes: a small SQLite file of its own, merged at
// close, never the user's file.
#pragma once
#include "sqlite_ext/store/store.h"

#include <string>

namespace advisor::sqlite {

// From now on the store is kept in this file; what the file holds for the database is added to it at once.
// An empty path ends it. Faults are kept in save_error() and change nothing else.
void use_save_file(Store &store, const std::string &database, const std::string &save_file);

// Adds what was recorded since the last save; does nothing without a save file.
void save_workload(Store &store, const std::string &database);

// Forgets the statements that the save file holds for this database.
void forget_saved(Store &store, const std::string &database);

// A copy of the workload in a file of the same kind, in place of what that file holds of this database; and
// back: adds what the file holds of this database, or of the only one in it. Both give the number of
// statements and throw what goes wrong.
std::int64_t export_workload(Store &store, const std::string &database, const std::string &path);
std::int64_t import_workload(Store &store, const std::string &database, const std::string &path);

} // namespace advisor::sqlite
