// Conditions on a table that indexes of other methods than the b-tree serve: by the operator families that
// their operators belong to, so that those of extensions count as well.
#include "pg_ext/what_if/method_capture.h"

#include "pg_ext/compat.h"
#include "pg_ext/what_if/access_method.h"

#include <cctype>

namespace advisor::pg {
namespace {

constexpr int trigram_letters = 3;

// One side of a condition, as column or expression of this table, and the operator as seen from it.
struct Condition {
    Oid operation;
    char *key;
    bool expression;
    Oid type;
    Node *other;
};

bool may_be_other_side(const Side &side, Node *tree) {
    return !contain_volatile_functions(tree) &&
           !bms_is_member(static_cast<int>(side.position), pull_varnos(side.root, tree));
}

bool read_side(const Side &side, Oid operation, Node *own, Node *other, Condition *condition) {
    if (!OidIsValid(operation) || !may_be_other_side(side, other) ||
        !index_key(side, own, &condition->key, &condition->expression))
        return false;
    while (IsA(own, RelabelType))
        own = reinterpret_cast<Node *>(castNode(RelabelType, own)->arg);
    condition->operation = operation;
    condition->type = exprType(own);
    condition->other = other;
    return true;
}

bool read_condition(const Side &side, Node *clause, Condition *condition) {
    if (IsA(clause, ScalarArrayOpExpr)) {
        const auto *any = castNode(ScalarArrayOpExpr, clause);
        return any->useOr && read_side(side, any->opno, static_cast<Node *>(linitial(any->args)),
                                       static_cast<Node *>(lsecond(any->args)), condition);
    }
    if (!IsA(clause, OpExpr) || list_length(castNode(OpExpr, clause)->args) != 2)
        return false;
    const auto *operation = castNode(OpExpr, clause);
    auto *left = static_cast<Node *>(linitial(operation->args));
    auto *right = static_cast<Node *>(lsecond(operation->args));
    return read_side(side, operation->opno, left, right, condition) ||
           read_side(side, get_commutator(operation->opno), right, left, condition);
}

// The operator class of the family that an index on such a column would take: the default one, else its own
// type's.
Oid opclass_for(Oid method, Oid family, Oid type) {
    Oid found = InvalidOid;
    int best = 0;
    CatCList *classes = SearchSysCacheList1(CLAAMNAMENSP, ObjectIdGetDatum(method));
    for (int i = 0; i < classes->n_members; ++i) {
        const auto *opclass = reinterpret_cast<Form_pg_opclass>(GETSTRUCT(&classes->members[i]->tuple));
        if (opclass->opcfamily != family || !IsBinaryCoercible(type, opclass->opcintype))
            continue;
        const int rank = opclass->opcdefault ? 3 : opclass->opcintype == type ? 2 : 1;
        if (rank > best) {
            best = rank;
            found = opclass->oid;
        }
    }
    ReleaseCatCacheList(classes);
    return found;
}

bool is_minmax(Oid opclass) {
    return support_function(opclass, BRIN_PROCNUM_OPCINFO) == F_BRIN_MINMAX_OPCINFO;
}

// A b-tree's conditions are for hash and BRIN with their default operator classes, the others for the rest.
bool is_wanted(Oid method, Oid opclass, Oid type, bool sorted) {
    switch (method) {
    case HASH_AM_OID: return sorted && opclass == GetDefaultOpClass(type, method);
    case BRIN_AM_OID: return sorted && opclass == GetDefaultOpClass(type, method) && is_minmax(opclass);
    case GIN_AM_OID:
    case GIST_AM_OID:
    case SPGIST_AM_OID: return !sorted;
    default: return false;
    }
}

char *opclass_name(Oid opclass, Oid type, Oid method) {
    if (opclass == GetDefaultOpClass(type, method))
        return nullptr;
    HeapTuple tuple = SearchSysCache1(CLAOID, ObjectIdGetDatum(opclass));
    const auto *form = reinterpret_cast<Form_pg_opclass>(GETSTRUCT(tuple));
    char *name = quote_qualified_identifier(
        OpclassIsVisible(opclass) ? nullptr : get_namespace_name(form->opcnamespace), NameStr(form->opcname));
    ReleaseSysCache(tuple);
    return name;
}

bool is_known(const CapturedAccess *access, const CapturedMethodUse *use) {
    ListCell *cell;
    foreach (cell, access->methods) {
        const auto *known = static_cast<const CapturedMethodUse *>(lfirst(cell));
        if (known->method == use->method && std::strcmp(known->key, use->key) == 0 &&
            std::strcmp(known->opclass ? known->opclass : "", use->opclass ? use->opclass : "") == 0)
            return true;
    }
    return false;
}

void add_use(CapturedAccess *access, const Condition &condition, Oid method, Oid opclass) {
    auto *use = static_cast<CapturedMethodUse *>(palloc0(sizeof(CapturedMethodUse)));
    use->key = condition.key;
    use->expression = condition.expression;
    use->method = method;
    use->opclass = opclass_name(opclass, condition.type, method);
    if (!is_known(access, use))
        access->methods = lappend(access->methods, use);
}

// Whether some method other than the b-tree serves it.
bool add_uses(CapturedAccess *access, const Condition &condition) {
    const bool sorted = compat::btree_meanings(condition.operation) != NIL;
    bool found = false;
    CatCList *members = SearchSysCacheList1(AMOPOPID, ObjectIdGetDatum(condition.operation));
    for (int i = 0; i < members->n_members; ++i) {
        const auto *member = reinterpret_cast<Form_pg_amop>(GETSTRUCT(&members->members[i]->tuple));
        if (member->amoppurpose != AMOP_SEARCH || member->amopmethod == BTREE_AM_OID)
            continue;
        const Oid opclass = opclass_for(member->amopmethod, member->amopfamily, condition.type);
        if (!OidIsValid(opclass) || !is_wanted(member->amopmethod, opclass, condition.type, sorted))
            continue;
        add_use(access, condition, member->amopmethod, opclass);
        found = true;
    }
    ReleaseCatCacheList(members);
    return found;
}

// The four operators that the extension pg_trgm indexes; LIKE only where the pattern does not begin with what
// it looks for.
bool searches_inside(Oid operation, const char *pattern) {
    switch (operation) {
    case OID_TEXT_LIKE_OP: return pattern[0] == '%' || pattern[0] == '_';
    case OID_TEXT_ICLIKE_OP:
    case OID_TEXT_REGEXEQ_OP:
    case OID_TEXT_ICREGEXEQ_OP: return true;
    default: return false;
    }
}

bool has_trigram(const char *pattern) {
    int letters = 0;
    for (const char *c = pattern; *c != '\0' && letters < trigram_letters; ++c)
        letters = IS_HIGHBIT_SET(*c) || isalnum(static_cast<unsigned char>(*c)) ? letters + 1 : 0;
    return letters >= trigram_letters;
}

void note_substring_key(CapturedAccess *access, const Condition &condition) {
    if (!IsA(condition.other, Const) || castNode(Const, condition.other)->constisnull ||
        castNode(Const, condition.other)->consttype != TEXTOID)
        return;
    const char *pattern = TextDatumGetCString(castNode(Const, condition.other)->constvalue);
    if (searches_inside(condition.operation, pattern) && has_trigram(pattern))
        access->substring_keys = lappend(access->substring_keys, condition.key);
}

void capture_clauses(const Side &side, CapturedAccess *access, List *restrictions) {
    ListCell *cell;
    foreach (cell, restrictions) {
        Condition condition{};
        if (read_condition(side, reinterpret_cast<Node *>(lfirst_node(RestrictInfo, cell)->clause),
                           &condition) &&
            !add_uses(access, condition))
            note_substring_key(access, condition);
    }
}

} // namespace

void capture_methods(const Side &side, CapturedAccess *access) {
    capture_clauses(side, access, side.rel->baserestrictinfo);
    capture_clauses(side, access, side.rel->joininfo);
}

} // namespace advisor::pg
