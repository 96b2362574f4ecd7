// Runs one read-only query of our own and hands its rows out as text.
#pragma once
#include <charconv>
#include <optional>
#include <string>
#include <vector>

namespace advisor::pg {

struct QueryRows {
    std::vector<std::string> columns;
    std::vector<std::vector<std::optional<std::string>>> rows;

    // Position of a column, or of none.
    std::optional<std::size_t> column(const std::string &name) const;
};

// None where the cell is null or no number.
template <class Number>
std::optional<Number> number_of(const std::optional<std::string> &cell) {
    Number number{};
    if (!cell || std::from_chars(cell->data(), cell->data() + cell->size(), number).ec != std::errc())
        return std::nullopt;
    return number;
}

// As the current user, with search_path = pg_catalog, pg_temp. Raises the server's errors.
QueryRows run_query(const std::string &sql);

} // namespace advisor::pg
