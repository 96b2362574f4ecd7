// One connection that the module was loaded on: its store, what runs on it right now, and whether the trace
// is still ours. Touched only under SQLite's own connection mutex.
#pragma once
#include "sqlite_ext/api.h"
#include "sqlite_ext/observe/slot.h"

#include <cstdint>
#include <memory>
#include <string>
#include <unordered_map>

namespace advisor::sqlite {

struct Advice; // what the advisor has to say, see sqlite_ext/advice

class Host {
public:
    explicit Host(sqlite3 *connection);
    ~Host();
    Host(const Host &) = delete;
    Host &operator=(const Host &) = delete;

    sqlite3 *connection() const noexcept { return connection_; }
    Store &store() noexcept { return *store_; }
    const std::string &path() const noexcept { return path_; }

    void set_mode(RecordMode mode); // "off" gives the trace slot back, any other takes it
    bool tracing() const noexcept { return tracing_; }
    bool trace_lost() const noexcept { return trace_lost_; } // another tool took the trace slot
    // Called when one of our tables is read: its own statement must have been announced by the trace. Where
    // it was not, what the connection's prepared statements have done since is taken from their counters.
    void check_trace();
    void catch_up(); // where the trace is lost: takes those counters

    // Advice that was made while a query was prepared, for its execution; milliseconds since 1970.
    void keep_advice(std::shared_ptr<const Advice> advice, std::int64_t now);
    std::shared_ptr<const Advice> take_advice(std::int64_t not_before); // once; null: none or too old

    // Statements that the advisor runs itself on this connection are not recorded.
    class OwnWork {
    public:
        explicit OwnWork(Host &host) : host_(host) { ++host_.own_work_; }
        ~OwnWork() { --host_.own_work_; }
        OwnWork(const OwnWork &) = delete;
        OwnWork &operator=(const OwnWork &) = delete;

    private:
        Host &host_;
    };

private:
    // The same statement again and again.
    struct Burst {
        std::int64_t queryid = 0;
        std::int64_t executions = 0;
        std::int64_t after = 0;
        std::int64_t since = 0;
    };

    static int on_trace(unsigned event, void *context, void *p, void *x) noexcept;
    void traced(unsigned event, sqlite3_stmt *statement, void *x) noexcept;
    bool started_brief(sqlite3_stmt *statement, const char *text) noexcept;
    bool finished_brief(sqlite3_stmt *statement, std::int64_t elapsed_ns);
    void started(sqlite3_stmt *statement, const char *text);
    void finished(sqlite3_stmt *statement, std::int64_t elapsed_ns);
    void record(sqlite3_stmt *statement, Slot &slot, std::int64_t calls, bool timed, std::int64_t elapsed_ns);
    Slot *find_slot(sqlite3_stmt *statement) {
        return statement == last_statement_ ? last_slot_ : look_up_slot(statement);
    }
    Slot *look_up_slot(sqlite3_stmt *statement);
    Slot &make_slot(sqlite3_stmt *statement);
    void poll();
    // A loop over the result of one statement that runs another for each row shows as many executions in a
    // row.
    void follow(std::int64_t queryid, bool reads, std::int64_t now) {
        if (queryid == burst_.queryid)
            ++burst_.executions;
        else
            end_burst(queryid, reads, now);
    }
    void end_burst(std::int64_t queryid, bool reads, std::int64_t now);
    void take_trace();
    void forget_slot(sqlite3_stmt *statement);
    void forget_slots();
    void keep_example(sqlite3_stmt *statement, std::int64_t queryid, const char *text);

    sqlite3 *connection_;
    std::string path_;
    Store *store_ = nullptr; // owned by the registry
    std::unordered_map<sqlite3_stmt *, Slot> slots_;
    sqlite3_stmt *last_statement_ = nullptr; // the one looked for last …
    Slot *last_slot_ = nullptr;              // … and its slot
    Burst burst_;
    std::shared_ptr<const Advice> advice_;
    std::int64_t advice_made_ = 0;
    int own_work_ = 0;
    bool tracing_ = false;
    bool trace_lost_ = false;
};

} // namespace advisor::sqlite
