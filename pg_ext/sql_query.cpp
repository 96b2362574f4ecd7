// Runs one read-only query of our own and hands its rows out as text.
#include "pg_ext/sql_query.h"

#include "pg_ext/boundary.h"

#include <algorithm>

namespace advisor::pg {
namespace {

// SPI's result lives until SPI_finish; a server error in between is cleaned up by the (sub)transaction's end.
int begin_query(const char *sql) {
    const int level = NewGUCNestLevel();
    set_config_option("search_path", "pg_catalog, pg_temp", PGC_USERSET, PGC_S_SESSION, GUC_ACTION_SAVE, true,
                      0, false);
    SPI_connect();
    if (SPI_execute(sql, true, 0) != SPI_OK_SELECT)
        refuse(ERRCODE_INTERNAL_ERROR, "the query returns no rows");
    return level;
}

std::optional<std::string> cell(std::uint64_t row, int column) {
    const char *value =
        pg_call([=] { return SPI_getvalue(SPI_tuptable->vals[row], SPI_tuptable->tupdesc, column + 1); });
    return value ? std::optional<std::string>(value) : std::nullopt;
}

} // namespace

std::optional<std::size_t> QueryRows::column(const std::string &name) const {
    const auto found = std::find(columns.begin(), columns.end(), name);
    if (found == columns.end())
        return std::nullopt;
    return static_cast<std::size_t>(found - columns.begin());
}

QueryRows run_query(const std::string &sql) {
    const char *text_of_query = sql.c_str();
    const int level = pg_call([=] { return begin_query(text_of_query); });
    QueryRows result;
    const int columns = SPI_tuptable->tupdesc->natts;
    for (int column = 0; column < columns; ++column)
        result.columns.emplace_back(NameStr(TupleDescAttr(SPI_tuptable->tupdesc, column)->attname));
    for (std::uint64_t row = 0; row < SPI_processed; ++row) {
        poll_interrupts();
        auto &values = result.rows.emplace_back();
        for (int column = 0; column < columns; ++column)
            values.push_back(cell(row, column));
    }
    pg_call([=] {
        SPI_finish();
        AtEOXact_GUC(true, level);
    });
    return result;
}

} // namespace advisor::pg
