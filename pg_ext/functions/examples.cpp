// advisor.examples(): the texts and surroundings with which recorded statements of this database are planned
// again. For support and tests; not granted to anyone.
#include "pg_ext/boundary.h"
#include "pg_ext/functions/rows.h"
#include "pg_ext/store/recorded.h"

namespace advisor::pg {
namespace {

// A type may have been dropped since.
const char *type_name(Oid type) {
    const char *name = format_type_extended(type, -1, FORMAT_TYPE_INVALID_AS_NULL);
    return name ? name : "unknown";
}

std::string type_list(const RecordedExample &example) {
    std::string list;
    for (const Oid type : example.parameter_types) {
        list += list.empty() ? "" : ", ";
        list += pg_call([=] { return type_name(type); });
    }
    return list;
}

std::string value_list(const RecordedExample &example) {
    std::string list;
    for (const auto &value : example.parameter_values) {
        list += list.empty() ? "" : ", ";
        list += value ? *value : "NULL";
    }
    return list;
}

void put_example(ReturnSetInfo *result, const RecordedStatement &statement, const RecordedExample &example,
                 bool slowest) {
    ResultRow row;
    row.put(statement.queryid);
    row.put(example.text);
    row.put(static_cast<std::int64_t>(example.parse_mode));
    row.put(type_list(example));
    row.put_text(value_list(example));
    row.put(example.has_parameter_values);
    row.put(example.search_path);
    row.put(slowest);
    row.add_to(result);
}

} // namespace

ADVISOR_SQL_FUNCTION(db_advisor_examples) {
    ReturnSetInfo *result = begin_rows(fcinfo);
    for (const RecordedStatement &statement : read_statements(MyDatabaseId)) {
        if (statement.example)
            put_example(result, statement, *statement.example, false);
        if (statement.slowest)
            put_example(result, statement, *statement.slowest, true);
    }
    return Datum{0};
}

} // namespace advisor::pg
