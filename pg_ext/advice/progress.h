// What a search for indexes is doing right now, in front of the query that pg_stat_activity shows of it.
#pragma once
#include "pg_ext/pg.h"

#include <string>

namespace advisor::pg {

// Until it is destroyed; then the query stands there as before.
class Progress {
public:
    Progress() = default;
    Progress(const Progress &) = delete;
    Progress &operator=(const Progress &) = delete;
    ~Progress();

    // "preparing statements". Shown at once.
    void begin(std::string phase);
    // "7 of 12". Shown when the last has stood there for a while.
    void reach(const std::string &state);

private:
    void show(const std::string &text);

    std::string phase_;
    TimestampTz shown_at_ = 0;
    decltype(pgstat_get_my_query_id()) query_id_ = 0;
    bool shown_ = false;
};

} // namespace advisor::pg
