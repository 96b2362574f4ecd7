// Index columns evaluated over sampled rows: under the table's owner, read only, with a limit on time and
// memory.
#pragma once
#include "pg_ext/what_if/hypothetical_keys.h"
#include "pg_ext/what_if/row_sample.h"

namespace advisor::pg {

// Values of the rows that satisfy the predicate, row by row, in the context current at the evaluation. Values
// of plain columns point into the sample.
struct EvaluatedRows {
    Datum *values; // row_count × column_count
    bool *nulls;
    uint32 *block_of;
    int row_count;
    int column_count;
};

// For the body of a pg_try: raises where an expression does. `use` gets the rows, and its own work on them
// (comparing, detoasting) runs under the same restrictions. False without calling it when the expressions
// take too much time or memory.
using UseRows = void (*)(const EvaluatedRows &rows, void *argument);
bool evaluate_rows(Relation heap, const RowSample &sample, const HypotheticalKeys &keys, UseRows use,
                   void *argument);

} // namespace advisor::pg
