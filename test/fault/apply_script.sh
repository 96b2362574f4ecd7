#!/bin/bash
# The script of advisor.apply_script, run by psql on a server where others write: with a long transaction in the way, with a
# build that fails half-way or is cancelled, twice at a time, and again after each of them. Runs on the throw-away server
# of tools/check_server.sh, or by
#   tools/test_server.sh -- bash test/fault/apply_script.sh
# shellcheck source-path=SCRIPTDIR
. "$(dirname "${BASH_SOURCE[0]}")/checks.bash"

TEST_OUTPUT=${TEST_OUTPUT:-$SERVER_DIR/output}
TEST_DATABASE=apply
script=$TEST_OUTPUT/script.sql

# Keeps a transaction open that builds wait for, until it is closed.
open_holder() {
    rm -f "$TEST_OUTPUT/holder"
    mkfifo "$TEST_OUTPUT/holder"
    PGAPPNAME=holder psql -X -q -d "$TEST_DATABASE" <"$TEST_OUTPUT/holder" >/dev/null 2>&1 &
    holder_process=$!
    exec {holder}>"$TEST_OUTPUT/holder"
    echo "BEGIN; INSERT INTO shop.orders VALUES (-1, 0, 1);" >&"$holder"
    until_sql "SELECT count(*) = 1 FROM pg_stat_activity WHERE application_name = 'holder' AND state = 'idle in transaction' AND backend_xid IS NOT NULL"
}
close_holder() {
    echo "ROLLBACK;" >&"$holder"
    exec {holder}>&-
    wait "$holder_process"
}
script_for() { # CONDITION on recommendations
    sql "SELECT advisor.apply_script(array_agg(id ORDER BY id)) FROM advisor.recommendations WHERE $1" >"$script"
}
# Runs it and gives the exit status.
apply() {
    PGAPPNAME=script psql -X -q -d "$TEST_DATABASE" -f "$script" >"$TEST_OUTPUT/script.out" 2>&1
    echo $?
}
# In the background, until it waits for the transaction in the way.
apply_and_wait() {
    apply >"$TEST_OUTPUT/status" &
    script_process=$!
    until_sql "SELECT count(*) = 1 FROM pg_stat_activity WHERE application_name = 'script' AND wait_event_type = 'Lock'"
}
# Not in a subshell, which could not wait for it.
end_of_script() {
    wait "$script_process"
    script_status=$(cat "$TEST_OUTPUT/status")
}
indexes_of() { # TABLE: names and whether they are valid
    sql "SELECT string_agg(indexrelid::regclass || CASE WHEN indisvalid THEN '' ELSE ' invalid' END, ', ' ORDER BY indexrelid::regclass::text)
         FROM pg_index WHERE indrelid = '$1'::regclass"
}
all_oids() { sql "SELECT md5(string_agg(indexrelid || ' ' || indisvalid, ',' ORDER BY indexrelid)) FROM pg_index WHERE indexrelid >= 16384"; }
messages() { grep -c "$1" "$TEST_OUTPUT/script.out"; }

a_shop_with_advice() {
    createdb "$TEST_DATABASE"
    sql "CREATE EXTENSION db_advisor;
         ALTER DATABASE apply SET db_advisor.analysis_max_age = 0;
         ALTER DATABASE apply SET db_advisor.observation_window = 0;
         CREATE SCHEMA shop;
         CREATE TABLE shop.orders (id int PRIMARY KEY, customer int NOT NULL, divisor int);
         INSERT INTO shop.orders SELECT n, (n * 7919) % 5000, n FROM generate_series(1, 20000) AS n;
         CREATE INDEX orders_id_again ON shop.orders (id);
         CREATE TABLE shop.events (id int, at int) PARTITION BY RANGE (id);
         CREATE TABLE shop.events_1 PARTITION OF shop.events FOR VALUES FROM (0) TO (15000);
         CREATE TABLE shop.events_2 PARTITION OF shop.events DEFAULT;
         INSERT INTO shop.events SELECT n, (n * 7919) % 20011 FROM generate_series(1, 30000) AS n;
         CREATE TABLE shop.written (number int);
         INSERT INTO shop.written VALUES (0);
         CREATE TABLE shop.stop (now boolean);
         CREATE PROCEDURE shop.often(statement text) LANGUAGE plpgsql AS
             \$\$ BEGIN FOR n IN 1 .. 6 LOOP EXECUTE statement; END LOOP; END \$\$;
         CREATE PROCEDURE shop.write() LANGUAGE plpgsql AS \$\$
         DECLARE n int := 100000;
         BEGIN
             WHILE NOT EXISTS (SELECT FROM shop.stop) LOOP
                 n := n + 1;
                 INSERT INTO shop.orders VALUES (n, n % 5000, n);
                 UPDATE shop.orders SET customer = customer + 1 WHERE id = n % 20000;
                 UPDATE shop.written SET number = number + 1;
                 COMMIT;
             END LOOP;
         END \$\$;"
    sql "VACUUM ANALYZE"
    sql "SET db_advisor.track = 'all'; CALL shop.often('SELECT count(*) FROM shop.orders WHERE customer = 4711')"
    sql "CALL shop.often('SELECT count(*) FROM shop.events WHERE at = 4711')"
    check "advice" "$(sql "SELECT string_agg(rule, ' ' ORDER BY rule, object) FROM advisor.recommendations WHERE rule ~ 'index' AND object ~ '^shop'")" \
        "index-covered-by-unique missing-index-filter missing-index-filter"
}

under_load_with_a_long_transaction_in_the_way() {
    local before oids
    script_for "object ~ 'shop.orders' AND rule ~ 'missing-index|covered'"
    check "creates come before drops" "$(grep -nE 'CREATE INDEX|DROP INDEX CONCURRENTLY shop.orders_id_again' "$script" | grep -oE 'CREATE|again' | tr '\n' ' ')" \
        "CREATE again "
    sql "CALL shop.write()" &
    writer=$!
    until_sql "SELECT number > 5 FROM shop.written"
    open_holder
    apply_and_wait
    before=$(sql "SELECT number FROM shop.written")
    until_sql "SELECT number > $before + 20 FROM shop.written"
    check "others write while the build waits" "$?" 0
    check "a second run at the same time is refused" "$(PGAPPNAME=second psql -X -q -d apply -f "$script" 2>&1 | grep -c 'another session runs such a script')" 1
    close_holder
    end_of_script
    check "exit status" "$script_status" 0
    check "built, and the other one gone" "$(indexes_of shop.orders)" "shop.orders_customer_idx, shop.orders_pkey"
    sql "INSERT INTO shop.stop VALUES (true)"
    wait "$writer"
    check "the index has all rows" \
        "$(sql "SET enable_seqscan = off; SET enable_bitmapscan = off; SELECT count(*) FROM shop.orders WHERE customer >= 0")" \
        "$(sql "SET enable_indexscan = off; SET enable_indexonlyscan = off; SET enable_bitmapscan = off; SELECT count(*) FROM shop.orders WHERE customer >= 0")"
    oids=$(all_oids)
    check "again" "$(apply)" 0
    check "nothing changes" "$(all_oids)" "$oids"
    check "the advice is gone" "$(sql "SELECT count(*) FROM advisor.recommendations WHERE object ~ 'shop.orders' AND rule ~ 'index'")" 0
}

a_build_that_fails() {
    sql "SELECT NULL FROM advisor.reset()" >/dev/null
    sql "CREATE INDEX orders_id_again ON shop.orders (id)"
    sql "CALL shop.often('SELECT count(*) FROM shop.orders WHERE 1000000 / divisor = 77')"
    script_for "object ~ 'shop.orders' AND rule ~ 'missing-index|covered'"
    sql "INSERT INTO shop.orders VALUES (-1, 1, 0)"
    check "division by zero" "$(apply)" 3
    check "a carcass, and nothing dropped" "$(indexes_of shop.orders | grep -oE '\w+ invalid|\w+again' | sort | tr '\n' ' ')" \
        "orders_1000000_divisor_idx invalid orders_id_again "
    check "fails again" "$(apply)" 3
    check "there is one carcass, not two" "$(sql "SELECT count(*) FROM pg_index WHERE NOT indisvalid AND indrelid = 'shop.orders'::regclass")" 1
    sql "DELETE FROM shop.orders WHERE id = -1"
    check "mended" "$(apply)" 0
    check "the carcass is built anew, then the other one dropped" "$(indexes_of shop.orders)" \
        "shop.orders_1000000_divisor_idx, shop.orders_customer_idx, shop.orders_pkey"
    check "expressions have statistics" "$(sql "SELECT count(*) > 0 FROM pg_stats WHERE tablename = 'orders_1000000_divisor_idx'")" t
}

a_build_that_is_cancelled() {
    sql "DROP INDEX shop.orders_customer_idx; CREATE INDEX orders_id_again ON shop.orders (id)"
    sql "CALL shop.often('SELECT count(*) FROM shop.orders WHERE customer = 4711')"
    script_for "object ~ 'shop.orders' AND rule ~ 'missing-index|covered'"
    open_holder
    apply_and_wait
    sql "SELECT pg_cancel_backend(pid) FROM pg_stat_activity WHERE application_name = 'script'" >/dev/null
    end_of_script
    check "cancelled" "$script_status" 3
    close_holder
    check "it left an invalid index" "$(indexes_of shop.orders | grep -c 'orders_customer_idx invalid')" 1
    check "the drop did not come to its turn" "$(sql "SELECT to_regclass('shop.orders_id_again') IS NOT NULL")" t
    check "again" "$(apply)" 0
    check "all is as it should be" "$(indexes_of shop.orders)" "shop.orders_1000000_divisor_idx, shop.orders_customer_idx, shop.orders_pkey"
}

another_build_is_left_alone() {
    sql "DROP INDEX shop.orders_customer_idx"
    open_holder
    sql "CREATE INDEX CONCURRENTLY orders_customer_idx ON shop.orders (customer)" &
    local builder=$!
    until_sql "SELECT count(*) = 1 FROM pg_stat_activity WHERE query ~ '^CREATE INDEX CONCURRENTLY' AND wait_event_type = 'Lock'"
    check "somebody else builds it" "$(apply)" 3
    check "it says so" "$(messages 'If another session builds it')" 1
    close_holder
    wait "$builder"
    check "then it is there" "$(apply) $(indexes_of shop.orders | grep -c 'orders_customer_idx')" "0 1"
}

a_partitioned_table() {
    local oids
    sql "CALL shop.often('SELECT count(*) FROM shop.events WHERE at = 4711')"
    script_for "object = 'shop.events' AND rule ~ 'index'"
    # a run that was interrupted after the first partition
    sed '/ATTACH/,$d' "$script" >"$TEST_OUTPUT/half.sql"
    check "half of it" "$(psql -X -q -d apply -f "$TEST_OUTPUT/half.sql" >/dev/null 2>&1; echo $?)" 0
    check "not valid yet" "$(indexes_of shop.events)" "shop.events_at_idx invalid"
    check "the rest" "$(apply)" 0
    check "valid with its parts" "$(indexes_of shop.events), $(indexes_of shop.events_1), $(indexes_of shop.events_2)" \
        "shop.events_at_idx, shop.events_1_at_idx, shop.events_2_at_idx"
    oids=$(all_oids)
    check "again" "$(apply) $(all_oids)" "0 $oids"
}

what_changed_in_between() {
    sql "CREATE INDEX orders_again ON shop.orders (customer)"
    script_for "object = 'shop.orders_again'"
    sql "DROP INDEX shop.orders_customer_idx"
    check "what should take over is gone" "$(apply) $(messages 'stays')" "0 1"
    check "so it stays" "$(sql "SELECT to_regclass('shop.orders_again') IS NOT NULL")" t
    sql "SELECT NULL FROM advisor.reset(); DROP INDEX shop.orders_1000000_divisor_idx; CREATE INDEX orders_divisor ON shop.orders (divisor)" >/dev/null
    sql "SELECT pg_stat_force_next_flush(); INSERT INTO shop.orders VALUES (-2, 1, 1)" >/dev/null
    script_for "rule = 'unused-index' AND object = 'shop.orders_divisor'"
    sql "SET enable_seqscan = off; SELECT count(*) FROM shop.orders WHERE divisor = 1; SELECT pg_stat_force_next_flush()" >/dev/null
    until_sql "SELECT pg_stat_get_numscans('shop.orders_divisor'::regclass) > 0"
    check "it was used since" "$(apply) $(messages 'it was used since')" "0 1"
    check "so it stays too" "$(sql "SELECT to_regclass('shop.orders_divisor') IS NOT NULL")" t
}

names_are_no_statements() {
    sql 'CREATE TABLE shop.victim (id int PRIMARY KEY);
CREATE TABLE shop."a'"'"'b
; DROP TABLE shop.victim; \! touch /tmp/no --" (id int PRIMARY KEY, "cust
omer" int);
INSERT INTO shop."a'"'"'b
; DROP TABLE shop.victim; \! touch /tmp/no --" SELECT n, (n * 7919) % 5000 FROM generate_series(1, 20000) AS n;'
    sql "VACUUM ANALYZE"
    sql 'CALL shop.often('"'"'SELECT count(*) FROM shop."a'"''"'b
; DROP TABLE shop.victim; \! touch /tmp/no --" WHERE "cust
omer" = 4711'"'"')'
    script_for "rule = 'missing-index-filter' AND object ~ 'victim'"
    check "a name with all sorts of signs" "$(apply)" 0
    check "it has its index" "$(sql "SELECT count(*) FROM pg_index AS i JOIN pg_class AS c ON c.oid = i.indrelid WHERE c.relname ~ 'victim;' AND indisvalid")" 2
    check "nothing else happened" "$(sql "SELECT to_regclass('shop.victim')")" shop.victim
    check "by the fix neither" "$(sql "SELECT count(*) FROM advisor.recommendations WHERE fix ~ '^; DROP'")" 0
}

run_steps a_shop_with_advice under_load_with_a_long_transaction_in_the_way a_build_that_fails a_build_that_is_cancelled \
    another_build_is_left_alone a_partitioned_table what_changed_in_between names_are_no_statements
