#!/bin/sh
# Is what followed advice did told rightly? bench/replay/run.sh --seeds 1,2,3
# Uses the server that PGHOST and so on name, else starts a throw-away one with this checkout's module. Everything
# happens in a database "bench_replay" of that server, which is dropped at the end.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
if [ -z "${PGHOST:-}" ]; then
    exec bash "$here/../../tools/test_server.sh" --set 'shared_buffers = 512MB' -- "$here/run.sh" "$@"
fi
if ! /usr/bin/python3 -c 'import psycopg2' 2>/dev/null; then
    echo "run.sh: python3-psycopg2 is missing: call tools/install_deps.sh first" >&2
    exit 1
fi
export PYTHONDONTWRITEBYTECODE=1 PYTHONPATH="$here:$here/.."
exec /usr/bin/python3 "$here/main.py" "$@"
