// The rule files of rules/, put into the module by the build.
#pragma once
#include <span>
#include <string_view>

namespace advisor::sqlite {

struct EmbeddedRule {
    std::string_view category; // the folder
    bool also_pg;              // the same rule exists for PostgreSQL
    std::string_view text;     // the whole file
};

std::span<const EmbeddedRule> embedded_rules();

} // namespace advisor::sqlite
