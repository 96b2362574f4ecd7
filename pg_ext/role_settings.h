// The planner settings that a role has in this database: the server's, overridden by ALTER DATABASE and ALTER
// ROLE. What the current session has set does not count.
#pragma once
#include "pg_ext/pg.h"

#include <map>
#include <string>
#include <utility>
#include <vector>

namespace advisor::pg {

using SettingList = std::vector<std::pair<std::string, std::string>>;

// What ALTER ROLE or ALTER DATABASE say of one setting for the role's sessions in this database; null:
// nothing. A plain frame.
const char *role_setting(Oid role, const char *name);

// Remembers what it has looked up; make one per analysis.
class RoleSettings {
public:
    // When the library is not preloaded, nobody has told us the server's values: then they are those that the
    // reader's session began with.
    const SettingList &planner_settings(Oid role);

private:
    std::map<Oid, SettingList> known_;
};

} // namespace advisor::pg
