// What a sample of rows says about the leaf tuples of a hypothetical GiST or SP-GiST index: their mean size,
// after the operator classes have made of the values what they store.
#pragma once
#include "pg_ext/what_if/index_rows.h"

namespace advisor::pg {

struct TupleMeasurement {
    SampledRows rows;
    double tuple_bytes = 0; // with header and padding
};

// Nothing where the table may not be read, or an expression or operator class fails on its rows.
std::optional<TupleMeasurement> measure_tuples(Relation heap, const HypotheticalKeys &keys);

} // namespace advisor::pg
