#!/bin/bash
# Lays out all C++ sources as .clang-format says; with the version that tools/lint.sh judges by.
set -eu
cd "$(dirname "$0")/.."
for program in clang-format-14 clang-format; do
    if "$program" --version 2>/dev/null | grep -q 'version 14\.'; then
        find core pg_ext sqlite_ext rules test bench \( -name '*.cpp' -o -name '*.h' \) -exec "$program" -i {} +
        exit
    fi
done
echo "format: clang-format 14 is not installed: apt-get install clang-format-14" >&2
exit 1
