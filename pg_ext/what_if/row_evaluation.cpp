// Runs inside a pg_try: plain data only, an error may jump over everything here. The subtransaction puts the
// user, the settings and the read-only flag back when an error leaves early.
#include "pg_ext/what_if/row_evaluation.h"

#include "pg_ext/boundary.h"

namespace advisor::pg {
namespace {

constexpr long most_milliseconds = 2000;
constexpr Size most_bytes = 64 * 1024 * 1024;

struct Caller {
    Oid user;
    int security;
    int settings_level;
};

// As index builds do: what an expression calls must not find the caller's rights or search path.
Caller become_owner(Relation heap) {
    Caller caller{};
    GetUserIdAndSecContext(&caller.user, &caller.security);
    SetUserIdAndSecContext(heap->rd_rel->relowner, caller.security | SECURITY_RESTRICTED_OPERATION);
    caller.settings_level = NewGUCNestLevel();
    set_config_option("search_path", "pg_catalog, pg_temp", PGC_USERSET, PGC_S_SESSION, GUC_ACTION_SAVE, true,
                      0, false);
    XactReadOnly = true; // until the end of the subtransaction
    return caller;
}

void become_caller(const Caller &caller) {
    AtEOXact_GUC(false, caller.settings_level);
    SetUserIdAndSecContext(caller.user, caller.security);
}

bool within_limits(TimestampTz started, int row) {
    if (row % 16 != 0)
        return true;
    if (MemoryContextMemAllocated(CurrentMemoryContext, true) > most_bytes)
        return false;
    return !TimestampDifferenceExceeds(started, GetCurrentTimestamp(), most_milliseconds);
}

// The values of one row; those of expressions are copied into the current context.
void form_row(const HypotheticalKeys &keys, List *states, ExprContext *context, Datum *values, bool *nulls) {
    ListCell *next_state = list_head(states);
    for (const AttrNumber column : keys.columns) {
        if (column != 0) {
            *values++ = slot_getattr(context->ecxt_scantuple, column, nulls++);
            continue;
        }
        auto *state = static_cast<ExprState *>(lfirst(next_state));
        next_state = lnext(states, next_state);
        const Datum value = ExecEvalExprSwitchContext(state, context, nulls);
        int16 length;
        bool by_value;
        get_typlenbyval(exprType(reinterpret_cast<Node *>(state->expr)), &length, &by_value);
        *values++ = *nulls ? value : datumCopy(value, by_value, length);
        ++nulls;
    }
}

} // namespace

bool evaluate_rows(Relation heap, const RowSample &sample, const HypotheticalKeys &keys, UseRows use,
                   void *argument) {
    const Caller caller = become_owner(heap);
    const TimestampTz started = GetCurrentTimestamp();
    const int columns = static_cast<int>(keys.columns.size());
    EvaluatedRows rows{};
    rows.column_count = columns;
    const Size cells = static_cast<Size>(sample.row_count) * columns;
    rows.values = static_cast<Datum *>(palloc_extended(cells * sizeof(Datum) + 1, MCXT_ALLOC_HUGE));
    rows.nulls = static_cast<bool *>(palloc_extended(cells + 1, MCXT_ALLOC_HUGE));
    rows.block_of = static_cast<uint32 *>(palloc(sample.row_count * sizeof(uint32) + 1));

    EState *state = CreateExecutorState();
    ExprContext *context = GetPerTupleExprContext(state);
    TupleTableSlot *slot = MakeSingleTupleTableSlot(RelationGetDescr(heap), &TTSOpsHeapTuple);
    context->ecxt_scantuple = slot;
    ExprState *predicate = ExecPrepareQual(keys.predicate, state);
    List *states = ExecPrepareExprList(keys.expressions, state);
    bool complete = true;
    for (int i = 0; i < sample.row_count && complete; ++i) {
        CHECK_FOR_INTERRUPTS();
        complete = within_limits(started, i);
        ResetExprContext(context);
        ExecStoreHeapTuple(&sample.rows[i], slot, false);
        if (predicate != nullptr && !ExecQual(predicate, context))
            continue;
        const Size first = static_cast<Size>(rows.row_count) * columns;
        form_row(keys, states, context, rows.values + first, rows.nulls + first);
        rows.block_of[rows.row_count++] = sample.block_of[i];
    }
    if (complete)
        use(rows, argument);
    ExecDropSingleTupleTableSlot(slot);
    FreeExecutorState(state);
    become_caller(caller);
    return complete;
}

} // namespace advisor::pg
