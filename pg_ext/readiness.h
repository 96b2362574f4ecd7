// Whether the advisor can see a workload, and what stops it.
#pragma once
#include <optional>
#include <string>

namespace advisor::pg {

// A row of advisor.status.
struct StatusItem {
    std::string name;
    std::string value;
    std::string state = "ok";
    std::string note;
    std::string fix;
};

StatusItem preloaded_item();
StatusItem recording_item();
StatusItem version_item(); // of the library, against that of the SQL objects
inline constexpr const char *version_item_name = "version";

// The first thing that stops the advisor from seeing statements of this database; none when it sees them.
std::optional<StatusItem> not_ready();

// Do the SQL objects of this database have what this library wants to read? An older script has no state.
bool script_is_current();

// Is there a store to read, of the server or of this session?
bool is_recording();
bool is_preloaded();

// Empty when there is no such setting.
std::string server_setting(const char *name);

} // namespace advisor::pg
