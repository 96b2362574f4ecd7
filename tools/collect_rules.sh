#!/bin/sh
# Collects the rule files under rules/ for the server.
#   collect_rules.sh pg ROOT            the install script: sql/, then one INSERT per rule
#   collect_rules.sh update ROOT FROM   the script from version FROM to this one: of sql/tables and sql/grants only
#                                       what is newer, of sql/objects everything, and all rules anew
#   collect_rules.sh docs ROOT          docs/rules.md: one paragraph per rule, of both engines
#   collect_rules.sh check FILE         says what is wrong with one rule file, of either engine
# (the SQLite module's own form is tools/collect_rules_sqlite.sh)
set -eu

usage() {
    echo "usage: collect_rules.sh pg|docs ROOT, update ROOT FROM-VERSION, or check FILE" >&2
    exit 2
}
[ $# -ge 2 ] || usage
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

# The lines "-- threshold: NAME = VALUE: MEANING", as NAME, VALUE and MEANING with tabs between.
thresholds() { # FILE
    sed -n '/^--/!q; s/^-- threshold: *//p' "$1" | while IFS= read -r line; do
        printf '%s\n' "$line" | sed -nE 's/^([a-z_]+) = (-?[0-9]+(\.[0-9]+)?|true|false|"[^"\\]*"): (.+)$/\1\t\2\t\4/p' |
            grep . || broken "$1" "the threshold \"$line\" has another form" \
            "write \"-- threshold: name = 1000: what it means\"; the value is a number, true, false or \"text\""
    done
}

# The defaults as a JSON object.
threshold_defaults() { # FILE
    lines=$(thresholds "$1") || exit 1
    printf '%s' "$lines" | awk -F '\t' 'BEGIN { printf "{" } { printf "%s\"%s\": %s", (NR > 1 ? ", " : ""), $1, $2 } END { print "}" }'
}

# A header line that may be missing, as an SQL literal or NULL.
optional() { # FILE NAME
    if grep -q "^-- $2: " "$1"; then header "$1" "$2" | quoted; else printf 'NULL'; fi
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
    threshold_defaults "$1" >/dev/null
    if grep -q '^-- waits: ' "$1"; then one_of "$1" waits "$(header "$1" waits)" 'observation window'; fi
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
    printf '\nINSERT INTO advisor.rule (rule, category, severity, title, why, reference, waits, privileges, engines,\n'
    printf '                          thresholds, min_version, examined, query)\nVALUES ('
    for name in rule category severity title why references; do
        header "$1" "$name" | quoted
        printf ', '
    done
    optional "$1" waits
    printf ', '
    optional "$1" privileges
    if [ -f "${1%.pg.sql}.sqlite.sql" ]; then printf ", '{pg,sqlite}', "; else printf ", '{pg}', "; fi
    threshold_defaults "$1" | quoted
    printf ', %s, ' "$(header "$1" 'minimum version')"
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
    printf '\n### %s\n\n%s (%s, %s).\n%s\n' "$rule" "$(header "$1" title)" \
        "$(header "$1" severity)" "$engines" "$(header "$1" why)"
    if grep -q '^-- waits: ' "$1"; then printf 'It waits until statistics cover the %s.\n' "$(header "$1" waits)"; fi
    if grep -q '^-- privileges: ' "$1"; then printf 'It needs membership in %s.\n' "$(header "$1" privileges)"; fi
    lines=$(thresholds "$1")
    [ -z "$lines" ] || printf '\n%s\n' "$(printf '%s' "$lines" | awk -F '\t' '{ printf "- `%s` = %s: %s\n", $1, $2, $3 }')"
    printf '\nSee %s.\n' "$(header "$1" references)"
}

# The files of a folder that is run once per version, oldest version first; with FROM only the newer ones.
once() { # FOLDER [FROM]
    for file in "$root/sql/$1"/*.sql; do basename "$file" .sql; done | sort -V | while IFS= read -r version; do
        newest=$(printf '%s\n%s\n' "$version" "${2:-0}" | sort -V | tail -n 1)
        if [ "$version" = "$newest" ] && [ "$version" != "${2:-0}" ]; then cat "$root/sql/$1/$version.sql"; fi
    done
}

rules() {
    for file in "$root"/rules/*/*.pg.sql; do
        if [ -f "$file" ]; then insert "$file"; fi
    done
}

case $engine in
pg)
    cat "$root/sql/begin.sql"
    once tables
    cat "$root"/sql/objects/*.sql
    once grants
    rules
    ;;
update)
    [ $# -eq 3 ] || usage
    printf '\\echo Use "ALTER EXTENSION db_advisor UPDATE" to load this file. \\quit\n'
    once tables "$3"
    cat "$root"/sql/objects/*.sql
    once grants "$3"
    rules
    ;;
check)
    case $root in
    *.sqlite.sql) check "$root" .sqlite.sql ;;
    *) check "$root" .pg.sql ;;
    esac
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
