#include "sqlite_ext/what_if/random_keys.h"

#include "sqlite_ext/what_if/row_count.h"

#include <algorithm>

namespace advisor::sqlite {

namespace {

constexpr std::size_t max_ranges = 2000;
constexpr std::size_t few_known = 64;   // keys that do not show yet which bytes there are
constexpr std::size_t random_bytes = 8; // behind what least and greatest have in common

} // namespace

RandomKeys::RandomKeys(sqlite3 *connection, const TableInfo &table, const std::vector<std::string> &keys,
                       const std::string &columns)
    : width_(keys.size()), random_(table.name.size() + keys.size()) {
    const std::string from = " FROM " + name_of(table);
    const std::string all = comma_list(keys);
    std::string descending;
    for (const std::string &key : keys)
        descending += (descending.empty() ? "" : ", ") + key + " DESC";
    std::string same;
    for (std::size_t prefix = 0; prefix < width_; ++prefix) {
        const std::string parameter = "?" + std::to_string(prefix + 1);
        const std::string where = same.empty() ? " WHERE " : same + " AND ";
        seeks_.emplace_back(connection, "SELECT " + columns + ", " + all + from + where + keys[prefix] +
                                            " >= " + parameter + " ORDER BY " + all + " LIMIT 1");
        lows_.emplace_back(connection, "SELECT " + all + from + same + " ORDER BY " + all + " LIMIT 1");
        highs_.emplace_back(connection,
                            "SELECT " + all + from + same + " ORDER BY " + descending + " LIMIT 1");
        same = where + keys[prefix] + " = " + parameter;
    }
    for (Query *end : {&lows_.front(), &highs_.front()}) {
        if (end->step())
            note(*end, 0);
        end->reset();
    }
}

Query *RandomKeys::seek() {
    if (known_.empty())
        return nullptr;
    Key wanted = *known_[random_.below(known_.size())];
    const std::size_t prefix = random_.below(width_);
    wanted[prefix] = value_in(range_of(wanted, prefix), prefix);
    Query &query = seeks_[prefix];
    bind_key(query, wanted, prefix + 1);
    if (!query.step()) {
        query.reset();
        return nullptr;
    }
    note(query, query.columns() - static_cast<int>(width_));
    return &query;
}

void RandomKeys::note(Query &query, int first) {
    const auto [position, added] = met_.insert(read_key(query, first, width_));
    if (added)
        known_.push_back(&*position);
}

// Of the column behind the prefix.
const RandomKeys::Range &RandomKeys::range_of(const Key &key, std::size_t prefix) {
    Key name(key.begin(), key.begin() + static_cast<std::ptrdiff_t>(prefix));
    if (const auto found = ranges_.find(name); found != ranges_.end())
        return found->second;
    if (ranges_.size() >= max_ranges)
        ranges_.clear();
    const auto end = [&](Query &query) {
        bind_key(query, key, prefix);
        KeyValue value;
        if (query.step())
            value = read_key(query, static_cast<int>(prefix), 1).front();
        query.reset();
        return value;
    };
    return ranges_.emplace(std::move(name), Range{end(lows_[prefix]), end(highs_[prefix])}).first->second;
}

// Where least and greatest are of different types, one that is there serves.
KeyValue RandomKeys::value_in(const Range &range, std::size_t column) {
    const auto &[low, high] = range;
    if (const auto *first = std::get_if<std::int64_t>(&low))
        if (const auto *last = std::get_if<std::int64_t>(&high))
            return random_.between(std::min(*first, *last), std::max(*first, *last));
    if (const auto *first = std::get_if<double>(&low))
        if (const auto *last = std::get_if<double>(&high))
            return *first + (*last - *first) * (static_cast<double>(random_.between(0, 1'000'000)) / 1e6);
    if (const auto *first = std::get_if<Bytes>(&low))
        if (const auto *last = std::get_if<Bytes>(&high); last != nullptr && first->text == last->text)
            return Bytes{bytes_in(first->bytes, last->bytes, column), first->text};
    return (*known_[random_.below(known_.size())])[column];
}

// What least and greatest have in common, and bytes that keys have behind it or might have.
std::string RandomKeys::bytes_in(const std::string &low, const std::string &high, std::size_t column) {
    const auto differ = std::mismatch(low.begin(), low.end(), high.begin(), high.end());
    std::string result(low.begin(), differ.first);
    const std::size_t invented = known_.size() < few_known ? 4 : 16; // one byte of so many
    for (std::size_t i = 0; i < random_bytes; ++i) {
        const auto *other = std::get_if<Bytes>(&(*known_[random_.below(known_.size())])[column]);
        if (other != nullptr && result.size() < other->bytes.size() && random_.below(invented) > 0) {
            result += other->bytes[result.size()];
            continue;
        }
        const auto byte_of = [&](const std::string &bytes, int beyond) {
            return i == 0 && result.size() < bytes.size() ? static_cast<unsigned char>(bytes[result.size()])
                                                          : beyond;
        };
        const int least = byte_of(low, '0');
        result += static_cast<char>(random_.between(least, std::max(least, byte_of(high, 'z'))));
    }
    return result;
}

} // namespace advisor::sqlite
