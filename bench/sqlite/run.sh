#!/bin/sh
# The advice of the SQLite module, measured beside that of the shell's .expert, with and without samples:
#   bench/sqlite/run.sh development|workload|unseen|fidelity|overhead|speed [OPTION...]
# DB_ADVISOR_MODULE names another module than this checkout's; the files lie in a folder of their own.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
part=${1:-}
if [ ! -f "$here/$part.py" ]; then
    echo "usage: run.sh development|workload|unseen|fidelity|overhead|speed [OPTION...]; run.sh development --help" >&2
    exit 2
fi
shift
if ! command -v sqlite3 >/dev/null; then
    echo "run.sh: the sqlite3 shell is missing: call tools/install_deps.sh first" >&2
    exit 1
fi
DB_ADVISOR_MODULE=${DB_ADVISOR_MODULE:-$here/../../build/sqlite/db_advisor.so}
export DB_ADVISOR_MODULE PYTHONDONTWRITEBYTECODE=1
unset DB_ADVISOR_SAVE DB_ADVISOR_RECORD
exec /usr/bin/python3 "$here/$part.py" "$@"
