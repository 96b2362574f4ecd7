#!/bin/bash
# The advisor waits for no lock and makes nobody wait: an ALTER TABLE in the queue, or one that holds its lock, while
# the advice is read; an ALTER TABLE that comes during a long analysis.
set -u
passed=0 failed=0
# Of this script's own questions nothing is recorded.
export PGOPTIONS="-c db_advisor.track=none"
sessions=$TEST_OUTPUT
database=lock_queue

check() { # NAME EXPECTED FOUND
    if [ "$2" = "$3" ]; then
        passed=$((passed + 1))
        echo "ok       $1"
    else
        failed=$((failed + 1))
        echo "FAILED   $1: expected \"$2\", found \"$3\""
    fi
}
sql() { psql -X -q -A -t -v ON_ERROR_STOP=1 -d "$database" "$@"; }
# The first line of what a session with a time limit, which only a wait reaches, answers.
limited() { sql -c "SET statement_timeout = '15s'" -c "SET client_min_messages = warning" -c "$1" 2>&1 | head -n 1; }
# A session of its own that does what is said to it, until it is closed. All ends with this script: the pipe closes.
open_session() { # NAME
    mkfifo "$sessions/$1"
    PGAPPNAME=$1 psql -X -q -A -t -d "$database" <"$sessions/$1" >"$sessions/$1.out" 2>&1 &
    exec {descriptor}>"$sessions/$1"
    eval "session_$1=$descriptor process_$1=$!"
}
# The latest that was opened; all that it was answered is written then.
close_session() { # NAME
    local descriptor=session_$1 process=process_$1
    descriptor=${!descriptor}
    exec {descriptor}>&-
    wait "${!process}"
}
say() { # NAME SQL
    local descriptor=session_$1
    echo "$2;" >&"${!descriptor}"
}
# Waits until the query gives "t", at most 20 s.
wait_until() { # QUERY
    local tenths=0
    until [ "$(sql -c "$1")" = t ]; do
        sleep 0.1
        tenths=$((tenths + 1))
        if [ "$tenths" = 200 ]; then
            echo "FAILED   waited in vain for: $1"
            failed=$((failed + 1))
            return 1
        fi
    done
}
waits_for_lock() { echo "SELECT count(*) = 1 FROM pg_stat_activity WHERE application_name = '$1' AND wait_event_type = 'Lock'"; }
is_idle() { echo "SELECT count(*) = 1 FROM pg_stat_activity WHERE application_name = '$1' AND state LIKE 'idle%'"; }

createdb "$database" || exit 1
PGOPTIONS='' sql <<'SQL' || exit 1
SET client_min_messages = warning;
CREATE EXTENSION db_advisor;
CREATE TABLE busy (id int PRIMARY KEY, customer int NOT NULL);
CREATE TABLE quiet (id int PRIMARY KEY, customer int NOT NULL);
INSERT INTO busy SELECT n, (n * 7919) % 5000 FROM generate_series(1, 20000) AS n;
INSERT INTO quiet SELECT * FROM busy;
CREATE INDEX busy_twice ON busy (id);
CREATE TABLE refers (busy int REFERENCES busy);
CREATE PROCEDURE run_often(statement text) LANGUAGE plpgsql AS $$ BEGIN FOR n IN 1 .. 6 LOOP EXECUTE statement; END LOOP; END $$;
VACUUM ANALYZE;
SELECT NULL FROM advisor.reset();
CALL run_often('SELECT count(*) FROM busy WHERE customer = 1');
CALL run_often('SELECT count(*) FROM quiet WHERE customer = 1');
CALL run_often('SELECT count(*) FROM quiet AS q JOIN busy AS b USING (id) WHERE q.customer = 2');
SQL
advised_on="SELECT string_agg(DISTINCT object, ' ') FROM advisor.recommendations WHERE rule LIKE 'missing-index%'"
skipped="SELECT skipped FROM advisor.coverage WHERE rule = 'missing-index-filter'"
# A rule that needs the locked table is passed over.
rules="SELECT string_agg(CASE state WHEN 'skipped' THEN 'ran' ELSE state END, ', ') FROM advisor.coverage WHERE rule IN ('duplicate-index', 'unindexed-foreign-key')"
all_ran="ran, ran"
repeated="SELECT count(*) FROM advisor.recommendations WHERE rule = 'index-covered-by-unique' AND object = 'public.busy_twice'"
# The reader must look anew each time.
sql -c "ALTER DATABASE $database SET db_advisor.analysis_max_age = 0" || exit 1

# An ALTER TABLE in the queue.
open_session holder
open_session alter
say holder "BEGIN"
say holder "SELECT FROM busy LIMIT 1"
wait_until "SELECT count(*) = 1 FROM pg_stat_activity WHERE application_name = 'holder' AND state = 'idle in transaction'"
say alter "ALTER TABLE busy ADD COLUMN later int"
wait_until "$(waits_for_lock alter)"
check "an ALTER TABLE waits: advice on the rest" public.quiet "$(limited "$advised_on")"
check "an ALTER TABLE waits: statements skipped" 2 "$(limited "$skipped")"
check "an ALTER TABLE waits: catalog rules" "$all_ran" "$(limited "$rules")"
check "an ALTER TABLE waits: report" t "$(limited "SELECT advisor.report() ~ 'quiet'")"
check "an ALTER TABLE waits: all views" t "$(limited "SELECT (SELECT count(*) FROM advisor.statements) + (SELECT count(*) FROM advisor.plans) + (SELECT count(*) FROM advisor.plan_nodes) + (SELECT count(*) FROM advisor.predicates) +
    (SELECT count(*) FROM advisor.index_candidates) + (SELECT count(*) FROM advisor.status) + (SELECT count(*) FROM advisor.recommendation_statements) > 0")"
check "an ALTER TABLE waits: recommend_indexes for the workload" t "$(limited "SELECT count(*) > 0 FROM advisor.recommend_indexes()")"
check "another table is free" 20000 "$(limited "SELECT count(*) FROM quiet")"
say holder "COMMIT"
wait_until "$(is_idle alter)"
check "the queue is gone: all advice" "public.busy public.quiet" "$(limited "$advised_on")"
check "the queue is gone: catalog rules too" 1 "$(limited "$repeated")"
check "the queue is gone: nothing skipped" 0 "$(limited "$skipped")"

# One that holds its lock.
say holder "BEGIN"
say holder "ALTER TABLE busy ADD COLUMN still_later int"
wait_until "SELECT count(*) = 1 FROM pg_stat_activity WHERE application_name = 'holder' AND state = 'idle in transaction' AND query LIKE 'ALTER%'"
check "an ALTER TABLE holds its lock: advice on the rest" public.quiet "$(limited "$advised_on")"
check "an ALTER TABLE holds its lock: statements skipped" 2 "$(limited "$skipped")"
check "an ALTER TABLE holds its lock: catalog rules" "$all_ran" "$(limited "$rules")"
check "an ALTER TABLE holds its lock: all views" t "$(limited "SELECT (SELECT count(*) FROM advisor.statements) + (SELECT count(*) FROM advisor.plans) + (SELECT count(*) FROM advisor.plan_nodes) + (SELECT count(*) FROM advisor.predicates) +
    (SELECT count(*) FROM advisor.index_candidates) + (SELECT count(*) FROM advisor.status) + (SELECT count(*) FROM advisor.recommendation_statements) > 0")"
say holder "ROLLBACK"
wait_until "$(is_idle holder)"
check "the lock is gone: all advice" "public.busy public.quiet" "$(limited "$advised_on")"

# During a long analysis: each planning of these statements takes a fifth of a second.
PGOPTIONS='' sql <<'SQL' || exit 1
CREATE FUNCTION naps(int) RETURNS int LANGUAGE plpgsql IMMUTABLE AS
    $$ BEGIN PERFORM pg_sleep(coalesce(nullif(current_setting('test.nap', true), ''), '0')::float8); RETURN $1; END $$;
SELECT NULL FROM advisor.reset();
CALL run_often('SELECT count(*) FROM busy WHERE customer = naps(1)');
CALL run_often('SELECT count(*) FROM busy WHERE customer = naps(1) AND id > 0');
CALL run_often('SELECT count(*) FROM quiet WHERE customer = naps(1)');
CALL run_often('SELECT count(*) FROM quiet WHERE customer = naps(1) AND id > 0');
CALL run_often('SELECT count(*) FROM quiet AS q JOIN busy AS b USING (id) WHERE q.customer = naps(2)');
CALL run_often('SELECT count(*) FROM quiet AS q JOIN busy AS b USING (customer) WHERE q.id = naps(2)');
SQL
sql -c "ALTER DATABASE $database SET test.nap = '0.2'" -c "ALTER DATABASE $database SET db_advisor.analysis_time_budget = '60s'"
analysing="SELECT count(*) = 1 FROM pg_stat_activity WHERE application_name = 'reader' AND state = 'active' AND query ~ 'recommendations'"
open_session reader
say reader "$advised_on"
wait_until "$analysing"
sleep 0.7
for attempt in 1 2 3; do
    for table in busy quiet; do
        check "during an analysis: ALTER TABLE $table, $attempt" t \
            "$(sql -c "SET lock_timeout = '1s'" -c "ALTER TABLE $table ALTER customer SET STATISTICS $((100 + attempt))" -c "$analysing" 2>&1)"
    done
done
held="SELECT count(*) = 0 FROM pg_locks JOIN pg_stat_activity USING (pid) WHERE application_name = 'reader' AND NOT granted"
check "the analysis waits for nothing" t "$(sql -c "$held")"
wait_until "$(is_idle reader)"
close_session reader
check "and its advice arrived" "public.busy public.quiet" "$(cat "$sessions/reader.out")"

for name in holder alter reader; do
    descriptor=session_$name
    eval "exec ${!descriptor}>&-"
done
wait
echo
echo "$passed passed, $failed failed, 0 skipped"
[ "$failed" = 0 ]
