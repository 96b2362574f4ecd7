// advisor.predicates(): on what columns recorded statements filter, join, order and group.
#include "pg_ext/advice/predicates.h"
#include "pg_ext/boundary.h"
#include "pg_ext/functions/rows.h"
#include "pg_ext/observe/observer.h"
#include "pg_ext/what_if/environment.h"

namespace advisor::pg {
namespace {

void give_predicates(FunctionCallInfo fcinfo) {
    ReturnSetInfo *result = begin_rows(fcinfo);
    const PredicateGroups predicates = recorded_predicates();
    for (const PredicateGroup &group : predicates.groups) {
        ResultRow row;
        row.put(group.relation);
        row.put_texts(group.columns);
        row.put_texts(group.operators);
        row.put(std::string(group.kind));
        row.put(group.queryid);
        row.put(group.calls);
        row.put_optional(group.estimated_selectivity);
        row.put_optional(group.actual_selectivity);
        row.add_to(result);
    }
    const auto not_planned = static_cast<unsigned long>(predicates.not_planned);
    const auto not_reached = static_cast<unsigned long>(predicates.not_reached);
    const unsigned long left_out = not_planned + not_reached;
    if (left_out > 0)
        pg_call([=] {
            ereport(NOTICE, (errmsg_plural("%lu recorded statement is left out",
                                           "%lu recorded statements are left out", left_out, left_out),
                             errdetail("%lu could not be planned again, %lu were not reached within "
                                       "db_advisor.analysis_time_budget.",
                                       not_planned, not_reached)));
        });
}

} // namespace
} // namespace advisor::pg

ADVISOR_SQL_FUNCTION(db_advisor_predicates) {
    advisor::pg::quietly([=] { advisor::pg::give_predicates(fcinfo); });
    return Datum{0};
}
