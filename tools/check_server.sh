# The steps of tools/check.sh that need a PostgreSQL server; sourced by it. The first of them makes the server's
# folder. A test says in its first line which libraries its server preloads, after the comment sign of its
# language: "server: none", "server: pg_stat_statements" (and ours), "server: only pg_stat_statements"; db_advisor
# alone is what most tests want.
# shellcheck shell=bash disable=SC2154

# The preload list that a test file asks for.
preload_of() { # FILE
    case $(head -n 1 "$1") in
    *"server: none"*) ;;
    *"server: only pg_stat_statements"*) echo "pg_stat_statements" ;;
    *"server: pg_stat_statements"*) echo "pg_stat_statements,db_advisor" ;;
    *) echo "db_advisor" ;;
    esac
}

# The server's folder, made once; 1 when that failed (now or before).
need_server() { # STEP
    local start
    if [ -n "${server_ready:-}" ]; then
        [ "$server_ready" = yes ] || skip "$1" "there is no server to run it on"
        [ "$server_ready" = yes ]
        return
    fi
    start=$(now)
    server_ready=no
    if server_create check 2>"$output/server" && build_border_test 2>"$output/server"; then
        server_ready=yes
        pass "build of the server module, install into a copied server" "$(since "$start")"
        find_drivers
        return 0
    fi
    fail "build of the server module, install into a copied server" "$(since "$start")" <"$output/server"
    return 1
}

# The server's test drivers come with its development files; here they reach the server by its socket.
find_drivers() {
    local makefile
    makefile=$("${PG_CONFIG:-pg_config}" --pgxs)
    pgxs_tests=${makefile%/makefiles/pgxs.mk}/test
    driver_options=(--bindir="$SERVER_BIN" --dlpath="$SERVER_LIB" --dbname=contrib_regression)
    if [ -n "${PGHOST:-}" ]; then driver_options+=(--host="$PGHOST"); fi
    if [ -n "${PGPORT:-}" ]; then driver_options+=(--port="$PGPORT"); fi
    if [ -n "${PGUSER:-}" ]; then driver_options+=(--user="$PGUSER"); fi
}

# The border's own test module goes where the tests' servers look for libraries.
build_border_test() {
    compgen -G 'test/border/*.cpp' >/dev/null || return 0
    if ! make --no-print-directory border-test >"$output/border" 2>&1; then
        tail -n 40 "$output/border" >&2
        return 1
    fi
    cp build/pg"$(server_major)"/border_test.so "$SERVER_LIB/"
}

server_major() { "${PG_CONFIG:-pg_config}" --version | sed 's/^[^0-9]*\([0-9]*\).*/\1/'; }

# Starts the server for one step and preload list, on a data folder of its own unless it runs already.
use_server() { # STEP PRELOAD
    local name
    name=$1-$(tr ',' '+' <<<"${2:-plain}")
    if [ "${SERVER_DATA:-}" = "$SERVER_DIR/data/$name" ] && [ -n "$(server_pid)" ]; then return 0; fi
    drop_server
    server_start "$name" "$2" 2>"$output/server"
}

drop_server() {
    if [ -z "${SERVER_DATA:-}" ]; then return; fi
    server_stop
    rm -rf "$SERVER_DATA"
    SERVER_DATA=
}

# How often a process of the server has died so far.
crashes() { grep -cE 'was terminated by signal|^TRAP|PANIC:' "$SERVER_LOG" 2>/dev/null; }

# Reports a test by its exit status and by whether the server survived it; on standard input what to show.
report() { # NAME STATUS CRASHES-BEFORE TIME
    if [ "$(crashes)" != "$3" ]; then
        fail "$1" "$4" < <(cat && echo "the server crashed:" &&
            grep -E -B 3 -A 6 'was terminated by signal|^TRAP|PANIC:' "$SERVER_LOG" | tail -n 40)
        [ -n "$(server_pid)" ] || server_start "${SERVER_DATA##*/}" 2>/dev/null
        timeout 60 bash -c 'until psql -X -q -c "" 2>/dev/null; do sleep 0.2; done'
    elif [ "$2" = 0 ]; then
        pass "$1" "$4"
    else
        fail "$1" "$4"
    fi
}

# Runs one test through the server's own driver, in a database of its own: 15 looks for the expected output
# beside the input only, so both are staged in one folder.
run_driver() { # KIND DRIVER INPUT EXPECTED
    local kind=$1 driver=$2 input=$3 expected=$4 name stage folder start before status
    name=$(basename "${input%.*}")
    stage=$SERVER_DIR/output/$kind
    folder=$stage/$([ "$kind" = regress ] && echo sql || echo specs)
    mkdir -p "$folder" "$stage/expected"
    cp "$input" "$folder/"
    start=$(now)
    if [ ! -f "$expected" ]; then
        fail "$kind/$name" "$(since "$start")" <<<"$expected is missing"
        return
    fi
    cp "$expected" "$stage/expected/"
    before=$(crashes)
    rm -f "$stage/regression.diffs"
    limited "$driver" "${driver_options[@]}" --inputdir="$stage" --outputdir="$stage" "$name" >"$output/driver" 2>&1
    status=$?
    if [ -s "$stage/regression.diffs" ]; then
        cp "$stage/regression.diffs" "$stage/$name.diff"
        cp "$stage/regression.diffs" "$output/driver"
    fi
    report "$kind/$name" "$status" "$before" "$(since "$start")" <"$output/driver"
}

# Runs each test file of a step on the server it asks for, one kind of server after the other.
each_file() { # STEP FUNCTION FILE...
    local step=$1 run=$2 preload file
    shift 2
    for preload in db_advisor pg_stat_statements,db_advisor pg_stat_statements ''; do
        for file in "$@"; do
            if [ ! -f "$file" ] || [ "$(preload_of "$file")" != "$preload" ] || ! wanted "$(test_name "$file")"; then
                continue
            fi
            if use_server "$step" "$preload"; then "$run" "$file"; else
                fail "$step/$(test_name "$file")" "0.0 s" <"$output/server"
            fi
        done
    done
    drop_server
}

test_name() { basename "$1" | sed 's/\.[a-z.]*$//'; }

step_regress() {
    need_server regress || return
    each_file regress run_regress test/sql/*.sql
}
run_regress() { run_driver regress "$pgxs_tests/regress/pg_regress" "$1" "expected/$(basename "${1%.sql}").out"; }

# The regress tests on a server that somebody else runs, the one that psql connects to: those that fit to what
# it preloads. They make and drop the database contrib_regression and roles of their own.
step_installcheck() {
    local preloaded file
    preloaded=$(psql -X -At -d postgres -c 'SHOW shared_preload_libraries' 2>"$output/server")
    if [ -s "$output/server" ]; then
        fail "connection to the installed server" "0.0 s" <"$output/server"
        return
    fi
    SERVER_DIR=$output SERVER_LOG=/dev/null
    SERVER_BIN=$("${PG_CONFIG:-pg_config}" --bindir)
    SERVER_LIB=$output/lib
    mkdir "$SERVER_LIB" && chmod 755 "$output"
    if ! build_border_test 2>"$output/server"; then
        fail "build of the border's test module" "0.0 s" <"$output/server"
        return
    fi
    find_drivers
    for file in test/sql/*.sql; do
        if [ ! -f "$file" ] || ! wanted "$(test_name "$file")"; then continue; fi
        if [ "$(preload_of "$file")" = "$(tr -d ' ' <<<"$preloaded")" ]; then
            run_regress "$file"
        else
            skip "regress/$(test_name "$file")" "wants shared_preload_libraries = '$(preload_of "$file")'"
        fi
    done
}

step_isolation() {
    need_server isolation || return
    if [ ! -x "$pgxs_tests/isolation/pg_isolation_regress" ]; then
        skip isolation "this server's development files come without pg_isolation_regress"
        return
    fi
    each_file isolation run_isolation test/isolation/specs/*.spec
}
run_isolation() {
    run_driver isolation "$pgxs_tests/isolation/pg_isolation_regress" "$1" \
        "expected/isolation/$(basename "${1%.spec}").out"
}

step_rules() {
    local file files=()
    need_server rules || return
    for file in rules/*/*.test.sql; do
        [[ $file == *.sqlite.test.sql ]] || files+=("$file") # those are the SQLite tests'
    done
    each_file rules run_rule "${files[@]}"
}

# A rule's test prints rows "what holds|t"; a row that ends in anything else, an error, or no row at all fails.
run_rule() { # FILE
    local name start before status rows
    name=rules/$(test_name "$1")
    start=$(now)
    before=$(crashes)
    {
        psql -X -q -d postgres -c 'SET client_min_messages = warning' -c 'DROP DATABASE IF EXISTS rule_test' -c 'CREATE DATABASE rule_test TEMPLATE template0' &&
            psql -X -q -d rule_test -v ON_ERROR_STOP=1 -c 'CREATE EXTENSION db_advisor' &&
            limited psql -X -q -A -t -F '|' -d rule_test -v ON_ERROR_STOP=1 -f "$1"
    } >"$output/rule" 2>&1
    status=$?
    rows=$(grep -c '|t$' "$output/rule")
    if [ "$status" = 0 ] && { [ "$rows" = 0 ] || grep -vE '\|t$|^$' "$output/rule" | grep -q '|'; }; then status=1; fi
    # A rule that fails finds nothing, which a test may well take for silence.
    psql -X -q -A -t -d rule_test -c "SELECT 'the rule does not run: ' || reason FROM advisor.coverage
        WHERE rule = '$(test_name "$1")' AND state = 'failed'" >"$output/rule_failure" 2>/dev/null
    if [ -s "$output/rule_failure" ]; then
        status=1
        cat "$output/rule_failure" >>"$output/rule"
    fi
    report "$name" "$status" "$before" "$(since "$start")" <"$output/rule"
}

step_fault() {
    need_server fault || return
    local file
    for file in test/fault/*.sh; do
        if [ ! -f "$file" ] || ! wanted "$(test_name "$file")"; then continue; fi
        drop_server
        if server_start "fault-$(test_name "$file")" "$(preload_of "$file")" 2>"$output/server"; then
            TEST_OUTPUT=$SERVER_DIR/output/fault/$(test_name "$file")
            export TEST_OUTPUT
            mkdir -p "$TEST_OUTPUT"
            run_program "fault/$(test_name "$file")" bash "$file"
        else
            fail "fault/$(test_name "$file")" "0.0 s" <"$output/server"
        fi
    done
    drop_server
}

# The gates on the truth of advisor.what_if, sixty seeded cases.
step_what_if() {
    need_server what_if || return
    if [ ! -f bench/what_if/check.sh ]; then
        skip what_if "bench/what_if/check.sh is missing"
        return
    fi
    use_server what_if db_advisor || { fail what_if "0.0 s" <"$output/server" && return; }
    CHECK_TIMEOUT=600 run_program what_if bash bench/what_if/check.sh
    drop_server
}
