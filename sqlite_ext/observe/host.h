// One connection that the module was loaded on: its store, what runs on it right now, and whether the trace
// is still ours. Touched only under SQLite's own connection mutex.
#pragma once
#include "sqlite_ext/api.h"
#include "sqlite_ext/store/store.h"

#include <cstdint>
#include <string>
#include <unordered_map>

namespace advisor::sqlite {

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
    // A prepared statement: its counters when it ended last, which are those at its next start, for SQLite
    // adds them up. What a start must read is that few.
    struct Slot {
        std::uint32_t run = 0; // executions begun
        std::uint32_t steps = 0, fullscan = 0, sorts = 0, autoindex = 0, reprepares = 0;
        std::int64_t time_ns = 0; // of the start while it runs, of the end afterwards
        std::int64_t changes = 0;
        StatementHandle handle;
        bool running = false;
        bool counted = true; // false: it ran already when we came
        bool reads = true;
    };
    // The same statement again and again.
    struct Burst {
        std::int64_t queryid = 0;
        std::int64_t executions = 0;
        std::int64_t after = 0;
        std::int64_t since_ns = 0;
        bool reads = true;
    };

    static int on_trace(unsigned event, void *context, void *p, void *x) noexcept;
    void started(sqlite3_stmt *statement, const char *text);
    void finished(sqlite3_stmt *statement);
    Slot *find_slot(sqlite3_stmt *statement);
    Slot &make_slot(sqlite3_stmt *statement);
    static Counters counters_since(Slot &slot, sqlite3_stmt *statement);
    void record(sqlite3_stmt *statement, Slot &slot, std::int64_t calls);
    void poll();
    void follow(std::int64_t queryid, bool reads, std::int64_t time_ns);
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
    int own_work_ = 0;
    bool tracing_ = false;
    bool trace_lost_ = false;
};

} // namespace advisor::sqlite
