// The version of the SQL objects and of the libraries that serve them; tools/lint.sh holds db_advisor.control
// and META.json to the same.
#pragma once

namespace advisor::core {

inline constexpr const char *version = "0.2";

} // namespace advisor::core
