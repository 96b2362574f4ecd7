// The recorded workload of one database file in this process: bounded, shared by all its connections.
#pragma once
#include "sqlite_ext/store/finding_book.h"
#include "sqlite_ext/text/normalize.h"

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace advisor::sqlite {

enum class RecordMode { off, counters, full };

std::optional<RecordMode> record_mode(std::string_view name);
std::string_view record_mode_name(RecordMode mode);

struct Counters {
    std::int64_t calls = 0;
    double total_ms = 0;
    double max_ms = 0;
    std::int64_t rows = 0; // changed rows; SQLite does not count the returned ones
    std::int64_t vm_steps = 0;
    std::int64_t fullscan_steps = 0;
    std::int64_t sorts = 0;
    std::int64_t autoindex_rows = 0;
    std::int64_t reprepares = 0;
    std::int64_t autocommits = 0; // executions that wrote in a transaction of their own; not in the save file

    void add(const Counters &other);
    void raise(const Counters &other); // each to the larger of the two
};

// Runs of many executions in a row on one connection, with nothing in between.
struct Bursts {
    std::int64_t count = 0;   // behind the same statement
    std::int64_t longest = 0; // executions
    std::int64_t after = 0;   // the statement that ran before
};

struct RecordedStatement;

// Where a text's executions go, as long as the store has the same generation: spares the search for it.
struct StatementHandle {
    RecordedStatement *statement = nullptr; // null: not to be recorded
    std::uint64_t generation = 0;           // 0: not looked for yet
};

// What became of one execution.
struct Recorded {
    std::int64_t queryid = 0; // 0: not kept
    bool wants_example = false;
};

// A statement as it was run: the text as prepared, and the same with the bound values written in.
struct Example {
    std::string text;
    std::string expanded;
};

struct RecordedStatement {
    std::int64_t queryid = 0;
    std::string query;
    core::StatementKind kind = core::StatementKind::other;
    bool advisable = false;
    bool too_long = false; // the text was cut and can't be planned again
    Counters counters;
    Counters saved; // the part of the counters that the save file has already
    Counters worst; // of single executions, each counter for itself
    Bursts bursts;
    std::int64_t next_example = 1; // calls after which another example is taken: 1, 8, 64, …
    std::int64_t texts = 0;        // different texts of this shape
    std::int64_t first_seen = 0;   // milliseconds since 1970
    std::int64_t last_seen = 0;
    std::vector<Example> examples;
};

// Milliseconds since 1970 of the first and the last recorded execution; both 0 when nothing was recorded.
struct ObservedWindow {
    std::int64_t from = 0;
    std::int64_t to = 0;
};

// What the last analysis found; opaque here, kept as long as the workload.
struct Analysis;
using AnalysisHolder = std::unique_ptr<Analysis, void (*)(Analysis *)>;

class Store {
public:
    static constexpr std::size_t max_statements = 5000;
    static constexpr std::size_t max_bytes = std::size_t{16} << 20;
    static constexpr std::size_t max_text = std::size_t{64} << 10;
    static constexpr std::size_t max_expanded = 4096;
    static constexpr std::size_t max_examples = 4;

    explicit Store(RecordMode mode);
    Store(const Store &) = delete;
    Store &operator=(const Store &) = delete;

    RecordMode mode() const noexcept { return mode_.load(std::memory_order_relaxed); }
    void set_mode(RecordMode mode); // ends the brief recording of what runs, too

    // Adds what was counted since the last time; one: the part of a single execution, null where it is not
    // known. `text` is called for the statement's text where the handle does not do.
    template <class Text>
    Recorded record(StatementHandle &handle, Text text, const Counters &added, const Counters *one,
                    std::int64_t now) {
        const std::lock_guard lock(mutex_);
        if (handle.generation != generation_)
            find(handle, text(), now);
        return handle.statement == nullptr ? Recorded{} : add(*handle.statement, added, one, now);
    }
    // One more of many short executions of a known statement; of its counters only those given are known.
    // 0: the handle does not do any more, nothing was added.
    std::int64_t record_brief(const StatementHandle &handle, std::int64_t vm_steps, double ms,
                              std::int64_t now) {
        const std::lock_guard lock(mutex_);
        if (handle.generation != generation_ || handle.statement == nullptr)
            return 0;
        RecordedStatement &statement = *handle.statement;
        ++statement.counters.calls;
        statement.counters.vm_steps += vm_steps;
        statement.counters.total_ms += ms;
        statement.last_seen = now;
        return statement.queryid;
    }
    void note_burst(std::int64_t queryid, std::int64_t executions, std::int64_t after);
    void keep_example(std::int64_t queryid, std::string_view text, std::string_view expanded);

    // A statement that was told, not seen.
    std::int64_t add(std::string_view sql, std::int64_t calls, std::int64_t now);
    // Counters of an earlier process.
    void restore(RecordedStatement statement);
    void reset();

    std::vector<RecordedStatement> statements() const; // by time, the dearest first
    void mark_saved(const std::vector<RecordedStatement> &saved);
    ObservedWindow observed() const;
    bool window_has_passed() const; // long enough observed for conclusions from absence

    std::size_t size() const;
    std::size_t bytes() const;
    // Counts what changes the workload without being recorded: added, restored, forgotten statements.
    std::int64_t changes() const noexcept { return changes_.load(std::memory_order_relaxed); }
    std::int64_t dropped() const; // statements that gave way to others
    void count_lost() noexcept { lost_.fetch_add(1, std::memory_order_relaxed); }
    std::int64_t lost() const noexcept { return lost_.load(std::memory_order_relaxed); }

    FindingBook &findings() noexcept { return findings_; }
    // How long a conclusion from absence waits, and how long one rule may run.
    std::int64_t observation_window_ms() const noexcept { return observation_window_ms_.load(); }
    void set_observation_window_ms(std::int64_t window) noexcept;
    std::int64_t rule_time_limit_ms() const noexcept { return rule_time_limit_ms_.load(); }
    void set_rule_time_limit_ms(std::int64_t limit) noexcept { rule_time_limit_ms_.store(limit); }

    std::string save_file() const;
    void set_save_file(const std::string &path);
    std::string save_error() const;
    void set_save_error(const std::string &message);

    std::mutex &save_mutex() noexcept { return save_mutex_; }
    std::mutex &analysis_mutex() noexcept { return analysis_mutex_; }
    std::mutex &result_mutex() noexcept { return result_mutex_; }
    AnalysisHolder &analysis() noexcept { return analysis_; } // under result_mutex()

private:
    void find(StatementHandle &handle, std::string_view sql, std::int64_t now);
    Recorded add(RecordedStatement &statement, const Counters &added, const Counters *one,
                 std::int64_t now) const;
    RecordedStatement *find_or_insert(std::string_view sql, std::uint64_t raw_hash, std::int64_t now);
    void insert_example(RecordedStatement &statement, std::string_view text, std::string_view expanded);
    void make_room();

    mutable std::mutex mutex_;
    std::uint64_t generation_ = 1; // changes when a statement goes
    std::unordered_map<std::int64_t, RecordedStatement> statements_;
    std::unordered_map<std::uint64_t, std::int64_t> by_raw_text_; // 0: not worth recording
    std::size_t bytes_ = 0;
    std::int64_t dropped_ = 0;
    std::string save_file_;
    std::string save_error_;
    std::atomic<RecordMode> mode_;
    std::atomic<std::int64_t> lost_ = 0;
    std::atomic<std::int64_t> changes_ = 0;
    std::atomic<std::int64_t> observation_window_ms_ = std::int64_t{7} * 24 * 60 * 60 * 1000;
    std::atomic<std::int64_t> rule_time_limit_ms_ = 1000;
    FindingBook findings_;
    std::mutex save_mutex_;
    std::mutex analysis_mutex_; // held by the one who analyses
    std::mutex result_mutex_;
    AnalysisHolder analysis_{nullptr, [](Analysis *) {}};
};

} // namespace advisor::sqlite
