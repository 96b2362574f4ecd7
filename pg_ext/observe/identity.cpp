// Known in this backend, else in shared memory, else computed.
#include "pg_ext/observe/identity.h"

#include "pg_ext/observe/mentioned_relations.h"
#include "pg_ext/observe/replannable_text.h"
#include "pg_ext/store/identities.h"

namespace advisor::pg::observe {

KnownIdentity known_identities[identity_sets][2];

namespace {

void remember(std::uint64_t key, std::int64_t id) {
    KnownIdentity(&set)[2] = known_identities[key % identity_sets];
    set[1] = set[0];
    set[0] = {key, id};
}

std::uint64_t fingerprint(Query *query, const char *source_text) {
    MentionedRelations mentioned;
    mention_relations(query, mentioned);
    const TextCut text = inner_statement(cut_statement(source_text, query->stmt_location, query->stmt_len));
    return text_fingerprint(text, settings::merge_schemas ? &mentioned : nullptr) ^ names_of(mentioned);
}

} // namespace

std::int64_t find_identity(std::uint64_t key) {
    const std::int64_t id = store::find_identity(key);
    if (id != 0)
        remember(key, id);
    return id;
}

void identify(Query *query, const char *text, std::uint64_t source) {
    keep_identity(source, identity_from(fingerprint(query, text)));
}

void keep_identity(std::uint64_t source, std::int64_t id) {
    store::keep_identity(identity_key(source), id);
    remember(identity_key(source), id);
}

std::int64_t identity_from(std::uint64_t fingerprint) {
    std::uint64_t id = (fingerprint ^ (fingerprint >> 30)) * 0xBF58476D1CE4E5B9ULL;
    id ^= id >> 27;
    return static_cast<std::int64_t>(id != 0 ? id : 1);
}

} // namespace advisor::pg::observe
