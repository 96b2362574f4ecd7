// interim
#include "pg_ext/what_if/size_index.h"
namespace advisor::pg {
void size_index(HypotheticalIndex *index, bool) {
    Relation rel = table_open(index->relation, NoLock);
    index->tuples = rel->rd_rel->reltuples;
    index->pages = static_cast<BlockNumber>(index->tuples * 16 / 7300) + 2;
    index->height = index->pages > 300 ? 2 : 1;
    table_close(rel, NoLock);
}
} // namespace advisor::pg
