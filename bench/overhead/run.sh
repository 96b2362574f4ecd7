#!/bin/sh
# What recording costs, side by side with other extensions, on a throw-away server with this checkout's module:
# bench/overhead/run.sh [--cpu | --memory] [--workloads 'NAME …'] [--configs 'NAME …'] [--markdown]
set -eu
here=$(cd "$(dirname "$0")" && pwd)
if [ -z "${SERVER_DIR:-}" ]; then
    exec bash "$here/../../tools/test_server.sh" --preload '' -- "$here/run.sh" "$@"
fi
export PYTHONDONTWRITEBYTECODE=1
exec /usr/bin/python3 "$here/main.py" "$@"
