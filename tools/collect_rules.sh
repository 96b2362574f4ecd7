#!/bin/sh
# Collects the rule files under rules/ for the server.
#   collect_rules.sh pg ROOT      the install script followed by one INSERT per rule
#   collect_rules.sh docs ROOT    docs/rules.md: one paragraph per rule, of both engines
# (the SQLite module's own form is tools/collect_rules_sqlite.sh)
set -eu

usage() {
    echo "usage: collect_rules.sh pg|docs ROOT" >&2
    exit 2
}
[ $# -eq 2 ] || usage
engine=$1 root=$2

broken() { # FILE MESSAGE HOW-TO-FIX
    echo "$1: $2; fix: $3" >&2
    exit 1
}

# The value of a header line; an error when the file opens without it.
header() { # FILE NAME
    value=$(sed -n '/^--/!q; s/^-- '"$2"': *//p' "$1" | sed 's/[[:space:]]*$//')
    [ -n "$value" ] ||
        broken "$1" "the header has no line \"-- $2: …\"" "add it among the comment lines at the top of the file"
    [ "$(printf '%s\n' "$value" | wc -l)" -eq 1 ] ||
        broken "$1" "the header has several lines \"-- $2: …\"" "keep one"
    printf '%s\n' "$value"
}

# The query below the header, as it is sent: without a semicolon.
query() { # FILE
    sed '/^-- [a-z ]*: /d' "$1"
}

one_of() { # FILE NAME VALUE ALLOWED…
    file=$1 name=$2 value=$3
    shift 3
    for allowed; do
        if [ "$value" = "$allowed" ]; then return; fi
    done
    broken "$file" "$name is \"$value\"" "use one of: $*"
}

check() { # FILE EXTENSION
    for name in rule severity title why references 'minimum version' examined; do header "$1" "$name" >/dev/null; done
    rule=$(header "$1" rule)
    [ "$rule$2" = "$(basename "$1")" ] ||
        broken "$1" "the header calls the rule \"$rule\"" "name the file $rule$2, or the rule as the file"
    # The folder is the category; the line is there for readers.
    if [ "$2" = .pg.sql ]; then
        header "$1" category >/dev/null
        [ "$(header "$1" category)" = "$(basename "$(dirname "$1")")" ] ||
            broken "$1" "category and folder differ" "move the file to rules/<category>/"
    fi
    one_of "$1" severity "$(header "$1" severity)" critical high medium low info
    case $(header "$1" 'minimum version') in
    *[!0-9.]*) broken "$1" "the minimum version is no number" "write it as \"-- minimum version: 15\"" ;;
    esac
    case $(query "$1" | tail -n 1) in
    *\;) broken "$1" "the query ends in a semicolon" "take it away: the query becomes a part of another one" ;;
    esac
}

# Dollar-quoted, with a tag that the text does not hold.
quoted() {
    text=$(cat)
    tag="\$rule\$" number=0
    while printf '%s' "$text" | grep -qF -e "$tag"; do
        number=$((number + 1))
        tag="\$rule$number\$"
    done
    printf '%s%s%s' "$tag" "$text" "$tag"
}

insert() { # FILE
    check "$1" .pg.sql
    printf '\nINSERT INTO advisor.rule (rule, category, severity, title, why, reference, min_version, examined, query)\nVALUES ('
    for name in rule category severity title why references; do
        header "$1" "$name" | quoted
        printf ', '
    done
    printf '%s, ' "$(header "$1" 'minimum version')"
    header "$1" examined | quoted
    printf ',\n'
    query "$1" | quoted
    printf ');\n'
}

paragraph() { # FILE
    case $1 in
    *.pg.sql) check "$1" .pg.sql ;;
    *) check "$1" .sqlite.sql ;;
    esac
    rule=$(header "$1" rule)
    other=${1%.pg.sql}.sqlite.sql
    engines=PostgreSQL
    case $1 in
    *.sqlite.sql) engines=SQLite ;;
    *) if [ -f "$other" ]; then engines='PostgreSQL and SQLite'; fi ;;
    esac
    printf '\n### %s\n\n%s (%s, %s).\n%s\n\nSee %s.\n' "$rule" "$(header "$1" title)" \
        "$(header "$1" severity)" "$engines" "$(header "$1" why)" "$(header "$1" references)"
}

case $engine in
pg)
    cat "$root/sql/db_advisor--0.1.sql"
    for file in "$root"/rules/*/*.pg.sql; do
        if [ -f "$file" ]; then insert "$file"; fi
    done
    ;;
docs)
    printf '# Rules\n\nWritten by tools/collect_rules.sh from rules/; change it there.\n'
    for folder in "$root"/rules/*/; do
        [ -d "$folder" ] || continue
        printf '\n## %s\n' "$(basename "$folder")"
        for file in "$folder"*.pg.sql "$folder"*.sqlite.sql; do
            case $file in *.sqlite.sql) if [ -f "${file%.sqlite.sql}.pg.sql" ]; then continue; fi ;; esac
            if [ -f "$file" ]; then paragraph "$file"; fi
        done
    done
    ;;
*) usage ;;
esac
