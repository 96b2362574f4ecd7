#!/bin/sh
# How good the recommended index sets are, by workload: bench/index_quality/run.sh tpch --scale 0.1
# Uses the server that PGHOST and so on name, else starts a throw-away one with this checkout's module. Everything
# is made in a schema of its own there, which is dropped at the end or stays for the next run with --keep.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
if [ -z "${PGHOST:-}" ]; then
    exec bash "$here/../../tools/test_server.sh" --set 'shared_buffers = 3GB' --set 'wal_level = minimal' \
        --set 'max_wal_senders = 0' -- "$here/run.sh" "$@"
fi
if ! /usr/bin/python3 -c 'import psycopg2' 2>/dev/null; then
    echo "run.sh: python3-psycopg2 is missing: call tools/install_deps.sh first" >&2
    exit 1
fi
part=${1:-}
if [ ! -f "$here/$part/main.py" ]; then
    echo "usage: run.sh tpch|joins|oltp|star|scale|traps [OPTION...]; run.sh tpch --help" >&2
    exit 2
fi
shift
export PYTHONDONTWRITEBYTECODE=1 PYTHONPATH="$here:$here/.."
exec /usr/bin/python3 "$here/$part/main.py" "$@"
