// What the access method of a hypothetical index can do, as DefineIndex (src/backend/commands/indexcmds.c,
// 15) asks it.
#include "pg_ext/what_if/access_method.h"

#include "pg_ext/boundary.h"
#include "pg_ext/compat.h"

namespace advisor::pg {
namespace {

constexpr int gist_fillfactor = 90, spgist_fillfactor = 80; // the server keeps these names private

} // namespace

Oid supported_method(const char *name) {
    if (!name)
        return BTREE_AM_OID;
    const Oid method = get_index_am_oid(name, false);
    switch (method) {
    case BTREE_AM_OID:
    case HASH_AM_OID:
    case BRIN_AM_OID:
    case GIN_AM_OID:
    case GIST_AM_OID:
    case SPGIST_AM_OID: return method;
    default: break;
    }
    refuse(ERRCODE_FEATURE_NOT_SUPPORTED, "access method is not supported for hypothetical indexes",
           "Hypothetical indexes are of the methods that the server itself brings along.");
}

void require_capabilities(const IndexStmt *stmt, Oid method) {
    const IndexAmRoutine *routine = GetIndexAmRoutineByAmId(method, false);
    const char *name = get_am_name(method);
    const int keys = list_length(stmt->indexParams);
    const int included = list_length(stmt->indexIncludingParams);
    if (stmt->unique && !routine->amcanunique)
        refuse_named(ERRCODE_FEATURE_NOT_SUPPORTED, "access method \"%s\" does not support unique indexes",
                     name);
    if (included > 0 && !routine->amcaninclude)
        refuse_named(ERRCODE_FEATURE_NOT_SUPPORTED, "access method \"%s\" does not support included columns",
                     name);
    if (keys > 1 && !routine->amcanmulticol)
        refuse_named(ERRCODE_FEATURE_NOT_SUPPORTED,
                     "access method \"%s\" does not support multicolumn indexes", name);
    if (keys + included > INDEX_MAX_KEYS)
        refuse(ERRCODE_TOO_MANY_COLUMNS, "too many columns in a hypothetical index", "");
}

void require_key_options(const IndexElem *element, Oid method) {
    const IndexAmRoutine *routine = GetIndexAmRoutineByAmId(method, false);
    if (!routine->amcanorder && element->ordering != SORTBY_DEFAULT)
        refuse_named(ERRCODE_FEATURE_NOT_SUPPORTED, "access method \"%s\" does not support ASC/DESC options",
                     get_am_name(method));
    if (!routine->amcanorder && element->nulls_ordering != SORTBY_NULLS_DEFAULT)
        refuse_named(ERRCODE_FEATURE_NOT_SUPPORTED,
                     "access method \"%s\" does not support NULLS FIRST/LAST options", get_am_name(method));
    if (element->opclassopts != NIL)
        refuse(ERRCODE_FEATURE_NOT_SUPPORTED,
               "operator class parameters are not supported for hypothetical indexes", "");
}

void require_known_opclass(Oid opclass, Oid method) {
    if (method != BRIN_AM_OID)
        return;
    const Oid function = support_function(opclass, BRIN_PROCNUM_OPCINFO);
    if (function != F_BRIN_MINMAX_OPCINFO && function != F_BRIN_INCLUSION_OPCINFO)
        refuse(ERRCODE_FEATURE_NOT_SUPPORTED,
               "the operator class is not supported for hypothetical BRIN indexes",
               "Minmax and inclusion operator classes are.");
}

void require_storage_parameters(List *options, Oid method) {
    const IndexAmRoutine *routine = GetIndexAmRoutineByAmId(method, false);
    const Datum array = transformRelOptions(Datum{0}, options, nullptr, nullptr, false, false);
    (void)index_reloptions(routine->amoptions, array, true);
}

int default_fillfactor(Oid method) {
    switch (method) {
    case BTREE_AM_OID: return BTREE_DEFAULT_FILLFACTOR;
    case HASH_AM_OID: return HASH_DEFAULT_FILLFACTOR;
    case GIST_AM_OID: return gist_fillfactor;
    case SPGIST_AM_OID: return spgist_fillfactor;
    default: return 0;
    }
}

Oid support_function(Oid opclass, int number) {
    const Oid type = get_opclass_input_type(opclass);
    return get_opfamily_proc(get_opclass_family(opclass), type, type, static_cast<int16>(number));
}

namespace {

bool spgist_returns(Oid opclass) {
    spgConfigIn in{get_opclass_input_type(opclass)};
    spgConfigOut out{};
    OidFunctionCall2(support_function(opclass, SPGIST_CONFIG_PROC), PointerGetDatum(&in),
                     PointerGetDatum(&out));
    return out.canReturnData;
}

} // namespace

// As amcanreturn of the core's methods, which want an open index.
bool can_return_column(Oid method, Oid opclass, bool is_key) {
    switch (method) {
    case BTREE_AM_OID: return true;
    case GIST_AM_OID:
        return !is_key || OidIsValid(support_function(opclass, GIST_FETCH_PROC)) ||
               !OidIsValid(support_function(opclass, GIST_COMPRESS_PROC));
    case SPGIST_AM_OID: return !is_key || spgist_returns(opclass);
    default: return false;
    }
}

} // namespace advisor::pg
