#!/bin/bash
# Installs what the builds, tests and demo need on Debian and its relatives, and only what is missing: a line
# per package, nothing when all is there. Without root it prints the line to run and exits with 1. A machine
# is not left with a PostgreSQL cluster that it did not have: the one that the server's package makes by itself
# is dropped again, and older ones are never touched.
set -u
PATH=$PATH:/usr/sbin:/sbin
pg_config=${PG_CONFIG:-pg_config}

header() { # HEADER: is it where the compiler looks?
    if command -v g++ >/dev/null; then
        echo "#include <$1>" | g++ -std=c++20 -E -x c++ - >/dev/null 2>&1
    else
        [ -e "/usr/include/$1" ] || [ -e "/usr/local/include/$1" ]
    fi
}
server() { [ -x "$("$pg_config" --bindir 2>/dev/null)/postgres" ]; }
server_development() { [ -f "$("$pg_config" --pgxs 2>/dev/null)" ]; }
python() { /usr/bin/python3 -c 'import sqlite3; sqlite3.connect(":memory:").enable_load_extension(True)' 2>/dev/null; }
gtest() {
    header gtest/gtest.h || return 1
    compgen -G '/usr/lib/*/libgtest.*' >/dev/null || compgen -G '/usr/local/lib*/libgtest.*' >/dev/null
}
# A shell that cannot load extensions says that it knows no such command.
sqlite_shell() { [ -x /usr/bin/sqlite3 ] && ! /usr/bin/sqlite3 :memory: '.load /nowhere' 2>&1 | grep -qi 'unknown command'; }

missing_packages() {
    command -v g++ >/dev/null || echo g++
    command -v make >/dev/null || echo make
    command -v cmake >/dev/null || echo cmake
    header fmt/format.h || echo libfmt-dev
    gtest || echo libgtest-dev
    header sqlite3ext.h || echo libsqlite3-dev
    sqlite_shell || echo sqlite3
    python || echo python3
    /usr/bin/python3 -c 'import psycopg2' 2>/dev/null || echo python3-psycopg2
    /usr/bin/python3 -c 'import pytest' 2>/dev/null || echo python3-pytest
    server || echo SERVER
    server_development || echo SERVER-DEV
}

# The server version to install: the one that is there, else the one that the distribution's own package asks for.
server_version() {
    local version
    version=$("$pg_config" --version 2>/dev/null | sed -n 's/^PostgreSQL \([0-9]*\).*/\1/p')
    if [ -z "$version" ]; then
        version=$(find /usr/lib/postgresql -mindepth 3 -maxdepth 3 -path '*/bin/postgres' 2>/dev/null |
            sed 's|.*/postgresql/\([0-9]*\)/.*|\1|' | sort -n | tail -n 1)
    fi
    # libpq-dev alone brings a pg_config of the client's version, which apt may or may not have a server for.
    if [ -n "$version" ] && ! apt-cache show "postgresql-$version" >/dev/null 2>&1; then version=; fi
    if [ -z "$version" ]; then
        version=$(apt-cache depends postgresql 2>/dev/null | sed -n 's/.*Depends: postgresql-\([0-9]*\)$/\1/p' | sort -n | tail -n 1)
    fi
    echo "${version:-15}"
}

# Clusters as "version name", and data folders (which a cluster that was only unregistered leaves behind).
clusters() { find /etc/postgresql -mindepth 2 -maxdepth 2 -type d 2>/dev/null | sed 's|^/etc/postgresql/||; s|/| |' | sort; }
data_folders() { find /var/lib/postgresql -mindepth 2 -maxdepth 2 -type d 2>/dev/null | sed 's|^/var/lib/postgresql/||; s|/| |' | sort; }

# shellcheck disable=SC2317 # called by the trap
drop_new_clusters() {
    local version name
    comm -13 <(printf '%s\n' "$old_clusters" "$old_folders" | sort -u) <(clusters) | while read -r version name; do
        if [ -z "$name" ]; then continue; fi
        echo "dropping the new cluster $version/$name that the package made by itself"
        pg_dropcluster --stop "$version" "$name"
    done
}

main() {
    local needed package version packages=()
    needed=$(missing_packages)
    if [ -z "$needed" ]; then return 0; fi
    if ! command -v apt-get >/dev/null; then
        echo "install_deps: this machine has no apt-get; what is missing, by Debian's names:" >&2
        echo "$needed" | sed 's/^SERVER$/postgresql/; s/^SERVER-DEV$/postgresql-server-dev/; s/^/    /' >&2
        return 1
    fi
    if [ "$(id -u)" = 0 ]; then
        echo "apt-get update"
        apt-get -qq update >/dev/null || echo "install_deps: the package lists could not be renewed" >&2
    fi
    version=$(server_version)
    for package in $needed; do
        case $package in
        SERVER) packages+=("postgresql-$version") ;;
        SERVER-DEV) packages+=("postgresql-server-dev-$version") ;;
        *) packages+=("$package") ;;
        esac
    done
    if [ "$(id -u)" != 0 ]; then
        echo "install_deps: packages are missing and only root can install them; run" >&2
        echo "    sudo apt-get update && sudo apt-get install --no-install-recommends ${packages[*]}" >&2
        return 1
    fi
    old_clusters=$(clusters)
    old_folders=$(data_folders)
    trap drop_new_clusters EXIT
    for package in "${packages[@]}"; do
        echo "installing $package"
        if ! DEBIAN_FRONTEND=noninteractive apt-get -qq install --no-install-recommends "$package" >"$log" 2>&1 </dev/null; then
            cat "$log" >&2
            echo "install_deps: \"$package\" cannot be installed" >&2
            return 1
        fi
    done
    needed=$(missing_packages | tr '\n' ' ')
    if [ -n "$needed" ]; then
        echo "install_deps: still missing after the installation: $needed" >&2
        return 1
    fi
}

if [ "$(id -u)" = 0 ]; then log=$(mktemp); else log=/dev/null; fi
main
status=$?
if [ "$log" != /dev/null ]; then rm -f "$log"; fi
exit "$status"
