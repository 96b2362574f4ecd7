// What a sample of rows says about the entries of a hypothetical GIN index: how many keys its operator
// classes make of a row, how many different ones there are, and how wide they are.
#pragma once
#include "pg_ext/what_if/group_estimate.h"
#include "pg_ext/what_if/index_rows.h"

namespace advisor::pg {

struct EntryMeasurement {
    SampledRows rows;
    double keys_per_row = 0;           // of the rows in the index; a null or empty value has one
    double keys = 0;                   // distinct, on the scale of rows.in_index()
    double entry_bytes = 0;            // mean index tuple of a distinct key
    std::vector<double> frequent_keys; // rows per such key, as a share of the rows in the index
};

// Nothing where the table may not be read, or an expression or operator class fails on its rows.
std::optional<EntryMeasurement> measure_entries(Relation heap, const HypotheticalKeys &keys);

} // namespace advisor::pg
