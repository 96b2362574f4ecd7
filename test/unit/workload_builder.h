// Short ways to write tables and statements in tests, and random ones.
#pragma once
#include "core/candidates/generate.h"

#include <cstdint>
#include <string>
#include <vector>

namespace advisor::test {

core::Table table(const std::string &name, double rows, std::vector<core::Column> columns);
core::Column column(const std::string &name, double distinct, double width = 8);
core::Predicate equal(const std::string &key, const std::string &constant_text = "");
core::Predicate join(const std::string &key);
core::Predicate range(const std::string &key);
core::IndexKey key(const std::string &text, bool descending = false);
core::IndexDefinition index_on(const core::Table &table, std::vector<std::string> keys,
                               std::vector<std::string> include = {});
core::Statement statement(std::int64_t id, double calls, std::vector<core::TableAccess> accesses);
std::vector<double> calls_of(const std::vector<core::Statement> &statements);
// Position of the candidate with this definition; fails the test when there is none.
std::size_t find_candidate(const std::vector<core::Candidate> &candidates,
                           const core::IndexDefinition &definition);
bool has_candidate(const std::vector<core::Candidate> &candidates, const core::IndexDefinition &definition);

struct Workload {
    std::vector<core::Table> tables;
    std::vector<core::Statement> statements;
};
Workload random_workload(unsigned seed, std::size_t tables, std::size_t statements);

} // namespace advisor::test
