#!/bin/sh
# The small run for `make check`: the comparison's own tests, then 60 cases on tables of up to 3e5 rows,
# and one of each kind beside b-trees.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
export PYTHONDONTWRITEBYTECODE=1 PYTHONPATH="$here/.."
(cd "$here" && /usr/bin/python3 -m unittest --quiet test_plan_shape)
exec "$here/run.sh" --seed "${BENCH_SEED:-1}" --cases 60 --max-rows 3e5 --gates 95,90,85,70 \
    --kinds 23 --kind-rows 3e4 --kind-slack 20 \
    --brief --misses 10 "$@"
