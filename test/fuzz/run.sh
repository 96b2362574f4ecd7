#!/bin/sh
# Builds the SQLite module with address and undefined-behaviour sanitizers under build/asan and throws damaged files
# and random texts at it: test/fuzz/run.sh [--files N] [--statements N] [--seed N]
set -eu
cd "$(dirname "$0")/../.."
cmake -S . -B build/asan -DCMAKE_BUILD_TYPE=None -DBUILD_TESTING=OFF -DADVISOR_SQLITE_FOLDER="$PWD/build/asan/module" \
    -DCMAKE_CXX_FLAGS="-O1 -g1 -fsanitize=address,undefined -fno-sanitize-recover=undefined -fno-omit-frame-pointer" >/dev/null
cmake --build build/asan --target db_advisor_sqlite >/dev/null
# Python and SQLite themselves are not instrumented and keep memory to the end of the process.
export ASAN_OPTIONS=detect_leaks=0:abort_on_error=1 UBSAN_OPTIONS=print_stacktrace=1:halt_on_error=1
export DB_ADVISOR_MODULE="$PWD/build/asan/module/db_advisor.so" PYTHONDONTWRITEBYTECODE=1
unset DB_ADVISOR_SAVE DB_ADVISOR_RECORD
LD_PRELOAD="$(g++ -print-file-name=libasan.so) $(g++ -print-file-name=libstdc++.so)" exec /usr/bin/python3 test/fuzz/sqlite_fuzz.py "$@"
