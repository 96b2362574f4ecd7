// Findings that advise to drop an index, put to the test: every recorded statement on its table is planned
// with the index hidden.
#pragma once
#include "pg_ext/advice/findings.h"

namespace advisor::pg {

// Takes away the findings that a recorded plan speaks against, which the coverage of their rules then counts
// as skipped, and adds to the others what was proven and what is saved. All that are left can be followed
// together.
void prove_drops(Findings &findings);

// Takes all of them away, since they can't be put to the test.
void withdraw_drops(const std::string &reason, Findings &findings);

} // namespace advisor::pg
