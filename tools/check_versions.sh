#!/bin/bash
# Builds both modules and runs their tests on newer PostgreSQL, SQLite and compilers than this machine's, in Debian
# systems of their own (chroots, kept in a cache). Prints a line per version and as the last line "N passed, N
# failed, N skipped". Called by `make check-versions`.
#
#   tools/check_versions.sh [--renew] [MAJOR...]    --renew makes the systems anew, with the newest minor versions
#
# STEPS and TESTS pick some of the tests, as for `make check`. The cache is DB_ADVISOR_CHROOTS, by default
# ~/.cache/db_advisor/chroots, with 1.2 GB per version; the packages come from the archive that apt uses here, or from
# DB_ADVISOR_MIRROR and DB_ADVISOR_SECURITY_MIRROR. Exits with 77 where it cannot run.
set -u
PATH=$PATH:/usr/sbin:/sbin
cd "$(dirname "$0")/.." || exit 1

cache=${DB_ADVISOR_CHROOTS:-${XDG_CACHE_HOME:-${HOME:-/root}/.cache}/db_advisor/chroots}
steps=${STEPS:-unit sqlite regress isolation rules fault what_if}
# PostgreSQL's major version, Debian's name of the release, whether that has a security suite of its own.
releases='17 trixie security
18 forky -'
# Systems with another recipe are made anew.
packages="g++ make cmake ccache libfmt-dev libgtest-dev libsqlite3-dev sqlite3 python3-minimal libpython3-stdlib python3-psycopg2 libpq-dev libicu-dev"
recipe="1 $packages"
passed=0 failed=0 skipped=0 job='' chroot=''

say_skipped() {
    echo "skipped: $1"
    exit 77
}

# Runs a command among processes, mounts and shared memory of its own: all of them end with it, and with us. It is
# waited for rather than run, so that we obey a signal at once.
contained() { # COMMAND...
    local status
    (exec unshare --mount --pid --ipc --fork --kill-child "$@") </dev/null &
    job=$!
    wait "$job"
    status=$?
    job=''
    return "$status"
}

# A server needs /proc only for our tests' own questions, some packages' installation scripts need it, too.
inside() { # COMMAND...
    # shellcheck disable=SC2016 # the inner shell expands it
    contained chroot "$chroot" /usr/bin/env -i HOME=/root LC_ALL=C.UTF-8 DEBIAN_FRONTEND=noninteractive \
        PATH=/usr/lib/ccache:/usr/sbin:/usr/bin:/sbin:/bin CMAKE_CXX_COMPILER_LAUNCHER=ccache \
        CCACHE_DIR=/var/cache/ccache CCACHE_MAXSIZE=500M \
        STEPS="${STEPS:-}" TESTS="${TESTS:-}" WERROR="${WERROR:-}" \
        /bin/bash -c 'mount -t proc proc /proc || exit 1; "$@"; exit $?' - "$@"
}

# shellcheck disable=SC2317 # called by the trap
at_exit() {
    local status=$?
    trap - EXIT HUP INT TERM
    if [ -n "$job" ]; then
        kill -KILL "$job" 2>/dev/null
        wait "$job" 2>/dev/null
    fi
    if [ -n "$chroot" ]; then remove "$chroot"/tmp/* "$cache"/*.new; fi
    exit "$status"
}
remove() { rm -rf --one-file-system "$@"; }

can_run() {
    [ "$(id -u)" = 0 ] || say_skipped "needs root, since it makes systems with debootstrap and enters them"
    command -v debootstrap >/dev/null || say_skipped "needs debootstrap (apt-get install debootstrap)"
    contained true 2>/dev/null || say_skipped "needs the right to make namespaces (unshare), which this container does not give"
}

mirror() { # LABEL: the archive with this label that apt uses here
    # shellcheck disable=SC2016 # apt-get expands it
    apt-get indextargets --format '$(REPO_URI)' 'Created-By: Packages' 'Origin: Debian' "Label: $1" 2>/dev/null | head -n 1
}

# Makes a system beside its place and moves it there when it is complete.
make_chroot() { # MAJOR RELEASE SECURITY
    local place=$cache/$2 archive security
    if [ "$(cat "$place/recipe" 2>/dev/null)" = "$recipe" ]; then
        chroot=$place
        return 0
    fi
    archive=${DB_ADVISOR_MIRROR:-$(mirror Debian)}
    archive=${archive:-http://deb.debian.org/debian}
    security=${DB_ADVISOR_SECURITY_MIRROR:-$(mirror Debian-Security)}
    chroot=$place.new
    remove "$chroot" "$place"
    # The script of that name makes any release since; this machine's debootstrap may not know the release by name.
    contained debootstrap --variant=minbase "$2" "$chroot" "$archive" /usr/share/debootstrap/scripts/sid || return 1
    echo "deb $archive $2 main" >"$chroot/etc/apt/sources.list"
    if [ "$3" = security ] && [ -n "$security" ]; then
        echo "deb $security $2-security main" >>"$chroot/etc/apt/sources.list"
    fi
    configure_chroot && install_packages "$1" || return 1
    echo "$recipe" >"$chroot/recipe"
    mv "$chroot" "$place" && chroot=$place
}

# No daemon, no cluster, no documentation; a testing release's index may count as expired.
configure_chroot() {
    mkdir -p "$chroot"/etc/{apt/apt.conf.d,dpkg/dpkg.cfg.d,postgresql-common} || return 1
    printf '#!/bin/sh\nexit 101\n' >"$chroot/usr/sbin/policy-rc.d" && chmod 755 "$chroot/usr/sbin/policy-rc.d"
    echo 'create_main_cluster = false' >"$chroot/etc/postgresql-common/createcluster.conf"
    printf '%s\n' 'APT::Install-Recommends "false";' 'Acquire::Languages "none";' 'Acquire::Check-Valid-Until "false";' \
        'APT::Sandbox::User "root";' >"$chroot/etc/apt/apt.conf.d/90db_advisor"
    printf '%s\n' force-unsafe-io 'path-exclude=/usr/share/doc/*' 'path-exclude=/usr/share/man/*' \
        'path-exclude=/usr/share/locale/*' >"$chroot/etc/dpkg/dpkg.cfg.d/db_advisor"
    cp /etc/resolv.conf "$chroot/etc/resolv.conf"
}

# The server's development files are unpacked without the packages that they ask for: those are a compiler that
# nothing here uses.
install_packages() { # MAJOR
    # shellcheck disable=SC2086
    inside apt-get -q update &&
        inside apt-get -q -y install postgresql-"$1" $packages &&
        inside bash -c "cd /tmp && apt-get -q download postgresql-server-dev-$1 && dpkg -x postgresql-server-dev-*.deb / && rm *.deb" &&
        inside bash -c 'apt-get clean && rm -rf /var/lib/apt/lists/*'
}

# The checkout as it is, without what was built in it. Everything is built anew, with the compiler's results cached:
# the times of files say nothing where branches and checkouts come in turns.
copy_checkout() {
    remove "$chroot/src" "$chroot"/tmp/*
    mkdir -p "$chroot/src" && tar -c --exclude=./build --exclude=./.git . | tar -x -C "$chroot/src" --no-same-owner
}

versions_inside() { # MAJOR
    chroot "$chroot" /bin/sh -c "/usr/lib/postgresql/$1/bin/postgres --version; sqlite3 --version; g++ -dumpfullversion" |
        sed -n '1s/[^0-9]*\([0-9.]*\).*/PostgreSQL \1/p; 2s/ .*//; 2s/^/SQLite /p; 3s/^/g++ /p' | paste -s -d, | sed 's/,/, /g'
}

check_version() { # MAJOR RELEASE SECURITY
    local log=$cache/$2.log name="PostgreSQL $1 ($2)" start=$SECONDS tally status writer output
    if ! make_chroot "$@" >"$log" 2>&1; then
        failed=$((failed + 1))
        echo "FAILED   $name: the system cannot be made; the end of $log:"
        tail -n 20 "$log" | sed 's/^/         | /'
        return
    fi
    name="$(versions_inside "$1") ($2)"
    echo "         $name"
    copy_checkout
    exec {output}> >(tee "$log" | sed -u 's/^/  /')
    writer=$!
    # shellcheck disable=SC2086
    inside bash -c "cd /src && PG_CONFIG=/usr/lib/postgresql/$1/bin/pg_config exec tools/check.sh \$0 \$*" $steps >&"$output" 2>&1
    status=$?
    exec {output}>&-
    wait "$writer"
    tally=$(tail -n 1 "$log" | grep -xE '[0-9]+ passed, [0-9]+ failed, [0-9]+ skipped')
    count "$status" "$tally" "$name, $((SECONDS - start)) s"
}

count() { # STATUS TALLY NAME
    local more less rest
    read -r more less rest <<<"$(tr -dc '0-9 ' <<<"${2:-0 0 0}" | tr -s ' ')"
    if [ "$1" = 0 ] && [ "$less" = 0 ] && [ "$more" != 0 ]; then
        echo "ok       $3: $2"
    else
        less=$((less > 1 ? less : 1))
        echo "FAILED   $3: ${2:-exit status $1}"
    fi
    passed=$((passed + more)) failed=$((failed + less)) skipped=$((skipped + rest))
}

main() {
    local renew='' major release security picked=' '
    while [ $# -gt 0 ]; do
        case $1 in
        --renew) renew=yes ;;
        *)
            if ! grep -qx "$1 .*" <<<"$releases"; then
                echo "check_versions: \"$1\" is no version: there are $(cut -d ' ' -f 1 <<<"$releases" | paste -s -d ' ')" >&2
                exit 2
            fi
            picked="$picked$1 "
            ;;
        esac
        shift
    done
    can_run
    mkdir -p "$cache" && exec 9>"$cache/lock" || exit 1
    flock -n 9 || { echo "waiting for another run that uses $cache" && flock 9; } || exit 1
    trap at_exit EXIT
    trap 'exit 129' HUP
    trap 'exit 130' INT
    trap 'exit 143' TERM
    while read -r major release security; do
        if [ "$picked" != ' ' ] && [[ $picked != *" $major "* ]]; then continue; fi
        if [ -n "$renew" ]; then remove "$cache/$release"; fi
        check_version "$major" "$release" "$security"
    done <<<"$releases"
    echo
    echo "$passed passed, $failed failed, $skipped skipped"
    [ "$failed" = 0 ] && [ "$passed" != 0 ]
}
main "$@"
exit
