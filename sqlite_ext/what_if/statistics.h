// What ANALYZE would find, and how large an index would be, from the sample.
#pragma once
#include "core/catalog/table.h"
#include "sqlite_ext/what_if/clone.h"
#include "sqlite_ext/what_if/sample.h"

#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace advisor::sqlite {

class SampleStatistics {
public:
    // `sampled` goes by position in Schema::tables.
    SampleStatistics(Clone &sample, const std::vector<SampledTable> &sampled)
        : sample_(sample), sampled_(sampled) {}

    // Widths, distinct values and nulls of the columns.
    std::vector<core::Column> columns(std::size_t table);

    // The text of sqlite_stat1.stat for an index.
    std::string stat(const core::IndexDefinition &definition, std::size_t table);
    std::uint64_t bytes(const core::IndexDefinition &definition, std::size_t table);
    std::uint64_t table_bytes(std::size_t table);
    bool is_sampled(std::size_t table) const { return sampled_[table].copied > 0; }
    // Share of the rows that satisfy a condition.
    double matching_fraction(const std::string &predicate, std::size_t table);

private:
    struct Groups {
        double rows = 0;     // that satisfy the predicate, in the sample
        double distinct = 0; // estimated for the whole table
    };
    struct Width {
        double bytes = 0;
        double null_fraction = 0;
    };

    Groups groups(const std::string &keys, const std::string &predicate, std::size_t table);
    Width width(const std::string &expression, std::size_t table);
    std::string name_of(std::size_t table) const;

    Clone &sample_;
    const std::vector<SampledTable> &sampled_;
    std::map<std::string, Groups> groups_;
    std::map<std::string, Width> widths_;
    std::map<std::string, double> fractions_;
};

} // namespace advisor::sqlite
