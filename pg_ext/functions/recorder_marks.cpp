// advisor.recorder_marks(): since when statements are recorded, and which transaction id was next at which
// time.
#include "pg_ext/boundary.h"
#include "pg_ext/functions/rows.h"
#include "pg_ext/store/xid_marks.h"

#include <vector>

namespace advisor::pg {

ADVISOR_SQL_FUNCTION(db_advisor_recorder_marks) {
    ReturnSetInfo *result = begin_rows(fcinfo);
    if (!store::block)
        return Datum{0};
    pg_call([] { store::note_xid_mark(); });
    std::vector<store::XidMark> marks(store::most_xid_marks);
    store::XidMark *target = marks.data();
    marks.resize(pg_call([target] { return store::read_xid_marks(target); }));
    if (marks.empty())
        marks.push_back({0, 0}); // in recovery
    for (const store::XidMark &mark : marks) {
        ResultRow row;
        row.put_time(store::block->recording_since);
        row.put_time(mark.time);
        row.put(static_cast<std::int64_t>(mark.next_xid));
        row.add_to(result);
    }
    return Datum{0};
}

} // namespace advisor::pg
