#include "sqlite_ext/store/finding_book.h"

#include <algorithm>
#include <tuple>
#include <utility>

namespace advisor::sqlite {

namespace {

std::int64_t looked_at(const FindingState &state) {
    return std::max(state.last_seen, state.closed_at);
}

} // namespace

void FindingBook::note(const std::vector<core::Recommendation> &findings,
                       const std::set<std::string> &rules_that_looked, std::int64_t now) {
    const std::lock_guard lock(mutex_);
    ++version_;
    std::set<std::string> found;
    for (const core::Recommendation &finding : findings) {
        FindingState &state = states_[finding.id];
        state.finding = finding;
        state.first_seen = state.first_seen == 0 ? now : state.first_seen;
        state.last_seen = now;
        state.closed_at = 0;
        found.insert(finding.id);
    }
    for (auto &[id, state] : states_)
        if (state.closed_at == 0 && !found.contains(id) && rules_that_looked.contains(state.finding.rule))
            state.closed_at = now;
    forget_oldest();
}

std::optional<FindingState> FindingBook::find(const std::string &id) const {
    const std::lock_guard lock(mutex_);
    const auto found = states_.find(id);
    return found == states_.end() ? std::nullopt : std::optional(found->second);
}

bool FindingBook::dismiss(const std::string &id, const std::string &reason, std::int64_t until,
                          std::int64_t now) {
    const std::lock_guard lock(mutex_);
    const auto found = states_.find(id);
    if (found == states_.end())
        return false;
    FindingState &state = found->second;
    state.dismissed = true;
    state.reason = reason;
    state.until = until;
    state.decided_at = now;
    ++version_;
    return true;
}

bool FindingBook::undismiss(const std::string &id, std::int64_t now) {
    const std::lock_guard lock(mutex_);
    const auto found = states_.find(id);
    if (found == states_.end() || !found->second.dismissed)
        return false;
    FindingState &state = found->second;
    state.dismissed = false;
    state.reason.clear();
    state.until = 0;
    state.decided_at = now;
    ++version_;
    return true;
}

RuleSetting FindingBook::setting(const std::string &rule) const {
    const std::lock_guard lock(mutex_);
    const auto found = settings_.find(rule);
    return found == settings_.end() ? RuleSetting{} : found->second;
}

void FindingBook::set(const std::string &rule, const RuleSetting &setting) {
    const std::lock_guard lock(mutex_);
    settings_[rule] = setting;
    ++version_;
}

std::vector<FindingState> FindingBook::states() const {
    const std::lock_guard lock(mutex_);
    std::vector<FindingState> result;
    result.reserve(states_.size());
    for (const auto &[id, state] : states_)
        result.push_back(state);
    return result;
}

std::map<std::string, RuleSetting> FindingBook::settings() const {
    const std::lock_guard lock(mutex_);
    return settings_;
}

void FindingBook::merge(FindingState state) {
    const std::lock_guard lock(mutex_);
    const auto [position, inserted] = states_.try_emplace(state.finding.id, state);
    if (inserted) {
        forget_oldest();
        return;
    }
    FindingState &known = position->second;
    known.first_seen = std::min(known.first_seen, state.first_seen);
    if (looked_at(state) > looked_at(known)) {
        known.finding = std::move(state.finding);
        known.last_seen = state.last_seen;
        known.closed_at = state.closed_at;
    }
    if (state.decided_at > known.decided_at) {
        known.decided_at = state.decided_at;
        known.dismissed = state.dismissed;
        known.reason = std::move(state.reason);
        known.until = state.until;
    }
}

void FindingBook::merge(const std::string &rule, const RuleSetting &setting) {
    const std::lock_guard lock(mutex_);
    RuleSetting &known = settings_[rule];
    if (setting.changed_at > known.changed_at)
        known = setting;
}

std::int64_t FindingBook::version() const {
    const std::lock_guard lock(mutex_);
    return version_;
}

bool FindingBook::saved(std::int64_t version) const {
    const std::lock_guard lock(mutex_);
    return version == saved_version_;
}

void FindingBook::mark_saved(std::int64_t version) {
    const std::lock_guard lock(mutex_);
    saved_version_ = version;
}

// The decisions of users stay longest, then what is open.
void FindingBook::forget_oldest() {
    while (states_.size() > max_findings) {
        const auto oldest =
            std::min_element(states_.begin(), states_.end(), [](const auto &a, const auto &b) {
                const auto rank = [](const FindingState &state) {
                    return std::tuple(state.dismissed, state.closed_at == 0, looked_at(state));
                };
                return rank(a.second) < rank(b.second);
            });
        states_.erase(oldest);
    }
}

} // namespace advisor::sqlite
