// A walk over range tables. Expressions are walked only where they hold sub-selects.
#include "pg_ext/observe/mentioned_relations.h"

#include "pg_ext/compat.h"
#include "pg_ext/observe/lexer.h"
#include "pg_ext/relation_names.h"

namespace advisor::pg::observe {
namespace {

bool walk(Node *node, void *mentioned) {
    if (!node)
        return false;
    if (IsA(node, Query)) {
        mention_relations(reinterpret_cast<Query *>(node), *static_cast<MentionedRelations *>(mentioned));
        return false;
    }
    return compat::walk_expression(node, walk, mentioned);
}

// Expressions of FROM; not those that row security adds.
void walk_sources(const RangeTblEntry *entry, MentionedRelations &mentioned) {
    walk(reinterpret_cast<Node *>(entry->tablesample), &mentioned);
    walk(reinterpret_cast<Node *>(entry->functions), &mentioned);
    walk(reinterpret_cast<Node *>(entry->tablefunc), &mentioned);
    walk(reinterpret_cast<Node *>(entry->values_lists), &mentioned);
    walk(reinterpret_cast<Node *>(compat::grouped_by(entry)), &mentioned);
}

NameHash hash_of(const Token &name) {
    NameHash hash;
    if (name.kind == TokenKind::word) {
        for (std::size_t i = 0; i < name.length; ++i)
            hash.add(name.at[i] >= 'A' && name.at[i] <= 'Z' ? static_cast<char>(name.at[i] | 0x20)
                                                            : name.at[i]);
        return hash;
    }
    for (std::size_t i = 1; i + 1 < name.length; ++i) {
        hash.add(name.at[i]);
        i += name.at[i] == '"'; // two stand for one
    }
    return hash;
}

} // namespace

void add_relation(MentionedRelations &mentioned, Oid relation) {
    for (std::size_t i = 0; i < mentioned.count; ++i)
        if (mentioned.relation[i] == relation)
            return;
    if (mentioned.count < MentionedRelations::most)
        mentioned.relation[mentioned.count++] = relation;
}

void mention_relations(Query *query, MentionedRelations &mentioned) {
    ListCell *cell;
    foreach (cell, query->rtable) {
        const auto *entry = lfirst_node(RangeTblEntry, cell);
        if (entry->rtekind == RTE_RELATION || (entry->rtekind == RTE_SUBQUERY && OidIsValid(entry->relid)))
            add_relation(mentioned, entry->relid);
        else if (entry->rtekind == RTE_SUBQUERY)
            mention_relations(entry->subquery, mentioned);
        if (query->hasSubLinks)
            walk_sources(entry, mentioned);
    }
    if (query->hasSubLinks) {
        compat::walk_query_but_range_table(query, walk, &mentioned);
        return;
    }
    foreach (cell, query->cteList)
        mention_relations(castNode(Query, lfirst_node(CommonTableExpr, cell)->ctequery), mentioned);
}

std::uint64_t names_of(const MentionedRelations &mentioned) {
    std::uint64_t sum = 0;
    for (std::size_t i = 0; i < mentioned.count; ++i)
        sum += lasting_number(mentioned.relation[i]) * 0x94D049BB133111EBULL;
    return sum;
}

bool is_mentioned(const MentionedRelations &mentioned, const Token &schema, const Token &name) {
    const std::uint64_t wanted = qualified_hash(hash_of(schema).value(), hash_of(name).value());
    for (std::size_t i = 0; i < mentioned.count; ++i)
        if (relation_name(mentioned.relation[i]).qualified[false] == wanted)
            return true;
    return false;
}

} // namespace advisor::pg::observe
