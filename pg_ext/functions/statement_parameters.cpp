// advisor.statement_parameters(): what was seen at each parameter and constant of the recorded statements.
#include "pg_ext/boundary.h"
#include "pg_ext/functions/rows.h"
#include "pg_ext/store/parameters.h"
#include "pg_ext/store/text_encoding.h"

namespace advisor::pg {
namespace {

// Of other databases only the server's own types are known here.
const char *type_name(Oid type, Oid database) {
    if (!OidIsValid(type) || (database != MyDatabaseId && type >= FirstNormalObjectId))
        return nullptr;
    return format_type_extended(type, -1, FORMAT_TYPE_INVALID_AS_NULL);
}

std::vector<std::optional<std::string>> values_of(const store::Position &position, int encoding) {
    std::vector<std::optional<std::string>> values;
    for (std::uint32_t i = 0; i < position.values; ++i) {
        const store::Piece &kept = position.kept[i];
        if (kept.bytes)
            values.push_back(store::in_database_encoding(kept.bytes, kept.length, encoding));
        else
            values.push_back(std::nullopt);
    }
    return values;
}

void put_position(ResultRow &row, const RecordedStatement &statement, std::uint32_t number,
                  const store::Position &position) {
    const Oid type = position.type, database = statement.database;
    row.put(statement.queryid);
    row.put_int(static_cast<int>(number));
    row.put_name(pg_call([=] { return type_name(type, database); }));
    row.put(std::string(position.constant ? "constant" : "parameter"));
    row.put_optional_texts(values_of(position, statement.encoding));
    if (position.incomparable || position.distinct > store::most_distinct)
        row.null();
    else
        row.put(static_cast<std::int64_t>(position.distinct));
    row.put(static_cast<std::int64_t>(position.compared));
    if (position.incomparable && position.distinct <= 1)
        row.null();
    else
        row.put(position.distinct == 1);
}

void put_positions(const RecordedStatement &statement, ReturnSetInfo *result) {
    std::vector<store::Position> positions(store::most_positions);
    const std::uint32_t count =
        store::decode_positions(statement.positions.data(), statement.positions.size(), positions.data());
    for (std::uint32_t i = 0; i < count; ++i) {
        if (positions[i].compared == 0)
            continue;
        ResultRow row;
        put_position(row, statement, i + 1, positions[i]);
        row.add_to(result);
    }
}

} // namespace

ADVISOR_SQL_FUNCTION(db_advisor_statement_parameters) {
    ReturnSetInfo *result = begin_rows(fcinfo);
    for (const RecordedStatement &statement : visible_statements()) {
        if (statement.positions.empty())
            continue;
        put_positions(statement, result);
        poll_interrupts();
    }
    return Datum{0};
}

} // namespace advisor::pg
