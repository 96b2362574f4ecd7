#!/bin/sh
# The truth of advisor.what_if on generated cases: bench/what_if/run.sh --seed N --cases 300 --max-rows 1e7
# Uses the server that PGHOST and so on name (schema bench_what_if is made and dropped there), else starts a
# throw-away one with this checkout's module.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
if [ -z "${PGHOST:-}" ]; then
    exec bash "$here/../../tools/test_server.sh" --set 'shared_buffers = 512MB' -- "$here/run.sh" "$@"
fi
if ! /usr/bin/python3 -c 'import psycopg2' 2>/dev/null; then
    echo "run.sh: python3-psycopg2 is missing: call tools/install_deps.sh first" >&2
    exit 1
fi
export PYTHONDONTWRITEBYTECODE=1 PYTHONPATH="$here/.."
exec /usr/bin/python3 "$here/main.py" "$@"
