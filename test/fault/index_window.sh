#!/bin/bash
# Since when the use of an index is known: a clean restart changes nothing, a crash begins anew, of the server or of one
# backend; what the recorder evicted is remembered. Runs on the throw-away server of tools/check_server.sh, or by
#   tools/test_server.sh -- bash test/fault/index_window.sh
# shellcheck source-path=SCRIPTDIR
. "$(dirname "${BASH_SOURCE[0]}")/checks.bash"

window() { sql "SELECT $1 FROM advisor.index_window WHERE oid = 'orders_state'::regclass"; }

a_table_with_an_index() {
    sql "CREATE EXTENSION db_advisor"
    sql "CREATE TABLE orders (id int PRIMARY KEY, state int); INSERT INTO orders SELECT n, n % 10 FROM generate_series(1, 5000) AS n;
         CREATE INDEX orders_state ON orders (state)"
    check "the latest of all" "$(window 'since = greatest(reset_at, recovered_at, made_at, recorded_since)')" t
    check "made after the recorder began" "$(window 'made_at > recorded_since')" t
}

a_restart() {
    local recovered marks
    recovered=$(window recovered_at)
    marks=$(sql "SELECT min(noted_at), min(since) FROM advisor.recorder_marks()")
    server_restart
    check "statistics survive a restart" "$(window recovered_at)" "$recovered"
    check "so do the marks, and the start of recording" "$(sql "SELECT min(noted_at), min(since) FROM advisor.recorder_marks()")" "$marks"
}

a_crash() {
    local recovered
    recovered=$(window recovered_at)
    server_stop KILL
    server_start "${SERVER_DATA##*/}"
    check "a crash throws them away" "$(window "recovered_at > '$recovered' AND since >= recovered_at")" t
}

a_backend_that_dies() {
    local recovered started
    recovered=$(window recovered_at)
    started=$(sql "SELECT pg_postmaster_start_time()")
    kill -KILL "$(sql "SELECT pid FROM pg_stat_activity WHERE backend_type = 'checkpointer'")"
    until_sql "SELECT (SELECT recovered_at FROM advisor.statistics_window) > '$recovered'"
    check "the same when one backend dies" "$(window "recovered_at > '$recovered' AND since >= recovered_at")" t
    check "though the server goes on" "$(sql "SELECT pg_postmaster_start_time() = '$started'")" t
}

an_index_of_before() {
    sql "ALTER SYSTEM SET track_commit_timestamp = on"
    server_restart
    sql "CREATE TABLE moments (made timestamptz); DROP INDEX orders_state"
    sql "CREATE INDEX orders_state ON orders (state)"
    sql "INSERT INTO moments VALUES (now())"
    check "commit times tell it exactly" "$(window 'made_at <= (SELECT made FROM moments)')" t
}

evictions_are_remembered() {
    local proof="SELECT severity, evidence #>> '{proof,evicted}' FROM advisor.recommendations WHERE rule = 'unused-index' AND object = 'public.orders_state'"
    sql "ALTER SYSTEM SET db_advisor.observation_window = 0"
    server_restart db_advisor "db_advisor.max_memory = 2MB"
    sql "SELECT NULL FROM advisor.reset()" >/dev/null
    sql "INSERT INTO orders VALUES (-1, 1); SELECT pg_stat_force_next_flush()" >/dev/null
    check "nothing lost" "$(sql "$proof")" "low|false"
    sql "DO \$\$ BEGIN
             FOR n IN 0 .. 16383 LOOP  -- as many different statements
                 EXECUTE 'SELECT count(*) FROM orders WHERE id = 1'
                     || (SELECT string_agg(substr('+-*/', 1 + ((n >> (2 * k)) & 3), 1) || '1', '') FROM generate_series(0, 6) AS k);
             END LOOP;
         END \$\$"
    until_sql "SELECT value::int > 0 FROM advisor.status WHERE name = 'evicted'"
    check "statements on the table were evicted" "$(sql "$proof")" "info|true"
    server_restart
    check "known after a restart too" "$(sql "$proof")" "info|true"
    sql "SELECT NULL FROM advisor.reset()" >/dev/null
    check "forgotten with the rest" "$(sql "$proof")" "low|false"
}

run_steps a_table_with_an_index a_restart a_crash a_backend_that_dies an_index_of_before evictions_are_remembered
