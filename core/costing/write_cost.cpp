// Entries that writes make in an index, and what one costs.
#include "core/costing/write_cost.h"

#include <algorithm>
#include <cmath>
#include <string_view>

namespace advisor::core {

namespace {

constexpr double operators_per_page = 50;  // processing a page is priced as so many operators
constexpr double entries_per_page = 300;   // of a usual b-tree
constexpr double log_bytes_per_entry = 80; // measured
constexpr double page_bytes = 8192;
constexpr double made_and_removed = 2; // an entry for the new row, and the old one's for vacuum to take out

bool is_word_character(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
           (static_cast<unsigned char>(c) & 0x80) != 0;
}

// Whether an expression names a column; a longer name that contains it does not count.
bool mentions(std::string_view expression, std::string_view column) {
    for (std::size_t at = expression.find(column); at != std::string_view::npos && !column.empty();
         at = expression.find(column, at + 1)) {
        const std::size_t end = at + column.size();
        const bool whole = (at == 0 || !is_word_character(expression[at - 1])) &&
                           (end == expression.size() || !is_word_character(expression[end]));
        if (whole)
            return true;
    }
    return false;
}

bool writes_indexed_column(const IndexDefinition &definition, const TableWrite &write) {
    if (write.assigned.empty())
        return true;
    return std::any_of(write.assigned.begin(), write.assigned.end(), [&](const std::string &column) {
        return mentions(definition.predicate, column) ||
               std::any_of(definition.keys.begin(), definition.keys.end(),
                           [&](const IndexKey &key) { return mentions(key.text, column); }) ||
               std::find(definition.include.begin(), definition.include.end(), column) !=
                   definition.include.end();
    });
}

} // namespace

double entry_cost(double rows, const WriteCostParameters &parameters) {
    const double entries = std::max(rows, 2.0);
    const double height =
        std::max(0.0, std::ceil(std::log(entries / entries_per_page) / std::log(entries_per_page)));
    const double comparisons = std::log2(entries) * parameters.cpu_operator_cost;
    const double pages = (height + 1) * operators_per_page * parameters.cpu_operator_cost;
    const double log = log_bytes_per_entry / page_bytes * parameters.seq_page_cost;
    return comparisons + pages + parameters.cpu_index_tuple_cost + log;
}

double index_write_cost(const IndexDefinition &definition, const Table &table, std::size_t table_position,
                        std::span<const TableWrite> writes, double entry_share,
                        const WriteCostParameters &parameters) {
    double entries = 0;
    for (const TableWrite &write : writes) {
        if (write.table != table_position)
            continue;
        entries += write.inserted * entry_share;
        if (writes_indexed_column(definition, write)) {
            const double were_hot = write.updated * write.hot_share;
            entries += made_and_removed * write.updated * entry_share;
            entries += made_and_removed * were_hot * static_cast<double>(table.indexes.size());
            entries += were_hot; // dead rows that the next reader of the page would have pruned
        } else {
            entries += made_and_removed * write.updated * (1 - write.hot_share) * entry_share;
        }
    }
    return entries * entry_cost(table.rows, parameters);
}

} // namespace advisor::core
