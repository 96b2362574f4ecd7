// Between SQL values and C or core values.
#include "pg_ext/datum.h"

#include "pg_ext/boundary.h"

namespace advisor::pg {

TextArray text_array_of(Datum array) {
    TextArray result;
    Datum *elements;
    bool *nulls;
    deconstruct_array(DatumGetArrayTypeP(array), TEXTOID, -1, false, TYPALIGN_INT, &elements, &nulls,
                      &result.count);
    result.items = static_cast<char **>(palloc0(sizeof(char *) * static_cast<Size>(result.count + 1)));
    for (int i = 0; i < result.count; ++i)
        if (!nulls[i])
            result.items[i] = TextDatumGetCString(elements[i]);
    return result;
}

Datum jsonb_of(const char *json) {
    return DirectFunctionCall1(jsonb_in, CStringGetDatum(json));
}

void append_json_string(StringInfo json, const char *text) {
    escape_json(json, text);
}

namespace {

Datum text_datum(const std::string &value) {
    const char *bytes = value.data();
    const int length = static_cast<int>(value.size());
    return pg_call([=] { return PointerGetDatum(cstring_to_text_with_len(bytes, length)); });
}

Datum array_datum(std::vector<Datum> &elements, Oid type, int length, bool by_value, char alignment) {
    Datum *items = elements.data();
    const int count = static_cast<int>(elements.size());
    return pg_call(
        [=] { return PointerGetDatum(construct_array(items, count, type, length, by_value, alignment)); });
}

} // namespace

RowWriter::RowWriter(FunctionCallInfo fcinfo) {
    sink_ = pg_call([=] {
        InitMaterializedSRF(fcinfo, 0);
        return reinterpret_cast<ReturnSetInfo *>(fcinfo->resultinfo);
    });
}

RowWriter &RowWriter::add(Datum value) {
    values_.push_back(value);
    nulls_.push_back(0);
    return *this;
}

RowWriter &RowWriter::text(const std::string &value) {
    return add(text_datum(value));
}

RowWriter &RowWriter::text(const std::optional<std::string> &value) {
    return value ? text(*value) : null();
}

RowWriter &RowWriter::text_or_null(const std::string &value) {
    return value.empty() ? null() : text(value);
}

RowWriter &RowWriter::bigint(std::int64_t value) {
    return add(Int64GetDatum(value));
}

RowWriter &RowWriter::number(double value) {
    return add(Float8GetDatum(value));
}

RowWriter &RowWriter::integer(int value) {
    return add(Int32GetDatum(value));
}

RowWriter &RowWriter::boolean(bool value) {
    return add(BoolGetDatum(value));
}

RowWriter &RowWriter::timestamp(TimestampTz value) {
    return add(TimestampTzGetDatum(value));
}

RowWriter &RowWriter::json(const std::string &value) {
    const char *json = value.c_str();
    return add(pg_call([=] { return jsonb_of(json); }));
}

RowWriter &RowWriter::texts(const std::vector<std::string> &values) {
    std::vector<Datum> elements;
    for (const auto &value : values)
        elements.push_back(text_datum(value));
    return add(array_datum(elements, TEXTOID, -1, false, TYPALIGN_INT));
}

RowWriter &RowWriter::bigints(const std::vector<std::int64_t> &values) {
    std::vector<Datum> elements;
    for (const auto value : values)
        elements.push_back(Int64GetDatum(value));
    return add(array_datum(elements, INT8OID, 8, true, TYPALIGN_DOUBLE));
}

RowWriter &RowWriter::integers(const std::vector<int> &values) {
    std::vector<Datum> elements;
    for (const auto value : values)
        elements.push_back(Int32GetDatum(value));
    return add(array_datum(elements, INT4OID, 4, true, TYPALIGN_INT));
}

RowWriter &RowWriter::null() {
    values_.push_back(Datum{0});
    nulls_.push_back(1);
    return *this;
}

void RowWriter::put() {
    ReturnSetInfo *sink = sink_;
    Datum *values = values_.data();
    auto *nulls = reinterpret_cast<bool *>(nulls_.data());
    const int count = static_cast<int>(values_.size());
    pg_call([=] {
        if (count != sink->setDesc->natts)
            refuse(ERRCODE_INTERNAL_ERROR, "the row has another number of columns than the function",
                   "The library and the extension script are of different versions: restart the server.");
        tuplestore_putvalues(sink->setResult, sink->setDesc, values, nulls);
    });
    values_.clear();
    nulls_.clear();
}

} // namespace advisor::pg
