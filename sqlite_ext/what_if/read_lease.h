// A read transaction on one database of the host that never lasts: many small reads share it, and every few
// milliseconds it is given up. Without a write-ahead log readers lock writers out; then it stays given up for
// so long that a writer who only tries now and then finds the gap, too.
#pragma once
#include "sqlite_ext/handles.h"

#include <chrono>
#include <string>
#include <thread>

namespace advisor::sqlite {

class ReadLease {
public:
    ReadLease(sqlite3 *connection, const std::string &schema)
        : anchor_(connection, "SELECT 1 FROM " + quoted(schema) + ".sqlite_schema LIMIT 1"),
          locks_out_(has_rollback_journal(connection, schema)) {
        take();
    }
    ReadLease(const ReadLease &) = delete;
    ReadLease &operator=(const ReadLease &) = delete;

    // Between two reads, while no other statement of ours is under way.
    void renew() {
        if (std::chrono::steady_clock::now() - since_ < longest)
            return;
        anchor_.reset();
        if (locks_out_)
            std::this_thread::sleep_for(gap);
        take();
    }

private:
    static constexpr std::chrono::milliseconds longest{35};
    static constexpr std::chrono::milliseconds gap{4};

    static bool has_rollback_journal(sqlite3 *connection, const std::string &schema) {
        Query mode(connection, "PRAGMA " + quoted(schema) + ".journal_mode");
        mode.step();
        const std::string name = mode.text(0);
        return name == "delete" || name == "truncate" || name == "persist";
    }

    void take() {
        anchor_.step();
        since_ = std::chrono::steady_clock::now();
    }

    Query anchor_; // a statement that stays on its first row
    bool locks_out_;
    std::chrono::steady_clock::time_point since_;
};

} // namespace advisor::sqlite
