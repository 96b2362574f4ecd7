// Existing indexes against a definition, both as the server resolves them.
#include "pg_ext/what_if/covering_index.h"

#include "pg_ext/what_if/hypothetical_index.h"

namespace advisor::pg {
namespace {

Node *expression_at(List *expressions, int position) {
    return position < list_length(expressions) ? static_cast<Node *>(list_nth(expressions, position))
                                               : nullptr;
}

// Keys and included columns of an existing index and of the definition, side by side.
struct Pair {
    Relation built;
    List *built_expressions;
    const HypotheticalIndex *wanted;
};

AttrNumber built_attribute(const Pair &pair, int column) {
    return pair.built->rd_index->indkey.values[column];
}

// Which of the expressions stands at that column.
int built_expression(const Pair &pair, int column) {
    int position = 0;
    for (int i = 0; i < column; ++i)
        position += built_attribute(pair, i) == 0;
    return position;
}

int wanted_expression(const Pair &pair, int column) {
    int position = 0;
    for (int i = 0; i < column; ++i)
        position += pair.wanted->attributes[i] == 0;
    return position;
}

bool same_column(const Pair &pair, int built, int wanted) {
    if (built_attribute(pair, built) != pair.wanted->attributes[wanted])
        return false;
    return pair.wanted->attributes[wanted] != 0 ||
           equal(expression_at(pair.built_expressions, built_expression(pair, built)),
                 expression_at(pair.wanted->expressions, wanted_expression(pair, wanted)));
}

bool same_key(const Pair &pair, int built, int wanted) {
    return same_column(pair, built, wanted) &&
           pair.built->rd_opfamily[built] == pair.wanted->opfamilies[wanted] &&
           pair.built->rd_opcintype[built] == pair.wanted->opcintypes[wanted] &&
           pair.built->rd_indcollation[built] == pair.wanted->collations[wanted];
}

int option_of(const HypotheticalIndex *wanted, int column) {
    return (wanted->descending[column] ? INDOPTION_DESC : 0) |
           (wanted->nulls_first[column] ? INDOPTION_NULLS_FIRST : 0);
}

// Read from its end, an index gives the reverse of all its directions.
bool same_order(const Pair &pair) {
    if (pair.wanted->method != BTREE_AM_OID)
        return true;
    constexpr int reversed = INDOPTION_DESC | INDOPTION_NULLS_FIRST;
    bool forward = true, backward = true;
    for (int i = 0; i < pair.wanted->nkeycolumns; ++i) {
        const int option = pair.built->rd_indoption[i];
        forward = forward && option == option_of(pair.wanted, i);
        backward = backward && option == (option_of(pair.wanted, i) ^ reversed);
    }
    return forward || backward;
}

bool same_keys(const Pair &pair) {
    if (pair.built->rd_index->indnkeyatts < pair.wanted->nkeycolumns)
        return false;
    for (int i = 0; i < pair.wanted->nkeycolumns; ++i)
        if (!same_key(pair, i, i))
            return false;
    return same_order(pair);
}

bool holds_included_columns(const Pair &pair) {
    for (int wanted = pair.wanted->nkeycolumns; wanted < pair.wanted->ncolumns; ++wanted) {
        bool found = false;
        for (int built = 0; built < pair.built->rd_index->indnatts && !found; ++built)
            found = same_column(pair, built, wanted);
        if (!found)
            return false;
    }
    return true;
}

bool covers(Relation built, const HypotheticalIndex *wanted) {
    const Form_pg_index facts = built->rd_index;
    if (built->rd_rel->relam != wanted->method || !facts->indisvalid || !facts->indisready ||
        !facts->indislive || (wanted->unique && !facts->indisunique))
        return false;
    const Pair pair{built, RelationGetIndexExpressions(built), wanted};
    if (!same_keys(pair) || !holds_included_columns(pair))
        return false;
    List *predicate = RelationGetIndexPredicate(built);
    return predicate == NIL || predicate_implied_by(predicate, wanted->predicate, false);
}

Oid covering_index_on(Oid table, const char *create_index) {
    const HypotheticalIndex *wanted = define_index_on(table, create_index);
    Relation relation = table_open(table, AccessShareLock);
    Oid found = InvalidOid;
    ListCell *cell;
    foreach (cell, RelationGetIndexList(relation)) {
        Relation built = index_open(lfirst_oid(cell), AccessShareLock);
        if (covers(built, wanted))
            found = lfirst_oid(cell);
        index_close(built, NoLock);
        if (OidIsValid(found))
            break;
    }
    table_close(relation, NoLock);
    return found;
}

} // namespace

Oid covering_index(Oid table, const char *create_index) {
    const Oid own = covering_index_on(table, create_index);
    if (OidIsValid(own) || get_rel_relkind(table) != RELKIND_PARTITIONED_TABLE)
        return own;
    Oid first = InvalidOid;
    ListCell *cell;
    foreach (cell, find_all_inheritors(table, AccessShareLock, nullptr)) {
        if (get_rel_relkind(lfirst_oid(cell)) != RELKIND_RELATION)
            continue;
        const Oid of_partition = covering_index_on(lfirst_oid(cell), create_index);
        if (!OidIsValid(of_partition))
            return InvalidOid;
        if (!OidIsValid(first))
            first = of_partition;
    }
    return first;
}

} // namespace advisor::pg
