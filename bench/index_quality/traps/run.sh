#!/bin/sh
# Traps for an index advisor: bench/index_quality/traps/run.sh [--rows N] [--only NAME,NAME] [--brief]
# In each, an index that the planner takes for a gain makes a statement slower once it is built; the advisor, which
# has recorded the statement, must not fall for it. Each has a twin in which the same index is good advice.
# Uses the server that PGHOST and so on name (schema bench_trap is made and dropped there; the recorded workload is
# reset), else starts a throw-away one with this checkout's module.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
if [ -z "${PGHOST:-}" ]; then
    exec bash "$here/../../../tools/test_server.sh" --set 'shared_buffers = 1GB' -- "$here/run.sh" "$@"
fi
if ! /usr/bin/python3 -c 'import psycopg2' 2>/dev/null; then
    echo "run.sh: python3-psycopg2 is missing: call tools/install_deps.sh first" >&2
    exit 1
fi
export PYTHONDONTWRITEBYTECODE=1
exec /usr/bin/python3 "$here/main.py" "$@"
