// Rows of set-returning functions, filled in column by column.
#pragma once
#include "pg_ext/store/recorded.h"

#include <cstdint>

namespace advisor::pg {

// The materialised result of the function that is running.
ReturnSetInfo *begin_rows(FunctionCallInfo call);

class ResultRow {
public:
    static constexpr int most_columns = 64;

    void null() { nulls_[count_++] = true; }
    void put(std::int64_t value) { put_datum(Int64GetDatum(value)); }
    void put(double value) { put_datum(Float8GetDatum(value)); }
    void put(bool value) { put_datum(BoolGetDatum(value)); }
    void put(const std::string &value);
    void put_time(TimestampTz value); // 0: null
    void put_name(const char *value); // null pointer: null
    void put_oid(Oid value) { put_datum(ObjectIdGetDatum(value)); }
    void put_int(int value) { put_datum(Int32GetDatum(value)); }
    void put_json(const std::string &value); // jsonb
    void put_texts(const std::vector<std::string> &values);
    void put_optional_texts(const std::vector<std::optional<std::string>> &values); // absent: null elements
    void put_bigints(const std::vector<std::int64_t> &values);
    void put_ints(const std::vector<int> &values);
    template <class Value>
    void put_optional(const std::optional<Value> &value) {
        value ? put(*value) : null();
    }
    void put_text(const std::string &value) { value.empty() ? null() : put(value); }

    // Adds the row and begins the next one. Throws if the number of columns is not that of the result.
    void add_to(ReturnSetInfo *result);

private:
    void put_datum(Datum value) {
        values_[count_] = value;
        nulls_[count_++] = false;
    }

    Datum values_[most_columns] = {};
    bool nulls_[most_columns] = {};
    int count_ = 0;
};

// True for members of pg_read_all_stats.
bool may_read_all_statements();
// What the current user may see: of all databases for those, else the own ones of this database.
std::vector<RecordedStatement> visible_statements();

} // namespace advisor::pg
