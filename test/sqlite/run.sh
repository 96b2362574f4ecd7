#!/bin/sh
# Runs the tests of the SQLite module: one line per test, then "N passed, N failed, N skipped".
#   test/sqlite/run.sh [MODULE]      default: build/sqlite/db_advisor.so of this checkout
#
# An SQL test is a file for the sqlite3 shell whose lines SELECT 'name', expression = expected. It runs in an empty
# folder on a fresh file, with the module loaded; anything on the error output fails it. A Python test is a
# unittest file; its module path is in DB_ADVISOR_MODULE, that of a module with the rules of test/sqlite/rules in
# DB_ADVISOR_TEST_RULES. VALGRIND=1 runs the shell under valgrind.
set -u
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
module=${1:-$root/build/sqlite/db_advisor.so}
passed=0 failed=0 skipped=0

finish() {
    echo "$passed passed, $failed failed, $skipped skipped"
    [ "$failed" = 0 ] && [ "$passed" -gt 0 ]
}
fail() { failed=$((failed + 1)); echo "FAILED   $1"; }
skip() { skipped=$((skipped + 1)); echo "skipped  $1: $2"; }

[ -f "$module" ] || { fail "the module $module is missing (make sqlite)"; finish; exit 1; }
module=$(cd "$(dirname "$module")" && pwd)/$(basename "$module")
work=$(mktemp -d "${TMPDIR:-/tmp}/db_advisor_test.XXXXXX")
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT TERM
unset DB_ADVISOR_RECORD DB_ADVISOR_SAVE

# Counts lines "name|1" as passed and "name|0" or "name|" as failed.
count() {
    while IFS='|' read -r name result; do
        case "$result" in
        1) passed=$((passed + 1)); echo "ok       $1: $name" ;;
        skipped*) skip "$1: $name" "${result#skipped }" ;;
        *) fail "$1: $name" ;;
        esac
    done < "$2"
}

shell="sqlite3 -batch"
if [ "${VALGRIND:-}" = 1 ]; then
    shell="valgrind -q --error-exitcode=9 --leak-check=full --errors-for-leak-kinds=definite sqlite3 -batch"
fi

run_sql() {
    name=$(basename "$1" .test.sql)
    mkdir "$work/$name"
    { printf '.load "%s"\n' "$module"; cat "$1"; } > "$work/$name/input.sql"
    (cd "$work/$name" && $shell test.db < input.sql > output 2> errors)
    status=$?
    if [ -s "$work/$name/errors" ] || [ "$status" != 0 ]; then
        fail "$name: unexpected output (status $status)"
        sed 's/^/         /' "$work/$name/errors"
    fi
    grep -E '\|[01]?$' "$work/$name/output" > "$work/$name/results" || fail "$name: no result"
    count "$name" "$work/$name/results"
}

if command -v sqlite3 >/dev/null; then
    for file in "$here"/*.test.sql "$root"/rules/*/*.sqlite.test.sql; do
        [ -f "$file" ] && run_sql "$file"
    done
else
    skip "SQL tests" "the sqlite3 shell is not installed"
fi

if [ "${VALGRIND:-}" = 1 ]; then
    skip "Python tests" "valgrind runs the shell only"
elif /usr/bin/python3 -c 'import sqlite3; sqlite3.connect(":memory:").enable_load_extension(True)' 2>/dev/null; then
    DB_ADVISOR_MODULE=$module DB_ADVISOR_TEST_RULES=$root/build/cmake/test_rules/db_advisor.so PYTHONDONTWRITEBYTECODE=1 \
        /usr/bin/python3 "$here/run_python.py" > "$work/python" 2> "$work/python_errors"
    status=$?
    count python "$work/python"
    if [ "$status" != 0 ]; then
        sed 's/^/         /' "$work/python_errors"
        grep -q '|0$' "$work/python" || fail "python tests ended with status $status"
    fi
else
    skip "Python tests" "/usr/bin/python3 can't load extensions"
fi
finish
