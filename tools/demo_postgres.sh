#!/bin/bash
# The PostgreSQL half of the demo: a throw-away server, a shop of a million rows, its application's workload,
# the advice, the first fixes applied to that data, and the same workload again. Fails if a statement does not
# use the index that was built for it, or if any result changed.
set -u
cd "$(dirname "$0")/.." || exit 1
# shellcheck source=tools/test_server.sh
. tools/test_server.sh
fixes=${DEMO_FIXES:-10}
transactions=${DEMO_TRANSACTIONS:-150}
demo=bench/demo
SECONDS=0

say() { printf '%4d s  %s\n' "$SECONDS" "$*"; }
forget() { sql -c 'SELECT advisor.reset()' >/dev/null || exit 1; }
sql() { psql -X -q -v ON_ERROR_STOP=1 -d shop "$@"; }

# The same transactions each time: fixed number, fixed seed. pgbench's progress lines go through.
workload() { # LOG
    local files=() file
    for file in "$demo"/workload/*.sql; do files+=(-f "$file"); done
    pgbench -n -c 2 -j 2 -t "$transactions" -P 2 --random-seed=42 "${files[@]}" shop 2>&1 >"$SERVER_DIR/output/$1" |
        tee "$SERVER_DIR/output/$1.progress" | grep --line-buffered '^progress' |
        sed -u 's/^progress: \([0-9.]*\) s, \([0-9.]*\) tps, lat \([0-9.]*\) ms.*/        \2 transactions per second, \3 ms each/'
    if [ "${PIPESTATUS[0]}" != 0 ]; then
        grep -v '^progress' "$SERVER_DIR/output/$1.progress" >&2
        echo "demo: the workload failed" >&2
        exit 1
    fi
}

# Builds the index of one recommendation just as a user would, and notes which index came of it.
apply() { # ID
    sql -At -v id="$1" >"$SERVER_DIR/output/apply" 2>&1 <<'SQL'
SELECT fix FROM demo.picked WHERE id = :'id' \gexec
INSERT INTO demo.built
SELECT :'id', c.oid, c.relname
FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid
WHERE i.indisvalid AND c.relnamespace = 'public'::regnamespace AND c.oid NOT IN (SELECT oid FROM demo.old_indexes)
  AND c.oid NOT IN (SELECT oid FROM demo.built)
RETURNING '        built ' || index_name;
SQL
    local status=$?
    cat "$SERVER_DIR/output/apply"
    if [ "$status" != 0 ] || ! grep -q '^ *built' "$SERVER_DIR/output/apply"; then
        echo "demo: the fix of $1 built no index" >&2
        exit 1
    fi
}

main() {
    local id count
    server_create demo || exit 1
    server_start demo db_advisor "shared_buffers = '256MB'" || exit 1
    say "server started in $SERVER_DIR"
    createdb -T template0 shop || exit 1
    sql -f "$demo/schema.sql" || exit 1
    say "shop loaded: $(sql -At -c "SELECT to_char(sum(reltuples), 'FM9,999,999') FROM pg_class
        WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace") rows"
    sql -c 'CREATE EXTENSION db_advisor' || exit 1
    forget
    say "the application runs its workload"
    workload before
    say "what the advisor says, by SELECT advisor.report()"
    echo
    sql -At -c 'SELECT advisor.report()' || exit 1
    echo
    sql -v fixes="$fixes" -f "$demo/remember.sql" || exit 1
    sql -At -f "$demo/checks.sql" >"$SERVER_DIR/output/results_before" || exit 1
    say "applying the first fixes to this throw-away data"
    sql -At -c 'SELECT id FROM demo.picked ORDER BY position' >"$SERVER_DIR/output/picked" || exit 1
    if [ ! -s "$SERVER_DIR/output/picked" ]; then
        echo "demo: there is no index to build among the recommendations" >&2
        exit 1
    fi
    while read -r id; do apply "$id" || exit 1; done <"$SERVER_DIR/output/picked"
    sql -c 'ANALYZE' || exit 1
    sql -At -f "$demo/checks.sql" >"$SERVER_DIR/output/results_after" || exit 1
    if ! diff "$SERVER_DIR/output/results_before" "$SERVER_DIR/output/results_after"; then
        echo "demo: a query gives other rows than before" >&2
        exit 1
    fi
    say "all queries give the same rows as before; the same workload again"
    forget
    workload after
    say "measured mean time per statement"
    echo
    sql -f "$demo/compare.sql" || exit 1
    sql -At -f "$demo/unused.sql" >"$SERVER_DIR/output/unused" || exit 1
    if [ -s "$SERVER_DIR/output/unused" ]; then
        cat "$SERVER_DIR/output/unused"
        echo "demo: a statement does not use the index that was built for it" >&2
        exit 1
    fi
    count=$(sql -At -c 'SELECT count(*) FROM demo.promised')
    say "all $count promised plans use their index; the server is stopped and removed"
}

main
