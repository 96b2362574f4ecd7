// Which relations a statement names: what tells the same text under another search_path apart.
#pragma once
#include "pg_ext/pg.h"

#include <cstdint>

namespace advisor::pg::observe {

struct Token;

// A set; relations beyond are passed over.
struct MentionedRelations {
    static constexpr std::size_t most = 64;
    std::size_t count = 0;
    Oid relation[most];
};

// Of an analysed query: a view counts, what is behind it doesn't. After rewriting the same is found, but for
// what rules and changes of views add, since 16.
void mention_relations(Query *query, MentionedRelations &mentioned);

void add_relation(MentionedRelations &mentioned, Oid relation);

// A hash of their names, whatever their order; 0 when there are none.
std::uint64_t names_of(const MentionedRelations &mentioned);

// True when "schema.name" in a text names one of them.
bool is_mentioned(const MentionedRelations &mentioned, const Token &schema, const Token &name);

} // namespace advisor::pg::observe
