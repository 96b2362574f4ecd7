#!/bin/bash
# The unit tests of a CMake build folder: what failed with its output, then "N passed, N failed, N skipped".
set -u
output=$(ctest --test-dir "$1" --output-on-failure -j2 2>&1)
status=$?
total=$(sed -n 's/.*tests passed, [0-9]* tests* failed out of \([0-9]*\)$/\1/p' <<<"$output")
failed=$(sed -n 's/.*tests passed, \([0-9]*\) tests* failed out of [0-9]*$/\1/p' <<<"$output")
skipped=$(grep -cE '\*\*\*(Skipped|Not Run \(Disabled\))' <<<"$output")
if [ -z "$total" ]; then
    echo "$output"
    exit 1
fi
if [ "$failed" != 0 ]; then grep -vE '^ *(Start +)?[0-9/]*.* Passed +' <<<"$output" | grep -vE '^ *Start +[0-9]+:'; fi
echo "$((total - failed - skipped)) passed, $failed failed, $skipped skipped"
exit "$status"
