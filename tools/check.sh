#!/bin/bash
# All tests of both engines: prints one line per test, the difference where one fails, and as the last line
# "N passed, N failed, N skipped". Called by `make check`; names of steps as arguments pick some of them ("lint"
# and "installcheck" run only when named), TESTS='name …' in the environment picks tests within the steps.
set -u
cd "$(dirname "$0")/.." || exit 1
# shellcheck source=tools/test_server.sh
. tools/test_server.sh
# shellcheck source=tools/check_server.sh
. tools/check_server.sh

all_steps="unit sqlite fuzz regress isolation rules fault what_if tooling"
passed=0 failed=0 skipped=0 found=
output=$(mktemp -d /tmp/db_advisor_check.XXXXXXXX) || exit 1
server_at_exit() { rm -rf "$output"; }
trap 'server_end_command; server_at_exit' EXIT
trap 'exit 129' HUP
trap 'exit 130' INT
trap 'exit 143' TERM

now() { date +%s%N; }
since() { awk -v from="$1" -v to="$(now)" 'BEGIN { printf "%.1f s", (to - from) / 1e9 }'; }

pass() { # NAME TIME
    passed=$((passed + 1))
    printf 'ok       %s (%s)\n' "$1" "$2"
}
# Never in a pipeline, whose parts count in vain.
fail() { # NAME TIME, what went wrong on standard input
    failed=$((failed + 1))
    printf 'FAILED   %s (%s)\n' "$1" "$2"
    head -n 200 | sed 's/^/         | /'
}
skip() { # NAME REASON
    skipped=$((skipped + 1))
    printf 'skipped  %s: %s\n' "$1" "$2"
}

# With TESTS set, only tests with these names run; "step/name", as it is printed, will do.
wanted() { # NAME
    local name
    [ -n "${TESTS:-}" ] || return 0
    for name in $TESTS; do
        if [ "${name##*/}" = "$1" ]; then
            found+=" $name "
            return 0
        fi
    done
    return 1
}
# A name that none of the steps has is a mistake, not a success.
name_unknown_tests() {
    local name
    for name in ${TESTS:-}; do
        [[ $found == *" $name "* ]] || fail "$name" "0.0 s" <<<"the steps that ran have no test of this name"
    done
}

# Runs a command within the time limit, in a process group of its own: whatever it started ends with it. It is
# waited for rather than run, so that we obey a signal at once.
limited() { # COMMAND...
    timeout -k 20 "${CHECK_TIMEOUT:-300}" env --default-signal=INT "$@" &
    SERVER_COMMAND=$!
    wait "$SERVER_COMMAND"
}

# A test that is a program: exit status 0 passes, 77 skips with its last line as the reason, all else fails.
# A closing line "N passed, N failed, N skipped" of its own is added to ours.
run_program() { # NAME COMMAND...
    local name=$1 start status tally
    shift
    start=$(now)
    limited "$@" >"$output/program" 2>&1
    status=$?
    tally=$(tail -n 1 "$output/program" | grep -xE '[0-9]+ passed, [0-9]+ failed, [0-9]+ skipped')
    if [ "$status" = 77 ]; then
        skip "$name" "$(tail -n 1 "$output/program")"
    elif [ "$status" = 124 ]; then
        fail "$name" "$(since "$start")" < <(tail -n 100 "$output/program" && echo "stopped after ${CHECK_TIMEOUT:-300} s")
    elif [ -n "$tally" ]; then
        add_tally "$name" "$status" "$(since "$start")" "$tally"
    elif [ "$status" = 0 ]; then
        pass "$name" "$(since "$start")"
    else
        fail "$name" "$(since "$start")" < <(tail -n 200 "$output/program" && echo "exit status $status")
    fi
}

add_tally() { # NAME STATUS TIME TALLY
    local more less rest
    read -r more less rest <<<"$(tr -dc '0-9 ' <<<"$4" | tr -s ' ')"
    grep -E '^skipped' "$output/program"
    if [ "$2" = 0 ] && [ "$less" = 0 ] && [ "$more" != 0 ]; then
        printf 'ok       %s: %s tests (%s)\n' "$1" "$more" "$3"
    else
        less=$((less > 1 ? less : 1))
        printf 'FAILED   %s: %s (%s)\n' "$1" "$4" "$3"
        grep -vE '^ok\b' "$output/program" | tail -n 200 | sed 's/^/         | /'
    fi
    passed=$((passed + more)) failed=$((failed + less)) skipped=$((skipped + rest))
}

step_unit() {
    local start
    start=$(now)
    if ! { cmake -S . -B build/cmake -DCMAKE_BUILD_TYPE=RelWithDebInfo -DADVISOR_WERROR="$([ -n "${WERROR:-}" ] && echo ON || echo OFF)" &&
        cmake --build build/cmake -j"$(nproc)"; } >"$output/build" 2>&1; then
        fail "build of the core, the unit tests and the SQLite module" "$(since "$start")" < <(tail -n 60 "$output/build")
        return
    fi
    pass "build of the core, the unit tests and the SQLite module" "$(since "$start")"
    run_program unit tools/run_unit_tests.sh build/cmake
}

step_sqlite() {
    local start
    start=$(now)
    if [ ! -f test/sqlite/run.sh ]; then
        skip sqlite "test/sqlite/run.sh is missing"
    elif make --no-print-directory sqlite >"$output/build" 2>&1; then
        run_program sqlite bash test/sqlite/run.sh
    else
        fail "build of the SQLite module" "$(since "$start")" < <(tail -n 60 "$output/build")
    fi
}

# A short slice of what docs/reliability.md reports on, with more of the dear questions in it.
step_fuzz() {
    CHECK_TIMEOUT=1800 run_program fuzz test/fuzz/run.sh --files 600 --statements 600 --dear 5
}

step_tooling() {
    local file
    for file in test/tooling/*_test.sh; do
        if [ -f "$file" ] && wanted "$(basename "$file" .sh)"; then
            CHECK_TIMEOUT=600 run_program "tooling/$(basename "$file" .sh)" bash "$file"
        fi
    done
}

step_lint() {
    local start
    start=$(now)
    if ! make --no-print-directory -j"$(nproc)" all >"$output/build" 2>&1; then
        fail "build of both modules" "$(since "$start")" < <(tail -n 60 "$output/build")
        return
    fi
    CHECK_TIMEOUT=600 run_program lint tools/lint.sh
}

main() {
    local step
    for step in "$@"; do
        case " lint installcheck $all_steps " in
        *" $step "*) ;;
        *) echo "check: unknown step \"$step\": there are lint installcheck $all_steps" >&2 && exit 2 ;;
        esac
    done
    tools/install_deps.sh || exit 1
    for step in "$@"; do "step_$step"; done
    name_unknown_tests
    # Without it steps end early and count nothing.
    [ -d "$output" ] || fail "the folder of this run, $output, was removed while it ran" "0.0 s" </dev/null
    echo
    if [ "$failed" != 0 ] && [ -n "${SERVER_DIR:-}" ]; then server_keep_logs; fi
    echo "$passed passed, $failed failed, $skipped skipped"
    [ "$failed" = 0 ] && [ "$passed" != 0 ]
}

if [ $# = 0 ]; then
    # shellcheck disable=SC2086
    set -- $all_steps
fi
main "$@"
