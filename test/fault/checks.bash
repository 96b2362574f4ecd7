# What the shell tests on a server share: sourced by them, with the server's variables of tools/test_server.sh.
# shellcheck shell=bash source-path=SCRIPTDIR
. "$(dirname "${BASH_SOURCE[0]}")/../../tools/test_server.sh"

passed=0
failed=0
check() { # WHAT ACTUAL EXPECTED
    if [ "$2" = "$3" ]; then
        passed=$((passed + 1))
    else
        failed=$((failed + 1))
        echo "failed: $1: \"$2\" instead of \"$3\""
    fi
}
sql() { psql -X -q -A -t -d "${TEST_DATABASE:-postgres}" -c "$1"; }
calls_of() { sql "SELECT coalesce(sum(calls), 0) FROM advisor.statements WHERE query ~ '$1' AND query !~ 'advisor'"; }
# Waits until a query gives true, at most a minute.
until_sql() {
    timeout 60 bash -c "until [ \"\$(psql -X -q -A -t -d \"${TEST_DATABASE:-postgres}\" -c \"$1\" 2>/dev/null)\" = t ]; do sleep 0.1; done"
}
# Runs the steps, each a function, and says how many checks held.
run_steps() { # STEP...
    local step
    for step; do
        echo "$step"
        "$step"
    done
    echo "$passed passed, $failed failed, 0 skipped"
    [ "$failed" = 0 ]
}
