// Acting as the extension's owner on its own tables.
#include "pg_ext/owner.h"

#include "core/error.h"
#include "pg_ext/sql_query.h"

namespace advisor::pg {
namespace {

Oid extension_owner() {
    const QueryRows rows = run_query("SELECT extowner FROM pg_extension WHERE extname = 'db_advisor'");
    if (rows.rows.empty())
        throw core::Error(core::ErrorCode::internal, "the extension \"db_advisor\" is not installed");
    return number_of<Oid>(rows.rows[0][0]).value_or(InvalidOid);
}

// Of the extension's own script only: a function that somebody else put beside it is not called with its
// rights.
Oid find_function(const char *name) {
    const QueryRows rows = run_query(
        "SELECT p.oid FROM pg_proc AS p JOIN pg_depend AS d ON d.classid = 'pg_proc'::regclass AND "
        "d.objid = p.oid AND d.deptype = 'e' JOIN pg_extension AS e ON d.refclassid = "
        "'pg_extension'::regclass AND e.oid = d.refobjid WHERE e.extname = 'db_advisor' AND p.proname = '" +
        std::string(name) + "'");
    if (rows.rows.size() != 1)
        throw core::Error(core::ErrorCode::invalid_input,
                          "the SQL objects of this database have no advisor." + std::string(name),
                          "Run ALTER EXTENSION db_advisor UPDATE.");
    return number_of<Oid>(rows.rows[0][0]).value_or(InvalidOid);
}

} // namespace

AsOwner::AsOwner() {
    const Oid owner = extension_owner();
    GetUserIdAndSecContext(&role_, &context_);
    SetUserIdAndSecContext(owner, context_ | SECURITY_LOCAL_USERID_CHANGE);
}

AsOwner::~AsOwner() {
    SetUserIdAndSecContext(role_, context_);
}

NullableDatum call_as_owner(const char *function, std::span<const NullableDatum> arguments) {
    const Oid procedure = find_function(function);
    const Datum caller = pg_call([] { return CStringGetTextDatum(GetUserNameFromId(GetUserId(), false)); });
    const AsOwner as_owner;
    return pg_call([=] {
        FmgrInfo info;
        fmgr_info(procedure, &info);
        LOCAL_FCINFO(call, FUNC_MAX_ARGS);
        InitFunctionCallInfoData(*call, &info, static_cast<short>(arguments.size() + 1),
                                 DEFAULT_COLLATION_OID, nullptr, nullptr);
        call->args[0] = {caller, false};
        for (std::size_t i = 0; i < arguments.size(); ++i)
            call->args[i + 1] = arguments[i];
        const Datum result = FunctionCallInvoke(call);
        return NullableDatum{result, call->isnull};
    });
}

} // namespace advisor::pg
