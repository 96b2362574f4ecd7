#!/bin/bash
# tools/install_deps.sh says nothing where all is there; without root it prints the line to run and fails.
set -u
cd "$(dirname "$0")/../.." || exit 1
# shellcheck source=test/tooling/expect.bash
. test/tooling/expect.bash

# As a user without rights; the script must be readable for it wherever the checkout lies.
copy=$(mktemp -d /tmp/install_deps_test.XXXXXX) || exit 1
trap 'rm -rf "$copy"' EXIT
cp tools/install_deps.sh "$copy/"
chmod 755 "$copy" "$copy/install_deps.sh"
unprivileged() {
    if [ "$(id -u)" = 0 ]; then (cd "$copy" && exec setpriv --reuid=65534 --regid=65534 --clear-groups "$@"); else "$@"; fi
}

quiet=$(tools/install_deps.sh 2>&1)
expect "nothing is said where all is there" test "$?:$quiet" = "0:"
said=$(PG_CONFIG=/nowhere/pg_config unprivileged bash "$copy/install_deps.sh" 2>&1)
expect "without root it fails" test $? = 1
expect "without root it prints the line to run" grep -qE \
    '^    sudo apt-get update && sudo apt-get install --no-install-recommends postgresql-[0-9]+ postgresql-server-dev-[0-9]+$' <<<"$said"

echo "$passed passed, $failed failed, 0 skipped"
[ "$failed" = 0 ]
