// Values to datums, and the rights that decide which rows there are.
#include "pg_ext/functions/rows.h"

#include "core/error.h"
#include "pg_ext/boundary.h"
#include "pg_ext/datum.h"

namespace advisor::pg {

namespace {

Datum array_datum(std::vector<Datum> &elements, Oid type, int length, bool by_value, char alignment) {
    Datum *items = elements.data();
    const int count = static_cast<int>(elements.size());
    return pg_call(
        [=] { return PointerGetDatum(construct_array(items, count, type, length, by_value, alignment)); });
}

} // namespace

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

void ResultRow::put_json(const std::string &value) {
    const char *json = value.c_str();
    put_datum(pg_call([=] { return jsonb_of(json); }));
}

void ResultRow::put_texts(const std::vector<std::string> &values) {
    std::vector<Datum> elements;
    for (const std::string &value : values) {
        const char *bytes = value.data();
        const int length = static_cast<int>(value.size());
        elements.push_back(pg_call([=] { return PointerGetDatum(cstring_to_text_with_len(bytes, length)); }));
    }
    put_datum(array_datum(elements, TEXTOID, -1, false, TYPALIGN_INT));
}

void ResultRow::put_optional_texts(const std::vector<std::optional<std::string>> &values) {
    std::vector<Datum> elements;
    std::vector<unsigned char> absent; // bool as bytes: a vector of bool is packed
    for (const auto &value : values) {
        const char *bytes = value ? value->data() : "";
        const int length = value ? static_cast<int>(value->size()) : 0;
        elements.push_back(pg_call([=] { return PointerGetDatum(cstring_to_text_with_len(bytes, length)); }));
        absent.push_back(!value);
    }
    Datum *data = elements.data();
    auto *nulls = reinterpret_cast<bool *>(absent.data());
    const int count = static_cast<int>(elements.size());
    put_datum(pg_call([=] {
        int dimension = count, lower_bound = 1;
        return PointerGetDatum(construct_md_array(data, nulls, count > 0, &dimension, &lower_bound, TEXTOID,
                                                  -1, false, TYPALIGN_INT));
    }));
}

void ResultRow::put_bigints(const std::vector<std::int64_t> &values) {
    std::vector<Datum> elements;
    for (const std::int64_t value : values)
        elements.push_back(Int64GetDatum(value));
    put_datum(array_datum(elements, INT8OID, 8, true, TYPALIGN_DOUBLE));
}

void ResultRow::put_ints(const std::vector<int> &values) {
    std::vector<Datum> elements;
    for (const int value : values)
        elements.push_back(Int32GetDatum(value));
    put_datum(array_datum(elements, INT4OID, 4, true, TYPALIGN_INT));
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

std::vector<RecordedStatement> visible_statements() {
    if (may_read_all_statements())
        return read_statements(InvalidOid);
    std::vector<RecordedStatement> statements = read_statements(MyDatabaseId);
    std::erase_if(statements, [](const RecordedStatement &statement) {
        const Oid role = statement.role;
        return !pg_call([role] { return has_privs_of_role(GetUserId(), role); });
    });
    return statements;
}

} // namespace advisor::pg
