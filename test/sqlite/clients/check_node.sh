#!/bin/sh
# make check-clients: builds better-sqlite3 with npm in a folder of its own and runs the Node example with it.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
module=$(cd "$here/../../.." && pwd)/build/sqlite/db_advisor.so
work=$(mktemp -d "${TMPDIR:-/tmp}/db_advisor_node.XXXXXX")
trap 'rm -rf "$work"' EXIT
sqlite3 "$work/shop.db" < "$here/shop.sql"
cp "$here/application.js" "$work"
cd "$work"
# Debian's libnode-dev has the headers that would be downloaded otherwise.
if [ -f /usr/include/node/node.h ]; then export npm_config_nodedir=/usr; fi
npm install --no-audit --no-fund --build-from-source better-sqlite3@11 > npm.log 2>&1 || { tail -n 20 npm.log; exit 1; }
node application.js shop.db "$module"
