// Rules that are SQL queries: kept in advisor.rule by the install script.
#pragma once
#include "pg_ext/advice/findings.h"

namespace advisor::pg {

// Runs each rule in a subtransaction of its own, as the current user.
void run_catalog_rules(Findings &findings);

// Where the SQL objects are too old for this library to run them: a row of the coverage for each.
void skip_catalog_rules(Findings &findings);

// Of fix_steps that a query gave as array_to_string(fix_steps, chr(31)).
std::vector<std::string> split_steps(const std::string &joined);

} // namespace advisor::pg
