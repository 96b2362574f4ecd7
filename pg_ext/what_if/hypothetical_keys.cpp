// Row type and deduplication of a hypothetical index, from the system catalogs.
#include "pg_ext/what_if/hypothetical_keys.h"

#include "pg_ext/boundary.h"
#include "pg_ext/compat.h"

namespace advisor::pg {
namespace {

// The type that an operator class stores instead of its input type (name_ops: cstring), or InvalidOid.
Oid stored_key_type(Oid opclass) {
    HeapTuple tuple = SearchSysCache1(CLAOID, ObjectIdGetDatum(opclass));
    if (!HeapTupleIsValid(tuple))
        return InvalidOid;
    const Oid type = ((Form_pg_opclass)GETSTRUCT(tuple))->opckeytype;
    ReleaseSysCache(tuple);
    return type;
}

void describe_column(TupleDesc row_type, AttrNumber position, Form_pg_attribute column, Oid key_type) {
    const bool other_type = OidIsValid(key_type) && key_type != column->atttypid;
    TupleDescInitEntry(row_type, position, nullptr, other_type ? key_type : column->atttypid,
                       other_type ? -1 : column->atttypmod, 0);
    if (other_type)
        return;
    Form_pg_attribute attribute = TupleDescAttr(row_type, position - 1);
    attribute->attstorage = column->attstorage;
    attribute->attcompression = column->attcompression;
    populate_compact_attribute(row_type, position - 1);
}

bool equal_keys_are_identical(Oid opclass, Oid collation) {
    const Oid family = get_opclass_family(opclass), input_type = get_opclass_input_type(opclass);
    const Oid function = get_opfamily_proc(family, input_type, input_type, BTEQUALIMAGE_PROC);
    return OidIsValid(function) &&
           DatumGetBool(OidFunctionCall1Coll(function, collation, ObjectIdGetDatum(input_type)));
}

} // namespace

TupleDesc hypothetical_row_type(Relation heap, const HypotheticalKeys &keys, int column_count) {
    return pg_call([&] {
        TupleDesc row_type = CreateTemplateTupleDesc(column_count);
        ListCell *next_expression = list_head(keys.expressions);
        for (int i = 0; i < column_count; ++i) {
            const auto position = static_cast<AttrNumber>(i + 1);
            const bool is_key = i < keys.key_count && i < static_cast<int>(keys.opclasses.size());
            const Oid key_type = is_key ? stored_key_type(keys.opclasses[i]) : InvalidOid;
            if (keys.columns[i] != 0) {
                Form_pg_attribute column = TupleDescAttr(RelationGetDescr(heap), keys.columns[i] - 1);
                describe_column(row_type, position, column, key_type);
                continue;
            }
            Node *expression = static_cast<Node *>(lfirst(next_expression));
            next_expression = lnext(keys.expressions, next_expression);
            const Oid type = OidIsValid(key_type) ? key_type : exprType(expression);
            TupleDescInitEntry(row_type, position, nullptr, type, exprTypmod(expression), 0);
        }
        return row_type;
    });
}

Oid key_column_type(Relation heap, const HypotheticalKeys &keys, int key) {
    const auto at = static_cast<std::size_t>(key);
    if (keys.columns[at] != 0)
        return TupleDescAttr(RelationGetDescr(heap), keys.columns[at] - 1)->atttypid;
    int position = 0;
    for (std::size_t i = 0; i < at; ++i)
        position += keys.columns[i] == 0;
    return exprType(static_cast<Node *>(list_nth(keys.expressions, position)));
}

bool merges_duplicates(const HypotheticalKeys &keys) {
    if (keys.method != BTREE_AM_OID || keys.unique || !keys.deduplicate_items ||
        static_cast<int>(keys.columns.size()) != keys.key_count)
        return false;
    return pg_call([&] {
        for (int i = 0; i < keys.key_count; ++i)
            if (!equal_keys_are_identical(keys.opclasses[i], keys.collations[i]))
                return false;
        return true;
    });
}

} // namespace advisor::pg
