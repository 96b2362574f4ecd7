# What the tests of the tools share: sourced by them. Where $said_in is set, it is the file with what a command said
# last, shown when an expectation fails.
# shellcheck shell=bash
passed=0 failed=0
expect() { # NAME COMMAND...
    local name=$1
    shift
    if "$@"; then
        passed=$((passed + 1))
        echo "ok $name"
    else
        failed=$((failed + 1))
        echo "FAILED $name"
        if [ -n "${said_in:-}" ]; then sed 's/^/    /' "$said_in"; fi
    fi
}
