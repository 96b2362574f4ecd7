#!/bin/bash
# tools/collect_rules.sh takes a sound rule file, and says how to mend a broken one.
set -u
collect=$(cd "$(dirname "$0")/../../tools" && pwd)/collect_rules.sh
tree=$(mktemp -d) || exit 1
trap 'rm -rf "$tree"' EXIT
passed=0 failed=0 skipped=0
file=$tree/rules/index/odd-index.pg.sql

sound_file() {
    mkdir -p "$tree/rules/index" "$tree/sql/tables" "$tree/sql/objects" "$tree/sql/grants"
    echo '-- the install script' >"$tree/sql/begin.sql"
    for version in 0.9 0.10 0.11; do
        echo "-- tables of $version" >"$tree/sql/tables/$version.sql"
        echo "-- grants of $version" >"$tree/sql/grants/$version.sql"
    done
    echo '-- views' >"$tree/sql/objects/views.sql"
    cat >"$file" <<'RULE'
-- rule: odd-index
-- category: index
-- severity: low
-- title: It's odd
-- why: A reason with $rule$ in it.
-- references: https://example.org/
-- minimum version: 15
-- examined: SELECT 1
SELECT 'a' AS object -- a remark
WHERE false
RULE
}

# Its output is in $tree/out, both streams.
result() { # NAME WANTED-STATUS PATTERN MODE [FROM]
    sh "$collect" "$4" "$tree" "${@:5}" >"$tree/out" 2>&1
    local status=$?
    if [ "$status" = "$2" ] && grep -qF -e "$3" "$tree/out"; then
        passed=$((passed + 1))
    else
        failed=$((failed + 1))
        echo "$1: status $status, wanted $2 and \"$3\" in:"
        cat "$tree/out"
    fi
}

sound_file
result "the script first" 0 "-- the install script" pg
result "tables of all versions" 0 "-- tables of 0.9" pg
result "views" 0 "-- views" update 0.10
result "grants of newer versions" 0 "-- grants of 0.11" update 0.10
result "rules anew" 0 "INSERT INTO advisor.rule " update 0.10
if grep -q -e 'of 0.9' -e 'of 0.10' -e 'the install script' "$tree/out"; then
    failed=$((failed + 1))
    echo "an update from 0.10 repeats what 0.10 had"
else
    passed=$((passed + 1))
fi
sed -i '1a -- threshold: min_rows = 1000: smaller tables are left out\n-- threshold: strict = true: x | y' "$file"
result "thresholds" 0 '{"min_rows": 1000, "strict": true}' pg
# shellcheck disable=SC2016 # Markdown's backticks
result "thresholds documented" 0 '- `min_rows` = 1000: smaller tables are left out' docs
# shellcheck disable=SC2016
result "a meaning with any character" 0 '- `strict` = true: x | y' docs
sed -i 's/min_rows = 1000/min_rows = many/' "$file"
result "a threshold that is no value" 1 'the threshold "min_rows = many' pg
sound_file
sed -i '1a -- waits: for better times' "$file"
result "an unknown wait" 1 "use one of: observation window" pg
sound_file
result "one insert" 0 "INSERT INTO advisor.rule " pg
result "a tag that does not occur" 0 "\$rule1\$A reason with \$rule\$ in it.\$rule1\$" pg
result "remarks stay" 0 "SELECT 'a' AS object -- a remark" pg
result "documentation" 0 "### odd-index" docs
for name in rule category severity title why references 'minimum version' examined; do
    sound_file
    sed -i "/^-- $name:/d" "$file"
    result "without $name" 1 "the header has no line \"-- $name: …\"; fix: " pg
done
sound_file
sed -i 's/^-- severity: .*/-- severity: grave/' "$file"
result "unknown severity" 1 "use one of: critical high medium low info" pg
sound_file
sed -i 's/^-- category: .*/-- category: schema/' "$file"
result "the wrong folder" 1 "move the file to rules/<category>/" pg
sound_file
sed -i 's/^-- rule: .*/-- rule: even-index/' "$file"
result "another name" 1 "name the file even-index.pg.sql" pg
sound_file
sed -i 's/^-- minimum version: .*/-- minimum version: old/' "$file"
result "no version" 1 "the minimum version is no number" pg
sound_file
echo 'LIMIT 1;' >>"$file"
result "a semicolon" 1 "the query ends in a semicolon" pg
result "unknown mode" 2 "usage: collect_rules.sh" html

echo "$passed passed, $failed failed, $skipped skipped"
[ "$failed" = 0 ]
