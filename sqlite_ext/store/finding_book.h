// What became of the findings of a database: when each was first seen, which are gone, which a user
// dismissed, and how users set the rules. Lives as long as the workload, and with it in the save file.
#pragma once
#include "core/rules/recommendation.h"

#include <cstddef>
#include <cstdint>
#include <map>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace advisor::sqlite {

// Times are milliseconds since 1970; 0: never.
struct FindingState {
    core::Recommendation finding; // as it was seen last
    std::int64_t first_seen = 0;
    std::int64_t last_seen = 0;
    std::int64_t closed_at = 0; // looked for and not found any more
    // What a user decided.
    std::int64_t decided_at = 0;
    bool dismissed = false;
    std::string reason;
    std::int64_t until = 0; // 0: without an end

    bool hidden(std::int64_t now) const { return dismissed && (until == 0 || now < until); }
};

struct RuleSetting {
    bool enabled = true;
    std::optional<core::Severity> severity; // instead of what the rule says
    std::string thresholds;                 // a JSON object; empty: the rule's own
    std::int64_t changed_at = 0;
};

class FindingBook {
public:
    static constexpr std::size_t max_findings = 5000;

    // Found now. What was found before by a rule that looked again, and is not among them, is resolved.
    void note(const std::vector<core::Recommendation> &findings,
              const std::set<std::string> &rules_that_looked, std::int64_t now);

    std::optional<FindingState> find(const std::string &id) const;
    // False when there is no such finding.
    bool dismiss(const std::string &id, const std::string &reason, std::int64_t until, std::int64_t now);
    bool undismiss(const std::string &id, std::int64_t now);

    RuleSetting setting(const std::string &rule) const;
    void set(const std::string &rule, const RuleSetting &setting);

    std::vector<FindingState> states() const;
    std::map<std::string, RuleSetting> settings() const;

    // What another process knows: the later look and the later decision count.
    void merge(FindingState state);
    void merge(const std::string &rule, const RuleSetting &setting);

    // Counts changes; the one who saves says which of them are in the file.
    std::int64_t version() const;
    bool saved(std::int64_t version) const;
    void mark_saved(std::int64_t version);

private:
    void forget_oldest();

    mutable std::mutex mutex_;
    std::map<std::string, FindingState> states_;
    std::map<std::string, RuleSetting> settings_;
    std::int64_t version_ = 0;
    std::int64_t saved_version_ = 0;
};

} // namespace advisor::sqlite
