#!/bin/sh
# What each rule costs on a database with 1,000 tables and 5,000 indexes, on a throw-away server with this checkout's
# module: bench/rules/run.sh. Prints per rule what it examined and found and the median milliseconds of five reads.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
if [ -z "${SERVER_DIR:-}" ]; then
    exec bash "$here/../../tools/test_server.sh" --set "db_advisor.observation_window = 0" \
        --set "max_locks_per_transaction = 64" -- "$here/run.sh" "$@"
fi
psql -X -q -d postgres -c 'CREATE DATABASE bench'
psql -X -q -d bench -v ON_ERROR_STOP=1 -f "$here/schema.sql" >/dev/null
psql -X -q -d bench -v ON_ERROR_STOP=1 -f "$here/workload.sql" >/dev/null
exec psql -X -q -d bench -v ON_ERROR_STOP=1 -f "$here/report.sql"
