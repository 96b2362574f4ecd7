#!/bin/bash
# tools/dist.sh puts a commit into a zip as PGXN wants it, and refuses one whose META.json is not right.
set -u
cd "$(dirname "$0")/../.." || exit 1
if ! command -v git >/dev/null; then echo "git is not installed" && exit 77; fi
# shellcheck source=test/tooling/expect.bash
. test/tooling/expect.bash
tree=$(mktemp -d /tmp/dist_test.XXXXXX) || exit 1
said_in=$tree/said
trap 'rm -rf "$tree"' EXIT
export GIT_CONFIG_GLOBAL=/dev/null GIT_CONFIG_SYSTEM=/dev/null GIT_AUTHOR_NAME=a GIT_AUTHOR_EMAIL=a GIT_COMMITTER_NAME=a GIT_COMMITTER_EMAIL=a
unset GIT_DIR GIT_WORK_TREE GIT_INDEX_FILE

says() { grep -qE -- "$1" "$tree/said"; }
commit() { (cd "$tree/db_advisor" && git add -A && git commit -qm "$1"); }
dist() { (cd / && "$tree/db_advisor/tools/dist.sh") >"$tree/said" 2>&1; }
names() { /usr/bin/python3 -c 'import sys, zipfile; print(*zipfile.ZipFile(sys.argv[1]).namelist(), sep="\n")' "$1"; }
change_meta() { sed -i "$1" "$tree/db_advisor/META.json" && commit changed; }

mkdir -p "$tree/db_advisor"/{tools/lint,sql/objects} && touch "$tree/said"
cp -p META.json README.md db_advisor.control .gitignore "$tree/db_advisor/"
cp -p tools/dist.sh "$tree/db_advisor/tools/" && cp -p tools/lint/meta.py "$tree/db_advisor/tools/lint/"
for file in $(/usr/bin/python3 -c 'import json; print(*[p["file"] for p in json.load(open("META.json"))["provides"].values()])'); do
    mkdir -p "$tree/db_advisor/$(dirname "$file")" && cp -p "$file" "$tree/db_advisor/$file"
done
version=$(/usr/bin/python3 tools/lint/meta.py . --version)
zip=$tree/db_advisor/build/db_advisor-$version.zip

dist
expect "outside of a checkout it says what it needs" says 'made of a commit in a git checkout'
(cd "$tree/db_advisor" && git init -q) && commit first
echo "left over" >"$tree/db_advisor/not_committed"
expect "a right tree gives a zip" dist
expect "it says where" says "^build/db_advisor-$version.zip\$"
expect "it says that something is left out" says 'not committed is left out'
names "$zip" >"$tree/names"
expect "all is below a folder with the version" test "$(grep -cv "^db_advisor-$version/" "$tree/names")" = 0
for file in META.json db_advisor.control README.md tools/dist.sh; do
    expect "$file is in it" grep -qx "db_advisor-$version/$file" "$tree/names"
done
expect "what is not committed is not" test "$(grep -c not_committed "$tree/names")" = 0
rm "$zip"

change_meta "s/\"version\": \"$version\"/\"version\": \"77.0.0\"/"
expect "another version than the control file's is refused" test "$(dist; echo $?)" = 1
expect "with the reason" says 'has version 77.0.0 where db_advisor.control has'
change_meta "s/77.0.0/$version/; s|\"docfile\": \".*\"|\"docfile\": \"missing.md\"|"
expect "a file that is not there is refused" test "$(dist; echo $?)" = 1
expect "with its name" says 'names the docfile missing.md'
change_meta '1s/{/{ nonsense/'
expect "what is not JSON is refused" test "$(dist; echo $?)" = 1
expect "with the place" says '^META.json:1: is not valid JSON'
expect "no zip is left of any" test ! -e "$zip"

echo "$passed passed, $failed failed, 0 skipped"
[ "$failed" = 0 ]
