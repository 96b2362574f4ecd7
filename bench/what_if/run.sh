#!/bin/sh
# The truth of advisor.what_if on generated cases: bench/what_if/run.sh --seed N --cases 300 --max-rows 1e7
# Needs a running server with the extension (PGHOST, PGPORT, PGUSER, PGDATABASE) whose data may be thrown away.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
export PYTHONDONTWRITEBYTECODE=1
exec /usr/bin/python3 "$here/main.py" "$@"
