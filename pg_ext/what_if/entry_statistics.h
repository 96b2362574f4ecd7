// The entries of a hypothetical GIN index according to the server's statistics alone: elements of arrays and
// words of documents where ANALYZE keeps them, a guess by width elsewhere.
#pragma once
#include "pg_ext/what_if/hypothetical_keys.h"

namespace advisor::pg {

struct EntryStatistics {
    double keys_per_row = 1;
    double keys = 1; // distinct, in the whole table
    double entry_bytes = 16;
    std::vector<double> frequent_keys; // rows per such key, as a share of all rows
};

EntryStatistics read_entry_statistics(Relation heap, const HypotheticalKeys &keys, double table_rows);

} // namespace advisor::pg
