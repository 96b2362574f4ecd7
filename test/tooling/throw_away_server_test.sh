#!/bin/bash
# Throw-away servers and `make check` work from a checkout that only its owner may enter, whose path has spaces
# and more than 120 characters, as root and as another user; nothing is left behind, whatever ends them; and
# each way in which a test may fail is seen.
# shellcheck disable=SC2016 # the inner shells expand these
set -u
cd "$(dirname "$0")/../.." || exit 1
# shellcheck source=test/tooling/expect.bash
. test/tooling/expect.bash
base=$(mktemp -d /tmp/throw_away_test.XXXXXX) || exit 1
said_in=$base/said
trap 'rm -rf "$base"' EXIT
trap 'exit 143' TERM
chmod 755 "$base"
home="$base/a home that only its owner may enter"
checkout="$home/with a name so long that no socket below it could be bound because it has more than a hundred characters/db advisor"

says() { grep -qE -- "$1" "$base/said"; }
gone() { # FOLDER: neither it nor a process in it
    local process
    [ -n "$1" ] && [ ! -e "$1" ] || return 1
    for process in /proc/[0-9]*; do
        case $(readlink "$process/cwd" 2>/dev/null) in "$1"*) return 1 ;; esac
    done
}
server_folder() { sed -n 's/^folder //p' "$base/said"; }

# The owner of the checkout: for root both itself and an unprivileged user, otherwise just this user.
as_owner() {
    if [ "$owner" = "$(id -u)" ]; then
        (cd "$checkout" && exec "$@")
    else
        (cd / && exec setpriv --reuid="$owner" --regid="$owner" --clear-groups \
            env HOME=/nonexistent bash -c 'cd "$1" && shift && exec "$@"' - "$checkout" "$@")
    fi
}

copy_checkout() {
    mkdir -p "$checkout/build"
    mkdir -p "$checkout"/{test/sql,test/fault,test/isolation/specs,expected/isolation,rules/index}
    cp -Rp Makefile db_advisor.control core pg_ext rules sql tools "$checkout/"
    cp -p test/postgresql.conf "$checkout/test/"
    rm -f "$checkout"/rules/*/*.test.sql
    cp -Rp build/pg* "$checkout/build/" 2>/dev/null
    chmod 700 "$home"
    if [ "$owner" != "$(id -u)" ]; then chown -R "$owner:$owner" "$home"; fi
}

test_servers() {
    as_owner tools/test_server.sh --preload '' --set 'work_mem = 123kB' psql -X -At -c 'SHOW shared_preload_libraries' \
        -c 'SHOW work_mem' -c 'SHOW listen_addresses' -c 'SHOW server_encoding' >"$base/said" 2>&1
    expect "settings arrive ($who)" test "$(tr '\n' ' ' <"$base/said")" = ' 123kB  UTF8 '

    as_owner tools/test_server.sh bash -c 'echo "folder $SERVER_DIR"; exit 3' >"$base/said" 2>&1
    expect "the command's status is kept ($who)" test $? = 3
    expect "a failure leaves nothing ($who)" gone "$(server_folder)"
    expect "a failure keeps the logs ($who)" grep -q 'ready to accept connections' "$checkout/build/logs/test_server/log/main.log"

    as_owner tools/test_server.sh bash -c 'echo "folder $SERVER_DIR"; kill -TERM $PPID; sleep 60' >"$base/said" 2>&1
    expect "a terminated script leaves nothing ($who)" gone "$(server_folder)"

    as_owner tools/test_server.sh bash -c '. tools/test_server.sh; echo "folder $SERVER_DIR"
        psql -X -c "CREATE EXTENSION db_advisor" && server_stop KILL && server_restart && psql -X -c "DROP EXTENSION db_advisor"' \
        >"$base/said" 2>&1
    expect "a server runs ($who)" says '^CREATE EXTENSION$'
    expect "a crashed server starts again ($who)" says '^DROP EXTENSION$'
    expect "it leaves nothing ($who)" gone "$(server_folder)"
}

plant_tests() {
    local sql=$checkout/test/sql expected=$checkout/expected
    echo 'SELECT 1 AS a;' >"$sql/right.sql"
    printf 'SELECT 1 AS a;\n a \n---\n 1\n(1 row)\n\n' >"$expected/right.out"
    echo 'SELECT 2 AS a;' >"$sql/wrong.sql"
    sed 's/SELECT 1/SELECT 2/' "$expected/right.out" >"$expected/wrong.out"
    echo 'SELECT 3;' >"$sql/unexpected.sql"
    printf -- '-- server: none\n\\t\nSHOW shared_preload_libraries;\n' >"$sql/without.sql"
    printf -- '-- server: none\n\\t\nSHOW shared_preload_libraries;\n \n\n' >"$expected/without.out"
    printf -- '-- server: pg_stat_statements\n\\t\nSHOW shared_preload_libraries;\n' >"$sql/with_both.sql"
    printf -- '-- server: pg_stat_statements\n\\t\nSHOW shared_preload_libraries;\n pg_stat_statements,db_advisor\n\n' >"$expected/with_both.out"
    printf 'session a\nstep x { SELECT 1 AS a; }\npermutation x\n' >"$checkout/test/isolation/specs/one.spec"
    printf 'Parsed test spec with 1 sessions\n\nstarting permutation: x\nstep x: SELECT 1 AS a;\na\n-\n1\n(1 row)\n\n' >"$expected/isolation/one.out"
    echo "SELECT 'holds', true;" >"$checkout/rules/index/right.test.sql"
    echo "SELECT 'holds', true; SELECT 'does not', false;" >"$checkout/rules/index/wrong.test.sql"
    echo "SELECT 'holds', true; SELECT 1 / 0;" >"$checkout/rules/index/error.test.sql"
    echo "CREATE TABLE t (a int);" >"$checkout/rules/index/empty.test.sql"
    echo 'psql -X -At -c "SHOW port"' >"$checkout/test/fault/right.sh"
    echo 'exit 1' >"$checkout/test/fault/wrong.sh"
    echo 'echo "no such hardware" && exit 77' >"$checkout/test/fault/skipped.sh"
    if [ "$owner" != "$(id -u)" ]; then chown -R "$owner:$owner" "$home"; fi
}

test_check() {
    local line
    as_owner tools/check.sh regress isolation rules fault >"$base/said" 2>&1
    expect "a failed test fails the run" test $? = 1
    expect "the last line counts" test "$(tail -n 1 "$base/said")" = '7 passed, 6 failed, 1 skipped'
    for line in 'ok +regress/right ' 'FAILED +regress/wrong ' 'FAILED +regress/unexpected ' 'ok +regress/without ' \
        'ok +regress/with_both ' 'ok +isolation/one ' 'ok +rules/right ' 'FAILED +rules/wrong ' 'FAILED +rules/error ' \
        'FAILED +rules/empty ' 'ok +fault/right ' 'FAILED +fault/wrong ' 'skipped +fault/skipped: no such hardware$'; do
        expect "a line says: $line" says "^$line"
    done
    expect "the difference is shown" says '\+ 2$'
    as_owner tools/check.sh nonsense >"$base/said" 2>&1
    expect "an unknown step is refused" says 'unknown step "nonsense"'

    echo 'sleep 1000' >"$checkout/test/fault/endless.sh"
    TESTS=endless CHECK_TIMEOUT=2 as_owner tools/check.sh fault >"$base/said" 2>&1
    expect "a test without end is stopped" says 'stopped after 2 s'
    echo 'echo "folder $SERVER_DIR" >build/started && sleep 1000' >"$checkout/test/fault/endless.sh"
    TESTS=endless as_owner bash -c 'tools/check.sh fault & until [ -s build/started ]; do sleep 0.2; done
        cat build/started; kill -TERM $!; wait $!; echo "status $?"' >"$base/said" 2>&1
    expect "a run can be ended" says '^status 143$'
    expect "a run that is ended leaves nothing" gone "$(server_folder)"

    rm "$checkout"/test/sql/{wrong,unexpected}.sql
    as_owner tools/check.sh regress >"$base/said" 2>&1
    expect "all tests passed" test "$?:$(tail -n 1 "$base/said")" = '0:4 passed, 0 failed, 0 skipped'
}

for owner in $(id -u) $([ "$(id -u)" != 0 ] || echo 65534); do
    who=$([ "$owner" = 0 ] && echo root || echo "user $owner")
    copy_checkout
    test_servers
    # Once is enough: for root as the other user, who has more to stumble over.
    if [ "$(id -u)" != 0 ] || [ "$owner" != 0 ]; then
        plant_tests
        test_check
    fi
    rm -rf "$home"
done

echo "$passed passed, $failed failed, 0 skipped"
[ "$failed" = 0 ]
