// The last index analysis of each database, as bytes in the block. What the bytes mean is the advice's
// business.
#pragma once
#include "pg_ext/store/layout.h"

#include <optional>
#include <string>

namespace advisor::pg::store {

struct PublishedAnalysis {
    std::int64_t id = 0; // counts up over all databases
    TimestampTz finished = 0;
    std::string bytes;
};

std::optional<PublishedAnalysis> last_analysis(Oid database);

// Replaces the database's last one, or the oldest of all when none is free. Returns its id; 0 when there is
// no block or no room for the bytes: then the former one stays.
std::int64_t publish_analysis(Oid database, TimestampTz finished, const std::string &bytes);

// Forgets the last analysis of every database.
void forget_analyses();

} // namespace advisor::pg::store
