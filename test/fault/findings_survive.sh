#!/bin/bash
# What becomes of findings, dismissals and settings of rules when the extension is updated, the database dumped and
# restored, the cluster upgraded; and the worker that analyses on its own. Runs on the throw-away server of
# tools/check_server.sh, or by
#   tools/test_server.sh -- bash test/fault/findings_survive.sh
# shellcheck source-path=SCRIPTDIR
. "$(dirname "${BASH_SOURCE[0]}")/checks.bash"

TEST_OUTPUT=${TEST_OUTPUT:-$SERVER_DIR/output}
old_version=0.1
upgraded=$SERVER_DIR/data/upgraded
in_database() { TEST_DATABASE=$1 sql "$2"; }
stop_upgraded() {
    if [ -f "$upgraded/postmaster.pid" ]; then
        server_run "$SERVER_BIN/pg_ctl" -D "$upgraded" -w -m immediate stop >/dev/null 2>&1
    fi
}
trap stop_upgraded EXIT

# Everything that the extension made, with definitions, rights and settings; no OIDs, of which types have some too.
objects_of() { # DATABASE
    in_database "$1" "
        SELECT pg_describe_object(d.classid, d.objid, 0) || ' ' ||
               coalesce(CASE d.classid WHEN 'pg_class'::regclass THEN (
                   SELECT concat_ws(' ', c.relkind, c.relacl, c.reloptions, obj_description(c.oid, 'pg_class'),
                                    (SELECT string_agg(concat_ws(' ', a.attnum, a.attname, format_type(a.atttypid, a.atttypmod),
                                                                 a.attnotnull, pg_get_expr(x.adbin, x.adrelid)), ',' ORDER BY a.attnum)
                                     FROM pg_attribute AS a LEFT JOIN pg_attrdef AS x ON x.adrelid = a.attrelid AND x.adnum = a.attnum
                                     WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped),
                                    (SELECT string_agg(pg_get_constraintdef(k.oid), ',' ORDER BY k.conname)
                                     FROM pg_constraint AS k WHERE k.conrelid = c.oid),
                                    CASE c.relkind WHEN 'v' THEN pg_get_viewdef(c.oid) END)
                   FROM pg_class AS c WHERE c.oid = d.objid)
               WHEN 'pg_proc'::regclass THEN (
                   SELECT concat_ws(' ', p.proacl, pg_get_functiondef(p.oid), obj_description(p.oid, 'pg_proc'))
                   FROM pg_proc AS p WHERE p.oid = d.objid) END, '')
        FROM pg_depend AS d JOIN pg_extension AS e ON d.refclassid = 'pg_extension'::regclass AND d.refobjid = e.oid
        WHERE e.extname = 'db_advisor' AND d.deptype = 'e'
        ORDER BY 1"
    in_database "$1" "SELECT * FROM advisor.rule ORDER BY rule"
    in_database "$1" "SELECT unnest(extconfig)::regclass FROM pg_extension WHERE extname = 'db_advisor' ORDER BY 1"
}

an_update_is_a_fresh_install() {
    createdb fresh && in_database fresh 'CREATE EXTENSION db_advisor'
    createdb updated && in_database updated "CREATE EXTENSION db_advisor VERSION '$old_version'"
    in_database updated 'CREATE TABLE parent (id int PRIMARY KEY); CREATE TABLE child (parent int REFERENCES parent)'
    # the library is newer than its script: it says so, and goes on with what it has
    check "what an old script is told" "$(in_database updated "SELECT state, fix FROM advisor.status WHERE name = 'version'")" \
        'warning|ALTER EXTENSION db_advisor UPDATE;'
    check "the old view says it too" \
        "$(in_database updated "SELECT fix FROM advisor.recommendations WHERE rule = 'advisor-not-ready'")" \
        'ALTER EXTENSION db_advisor UPDATE;'
    check "index advice without rules" "$(in_database updated "SELECT count(*) FROM advisor.coverage WHERE rule LIKE 'missing-index%' AND state = 'ran'")" 3
    check "analyse with an old script" "$(in_database updated 'SELECT complete FROM advisor.analyze()')" t
    in_database updated 'REVOKE SELECT ON advisor.statements FROM PUBLIC'
    in_database updated 'ALTER EXTENSION db_advisor UPDATE'
    check "a right taken away stays so" \
        "$(in_database updated "SELECT relacl::text ~ '(^|,|\{)=' FROM pg_class WHERE oid = 'advisor.statements'::regclass")" f
    in_database updated 'GRANT SELECT ON advisor.statements TO PUBLIC'
    objects_of fresh >"$TEST_OUTPUT/fresh"
    objects_of updated >"$TEST_OUTPUT/updated"
    check "objects of an update and of a fresh install" "$(diff "$TEST_OUTPUT/fresh" "$TEST_OUTPUT/updated")" ''
    check "there are objects" "$(($(wc -l <"$TEST_OUTPUT/fresh") > 100))" 1
    check "the rules see the table" "$(in_database updated "SELECT count(*) FROM advisor.recommendations WHERE rule = 'unindexed-foreign-key'")" 1
}

# The state as its owner sees it; times of analyses and their ids differ from server to server.
state_of() { # DATABASE
    in_database "$1" "SELECT id, rule, object, status, first_seen FROM advisor.finding WHERE rule <> 'advisor-not-ready' ORDER BY id"
    in_database "$1" "SELECT * FROM advisor.dismissal ORDER BY id"
    in_database "$1" "SELECT * FROM advisor.exemption ORDER BY id"
    in_database "$1" "SELECT * FROM advisor.rule_setting ORDER BY rule"
    in_database "$1" "SELECT count(*) FROM advisor.recommendations WHERE rule = 'duplicate-index'"
    in_database "$1" "SELECT id, status, reason FROM advisor.history WHERE rule <> 'advisor-not-ready' ORDER BY id"
    in_database "$1" "SELECT * FROM advisor.finding_event ORDER BY id, position"
    in_database "$1" "SELECT index, relation, definition FROM advisor.known_index ORDER BY index"
    in_database "$1" "SELECT * FROM advisor.index_change ORDER BY id"
    in_database "$1" "SELECT * FROM advisor.index_change_period ORDER BY change, queryid, period"
}

write_state() { # DATABASE
    in_database "$1" "
        CREATE TABLE twice (a int, b int);
        CREATE INDEX twice_a ON twice (a); CREATE INDEX twice_a_again ON twice (a);
        CREATE INDEX twice_b ON twice (b); CREATE INDEX twice_b_again ON twice (b);
        CREATE INDEX twice_ab ON twice (a, b); CREATE INDEX twice_ab_again ON twice (a, b)"
    in_database "$1" 'SELECT FROM advisor.analyze()' >/dev/null
    in_database "$1" 'DROP INDEX twice_ab_again'
    in_database "$1" "SELECT advisor.dismiss(id, 'why not', '2100-01-01') FROM advisor.recommendations WHERE object = 'public.twice_a_again'" >/dev/null
    in_database "$1" "SELECT advisor.exempt('a test', rule => 'unindexed-foreign-key', schema => 'public')" >/dev/null
    in_database "$1" "SELECT advisor.set_rule('duplicate-index', severity => 'low')" >/dev/null
    in_database "$1" 'SELECT FROM advisor.analyze()' >/dev/null
}

a_dump_keeps_the_state() {
    write_state updated
    state_of updated >"$TEST_OUTPUT/state"
    check "states to keep" "$(cut -d '|' -f 2 "$TEST_OUTPUT/state" | grep -cE '^(resolved|dismissed)$')" 3
    createdb restored
    pg_dump -d updated -Fc -f "$TEST_OUTPUT/dump" && pg_restore -d restored --exit-on-error "$TEST_OUTPUT/dump"
    check "restored" "$?" 0
    state_of restored >"$TEST_OUTPUT/restored"
    check "state after dump and restore" "$(diff "$TEST_OUTPUT/state" "$TEST_OUTPUT/restored")" ''
    objects_of restored >"$TEST_OUTPUT/restored_objects"
    check "objects after dump and restore" "$(diff "$TEST_OUTPUT/fresh" "$TEST_OUTPUT/restored_objects")" ''
    check "goes on from there" "$(in_database restored 'SELECT complete FROM advisor.analyze()')" t
    check "knows the indexes that it knew" "$(in_database restored 'SELECT index FROM advisor.index_changes')" 'public.twice_ab_again'
    check "first seen is kept" "$(diff <(in_database updated "SELECT id, first_seen FROM advisor.finding WHERE rule = 'duplicate-index' ORDER BY id") \
        <(in_database restored "SELECT id, first_seen FROM advisor.finding WHERE rule = 'duplicate-index' ORDER BY id"))" ''
}

# On one version: what is tested is that the module stays out of the way while the cluster is in binary upgrade mode.
an_upgraded_cluster_keeps_the_state() {
    state_of updated >"$TEST_OUTPUT/state"
    server_stop
    server_run "$SERVER_BIN/initdb" -D "$upgraded" --no-sync -A trust -U "$PGUSER" --encoding=UTF8 --locale=C.UTF-8 >/dev/null
    cp "$SERVER_DATA/postgresql.conf" "$upgraded/postgresql.conf"
    mkdir -p "$SERVER_DIR/upgrade" && chmod 777 "$SERVER_DIR/upgrade"
    (cd "$SERVER_DIR/upgrade" && server_run "$SERVER_BIN/pg_upgrade" -b "$SERVER_BIN" -B "$SERVER_BIN" -d "$SERVER_DATA" \
        -D "$upgraded" -U "$PGUSER" -s "$PGHOST" >"$TEST_OUTPUT/pg_upgrade" 2>&1)
    check "pg_upgrade" "$?" 0
    chown "$(stat -c %u:%g "$SERVER_DATA")" "$upgraded/postgresql.conf"
    server_run "$SERVER_BIN/pg_ctl" -D "$upgraded" -w -t 60 -l "$SERVER_DIR/log/upgraded.log" start </dev/null >/dev/null 2>&1
    state_of updated >"$TEST_OUTPUT/upgraded_state"
    check "state after pg_upgrade" "$(diff "$TEST_OUTPUT/state" "$TEST_OUTPUT/upgraded_state")" ''
    server_run "$SERVER_BIN/pg_ctl" -D "$upgraded" -w -m fast stop >/dev/null
    rm -rf "$upgraded"
    server_start "${SERVER_DATA##*/}" db_advisor
}

# It comes for a database in which somebody asked, and goes.
worker_analyses() {
    server_restart pg_stat_statements,db_advisor
    sql 'CREATE EXTENSION pg_stat_statements'
    createdb asked && in_database asked 'CREATE EXTENSION db_advisor; CREATE TABLE parent (id int PRIMARY KEY);
        CREATE TABLE child (parent int REFERENCES parent)'
    createdb quiet && in_database quiet 'CREATE EXTENSION db_advisor'
    sql "ALTER SYSTEM SET db_advisor.analyze_interval = '1s'" && sql 'SELECT pg_reload_conf()' >/dev/null
    in_database asked 'SELECT count(*) FROM advisor.recommendations' >/dev/null
    TEST_DATABASE=asked until_sql "SELECT count(*) > 0 FROM advisor.finding WHERE rule = 'unindexed-foreign-key'"
    check "the worker wrote down what it found" "$(in_database asked "SELECT status FROM advisor.finding WHERE rule = 'unindexed-foreign-key'")" open
    in_database asked 'CREATE INDEX ON child (parent)'
    TEST_DATABASE=asked until_sql "SELECT status = 'resolved' FROM advisor.finding WHERE rule = 'unindexed-foreign-key'"
    check "and that it is gone" "$(in_database asked "SELECT status FROM advisor.history WHERE rule = 'unindexed-foreign-key'")" resolved
    check "nobody asked in the other one" "$(in_database quiet 'SELECT count(*) FROM advisor.last_analysis')" 0
    check "what the worker runs is not recorded" \
        "$(sql "SELECT count(*) FROM advisor.statements WHERE database = 'asked' AND query ~ '^SELECT FROM advisor.analyze|hashtextextended'")" 0
    check "nor by others" "$(sql "SELECT count(*) FROM pg_stat_statements AS s JOIN pg_database AS d ON d.oid = s.dbid
        WHERE d.datname = 'asked' AND s.query ~ 'FROM advisor.analyze|hashtextextended'")" 0
    check "though others record there" "$(sql "SELECT count(*) > 0 FROM pg_stat_statements AS s JOIN pg_database AS d ON d.oid = s.dbid
        WHERE d.datname = 'asked' AND s.query ~ 'CREATE TABLE child'")" t
    until_sql "SELECT count(*) = 0 FROM pg_stat_activity WHERE backend_type = 'db_advisor analysis worker'"
    check "it does not stay" "$?" 0
}

# While it comes every second, the database is copied and dropped, and a template is left alone.
worker_is_in_nobodys_way() {
    local copies=0
    for _ in 1 2 3 4 5 6; do
        createdb copy -T asked && dropdb copy && copies=$((copies + 1))
    done
    check "copies of a database that is analysed" "$copies" 6
    in_database asked 'SELECT count(*) FROM advisor.recommendations' >/dev/null
    sql "ALTER DATABASE asked IS_TEMPLATE true"
    until_sql "SELECT count(*) = 0 FROM pg_stat_activity WHERE backend_type = 'db_advisor analysis worker'"
    in_database asked 'DELETE FROM advisor.last_analysis'
    in_database quiet 'SELECT count(*) FROM advisor.recommendations' >/dev/null
    TEST_DATABASE=quiet until_sql 'SELECT count(*) = 1 FROM advisor.last_analysis'
    local last
    for _ in 1 2 3; do # by then the template would have had its turn
        last=$(in_database quiet 'SELECT finished FROM advisor.last_analysis')
        TEST_DATABASE=quiet until_sql "SELECT finished > '$last' FROM advisor.last_analysis"
    done
    check "a template is not analysed" "$(in_database asked 'SELECT count(*) FROM advisor.last_analysis')" 0
    sql "ALTER DATABASE asked IS_TEMPLATE false"
    check "dropped beside the worker" "$(dropdb asked && dropdb quiet && echo both)" both
    sql 'ALTER SYSTEM RESET db_advisor.analyze_interval' && sql 'SELECT pg_reload_conf()' >/dev/null
    check "no worker failed" "$(grep -cE 'db_advisor analysis worker.*(terminated by signal)' "$SERVER_LOG")" 0
}

sql 'CREATE EXTENSION db_advisor'
run_steps an_update_is_a_fresh_install a_dump_keeps_the_state an_upgraded_cluster_keeps_the_state worker_analyses \
    worker_is_in_nobodys_way
