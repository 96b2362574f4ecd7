#!/bin/bash
# Recording on a standby, through its promotion, and of a backend that is terminated. Runs on the throw-away
# server of tools/check_server.sh, or by
#   tools/test_server.sh -- bash test/fault/recorded_on_standby.sh
# shellcheck source-path=SCRIPTDIR
. "$(dirname "${BASH_SOURCE[0]}")/checks.bash"

standby=$SERVER_DIR/data/standby
standby_port=5433
stop_standby() {
    if [ -f "$standby/postmaster.pid" ]; then
        server_run "$SERVER_BIN/pg_ctl" -D "$standby" -w -m immediate stop >/dev/null 2>&1
    fi
}
trap stop_standby EXIT

terminated_backend_counts() {
    PGAPPNAME=victim psql -X -q -d postgres >/dev/null 2>&1 <<<'SELECT count(*) AS last_words FROM both_see;
        SELECT count(*) AS last_words FROM both_see; SELECT pg_sleep(600);' &
    local client=$!
    until_sql "SELECT count(*) = 1 FROM pg_stat_activity WHERE application_name = 'victim' AND wait_event = 'PgSleep'"
    sql "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'victim'" >/dev/null
    wait "$client"
    until_sql "SELECT count(*) = 0 FROM pg_stat_activity WHERE application_name = 'victim'"
    check "what a terminated backend had pending" "$(calls_of last_words)" 2
    check "the statement that it was terminated in" \
        "$(sql "SELECT calls || ' ' || failed FROM advisor.statements WHERE query ~ 'pg_sleep' AND query !~ 'advisor'")" '0 1'
}

standby_records() {
    sql 'CREATE INDEX both_see_id ON both_see (id); CREATE INDEX both_see_1 ON both_see (id); CREATE INDEX both_see_2 ON both_see (id)'
    sql 'SELECT FROM advisor.analyze()'
    sql "SELECT advisor.dismiss(id, 'known') FROM advisor.recommendations WHERE object = 'public.both_see_2'" >/dev/null
    server_run "$SERVER_BIN/pg_basebackup" -h "$PGHOST" -p "$PGPORT" -U "$PGUSER" -D "$standby" -R -c fast
    server_run "$SERVER_BIN/pg_ctl" -D "$standby" -w -t 60 -o "-p $standby_port" -l "$SERVER_DIR/log/standby.log" start \
        </dev/null >/dev/null 2>&1
    export PGPORT=$standby_port
    check "it is a standby" "$(sql 'SELECT pg_is_in_recovery()')" t
    sql 'SELECT advisor.reset()' >/dev/null
    for _ in 1 2 3; do sql 'SELECT count(*) AS on_standby FROM both_see' >/dev/null; done
    check "calls on the standby" "$(calls_of on_standby)" 3
    check "plan nodes on the standby" "$(sql "SELECT count(*) > 0 FROM advisor.plan_nodes WHERE relation = 'public.both_see'")" t
    check "advice there, without what is dismissed" \
        "$(sql "SELECT object, status, first_seen < last_seen FROM advisor.recommendations WHERE rule = 'duplicate-index'")" 'public.both_see_1|open|t'
    check "history there" "$(sql "SELECT object, status, reason FROM advisor.history WHERE rule = 'duplicate-index'")" 'public.both_see_2|dismissed|known'
    check "an analysis there, which writes nothing" "$(sql 'SELECT complete FROM advisor.analyze()')" t
    check "no dismissal there" "$(sql "SELECT advisor.dismiss(id, 'here') FROM advisor.recommendations LIMIT 1" 2>&1 | head -n 1)" \
        'ERROR:  cannot execute INSERT in a read-only transaction'
}

rules_run_on_standby() {
    check "no rule fails there" "$(sql "SELECT coalesce(string_agg(rule || ': ' || reason, '; '), '') FROM advisor.coverage WHERE state = 'failed'")" ''
    check "what needs the primary says so" \
        "$(sql "SELECT count(*) FROM advisor.coverage WHERE rule IN ('unused-index', 'autovacuum-behind', 'stale-statistics') AND (state = 'waiting' OR skipped > 0 AND reason ~ 'standby')")" 3
    check "its fix is for the primary" "$(sql "SELECT fix ~ '^-- on the primary: VACUUM' FROM advisor.recommendations WHERE rule = 'transaction-id-wraparound' AND object = 'postgres'")" t
    check "a sequence that no standby has is left out" "$(sql "SELECT count(*) FROM advisor.recommendations WHERE object ~ 'fleeting'")" 0
}

promotion_keeps() {
    server_run "$SERVER_BIN/pg_ctl" -D "$standby" -w promote >/dev/null
    until_sql 'SELECT NOT pg_is_in_recovery()'
    sql 'SELECT count(*) AS on_standby FROM both_see' >/dev/null
    sql 'INSERT INTO both_see VALUES (1)'
    check "calls go on after promotion" "$(calls_of on_standby)" 4
    check "writes are recorded after promotion" "$(calls_of 'INSERT INTO both_see')" 1
}

sql 'CREATE EXTENSION db_advisor' && sql 'CREATE TABLE both_see (id int)'
sql 'CREATE UNLOGGED TABLE fleeting (id smallserial PRIMARY KEY)' && sql "SELECT setval('fleeting_id_seq', 32000)" >/dev/null
sql "SELECT advisor.set_rule('transaction-id-wraparound', thresholds => '{\"late_share\": 0}')" >/dev/null
run_steps terminated_backend_counts standby_records rules_run_on_standby promotion_keeps
