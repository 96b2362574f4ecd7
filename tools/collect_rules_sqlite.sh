#!/bin/sh
# Writes a C++ file that holds the text of each rule file for SQLite, checked as tools/collect_rules.sh does.
#   collect_rules_sqlite.sh OUTPUT RULE_FILE…
set -eu
output=$1
shift
collect=$(dirname "$0")/collect_rules.sh

for file in "$@"; do sh "$collect" check "$file"; done

{
    echo '// Written by tools/collect_rules_sqlite.sh from rules/*/*.sqlite.sql.'
    echo '#include "sqlite_ext/rules/embedded.h"'
    echo 'namespace advisor::sqlite {'
    echo 'namespace {'
    echo 'constexpr EmbeddedRule rules[] = {'
    for file in "$@"; do
        also_pg=false
        if [ -f "${file%.sqlite.sql}.pg.sql" ] || [ -f "${file%.sqlite.sql}.pg.cpp" ]; then also_pg=true; fi
        printf '    {"%s", %s, R"rule_text(' "$(basename "$(dirname "$file")")" "$also_pg"
        cat "$file"
        echo ')rule_text"},'
    done
    echo '};'
    echo '}  // namespace'
    echo 'std::span<const EmbeddedRule> embedded_rules() { return rules; }'
    echo '}  // namespace advisor::sqlite'
} > "$output.new"
mv "$output.new" "$output"
