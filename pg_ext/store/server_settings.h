// The planner's settings as the server has them, apart from those of any role, database or session.
#pragma once
#include <string>
#include <utility>
#include <vector>

namespace advisor::pg::store {

// From a process without a session (the postmaster at start, the save worker after a reload).
void publish_server_settings();

} // namespace advisor::pg::store

namespace advisor::pg {

// Name and value of each planner setting at server level; when not preloaded, as this session began with.
std::vector<std::pair<std::string, std::string>> server_planner_settings();

} // namespace advisor::pg
