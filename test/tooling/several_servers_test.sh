#!/bin/bash
# On a machine with several servers PG_CONFIG picks the one that a build and an installation are for; neither touches
# the other's. The second server is a pg_config that calls itself version 99: its objects are the first one's.
set -u
cd "$(dirname "$0")/../.." || exit 1
# shellcheck source=test/tooling/expect.bash
. test/tooling/expect.bash
config=$(command -v "${PG_CONFIG:-pg_config}")
major=$("$config" --version | sed 's/^[^0-9]*\([0-9]*\).*/\1/')
if [ ! -f "build/pg$major/db_advisor.so" ]; then echo "build/pg$major is not built (make pg)" && exit 77; fi
tree=$(mktemp -d /tmp/several_servers.XXXXXX) || exit 1
said_in=$tree/said
trap 'rm -rf "$tree"' EXIT
touch "$tree/said"

make_for() { # PG_CONFIG ARGUMENT...
    MAKEFLAGS='' make --no-print-directory -C "$tree/checkout" PG_CONFIG="$1" DESTDIR="$tree/root" "${@:2}" >"$tree/said" 2>&1
}
installed() { # PG_CONFIG: is all of it there?
    local library control script
    library=$tree/root$("$1" --pkglibdir)/db_advisor.so
    control=$tree/root$("$1" --sharedir)/extension/db_advisor.control
    script=$tree/root$("$1" --sharedir)/extension/db_advisor--$version.sql
    [ -f "$library" ] && [ -f "$control" ] && [ -f "$script" ]
}

mkdir -p "$tree/checkout/build"
cp -Rp Makefile db_advisor.control core pg_ext rules sql tools "$tree/checkout/"
mkdir -p "$tree/checkout/test" && cp -Rp test/border "$tree/checkout/test/"
cp -Rp "build/pg$major" "$tree/checkout/build/"
version=$(sed -n "s/^default_version *= *'\(.*\)'/\1/p" db_advisor.control)
cat >"$tree/pg_config" <<END
#!/bin/sh
case \$1 in
--version) echo "PostgreSQL 99.1" ;;
--pkglibdir) echo /opt/postgresql/99/lib ;;
--sharedir) echo /opt/postgresql/99/share ;;
--docdir) echo /opt/postgresql/99/doc ;;
*) exec "$config" "\$@" ;;
esac
END
chmod 755 "$tree/pg_config"

expect "the module installs into the first server" make_for "$config" install
expect "all of it is there" installed "$config"
expect "the second has nothing yet" test ! -e "$tree/root/opt"
cp -Rp "$tree/checkout/build/pg$major" "$tree/checkout/build/pg99" && rm "$tree/checkout/build/pg99/db_advisor.so"
expect "it installs into the second" make_for "$tree/pg_config" install
expect "all of it is there, too" installed "$tree/pg_config"
expect "it was linked in a folder of its own" test -f "$tree/checkout/build/pg99/db_advisor.so"
expect "it goes away again" make_for "$tree/pg_config" uninstall
expect "nothing of it is left" test -z "$(find "$tree/root/opt" -type f)"
expect "the first is untouched" installed "$config"
make_for "$tree/nowhere" install
expect "a pg_config that does not run is named" grep -q 'nowhere" does not run' "$tree/said"

echo "$passed passed, $failed failed, 0 skipped"
[ "$failed" = 0 ]
