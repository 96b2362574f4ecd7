// Deparsing costs as much as planning a small query, so it waits for the second sight.
#include "pg_ext/observe/deparsed_text.h"

#include "pg_ext/observe/guarded.h"

#include <cstdint>

namespace advisor::pg::observe {
namespace {

constexpr std::size_t most_marks = 256;

struct Mark {
    std::uint64_t query;
    int sights;
};
Mark marks[most_marks];

// Good enough to tell apart: a collision costs one deparsing too early or too late.
std::uint64_t mark_of(const Query *query) {
    std::uint64_t mark = static_cast<std::uint64_t>(query->stmt_location) * 31 + query->commandType;
    ListCell *cell;
    foreach (cell, query->rtable)
        mark = mark * 0x9E3779B97F4A7C15ULL + lfirst_node(RangeTblEntry, cell)->relid;
    return mark | 1;
}

} // namespace

bool lacks_text(const Query *query, const char *text) {
    return query->queryId == 0 && (!text || text[0] == '\0');
}

const char *deparse_on_second_sight(const Query *query) {
    const std::uint64_t wanted = mark_of(query);
    Mark &mark = marks[(wanted >> 32) % most_marks];
    if (mark.query != wanted)
        mark = {wanted, 0};
    if (++mark.sights != 2 || IsInParallelMode())
        return nullptr;
    const char *result = nullptr;
    run_guarded(
        [query, &result] { result = pg_get_querydef(static_cast<Query *>(copyObjectImpl(query)), false); },
        Memory::kept);
    return result;
}

} // namespace advisor::pg::observe
