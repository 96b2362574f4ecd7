// The one place with PG_VERSION_NUM: gives the newer server's names on the older ones (15 to 18).
#pragma once
#include "pg_ext/pg.h"

#if PG_VERSION_NUM < 150000
#error "db_advisor needs PostgreSQL 15 or newer"
#endif

#if PG_VERSION_NUM < 180000
// 18 keeps a short copy of each attribute that must be refreshed after a change; before there is none.
inline void populate_compact_attribute(TupleDesc, int) {}
#endif

namespace advisor::pg {

// copyObject() needs typeof, which C++20 does not have.
template <class Tree>
Tree *copy_tree(const Tree *tree) {
    return static_cast<Tree *>(copyObjectImpl(tree));
}

// Raises 42501 unless the current user may do what one query level asks of its relations.
inline void check_query_permissions(Query *query) {
#if PG_VERSION_NUM >= 160000
    ExecCheckPermissions(query->rtable, query->rteperminfos, true);
#else
    ExecCheckRTPerms(query->rtable, true);
#endif
}

// 16 keeps permissions beside the range table.
inline void set_permission_infos([[maybe_unused]] Query *query, [[maybe_unused]] const ParseState *state) {
#if PG_VERSION_NUM >= 160000
    query->rteperminfos = state->p_rteperminfos;
#endif
}

inline bool sorts_descending(const PathKey *key) {
#if PG_VERSION_NUM >= 180000
    return key->pk_cmptype == COMPARE_GT;
#else
    return key->pk_strategy == BTGreaterStrategyNumber;
#endif
}

inline bool is_child_member(const EquivalenceMember *member) {
#if PG_VERSION_NUM >= 180000
    (void)member;
    return false; // 18 keeps child members in lists of their own
#else
    return member->em_is_child;
#endif
}

} // namespace advisor::pg
