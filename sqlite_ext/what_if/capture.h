// What a statement asks of each table: its conditions, orders and columns, seen through the planner's own
// questions to virtual tables that stand for the real ones.
#pragma once
#include "core/workload/workload.h"
#include "sqlite_ext/catalog/schema.h"
#include "sqlite_ext/what_if/clone.h"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace advisor::sqlite {

class Capture {
public:
    explicit Capture(const Schema &schema);

    // Accesses of a SELECT; TableAccess::table is the position in Schema::tables. `varying` tells which
    // literals of the text differ between executions: they don't make constant conditions. Throws what
    // prepare throws.
    std::vector<core::TableAccess> accesses(const std::string &sql, const std::vector<std::string> &varying);

private:
    struct Term {
        int column = 0;
        int operation = 0;
        int offset = 0;
        std::string collation;
        std::string literal; // the other side, if it is a constant in the text
        bool in_list = false;
        bool join = false;
    };
    struct Scan {
        std::size_t table = 0;
        std::vector<Term> terms;
        std::vector<std::pair<int, bool>> order; // column, descending
        bool grouped = false;                    // any order of the groups serves
        std::uint64_t columns_used = 0;
        bool limit = false;
    };
    struct Module;

    void add(Scan scan);
    core::TableAccess access_of(const Scan &scan, const std::vector<std::string> &varying) const;
    std::optional<core::Predicate> predicate_of(const Term &term, const TableInfo &table,
                                                const std::vector<std::string> &varying) const;

    const Schema &schema_;
    TableModule module_;
    std::unique_ptr<Clone> clone_;
    std::vector<Scan> scans_;
};

} // namespace advisor::sqlite
