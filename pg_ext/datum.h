// Between SQL values and C or core values.
#pragma once
#include "pg_ext/pg.h"

#include <optional>
#include <string>
#include <vector>

namespace advisor::pg {

// Plain data in the current memory context; a null element is a null pointer.
struct TextArray {
    char **items = nullptr;
    int count = 0;
};

// Plain frames.
TextArray text_array_of(Datum array);
Datum jsonb_of(const char *json);
void append_json_string(StringInfo json, const char *text);

// One row of a set-returning function's materialised result: copies C++ values into Datums. Columns are added
// from left to right and end with put().
class RowWriter {
public:
    // Prepares the materialised result of the calling set-returning function.
    explicit RowWriter(FunctionCallInfo fcinfo);

    RowWriter &text(const std::string &value);
    RowWriter &text(const std::optional<std::string> &value);
    RowWriter &text_or_null(const std::string &value); // empty: null
    RowWriter &bigint(std::int64_t value);
    RowWriter &number(double value);
    RowWriter &integer(int value);
    RowWriter &boolean(bool value);
    RowWriter &timestamp(TimestampTz value);
    RowWriter &json(const std::string &value);
    RowWriter &texts(const std::vector<std::string> &values);
    RowWriter &bigints(const std::vector<std::int64_t> &values);
    RowWriter &integers(const std::vector<int> &values);
    RowWriter &null();
    void put();

private:
    RowWriter &add(Datum value);

    ReturnSetInfo *sink_;
    std::vector<Datum> values_;
    std::vector<char> nulls_;
};

} // namespace advisor::pg
