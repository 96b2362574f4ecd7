#!/bin/sh
# Collects the rule files under rules/ for one engine.
#   collect_rules.sh pg ROOT      the install script followed by one INSERT per rule
# (the SQLite form is added by the SQLite module's build)
set -eu
engine=$1 root=$2
[ "$engine" = pg ] || { echo "collect_rules.sh: unknown engine \"$engine\"" >&2; exit 1; }
cat "$root/sql/db_advisor--0.1.sql"
