#include "sqlite_ext/store/store.h"

#include <algorithm>
#include <cstring>

namespace advisor::sqlite {

namespace {

constexpr std::size_t entry_overhead = 400; // counters, map nodes, string headers
constexpr std::size_t max_raw_texts = std::size_t{4} * Store::max_statements;

// Fast rather than strong: eight bytes a step over the whole text.
std::uint64_t raw_hash_of(std::string_view text) {
    constexpr std::uint64_t prime = 0x9E3779B97F4A7C15U;
    std::uint64_t value = text.size() * prime;
    std::size_t i = 0;
    for (; i + 8 <= text.size(); i += 8) {
        std::uint64_t word = 0;
        std::memcpy(&word, text.data() + i, 8);
        value = (value ^ word) * prime;
        value ^= value >> 29;
    }
    std::uint64_t rest = 0;
    std::memcpy(&rest, text.data() + i, text.size() - i);
    value = (value ^ rest) * prime;
    return value ^ (value >> 32);
}

std::size_t bytes_of(const RecordedStatement &statement) {
    std::size_t bytes = entry_overhead + statement.query.size();
    for (const Example &example : statement.examples)
        bytes += example.text.size() + example.expanded.size();
    return bytes;
}

// Executions 1, 8, 64, … and those twice as slow as any before: few, and from different times.
bool wants_example(RecordedStatement &statement, const Counters &execution) {
    const bool due = statement.counters.calls + execution.calls >= statement.next_example;
    while (statement.next_example <= statement.counters.calls + execution.calls)
        statement.next_example *= 8;
    return due || execution.max_ms > 2 * statement.counters.max_ms + 1;
}

} // namespace

Store::Store(RecordMode mode) : mode_(mode) {}

void Store::set_mode(RecordMode mode) {
    const std::lock_guard lock(mutex_);
    mode_.store(mode, std::memory_order_relaxed);
    ++generation_;
}

void Store::find(StatementHandle &handle, std::string_view sql, std::int64_t now) {
    RecordedStatement *const statement = find_or_insert(sql, raw_hash_of(sql), now);
    handle = {statement, generation_}; // making room for it may have changed the generation
}

Recorded Store::add(RecordedStatement &statement, const Counters &added, const Counters *one,
                    std::int64_t now) const {
    const bool example = mode() == RecordMode::full && wants_example(statement, added);
    statement.counters.add(added);
    if (one != nullptr)
        statement.worst.raise(*one);
    statement.last_seen = now;
    return {statement.queryid, example};
}

void Store::note_burst(std::int64_t queryid, std::int64_t executions, std::int64_t after) {
    const std::lock_guard lock(mutex_);
    const auto found = statements_.find(queryid);
    if (found == statements_.end())
        return;
    Bursts &bursts = found->second.bursts;
    if (bursts.after != after)
        bursts = {};
    bursts = {bursts.count + 1, std::max(bursts.longest, executions), after};
}

void Store::keep_example(std::int64_t queryid, std::string_view text, std::string_view expanded) {
    const std::lock_guard lock(mutex_);
    const auto found = statements_.find(queryid);
    if (found != statements_.end())
        insert_example(found->second, text, expanded);
}

std::int64_t Store::add(std::string_view sql, std::int64_t calls, std::int64_t now) {
    changes_.fetch_add(1, std::memory_order_relaxed);
    const std::lock_guard lock(mutex_);
    RecordedStatement *statement = find_or_insert(sql, raw_hash_of(sql), now);
    if (statement == nullptr)
        return 0;
    statement->counters.add({calls});
    statement->last_seen = now;
    const std::int64_t queryid = statement->queryid;
    insert_example(*statement, sql, ""); // may make room, the statement itself included
    return queryid;
}

void Store::restore(RecordedStatement statement) {
    changes_.fetch_add(1, std::memory_order_relaxed);
    const std::lock_guard lock(mutex_);
    const auto [position, inserted] = statements_.try_emplace(statement.queryid, statement);
    if (inserted) {
        bytes_ += bytes_of(statement);
        make_room();
        return;
    }
    RecordedStatement &known = position->second;
    known.counters.add(statement.counters);
    known.saved.add(statement.saved);
    known.first_seen = std::min(known.first_seen, statement.first_seen);
    known.last_seen = std::max(known.last_seen, statement.last_seen);
}

void Store::reset() {
    changes_.fetch_add(1, std::memory_order_relaxed);
    const std::lock_guard lock(mutex_);
    statements_.clear();
    ++generation_;
    by_raw_text_.clear();
    bytes_ = 0;
    dropped_ = 0;
    lost_.store(0, std::memory_order_relaxed);
}

std::vector<RecordedStatement> Store::statements() const {
    std::vector<RecordedStatement> result;
    {
        const std::lock_guard lock(mutex_);
        result.reserve(statements_.size());
        for (const auto &[queryid, statement] : statements_)
            result.push_back(statement);
    }
    std::sort(result.begin(), result.end(), [](const RecordedStatement &a, const RecordedStatement &b) {
        if (a.counters.total_ms != b.counters.total_ms)
            return a.counters.total_ms > b.counters.total_ms;
        return a.queryid < b.queryid;
    });
    return result;
}

void Store::mark_saved(const std::vector<RecordedStatement> &saved) {
    const std::lock_guard lock(mutex_);
    for (const RecordedStatement &statement : saved) {
        const auto found = statements_.find(statement.queryid);
        if (found != statements_.end())
            found->second.saved = statement.counters;
    }
}

ObservedWindow Store::observed() const {
    const std::lock_guard lock(mutex_);
    ObservedWindow window;
    for (const auto &[queryid, statement] : statements_) {
        window.from = window.from == 0 ? statement.first_seen : std::min(window.from, statement.first_seen);
        window.to = std::max(window.to, statement.last_seen);
    }
    return window;
}

bool Store::window_has_passed() const {
    const ObservedWindow window = observed();
    return window.from > 0 && window.to - window.from >= observation_window_ms();
}

std::size_t Store::size() const {
    const std::lock_guard lock(mutex_);
    return statements_.size();
}

std::size_t Store::bytes() const {
    const std::lock_guard lock(mutex_);
    return bytes_ + by_raw_text_.size() * 40;
}

// The analysis looks at the use of indexes only where a conclusion may be drawn.
void Store::set_observation_window_ms(std::int64_t window) noexcept {
    observation_window_ms_.store(window);
    changes_.fetch_add(1, std::memory_order_relaxed);
}

std::int64_t Store::dropped() const {
    const std::lock_guard lock(mutex_);
    return dropped_;
}

std::string Store::save_file() const {
    const std::lock_guard lock(mutex_);
    return save_file_;
}

void Store::set_save_file(const std::string &path) {
    const std::lock_guard lock(mutex_);
    save_file_ = path;
}

std::string Store::save_error() const {
    const std::lock_guard lock(mutex_);
    return save_error_;
}

void Store::set_save_error(const std::string &message) {
    const std::lock_guard lock(mutex_);
    save_error_ = message;
}

RecordedStatement *Store::find_or_insert(std::string_view sql, std::uint64_t raw_hash, std::int64_t now) {
    const auto known = by_raw_text_.find(raw_hash);
    if (known != by_raw_text_.end()) {
        if (known->second == 0)
            return nullptr;
        const auto found = statements_.find(known->second);
        if (found != statements_.end())
            return &found->second;
    }
    NormalizedStatement normalized = normalize(sql);
    if (normalized.own || normalized.text.empty())
        normalized.queryid = 0;
    if (by_raw_text_.size() >= max_raw_texts)
        by_raw_text_.clear(); // string-built statements: a cache, nothing is lost
    by_raw_text_[raw_hash] = normalized.queryid;
    if (normalized.queryid == 0)
        return nullptr;
    if (statements_.find(normalized.queryid) == statements_.end()) {
        RecordedStatement statement;
        statement.queryid = normalized.queryid;
        statement.kind = normalized.kind;
        statement.advisable = normalized.advisable;
        statement.too_long = normalized.text.size() > max_text;
        statement.query =
            statement.too_long ? normalized.text.substr(0, max_expanded) : std::move(normalized.text);
        statement.first_seen = now;
        bytes_ += bytes_of(statement);
        statements_.emplace(statement.queryid, std::move(statement));
        make_room();
    }
    const auto found = statements_.find(normalized.queryid);
    if (found == statements_.end())
        return nullptr;
    ++found->second.texts; // seen for the first time, or again after the cache was emptied
    return &found->second;
}

void Store::insert_example(RecordedStatement &statement, std::string_view text, std::string_view expanded) {
    if (text.size() > max_text || expanded.size() > max_expanded)
        return;
    Example example{std::string(text), expanded == text ? std::string() : std::string(expanded)};
    for (const Example &kept : statement.examples)
        if (kept.text == example.text && kept.expanded == example.expanded)
            return;
    if (statement.examples.size() >= max_examples) {
        bytes_ -= statement.examples.back().text.size() + statement.examples.back().expanded.size();
        statement.examples.pop_back();
    }
    bytes_ += example.text.size() + example.expanded.size();
    statement.examples.push_back(std::move(example));
    make_room();
}

// Drops the tenth of the statements that cost the least time, so that the price of a full store is small per
// statement. What came last may be dropped too when it is cheap: the next execution brings it back.
void Store::make_room() {
    if (statements_.size() <= max_statements && bytes_ <= max_bytes)
        return;
    std::vector<std::pair<double, std::int64_t>> by_time;
    by_time.reserve(statements_.size());
    for (const auto &[queryid, statement] : statements_)
        by_time.emplace_back(statement.counters.total_ms, queryid);
    ++generation_;
    const std::size_t victims = std::max<std::size_t>(1, by_time.size() / 10);
    std::nth_element(by_time.begin(), by_time.begin() + static_cast<std::ptrdiff_t>(victims - 1),
                     by_time.end());
    for (std::size_t i = 0; i < victims; ++i) {
        const auto found = statements_.find(by_time[i].second);
        bytes_ -= bytes_of(found->second);
        statements_.erase(found);
        ++dropped_;
    }
}

} // namespace advisor::sqlite
