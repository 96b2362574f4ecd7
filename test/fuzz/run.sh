#!/bin/sh
# Builds the SQLite module with address and undefined-behaviour sanitizers under build/asan and throws damaged files
# and random texts at it: test/fuzz/run.sh [--files N] [--statements N] [--seed N] [--dear N] [--verbose]
set -eu
cd "$(dirname "$0")/../.."

# Both come with g++; without them nothing would be shown, which is no success.
for library in libasan.so libubsan.so libstdc++.so; do
    [ -f "$(g++ -print-file-name=$library)" ] || { echo "g++ has no $library (Debian: libgcc-$(g++ -dumpversion)-dev)" >&2 && exit 1; }
done
# Nearly all time goes into SQLite and the sanitizers, so our own code is not optimised: that builds faster.
cmake -S . -B build/asan -DCMAKE_BUILD_TYPE=None -DBUILD_TESTING=OFF -DADVISOR_SQLITE_FOLDER="$PWD/build/asan/module" \
    -DCMAKE_CXX_FLAGS="-O0 -g1 -fsanitize=address,undefined,float-cast-overflow -fno-sanitize-recover=all -fno-omit-frame-pointer -D_GLIBCXX_ASSERTIONS" \
    >/dev/null
cmake --build build/asan --target db_advisor_sqlite -j"$(nproc)" >build/asan/log 2>&1 || { tail -n 60 build/asan/log >&2 && exit 1; }

# Python and SQLite themselves are not instrumented and keep memory to the end of the process. A short note of who
# asked for memory and a small quarantine take a third off the time.
export ASAN_OPTIONS=detect_leaks=0:abort_on_error=1:allocator_may_return_null=1:max_allocation_size_mb=1000:malloc_context_size=3:quarantine_size_mb=32
export UBSAN_OPTIONS=print_stacktrace=1:halt_on_error=1:abort_on_error=1
export DB_ADVISOR_MODULE="$PWD/build/asan/module/db_advisor.so" PYTHONDONTWRITEBYTECODE=1
unset DB_ADVISOR_SAVE DB_ADVISOR_RECORD
LD_PRELOAD="$(g++ -print-file-name=libasan.so) $(g++ -print-file-name=libstdc++.so)" exec /usr/bin/python3 test/fuzz/sqlite_fuzz.py "$@"
