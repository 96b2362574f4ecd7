#!/bin/sh
# Writes a C++ file that holds the text of each rule file for SQLite.
#   collect_rules_sqlite.sh OUTPUT RULE_FILE…
set -eu
output=$1
shift
{
    echo '// Written by tools/collect_rules_sqlite.sh from rules/*/*.sqlite.sql.'
    echo '#include "sqlite_ext/rules/embedded.h"'
    echo 'namespace advisor::sqlite {'
    echo 'namespace {'
    echo 'constexpr EmbeddedRule rules[] = {'
    for file in "$@"; do
        printf '    {"%s", R"rule_text(' "$(basename "$(dirname "$file")")"
        cat "$file"
        echo ')rule_text"},'
    done
    echo '};'
    echo '}  // namespace'
    echo 'std::span<const EmbeddedRule> embedded_rules() { return rules; }'
    echo '}  // namespace advisor::sqlite'
} > "$output.new"
mv "$output.new" "$output"
