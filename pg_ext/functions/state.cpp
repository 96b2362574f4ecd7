// The functions with which users steer what is shown: dismiss, exempt, set_rule. What they do is SQL (see
// sql/objects/state_writers.sql); here is only the right to do it.
#include "pg_ext/owner.h"
#include "pg_ext/what_if/environment.h"

namespace advisor::pg {
namespace {

Datum forward(const char *writer, FunctionCallInfo call) {
    NullableDatum result{};
    const std::span<const NullableDatum> arguments(call->args, static_cast<std::size_t>(call->nargs));
    quietly([&] { result = call_as_owner(writer, arguments); });
    call->isnull = result.isnull;
    return result.value;
}

} // namespace

ADVISOR_SQL_FUNCTION(db_advisor_dismiss) {
    return forward("keep_dismissal", fcinfo);
}

ADVISOR_SQL_FUNCTION(db_advisor_undismiss) {
    return forward("forget_dismissal", fcinfo);
}

ADVISOR_SQL_FUNCTION(db_advisor_exempt) {
    return forward("keep_exemption", fcinfo);
}

ADVISOR_SQL_FUNCTION(db_advisor_unexempt) {
    return forward("forget_exemption", fcinfo);
}

ADVISOR_SQL_FUNCTION(db_advisor_set_rule) {
    return forward("keep_rule_setting", fcinfo);
}

} // namespace advisor::pg
