// The entries of a hypothetical GIN index according to the server's statistics alone.
#include "pg_ext/what_if/entry_statistics.h"

#include "pg_ext/boundary.h"

#include <algorithm>

namespace advisor::pg {
namespace {

constexpr double bytes_per_key = 10;     // of a document whose parts are not known
constexpr double usual_trigrams = 10000; // different ones, of texts: each character begins one
constexpr double usual_entry_bytes = 24;
constexpr double least_keys_per_row = 1;
constexpr double usual_keys_of_a_row = 0.3; // that no other row has, of a document

// What ANALYZE keeps of a column of arrays or documents. Plain data; the array lies in the current context.
struct Elements {
    bool found;
    double null_fraction;
    double width;
    double mean_count; // elements of a value; 0: not known
    float4 *shares;    // of the rows that hold each of the most common elements
    int share_count;
};

Elements read_elements(Oid relation, AttrNumber column) {
    Elements result{};
    HeapTuple tuple = SearchSysCache3(STATRELATTINH, ObjectIdGetDatum(relation), Int16GetDatum(column),
                                      BoolGetDatum(false));
    if (!HeapTupleIsValid(tuple))
        return result;
    const auto *form = reinterpret_cast<Form_pg_statistic>(GETSTRUCT(tuple));
    result.found = true;
    result.null_fraction = static_cast<double>(form->stanullfrac);
    result.width = form->stawidth;
    AttStatsSlot slot;
    // The last number is the mean.
    if (get_attstatsslot(&slot, tuple, STATISTIC_KIND_DECHIST, InvalidOid, ATTSTATSSLOT_NUMBERS) &&
        slot.nnumbers > 0)
        result.mean_count = static_cast<double>(slot.numbers[slot.nnumbers - 1]);
    // As many shares as values; the numbers behind them are their bounds and the share of nulls.
    if (get_attstatsslot(&slot, tuple, STATISTIC_KIND_MCELEM, InvalidOid,
                         ATTSTATSSLOT_VALUES | ATTSTATSSLOT_NUMBERS)) {
        result.share_count = std::min(slot.nvalues, slot.nnumbers);
        result.shares = slot.numbers;
    }
    ReleaseSysCache(tuple);
    return result;
}

// The keys outside the list are at most as frequent as its last: taken to be as many as share the remaining
// postings with a tenth of its rows.
double distinct_keys(const EntryStatistics &entries, double rows) {
    double listed = 0, least = 1;
    for (const double share : entries.frequent_keys) {
        listed += share;
        least = std::min(least, share);
    }
    const double others = std::max(0.0, entries.keys_per_row - listed) * rows;
    if (entries.frequent_keys.empty())
        return std::min(others, rows * usual_keys_of_a_row);
    return static_cast<double>(entries.frequent_keys.size()) + others / std::max(1.0, least * rows / 10);
}

EntryStatistics column_entries(Relation heap, AttrNumber column, bool of_texts, double rows) {
    const Oid relation = RelationGetRelid(heap);
    const Elements elements = pg_call([=] { return read_elements(relation, column); });
    EntryStatistics result;
    result.entry_bytes = usual_entry_bytes;
    double sum = 0;
    for (int i = 0; i < elements.share_count; ++i) {
        const double share = static_cast<double>(elements.shares[i]) * (1 - elements.null_fraction);
        result.frequent_keys.push_back(share);
        sum += share;
    }
    const double by_width =
        elements.found ? elements.width / (of_texts ? 1 : bytes_per_key) : least_keys_per_row;
    const double count = elements.mean_count > 0 ? elements.mean_count : by_width;
    result.keys_per_row = std::max({least_keys_per_row, count * (1 - elements.null_fraction), sum});
    result.keys = std::max(1.0, of_texts ? std::min(usual_trigrams, rows) : distinct_keys(result, rows));
    return result;
}

} // namespace

EntryStatistics read_entry_statistics(Relation heap, const HypotheticalKeys &keys, double table_rows) {
    EntryStatistics all{0, 0, 0, {}};
    for (std::size_t i = 0; i < static_cast<std::size_t>(keys.key_count); ++i) {
        const HypotheticalKeys *borrowed = &keys;
        const int key = static_cast<int>(i);
        const bool of_texts = pg_call(
            [=] { return TypeCategory(key_column_type(heap, *borrowed, key)) == TYPCATEGORY_STRING; });
        const EntryStatistics one = column_entries(heap, keys.columns[i], of_texts, table_rows);
        all.keys_per_row += one.keys_per_row;
        all.keys += one.keys;
        all.entry_bytes = std::max(all.entry_bytes, one.entry_bytes);
        all.frequent_keys.insert(all.frequent_keys.end(), one.frequent_keys.begin(), one.frequent_keys.end());
    }
    return all;
}

} // namespace advisor::pg
