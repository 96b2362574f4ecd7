// Runs the catalog rules: each is a query with a header of comments, and none can spoil the others.
#pragma once
#include "sqlite_ext/advice/analysis.h"
#include "sqlite_ext/rules/rule.h"

#include <vector>

namespace advisor::sqlite {

struct RuleResults {
    std::vector<core::Recommendation> findings;
    std::vector<Coverage> coverage;
};

RuleResults run_catalog_rules(Host &host, const std::vector<IndexUse> &usage, const StatementFacts &facts);

} // namespace advisor::sqlite
