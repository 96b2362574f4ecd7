// Several findings as one psql script that can be run again.
#pragma once
#include <string>
#include <vector>

namespace advisor::core {

// One statement of a fix, and what has to be known of it to repeat it without harm. Names are qualified and
// quoted.
struct ScriptStep {
    enum class Kind {
        create_index,
        attach_index, // to the index of the partitioned table
        drop_index,
        repeatable, // as it is: REINDEX, ANALYZE, VACUUM
        by_hand     // everything else
    } kind = Kind::by_hand;
    std::string sql; // without the semicolon
    std::string table;
    std::string index;
    bool concurrently = false;
    bool only_parent =
        false; // the index of a partitioned table itself, which is valid when all parts have theirs
    bool expression = false;
};

struct ScriptFinding {
    std::string id;
    std::string rule;
    std::string title;
    std::string kept; // the index that takes over from a dropped one; empty: none
    std::vector<ScriptStep> steps;
};

// New indexes first, each checked; then what else can be repeated; then the drops. Findings with a statement
// that is not known to be repeatable come last, as comments.
std::string apply_script(const std::vector<ScriptFinding> &findings, const std::string &database);

} // namespace advisor::core
