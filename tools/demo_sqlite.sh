#!/bin/sh
# The SQLite demo: an application runs its statements with the advisor loaded, a shell on the same file shows the
# advice and applies it, the application runs again. Everything lies in a temporary folder that is removed.
#   demo_sqlite.sh [MODULE]      default: build/sqlite/db_advisor.so of this checkout
set -eu
here=$(cd "$(dirname "$0")" && pwd)
module=${1:-$here/../build/sqlite/db_advisor.so}
[ -f "$module" ] || { echo "$module is missing: run make sqlite" >&2; exit 1; }
module=$(cd "$(dirname "$module")" && pwd)/$(basename "$module")
command -v sqlite3 >/dev/null || { echo "the sqlite3 shell is missing: run tools/install_deps.sh" >&2; exit 1; }

work=$(mktemp -d "${TMPDIR:-/tmp}/db_advisor_demo.XXXXXX")
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT TERM
file=$work/shop.db
python=/usr/bin/python3
DB_ADVISOR_SAVE=$work/workload.db
export DB_ADVISOR_SAVE

step() { printf '\n== %s\n' "$*"; }
# The path of the module may hold spaces: .load takes it in quotes.
shell() { { printf '.load "%s"\n' "$module"; cat; } | sqlite3 -batch "$file"; }

step "1. A shop's database: 20,000 customers, 200,000 orders, 400,000 items"
$python "$here/demo_sqlite_app.py" create "$file"
printf '%d MB in shop.db\n' $(($(stat -c %s "$file") / 1048576))

step "2. The application runs, with db_advisor loaded"
$python "$here/demo_sqlite_app.py" run "$file" "$module" "$work/notes.json"

step "3. A sqlite3 shell on the same file: the advice is there, with its SQL"
shell <<'SQL'
.mode list
SELECT severity || ': ' || title || char(10) || '    ' || detail || char(10) || '    ' || fix || char(10)
FROM advisor_recommendations WHERE rule LIKE 'missing-index-%';
SQL

step "4. The fixes are pasted into the shell"
shell > "$work/ids" <<'SQL'
SELECT id FROM advisor_recommendations WHERE rule LIKE 'missing-index-%';
SQL
shell > "$work/fixes.sql" <<'SQL'
SELECT fix FROM advisor_recommendations WHERE rule LIKE 'missing-index-%';
SQL
shell > "$work/applied" <<'SQL'
.separator |
SELECT s.queryid, substr(r.rollback, instr(r.rollback, '.') + 1, length(r.rollback) - instr(r.rollback, '.') - 1)
FROM advisor_recommendations r JOIN advisor_recommendation_statements s ON s.id = r.id;
SQL
grep -v '^--' "$work/fixes.sql"
sqlite3 -batch "$file" < "$work/fixes.sql"
shell > "$work/ids_after" <<'SQL'
SELECT id FROM advisor_recommendations;
SQL
if grep -qxF -f "$work/ids" "$work/ids_after"; then
    echo "FAILED: a finding is still there after its fix" >&2
    exit 1
fi
echo "All $(wc -l < "$work/ids") findings are gone."

step "5. The application runs again: measured before and after"
unset DB_ADVISOR_SAVE
$python "$here/demo_sqlite_app.py" compare "$file" "$module" "$work/notes.json" "$work/applied"
echo
echo "SQLite demo: done."
