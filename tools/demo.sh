#!/bin/bash
# `make demo`: installs what is missing, builds both modules, and shows each at work on throw-away data.
set -eu
cd "$(dirname "$0")/.."

step() { printf '\n== %s\n' "$*"; }

step "What this machine needs"
tools/install_deps.sh
echo "all there"

step "Building both modules (a minute or two the first time)"
mkdir -p build
if ! make --no-print-directory -j"$(nproc)" all >build/demo_build.log 2>&1; then
    tail -n 40 build/demo_build.log >&2
    echo "demo: the build failed; all of it is in build/demo_build.log" >&2
    exit 1
fi
find build -maxdepth 2 -name 'db_advisor.so' | sort

step "SQLite: an application, then a shell on the same file"
tools/demo_sqlite.sh

step "PostgreSQL: a shop on a throw-away server"
tools/demo_postgres.sh
