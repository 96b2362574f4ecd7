// Tables, columns and indexes of the catalog as core values. Gathered as plain data by one server call per
// table, then copied.
#include "pg_ext/catalog_reader.h"

#include "pg_ext/boundary.h"
#include "pg_ext/compat.h"
#include "pg_ext/what_if/environment.h"

namespace advisor::pg {
namespace {

struct PlainColumn {
    const char *name;
    double width, distinct, null_fraction, correlation;
};

struct PlainKey {
    const char *text;
    bool expression, descending, nulls_first;
    const char *collation;
    const char *opclass;
};

struct PlainIndex {
    const char *name;
    Oid oid, method;
    bool unique, constraint;
    std::uint64_t bytes;
    PlainKey *keys;
    int key_count;
    const char **include;
    int include_count;
    const char *predicate;
};

struct PlainPartition {
    const char *schema;
    const char *name;
    const char *qualified;
    const char *parent;
    bool leaf;
};

struct PlainTable {
    const char *schema;
    const char *name;
    const char *qualified;
    double rows;
    std::uint64_t bytes;
    PlainColumn *columns;
    int column_count;
    PlainIndex *indexes;
    int index_count;
    PlainPartition *partitions; // parents before their children
    int partition_count;
};

template <class Value>
Value *allocate(int count) {
    return static_cast<Value *>(palloc0(sizeof(Value) * static_cast<Size>(count + 1)));
}

void read_column(const PlainTable *table, Oid relation, Form_pg_attribute attribute, PlainColumn *column) {
    column->name = pstrdup(quote_identifier(NameStr(attribute->attname)));
    column->width = attribute->attlen > 0 ? attribute->attlen
                                          : get_typavgwidth(attribute->atttypid, attribute->atttypmod);
    HeapTuple tuple =
        SearchSysCache3(STATRELATTINH, ObjectIdGetDatum(relation), Int16GetDatum(attribute->attnum),
                        BoolGetDatum(get_rel_relkind(relation) == RELKIND_PARTITIONED_TABLE));
    if (!HeapTupleIsValid(tuple))
        return;
    const auto *statistic = reinterpret_cast<Form_pg_statistic>(GETSTRUCT(tuple));
    column->width = statistic->stawidth;
    column->null_fraction = static_cast<double>(statistic->stanullfrac);
    column->distinct = statistic->stadistinct >= 0
                           ? static_cast<double>(statistic->stadistinct)
                           : -static_cast<double>(statistic->stadistinct) * table->rows;
    AttStatsSlot slot;
    if (get_attstatsslot(&slot, tuple, STATISTIC_KIND_CORRELATION, InvalidOid, ATTSTATSSLOT_NUMBERS) &&
        slot.nnumbers > 0)
        column->correlation = static_cast<double>(slot.numbers[0]);
    ReleaseSysCache(tuple);
}

void read_columns(PlainTable *table, Relation relation) {
    TupleDesc description = RelationGetDescr(relation);
    table->columns = allocate<PlainColumn>(description->natts);
    for (int i = 0; i < description->natts; ++i) {
        Form_pg_attribute attribute = TupleDescAttr(description, i);
        if (!attribute->attisdropped)
            read_column(table, RelationGetRelid(relation), attribute, &table->columns[table->column_count++]);
    }
}

// Text where the key differs from what a plain column name would give; null otherwise.
void read_key_details(const Relation index, int key, Oid type, Oid collation, PlainKey *plain) {
    plain->descending = (index->rd_indoption[key] & INDOPTION_DESC) != 0;
    plain->nulls_first = (index->rd_indoption[key] & INDOPTION_NULLS_FIRST) != 0;
    if (OidIsValid(index->rd_indcollation[key]) && index->rd_indcollation[key] != collation)
        plain->collation = generate_collation_name(index->rd_indcollation[key]);
    HeapTuple tuple = SearchSysCache1(INDEXRELID, ObjectIdGetDatum(RelationGetRelid(index)));
    bool is_null;
    Datum classes = SysCacheGetAttr(INDEXRELID, tuple, Anum_pg_index_indclass, &is_null);
    const Oid opclass = reinterpret_cast<oidvector *>(DatumGetPointer(classes))->values[key];
    ReleaseSysCache(tuple);
    if (opclass == GetDefaultOpClass(type, index->rd_rel->relam))
        return;
    tuple = SearchSysCache1(CLAOID, ObjectIdGetDatum(opclass));
    const auto *form = reinterpret_cast<Form_pg_opclass>(GETSTRUCT(tuple));
    plain->opclass =
        OpclassIsVisible(opclass)
            ? pstrdup(quote_identifier(NameStr(form->opcname)))
            : quote_qualified_identifier(get_namespace_name(form->opcnamespace), NameStr(form->opcname));
    ReleaseSysCache(tuple);
}

void read_keys(PlainIndex *plain, Relation table, Relation index, List *context) {
    const auto *form = index->rd_index;
    plain->keys = allocate<PlainKey>(form->indnkeyatts);
    plain->include = allocate<const char *>(form->indnatts);
    List *expressions = RelationGetIndexExpressions(index);
    ListCell *expression = list_head(expressions);
    for (int i = 0; i < form->indnatts; ++i) {
        const AttrNumber attribute = form->indkey.values[i];
        if (i >= form->indnkeyatts) {
            plain->include[plain->include_count++] =
                pstrdup(quote_identifier(get_attname(RelationGetRelid(table), attribute, false)));
            continue;
        }
        PlainKey *key = &plain->keys[plain->key_count++];
        Oid type;
        Oid collation;
        if (attribute != 0) {
            key->text = pstrdup(quote_identifier(get_attname(RelationGetRelid(table), attribute, false)));
            Form_pg_attribute column = TupleDescAttr(RelationGetDescr(table), attribute - 1);
            type = column->atttypid;
            collation = column->attcollation;
        } else {
            auto *tree = static_cast<Node *>(lfirst(expression));
            expression = lnext(expressions, expression);
            key->text = psprintf("(%s)", deparse_expression(tree, context, false, false));
            key->expression = true;
            type = exprType(tree);
            collation = exprCollation(tree);
        }
        read_key_details(index, i, type, collation, key);
    }
}

void read_index(PlainIndex *plain, Relation table, Oid index_oid, List *context) {
    Relation index = index_open(index_oid, AccessShareLock);
    plain->name = quote_qualified_identifier(get_namespace_name(RelationGetNamespace(index)),
                                             RelationGetRelationName(index));
    plain->oid = index_oid;
    plain->method = index->rd_rel->relam;
    plain->unique = index->rd_index->indisunique;
    plain->constraint = OidIsValid(get_index_constraint(index_oid));
    if (RELKIND_HAS_STORAGE(index->rd_rel->relkind))
        plain->bytes = static_cast<std::uint64_t>(RelationGetNumberOfBlocks(index)) * BLCKSZ;
    if (method_of(plain->method))
        read_keys(plain, table, index, context);
    List *predicate = RelationGetIndexPredicate(index);
    if (predicate != NIL)
        plain->predicate = deparse_expression(reinterpret_cast<Node *>(make_ands_explicit(predicate)),
                                              context, false, false);
    index_close(index, AccessShareLock);
}

void read_indexes(PlainTable *plain, Relation table) {
    List *indexes = RelationGetIndexList(table);
    List *context = deparse_context_for(RelationGetRelationName(table), RelationGetRelid(table));
    plain->indexes = allocate<PlainIndex>(list_length(indexes));
    ListCell *cell;
    foreach (cell, indexes) {
        HeapTuple tuple = SearchSysCache1(INDEXRELID, ObjectIdGetDatum(lfirst_oid(cell)));
        const bool valid =
            HeapTupleIsValid(tuple) && reinterpret_cast<Form_pg_index>(GETSTRUCT(tuple))->indisvalid;
        if (HeapTupleIsValid(tuple))
            ReleaseSysCache(tuple);
        if (valid)
            read_index(&plain->indexes[plain->index_count++], table, lfirst_oid(cell), context);
    }
}

void add_storage(PlainTable *plain, Oid relation) {
    Relation table = table_open(relation, AccessShareLock);
    if (RELKIND_HAS_STORAGE(table->rd_rel->relkind)) {
        BlockNumber pages = 0;
        double rows = 0;
        double visible = 0;
        estimate_rel_size(table, nullptr, &pages, &rows, &visible);
        plain->rows += rows;
        plain->bytes += static_cast<std::uint64_t>(pages) * BLCKSZ;
    }
    table_close(table, AccessShareLock);
}

char *qualified_name(Oid relation) {
    return quote_qualified_identifier(get_namespace_name(get_rel_namespace(relation)),
                                      get_rel_name(relation));
}

void read_partitions(PlainTable *plain, Oid root) {
    List *all = find_all_inheritors(root, AccessShareLock, nullptr);
    plain->partitions = allocate<PlainPartition>(list_length(all));
    ListCell *cell;
    foreach (cell, all) {
        const Oid relation = lfirst_oid(cell);
        if (relation == root)
            continue;
        add_storage(plain, relation);
        PlainPartition *partition = &plain->partitions[plain->partition_count++];
        partition->schema = get_namespace_name(get_rel_namespace(relation));
        partition->name = get_rel_name(relation);
        partition->qualified = qualified_name(relation);
        partition->parent = qualified_name(get_partition_parent(relation, true));
        partition->leaf = get_rel_relkind(relation) != RELKIND_PARTITIONED_TABLE;
    }
}

PlainTable *read_table(Oid relation) {
    if (!ConditionalLockRelationOid(relation, AccessShareLock))
        return nullptr;
    Relation table = try_relation_open(relation, NoLock);
    if (!table)
        return nullptr;
    auto *plain = allocate<PlainTable>(1);
    plain->schema = get_namespace_name(RelationGetNamespace(table));
    plain->name = pstrdup(RelationGetRelationName(table));
    plain->qualified = qualified_name(relation);
    add_storage(plain, relation);
    if (table->rd_rel->relkind == RELKIND_PARTITIONED_TABLE)
        read_partitions(plain, relation);
    read_columns(plain, table);
    read_indexes(plain, table);
    relation_close(table, NoLock);
    return plain;
}

std::string string_of(const char *value) {
    return value ? value : "";
}

core::ExistingIndex copy_index(const PlainTable &table, const PlainIndex &plain) {
    core::ExistingIndex index;
    index.name = plain.name;
    index.bytes = plain.bytes;
    index.constraint = plain.constraint;
    index.id = plain.oid;
    index.definition.table = table.qualified;
    index.definition.method = method_of(plain.method).value_or(core::IndexMethod::btree);
    index.definition.unique = plain.unique;
    index.definition.predicate = string_of(plain.predicate);
    for (int i = 0; i < plain.key_count; ++i) {
        const PlainKey &key = plain.keys[i];
        index.definition.keys.push_back({key.text, key.expression, key.descending, key.nulls_first,
                                         string_of(key.collation), string_of(key.opclass)});
    }
    for (int i = 0; i < plain.include_count; ++i)
        index.definition.include.emplace_back(plain.include[i]);
    return index;
}

core::Table copy_table(Oid relation, const PlainTable *plain) {
    core::Table table;
    table.id = relation;
    if (!plain)
        return table;
    table.schema = plain->schema;
    table.name = plain->name;
    table.qualified = plain->qualified;
    table.rows = plain->rows;
    table.bytes = plain->bytes;
    for (int i = 0; i < plain->column_count; ++i) {
        const PlainColumn &column = plain->columns[i];
        table.columns.push_back(
            {column.name, column.width, column.distinct, column.null_fraction, column.correlation});
    }
    for (int i = 0; i < plain->index_count; ++i)
        if (method_of(plain->indexes[i].method))
            table.indexes.push_back(copy_index(*plain, plain->indexes[i]));
    for (int i = 0; i < plain->partition_count; ++i) {
        const PlainPartition &part = plain->partitions[i];
        table.partitions.push_back({part.schema, part.name, part.qualified, part.parent, part.leaf});
    }
    return table;
}

} // namespace

std::optional<core::IndexMethod> method_of(Oid access_method) {
    switch (access_method) {
    case BTREE_AM_OID: return core::IndexMethod::btree;
    case HASH_AM_OID: return core::IndexMethod::hash;
    case BRIN_AM_OID: return core::IndexMethod::brin;
    case GIN_AM_OID: return core::IndexMethod::gin;
    case GIST_AM_OID: return core::IndexMethod::gist;
    case SPGIST_AM_OID: return core::IndexMethod::spgist;
    default: return std::nullopt;
    }
}

std::vector<core::Table> read_tables(const std::vector<Oid> &relations) {
    std::vector<core::Table> tables;
    for (const Oid relation : relations) {
        const PlainTable *plain = nullptr;
        const PlainTable **result = &plain;
        const auto failure = pg_try_and_roll_back([=] {
            pg_call([=] {
                wait_for_no_lock();
                with_catalog_path([=] { *result = read_table(relation); });
            });
        });
        if (failure)
            plain = nullptr;
        tables.push_back(copy_table(relation, plain));
    }
    return tables;
}

} // namespace advisor::pg
