// From what statements ask of tables to the indexes that could serve them.
#pragma once
#include "core/catalog/table.h"
#include "core/workload/workload.h"

#include <cstddef>
#include <span>
#include <string>
#include <vector>

namespace advisor::core {

struct CandidateOptions {
    std::size_t max_columns = 4; // key columns
    bool include_columns = true; // the engine knows INCLUDE; otherwise covering columns become key columns
    bool partial = true;
    bool expressions = true;
    double min_table_rows = 1000; // smaller tables get no advice
    std::size_t max_candidates = 2000;
    std::size_t max_included = 4;   // columns that only make an index covering; not counted as key columns
    double max_included_width = 64; // bytes
    bool null_order = true;         // each key has its own NULLS order; otherwise it follows the direction
    // Operator class with which a plain text index serves LIKE 'abc%' ("text_pattern_ops"); empty: the
    // default one does. Predicate::opclass goes before it.
    std::string prefix_opclass;
};

// Why an index was generated; decides which rule reports it.
enum class Purpose { filter, join, sort };

struct Candidate {
    IndexDefinition definition;
    std::size_t table = 0;
    Purpose purpose = Purpose::filter;
    std::vector<std::size_t> statements; // positions of the statements that asked for it, ascending
    std::vector<std::string> conditions; // the predicate's ANDed parts, ascending
};

// Deterministic, free of duplicates and of indexes that exist already (same method, keys, predicate, and an
// INCLUDE list that is contained). Order of key columns: equality and join, then sort or one range.
std::vector<Candidate> generate_candidates(std::span<const Statement> statements,
                                           std::span<const Table> tables, const CandidateOptions &options);

} // namespace advisor::core
