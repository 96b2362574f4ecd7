// Runs the catalog rules: each is a query with a header of comments, and none can spoil the others.
#pragma once
#include "sqlite_ext/advice/analysis.h"

#include <string>
#include <vector>

namespace advisor::sqlite {

struct Rule {
    std::string id;
    std::string category;
    std::string severity;
    std::string title;
    std::string examined; // a query that counts what the rule looks at
    std::string sql;
};

std::vector<Rule> catalog_rules();

struct RuleResults {
    std::vector<core::Recommendation> findings;
    std::vector<Coverage> coverage;
};

RuleResults run_catalog_rules(Host &host);

} // namespace advisor::sqlite
