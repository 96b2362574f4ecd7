#!/bin/bash
# A throw-away PostgreSQL server in a temporary folder of its own: a copy of the installed server with this
# checkout's module in it, data, socket and logs. Nothing outside that folder is written, and a trap removes
# it at any exit. Sourced for its functions, or run as a command:
#
#   tools/test_server.sh [--preload LIST] [--set 'NAME = VALUE']... [--] [COMMAND [ARGUMENT...]]
#
# runs COMMAND (psql when none is given) with PGHOST, PGUSER, PATH and so on set for the server. The list
# defaults to db_advisor. Scripts that are run that way may source this file again and call server_stop,
# server_start and server_restart on the same server.

server_root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)

server_say() { echo "${0##*/}: $*" >&2; }

# Runs a command as the user that owns the server: PostgreSQL refuses to run as root.
server_run() {
    if [ "$(id -u)" != 0 ]; then
        (cd "$SERVER_DIR" && exec "$@")
    else
        (cd "$SERVER_DIR" && exec setpriv --reuid="$SERVER_USER" --regid="$(id -g "$SERVER_USER")" --clear-groups \
            env HOME="$SERVER_DIR" "$@")
    fi
}

# server_create LABEL: makes the folder, copies the server, installs the module and sets the trap (which calls
# server_at_exit last, where the caller has such a function). LABEL names the folder below build/logs that keeps
# the logs after a failure.
server_create() {
    SERVER_LABEL=$1
    umask 022
    SERVER_USER=$(id -un)
    if [ "$(id -u)" = 0 ]; then
        SERVER_USER=nobody
        if id -u postgres >/dev/null 2>&1; then SERVER_USER=postgres; fi
    fi
    # Not below TMPDIR: a socket's path has to stay under some hundred characters.
    SERVER_DIR=$(mktemp -d /tmp/db_advisor.XXXXXXXX) || return 1
    SERVER_OWNER=$$
    trap server_cleanup EXIT
    trap 'exit 129' HUP
    trap 'exit 130' INT
    trap 'exit 143' TERM
    mkdir "$SERVER_DIR"/{data,log,output,server,socket}
    chmod 755 "$SERVER_DIR"
    if [ "$(id -u)" = 0 ]; then chown -R "$SERVER_USER" "$SERVER_DIR"; fi
    export SERVER_DIR SERVER_USER SERVER_LABEL
    server_copy && server_environment && server_initdb
}

# Debian's PostgreSQL can be moved as long as the tree below the moved root stays the same.
server_copy() {
    local config=${PG_CONFIG:-pg_config} folder entry
    if ! "$config" --version >/dev/null 2>&1; then
        server_say "\"$config\" does not run: call tools/install_deps.sh first"
        return 1
    fi
    for folder in "$("$config" --bindir)" "$("$config" --pkglibdir)" "$("$config" --sharedir)"; do
        mkdir -p "$SERVER_DIR/server$folder"
        for entry in "$folder"/*; do
            case ${entry##*/} in bitcode | pgxs | pg_config | doc | man) continue ;; esac
            if [ ! -e "$SERVER_DIR/server$entry" ]; then cp -R "$entry" "$SERVER_DIR/server$folder/"; fi
        done
    done
    SERVER_BIN=$SERVER_DIR/server$("$config" --bindir)
    SERVER_LIB=$SERVER_DIR/server$("$config" --pkglibdir)
    export SERVER_BIN SERVER_LIB
    if ! MAKEFLAGS='' make --no-print-directory -j"$(nproc)" -C "$server_root" install DESTDIR="$SERVER_DIR/server" \
        >"$SERVER_DIR/log/install.log" 2>&1; then
        server_say "the module cannot be built or installed:"
        tail -n 25 "$SERVER_DIR/log/install.log" >&2
        return 1
    fi
}

server_environment() {
    unset PGPASSWORD PGPASSFILE PGSERVICE PGSERVICEFILE PGOPTIONS PGSSLMODE PGHOSTADDR PGCLIENTENCODING PGDATA \
        PGAPPNAME PGTZ PGDATESTYLE PGREQUIREPEER PGTARGETSESSIONATTRS
    export PGHOST=$SERVER_DIR/socket PGPORT=5432 PGUSER=postgres PGDATABASE=postgres
    export PATH=$SERVER_BIN:$PATH LC_ALL=C.UTF-8
}

server_initdb() {
    if ! server_run "$SERVER_BIN/initdb" --no-sync -A trust -U postgres --encoding=UTF8 --locale=C.UTF-8 \
        -D "$SERVER_DIR/data/template" >"$SERVER_DIR/log/initdb.log" 2>&1; then
        server_say "initdb failed:"
        cat "$SERVER_DIR/log/initdb.log" >&2
        return 1
    fi
}

# server_start NAME [PRELOAD [SETTING...]]: starts the server on the data folder NAME. A new folder is a fresh
# cluster with these libraries preloaded and these lines ("name = value") in its configuration; an existing one
# is started as it is, or with the new settings where any are given.
server_start() {
    local name=$1 conf setting
    SERVER_DATA=$SERVER_DIR/data/$name
    SERVER_LOG=$SERVER_DIR/log/$name.log
    export SERVER_DATA SERVER_LOG
    conf=$SERVER_DATA/postgresql.conf
    if [ ! -d "$SERVER_DATA" ]; then
        rm -rf "$SERVER_LOG"
        server_run cp -R "$SERVER_DIR/data/template" "$SERVER_DATA"
        server_run chmod 700 "$SERVER_DATA"
        {
            cat "$server_root/test/postgresql.conf"
            echo "unix_socket_directories = '$PGHOST'"
        } >>"$conf"
    fi
    if [ $# -gt 1 ]; then
        shift
        echo "shared_preload_libraries = '$1'" >>"$conf"
        shift
        for setting in "$@"; do echo "$setting" >>"$conf"; done
    fi
    # The server must not keep the caller's descriptors: a pipe that waits for their end would hang.
    if ! server_run "$SERVER_BIN/pg_ctl" -D "$SERVER_DATA" -w -t 60 -l "$SERVER_LOG" start \
        </dev/null >"$SERVER_DIR/log/pg_ctl.log" 2>&1; then
        server_say "the server does not start:"
        tail -n 20 "$SERVER_LOG" >&2
        return 1
    fi
}

# The postmaster's process id, empty when it is gone. A zombie is gone: not each container has an init that
# collects it. A process that works elsewhere than in the data folder only inherited the number.
server_pid() {
    local pid='' state cwd
    if [ -f "$SERVER_DATA/postmaster.pid" ]; then read -r pid <"$SERVER_DATA/postmaster.pid"; fi
    case $pid in '' | *[!0-9]*) return ;; esac
    kill -0 "$pid" 2>/dev/null || return 0
    state=$(sed -n 's/^State:[[:space:]]*\(.\).*/\1/p' "/proc/$pid/status" 2>/dev/null)
    cwd=$(readlink "/proc/$pid/cwd" 2>/dev/null)
    if [ "$state" = Z ] || [ "${cwd:-$SERVER_DATA}" != "$SERVER_DATA" ]; then return; fi
    echo "$pid"
}

# server_stop [SIGNAL]: INT is a fast shutdown, QUIT an immediate one, KILL a crash of all its processes.
# shellcheck disable=SC2120
server_stop() {
    local signal=${1:-INT} pid children='' tenths=0
    pid=$(server_pid)
    if [ -z "$pid" ]; then return; fi
    if [ "$signal" = KILL ]; then
        children=$(grep -lx "PPid:[[:space:]]*$pid" /proc/[0-9]*/status 2>/dev/null | tr -dc '0-9\n')
    fi
    # shellcheck disable=SC2086
    kill "-$signal" "$pid" $children
    while [ -n "$(server_pid)" ]; do
        sleep 0.1
        tenths=$((tenths + 1))
        if [ "$tenths" = 300 ]; then
            server_say "the server (process $pid) does not stop: sending SIGQUIT"
            kill -QUIT "$pid"
        fi
        if [ "$tenths" = 400 ]; then
            kill -KILL "$pid"
            return 1
        fi
    done
    # A new server would take a zombie with the number in these files for the running one.
    rm -f "$SERVER_DATA/postmaster.pid" "$PGHOST/.s.PGSQL.$PGPORT" "$PGHOST/.s.PGSQL.$PGPORT.lock"
}

# server_restart [PRELOAD [SETTING...]]
# shellcheck disable=SC2119
server_restart() { server_stop && server_start "${SERVER_DATA##*/}" "$@"; }

# Saves logs and test output; once, so that a caller may do it before its own closing line.
server_keep_logs() {
    local kept=$server_root/build/logs/$SERVER_LABEL
    if [ -n "${SERVER_LOGS_KEPT:-}" ] || [ ! -d "$SERVER_DIR/log" ]; then return; fi
    SERVER_LOGS_KEPT=yes
    rm -rf "$kept"
    if mkdir -p "$kept" && cp -R "$SERVER_DIR/log" "$SERVER_DIR/output" "$kept/"; then
        echo "logs kept in build/logs/$SERVER_LABEL"
    fi
}

# Ends the command that is waited for, and gives it ten seconds to clean up after itself.
server_end_command() {
    local tenths
    if [ -z "${SERVER_COMMAND:-}" ] || ! kill "$SERVER_COMMAND" 2>/dev/null; then return; fi
    for ((tenths = 0; tenths < 100; tenths++)); do
        kill -0 "$SERVER_COMMAND" 2>/dev/null || return
        sleep 0.1
    done
}

# shellcheck disable=SC2119
server_cleanup() {
    local status=$?
    trap - EXIT HUP INT TERM
    if [ "$SERVER_OWNER" != "$BASHPID" ]; then exit "$status"; fi
    server_end_command
    for SERVER_DATA in "$SERVER_DIR"/data/*; do server_stop; done
    if [ "$status" != 0 ]; then server_keep_logs; fi
    rm -rf "$SERVER_DIR"
    if declare -F server_at_exit >/dev/null; then server_at_exit; fi
    exit "$status"
}

server_main() {
    local preload=db_advisor settings=()
    while [ $# -gt 0 ]; do
        case $1 in
        --preload) preload=$2 && shift 2 ;;
        --set) settings+=("$2") && shift 2 ;;
        --) shift && break ;;
        --*) server_say "unknown option \"$1\"" && return 2 ;;
        *) break ;;
        esac
    done
    server_create test_server || return 1
    server_start main "$preload" "${settings[@]}" || return 1
    if [ $# = 0 ]; then
        psql -X
        return
    fi
    # Waited for rather than run: a signal is then obeyed at once, not when the command ends.
    "$@" <&0 &
    SERVER_COMMAND=$!
    wait "$SERVER_COMMAND"
}

if [ "${BASH_SOURCE[0]}" = "$0" ]; then
    server_main "$@"
    exit $?
fi
