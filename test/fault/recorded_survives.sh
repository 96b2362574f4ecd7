#!/bin/bash
# What happens to the recorded workload when processes die, files are damaged, memory is short and many come at
# once. Runs on the throw-away server of tools/check_server.sh, or by
#   tools/test_server.sh -- bash test/fault/recorded_survives.sh
# shellcheck source-path=SCRIPTDIR
. "$(dirname "${BASH_SOURCE[0]}")/checks.bash"

status_of() { sql "SELECT value FROM advisor.status WHERE name = '$1'"; }
lines_of_log() { grep -cF "$1" "$SERVER_LOG"; }

file=$SERVER_DATA/pg_stat/db_advisor.stat

restart_keeps() {
    sql 'CREATE EXTENSION db_advisor' && sql 'CREATE TABLE kept (id int)'
    for _ in 1 2 3; do sql 'SELECT count(*) FROM kept WHERE id = 1'; done >/dev/null
    server_restart
    check "calls after a restart" "$(calls_of 'FROM kept')" 3
    # the slowest execution has one of its own if it is another
    check "an example after a restart" \
        "$(sql "SELECT count(*) FROM advisor.examples() WHERE query ~ 'FROM kept WHERE id' AND NOT slowest")" 1
    check "plan nodes after a restart" \
        "$(sql "SELECT type, condition, samples FROM advisor.plan_nodes WHERE relation = 'public.kept'")" 'Seq Scan|Filter: (id = 1)|3'
    check "mode of the file" "$(stat -c %a "$file")" 600
    sql 'SELECT count(*) FROM kept WHERE id = 2' >/dev/null
    check "calls go on from there" "$(calls_of 'FROM kept')" 4
}

# A killed backend makes the server start over its shared memory: what was saved last is read again.
crash_keeps_what_was_saved() {
    server_restart
    local before
    before=$(calls_of 'FROM kept')
    PGAPPNAME=victim psql -X -q -d postgres -c 'SELECT pg_sleep(600)' >/dev/null 2>&1 &
    local client=$!
    until_sql "SELECT count(*) = 1 FROM pg_stat_activity WHERE application_name = 'victim' AND wait_event = 'PgSleep'"
    kill -KILL "$(sql "SELECT pid FROM pg_stat_activity WHERE application_name = 'victim'")"
    wait "$client"
    until_sql 'SELECT true'
    check "calls after a backend was killed" "$(calls_of 'FROM kept')" "$before"
    server_stop KILL
    server_start "${SERVER_DATA##*/}"
    check "calls after the server was killed" "$(calls_of 'FROM kept')" "$before"
}

interval_saves() {
    sql "ALTER SYSTEM SET db_advisor.save_interval = '1s'" && sql 'SELECT pg_reload_conf()' >/dev/null
    sql 'SELECT max(id) FROM kept' >/dev/null
    local since
    since=$(sql 'SELECT now()')
    until_sql "SELECT note > 'last saved ' || '$since' FROM advisor.status WHERE name = 'save_file'"
    server_stop KILL
    server_start "${SERVER_DATA##*/}"
    check "calls saved before the server was killed" "$(calls_of 'max')" 1
    sql 'ALTER SYSTEM RESET db_advisor.save_interval'
}

damage() { # KIND
    case $1 in
    changed) printf xxxx | dd of="$file" bs=1 seek=1000 conv=notrunc 2>/dev/null ;;
    shortened) truncate -s 700 "$file" ;;
    nearly_empty) truncate -s 10 "$file" ;;
    foreign) printf '%02000d' 7 >"$file" ;;
    empty) : >"$file" ;;
    esac
}

damaged_files_are_set_aside() {
    local kind aside=0
    for kind in changed shortened nearly_empty foreign empty; do
        server_stop
        damage "$kind"
        server_start "${SERVER_DATA##*/}"
        aside=$((aside + 1))
        check "set aside when $kind" "$(lines_of_log 'set aside the recorded workload')" "$aside"
        check "the server records, its file $kind" "$(status_of recording)" on
        check "the file is kept when $kind" "$([ -f "$file.damaged" ] && echo yes)" yes
    done
}

# A folder in the way of the new file: the save fails, is counted, and the server stops and starts as ever.
failed_save_is_counted() {
    mkdir "$file.new"
    sql "ALTER SYSTEM SET db_advisor.save_interval = '1s'" && sql 'SELECT pg_reload_conf()' >/dev/null
    until_sql "SELECT state = 'warning' FROM advisor.status WHERE name = 'save_file'"
    check "state of a failed save" "$(sql "SELECT state FROM advisor.status WHERE name = 'save_file'")" warning
    server_restart
    check "the server is there after a failed save" "$(status_of recording)" on
    rmdir "$file.new"
    sql 'ALTER SYSTEM RESET db_advisor.save_interval'
}

# A million distinct statements through two megabytes; the one that costs time stays.
memory_is_bounded() {
    server_restart db_advisor 'db_advisor.max_memory = 2MB'
    sql 'SELECT advisor.reset()' >/dev/null
    sql "CREATE FUNCTION sums(i int) RETURNS text LANGUAGE sql AS \$\$ SELECT
        string_agg(substr('+-*/', 1 + ((i >> (2 * k)) & 3), 1) || '1', '') FROM generate_series(0, 4) AS k \$\$"
    sql "CREATE FUNCTION different(i int) RETURNS text LANGUAGE sql AS \$\$ SELECT 'SELECT 1' || sums(i) \$\$"
    sql 'SELECT count(*) AS dear FROM generate_series(1, 300000) AS g' >/dev/null
    sql "DO \$\$ DECLARE sums text[] := (SELECT array_agg(sums(i) ORDER BY i) FROM generate_series(0, 1023) AS i);
         BEGIN
             FOR i IN 0 .. 999999 LOOP EXECUTE 'SELECT 1' || sums[1 + (i >> 10)] || sums[1 + (i & 1023)]; END LOOP;
         END \$\$"
    check "statements were evicted" "$(sql "SELECT value::int > 900000 FROM advisor.status WHERE name = 'evicted'")" t
    check "memory stays below its bound" \
        "$(sql "SELECT value::int <= 2 * 1024 * 1024 FROM advisor.status WHERE name = 'memory'")" t
    check "the dear statement is still there" "$(calls_of 'AS dear')" 1
    sql 'SELECT advisor.reset()' >/dev/null
    check "a reset gives all memory back" "$(sql "SELECT value::int < 1024 * 1024 FROM advisor.status WHERE name = 'memory'")" t
}

# Constants of every kind, from every way in which a statement comes.
secret_statements() {
    psql -X -q -d postgres >/dev/null 2>&1 <<'SQL'
CREATE TABLE vault (word text, number int);
SELECT count(*) FROM vault WHERE word = 'swordfish' OR word IN ('a', 'swordfish') OR number = 271828182;
SELECT count(*) FROM vault WHERE word = 'swordfish' OR word IN ('a', 'swordfish') OR number = 271828182;
SELECT count(*) FROM vault WHERE word = 'swordfish' OR word IN ('a', 'swordfish') OR number = 271828182;
SELECT $$swordfish$$, E'sword\x66ish', B'1', 271828182.5 FROM vault;
SELECT $$swordfish$$, E'sword\x66ish', B'1', 271828182.5 FROM vault;
PREPARE asked(text, int) AS SELECT count(*) FROM vault WHERE word = $1 AND number > $2;
EXECUTE asked('swordfish', 271828182);
EXECUTE asked('swordfish', 271828182);
EXECUTE asked('swordfish', 271828182);
INSERT INTO vault VALUES ('swordfish', 271828182), ('swordfish', 271828182);
UPDATE vault SET word = 'swordfish' WHERE number = 271828182;
UPDATE vault SET word = 'swordfish' WHERE number = 271828182;
DO 'DECLARE n int; BEGIN FOR i IN 1 .. 9 LOOP SELECT count(*) INTO n FROM vault WHERE word = ''swordfish''; END LOOP; END';
CREATE TABLE other_vault (word text DEFAULT 'swordfish' CHECK (word <> 'swordfish'));
SELECT count(*) FROM vault /*route='swordfish'*/;
SELECT count(*) FROM vault /*route='swordfish'*/;
SELECT 1 / (number - 271828182) FROM vault WHERE word = 'swordfish';
COPY (SELECT 'swordfish') TO STDOUT;
DROP TABLE vault, other_vault;
SQL
}
memory_holds() {
    sql "SELECT shared_memory_holds(name, size, 'sword' || 'fish') OR shared_memory_holds(name, size, '2718' || '28182')
         FROM pg_shmem_allocations WHERE name = 'db_advisor'"
}

secrets_leave_no_trace() {
    local capture
    sql "CREATE FUNCTION shared_memory_holds(text, bigint, text) RETURNS boolean
         AS '$SERVER_LIB/border_test', 'border_shared_memory_holds' LANGUAGE C STRICT"
    for capture in on off redacted; do # what the first leaves in the file is not read by the second
        server_restart db_advisor "db_advisor.capture_parameters = $capture"
        [ "$capture" = on ] || check "texts with constants are not read back" "$(memory_holds)" f
        secret_statements
        check "statements recorded, constants $capture" "$(sql "SELECT count(*) > 7 FROM advisor.statements WHERE query ~ 'vault'")" t
        check "constants in memory, $capture" "$(memory_holds)" "$([ "$capture" = on ] && echo t || echo f)"
        server_restart db_advisor "db_advisor.capture_parameters = $capture"
        check "constants in the file, $capture" "$(grep -cE 'swordfish|271828182' "$file" | sed 's/^[1-9].*/some/')" \
            "$([ "$capture" = on ] && echo some || echo 0)"
    done
}

# Sixty-four clients while others read and reset: each statement ends, and every execution after the last reset counts.
stress() {
    server_restart db_advisor 'db_advisor.max_memory = 4MB' 'max_connections = 80'
    printf '\\set a random(1, 100000)\nDO $$ BEGIN EXECUTE different(:a); END $$;\nSELECT 1 AS plain;\n' \
        >"$TEST_OUTPUT/stress.sql"
    pgbench -n -c 64 -j 2 -t 75 -f "$TEST_OUTPUT/stress.sql" postgres >"$TEST_OUTPUT/pgbench" 2>&1 &
    local client=$!
    while kill -0 "$client" 2>/dev/null; do
        sql 'SELECT count(*) FROM advisor.statements; SELECT advisor.reset()' >/dev/null ||
            check "reading and resetting in parallel" failed well
    done
    wait "$client"
    check "clients finished" "$(grep -c 'actually processed: 4800/4800' "$TEST_OUTPUT/pgbench")" 1
    sql 'SELECT advisor.reset()' >/dev/null
    check "nothing is left after the reset" "$(calls_of 'AS plain')" 0
    pgbench -n -c 64 -j 2 -t 25 -f <(echo 'SELECT 1 AS plain;') postgres >"$TEST_OUTPUT/pgbench" 2>&1
    check "every execution is counted, or counted as lost" "$(($(calls_of 'AS plain') + $(status_of lost)))" 1600
    check "failures of the recorder" "$(status_of observer_failures)" 0
}

TEST_OUTPUT=${TEST_OUTPUT:-$SERVER_DIR/output}
run_steps restart_keeps crash_keeps_what_was_saved interval_saves damaged_files_are_set_aside \
    failed_save_is_counted memory_is_bounded secrets_leave_no_trace stress
