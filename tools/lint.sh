#!/bin/bash
# Checks the house rules and says for each finding where it is, what it is and how to fix it. Wants both
# modules built (make lint does that first). tools/lint.sh [ROOT]: another folder than this checkout.
set -u
tools=$(cd "$(dirname "$0")" && pwd)
root=${1:-$tools/..}
cd "$root" || exit 1
findings=0 skipped=0

# Runs a check, whose findings are its lines of output.
check() { # TITLE COMMAND...
    local title=$1 output status count
    shift
    output=$("$@" 2>&1)
    status=$?
    if [ "$status" = 77 ]; then
        skipped=$((skipped + 1))
        printf 'skipped  %s: %s\n' "$title" "$output"
    elif [ "$status" = 0 ] && [ -z "$output" ]; then
        printf 'ok       %s\n' "$title"
    else
        count=$(grep -c . <<<"${output:-.}")
        findings=$((findings + count))
        printf 'FAILED   %s\n' "$title"
        printf '%s\n' "${output:-exit status $status}"
    fi
}

sources() { find core pg_ext sqlite_ext rules test bench -name '*.cpp' -o -name '*.h' 2>/dev/null | sort; }

exported_symbols() { # MODULE ALLOWED FIX
    if [ ! -f "$1" ]; then echo "$1 is not built (run make)" && return 77; fi
    nm -D --defined-only "$1" | awk '{ print $NF }' | grep -vxE "$2" |
        sed "s|.*|$1:0: exports the symbol \"&\"; fix: $3|"
}
# The server module leaves the server's own symbols open, so the linker can't tell a forgotten definition.
server_module() {
    for module in build/pg*/db_advisor.so; do
        nm -DC --undefined-only "$module" 2>/dev/null | sed -n "s|^ *U \(advisor::.*\)|$module:0: calls \1, which is defined nowhere; fix: define it, or build again|p"
        exported_symbols "$module" 'Pg_magic_func|_PG_init|db_advisor_.*|pg_finfo_db_advisor_.*' \
            'name it db_advisor_…, or keep it inside with pg_ext/exports.map' || return
    done
}
sqlite_module() {
    exported_symbols build/sqlite/db_advisor.so sqlite3_dbadvisor_init 'make it static, or give it hidden visibility'
}

versions() {
    local control
    control=$(sed -n "s/^default_version *= *'\(.*\)'/\1/p" db_advisor.control)
    /usr/bin/python3 "$tools/lint/meta.py" . || true
    if ! grep -q "\"$control\"" core/version.h; then
        echo "core/version.h:1: does not say \"$control\" as db_advisor.control does; fix: write it there"
    fi
    if [ -f "sql/released/db_advisor--$control.sql" ]; then
        echo "db_advisor.control:1: version $control is released already; fix: name the next one"
    fi
}

# A rule without a test is a rule that nobody saw fire.
rules_and_tests() {
    local file
    for file in rules/*/*.sql; do
        case $file in
        *.sqlite.test.sql) [ -f "${file%.test.sql}.sql" ] || echo "$file:1: tests no rule; fix: remove it, or name it as its rule" ;;
        *.test.sql) [ -f "${file%.test.sql}.pg.sql" ] || echo "$file:1: tests no rule; fix: remove it, or name it as its rule" ;;
        *.pg.sql) [ -f "${file%.pg.sql}.test.sql" ] || echo "$file:1: has no test; fix: write ${file%.pg.sql}.test.sql" ;;
        *.sqlite.sql) [ -f "${file%.sql}.test.sql" ] || echo "$file:1: has no test; fix: write ${file%.sql}.test.sql" ;;
        esac
    done
}

# docs/rules.md is written from the rule files and kept in the repository for readers.
rules_page() {
    if ! compgen -G 'rules/*/*.sql' >/dev/null; then return; fi
    sh "$tools/collect_rules.sh" docs . | cmp -s - docs/rules.md ||
        echo "docs/rules.md:1: differs from what the rule files say; fix: make docs"
}

# Other versions of the tool lay out some lines in another way, so only one decides.
formatter() {
    local program
    for program in clang-format-14 clang-format; do
        if "$program" --version 2>/dev/null | grep -q 'version 14\.'; then echo "$program" && return; fi
    done
}
formatting() {
    local program
    program=$(formatter)
    if [ -z "$program" ]; then echo "clang-format 14 is not installed" && return 77; fi
    sources | while IFS= read -r file; do
        "$program" --dry-run "$file" 2>&1 | sed -n 's/^\([^:]*:[0-9]*\):.*/\1: is laid out otherwise than .clang-format says; fix: make format/p' |
            head -n 1
    done
}

shell_scripts() {
    if ! command -v shellcheck >/dev/null; then echo "shellcheck is not installed" && return 77; fi
    find tools test bench .ci -name '*.sh' -o -path '.ci/run' 2>/dev/null | sort | while IFS= read -r file; do
        shellcheck -x -f gcc "$file" |
            sed 's/^\(.*:[0-9]*\):[0-9]*: \(.*\)/\1: \2; fix: as shellcheck says, or disable it with the reason/'
    done
}

check "sources: includes, border, words, names, lengths" /usr/bin/python3 "$tools/lint/sources.py" .
check "symbols of the server module" server_module
check "symbols of the SQLite module" sqlite_module
check "versions" versions
check "rules and their tests" rules_and_tests
check "page of the rules" rules_page
check "formatting" formatting
check "shell scripts" shell_scripts

echo
echo "$findings findings, $skipped checks skipped"
[ "$findings" = 0 ]
