// A catalog rule as its file describes it: the header's values and the query.
#pragma once
#include <string>
#include <variant>
#include <vector>

namespace advisor::sqlite {

using ThresholdValue = std::variant<double, bool, std::string>;

// A number of a rule's query that a user may set.
struct Threshold {
    std::string name;
    ThresholdValue value;
};

struct Rule {
    std::string id;
    std::string category;
    std::string severity; // base value
    std::string title;
    std::string minimum_version; // of SQLite, as "3.40"
    std::string examined;        // a query that counts what the rule looks at
    bool waits = false;          // concludes from absence: only once the observation window has passed
    bool also_pg = false;        // the same rule exists for PostgreSQL
    bool fixed = false;          // in C++: its thresholds are the same for all
    std::vector<Threshold> thresholds;
    std::string sql; // the whole file; its header is a comment to SQLite; empty: a rule in C++
};

std::vector<Rule> catalog_rules(); // those of rules/
std::vector<Rule> all_rules();     // and those in C++

// The rule of this id; core::Error if there is none.
Rule find_rule(const std::string &id);

// "3.45.1" as SQLite numbers its versions; 0 for what is no version.
int version_number(const std::string &version);

std::string threshold_json(const ThresholdValue &value);
std::string thresholds_json(const std::vector<Threshold> &thresholds);

// What users set, as a JSON object: values that the rule no longer takes are its own again.
std::vector<Threshold> effective_thresholds(const Rule &rule, const std::string &set);

// What is set after a change, in which null gives the rule's own value back. An error for an unknown name or
// a value of another type.
std::string changed_thresholds(const Rule &rule, const std::string &set, const std::string &change);

} // namespace advisor::sqlite
