// Which store belongs to which database file of this process, and which connections are attended to.
#pragma once
#include "sqlite_ext/store/store.h"

#include <string>

struct sqlite3;

namespace advisor::sqlite {

class Host;

// Names the connection's host, or null if the module was not loaded on it yet.
Host *find_host(sqlite3 *connection);
void register_host(sqlite3 *connection, Host *host);
void forget_host(sqlite3 *connection);

// The store of a main database file; an empty path (in-memory, temporary) gets a store of its own each time.
// `created` says whether this connection is the first one. Release by the same pointer.
Store &acquire_store(const std::string &path, RecordMode initial_mode, bool &created);
// True when no connection uses the store any more. A store without a file dies with its last connection.
void release_store(Store &store);

} // namespace advisor::sqlite
