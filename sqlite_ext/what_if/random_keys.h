// Rows of a WITHOUT ROWID table by random key prefixes: there is no number by which one could jump to a
// random row.
#pragma once
#include "sqlite_ext/catalog/schema.h"
#include "sqlite_ext/what_if/key.h"
#include "sqlite_ext/what_if/random.h"

#include <cstddef>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace advisor::sqlite {

// Takes a key that is known already, keeps its first columns, puts a random value between the least and the
// greatest that follow these into the next one, and seeks. So the prefixes that were met have the same
// chance, however many rows they have, and behind a gap between keys a row is met more often.
class RandomKeys {
public:
    // keys: the columns of the primary key, see key_columns(); columns: what to read, separated by commas.
    RandomKeys(sqlite3 *connection, const TableInfo &table, const std::vector<std::string> &keys,
               const std::string &columns);

    // The query stands on a row: the columns and behind them the key. Null: no row was met this time, as
    // happens at the end of a prefix. The query has to be reset before the next call.
    Query *seek();

private:
    using Range = std::pair<KeyValue, KeyValue>; // least and greatest; both 0 when the prefix has gone

    void note(Query &query, int first);
    const Range &range_of(const Key &key, std::size_t prefix);
    KeyValue value_in(const Range &range, std::size_t column);
    std::string bytes_in(const std::string &low, const std::string &high, std::size_t column);

    std::size_t width_; // of the key
    Random random_;
    std::vector<Query> seeks_; // by the length of the prefix
    std::vector<Query> lows_;
    std::vector<Query> highs_;
    std::set<Key> met_;
    std::vector<const Key *> known_; // each once: what is met often must not be followed more often
    std::map<Key, Range> ranges_;    // by prefix
};

} // namespace advisor::sqlite
