// Values to datums, and the rights that decide which rows there are.
#include "pg_ext/functions/rows.h"

#include "core/error.h"
#include "pg_ext/boundary.h"

namespace advisor::pg {

ReturnSetInfo *begin_rows(FunctionCallInfo call) {
    return pg_call([=] {
        InitMaterializedSRF(call, 0);
        return reinterpret_cast<ReturnSetInfo *>(call->resultinfo);
    });
}

void ResultRow::put(const std::string &value) {
    const char *bytes = value.data();
    const int length = static_cast<int>(value.size());
    put_datum(pg_call([=] { return PointerGetDatum(cstring_to_text_with_len(bytes, length)); }));
}

void ResultRow::put_time(TimestampTz value) {
    if (value == 0)
        null();
    else
        put_datum(TimestampTzGetDatum(value));
}

void ResultRow::put_name(const char *value) {
    if (value)
        put_datum(pg_call([=] { return CStringGetTextDatum(value); }));
    else
        null();
}

void ResultRow::add_to(ReturnSetInfo *result) {
    if (count_ != result->setDesc->natts)
        throw core::Error(core::ErrorCode::internal, "a function of the advisor returned " +
                                                         std::to_string(count_) + " columns instead of " +
                                                         std::to_string(result->setDesc->natts));
    pg_call([=, this] {
        tuplestore_putvalues(result->setResult, result->setDesc, values_, nulls_);
        for (int column = 0; column < count_; ++column)
            if (!nulls_[column] && TupleDescAttr(result->setDesc, column)->attlen == -1)
                pfree(DatumGetPointer(values_[column]));
    });
    count_ = 0;
}

bool may_read_all_statements() {
    return pg_call([] { return has_privs_of_role(GetUserId(), ROLE_PG_READ_ALL_STATS); });
}

bool may_read_statements_of(Oid role) {
    return pg_call([=] { return has_privs_of_role(GetUserId(), role); });
}

} // namespace advisor::pg
