// One connection that the module was loaded on: its store, what runs on it right now, and whether the trace
// is still ours. Touched only under SQLite's own connection mutex.
#pragma once
#include "sqlite_ext/api.h"
#include "sqlite_ext/store/store.h"

#include <cstdint>
#include <map>
#include <string>
#include <vector>

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
    // A statement between its start and its end, with its counters at the start.
    struct Running {
        sqlite3_stmt *statement;
        std::int64_t time_ns;
        std::uint32_t run, steps, fullscan, sorts, autoindex, reprepares;
        std::int64_t changes;
        bool counted; // false: it was there before we were
    };

    void poll();
    static int on_trace(unsigned event, void *context, void *p, void *x) noexcept;
    void started(sqlite3_stmt *statement, const char *text);
    void finished(sqlite3_stmt *statement);
    Running counters_now(sqlite3_stmt *statement) const;
    void record(Running start, std::int64_t calls);
    void follow(std::int64_t queryid, bool reads);
    void take_trace();
    void keep_example(sqlite3_stmt *statement, std::int64_t queryid, const char *text);

    sqlite3 *connection_;
    std::string path_;
    Store *store_ = nullptr; // owned by the registry
    std::vector<Running> running_;
    Running last_{}; // what ended last, with its counters at the end
    // The same statement again and again.
    struct Burst {
        std::int64_t queryid = 0;
        std::int64_t executions = 0;
        std::int64_t after = 0;
        std::int64_t since_ns = 0;
    } burst_;
    std::map<sqlite3_stmt *, Running> polled_; // prepared statements as they were when last looked at
    int own_work_ = 0;
    bool tracing_ = false;
    bool trace_lost_ = false;
};

} // namespace advisor::sqlite
