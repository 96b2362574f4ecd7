// advisor.relation_writes(): rows written per table since the recorder first saw a write on it.
#include "pg_ext/store/relation_writes.h"
#include "pg_ext/boundary.h"
#include "pg_ext/functions/rows.h"

#include <vector>

namespace advisor::pg {

ADVISOR_SQL_FUNCTION(db_advisor_relation_writes) {
    ReturnSetInfo *result = begin_rows(fcinfo);
    if (!store::block)
        return Datum{0};
    std::vector<store::RelationWrites> writes(store::most_written_relations);
    store::RelationWrites *target = writes.data();
    writes.resize(pg_call([target] { return store::read_writes(target); }));
    for (const store::RelationWrites &known : writes) {
        ResultRow row;
        row.put_oid(known.relation);
        row.put(known.inserted);
        row.put(known.updated);
        row.put(known.hot_updated);
        row.put(known.deleted);
        row.put_time(known.since);
        row.add_to(result);
    }
    return Datum{0};
}

} // namespace advisor::pg
