// The findings' states and the rules' settings in the save file.
#pragma once
#include "sqlite_ext/store/finding_book.h"

#include <string>

struct sqlite3;

namespace advisor::sqlite {

void create_finding_tables(sqlite3 *file);

// What the file holds for this database is added to the book.
void load_findings(FindingBook &book, sqlite3 *file, const std::string &database);

// Inside a transaction of the caller: first what other processes saved meanwhile, then all that is known.
void save_findings(FindingBook &book, sqlite3 *file, const std::string &database);

} // namespace advisor::sqlite
