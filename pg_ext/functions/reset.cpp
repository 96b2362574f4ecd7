// advisor.reset(what, queryid): forget recorded statements.
#include "pg_ext/store/reset.h"
#include "core/error.h"
#include "pg_ext/boundary.h"
#include "pg_ext/store/analyses.h"
#include "pg_ext/store/block.h"
#include "pg_ext/store/layout.h"
#include "pg_ext/store/save_file.h"

namespace advisor::pg {
namespace {

std::string text_argument(FunctionCallInfo call, int number) {
    return pg_call([=] { return text_to_cstring(DatumGetTextPP(call->args[number].value)); });
}

} // namespace

ADVISOR_SQL_FUNCTION(db_advisor_reset) {
    const std::string what = fcinfo->args[0].isnull ? "all" : text_argument(fcinfo, 0);
    if (what != "all" && what != "statements")
        throw core::Error(core::ErrorCode::invalid_input, "cannot reset \"" + what + "\"",
                          "Use \"all\" or \"statements\".");
    std::optional<std::int64_t> queryid;
    if (!fcinfo->args[1].isnull)
        queryid = DatumGetInt64(fcinfo->args[1].value);
    if (store::block) {
        store::forget(queryid);
        store::forget_analyses(); // they rest on what was forgotten
        if (!queryid && !store::block_is_private())
            store::remove_file();
    }
    return TimestampTzGetDatum(GetCurrentTimestamp());
}

} // namespace advisor::pg
