#!/bin/bash
# tools/lint.sh finds a planted violation of each kind, and nothing in a tree without one.
set -u
lint=$(cd "$(dirname "$0")/../../tools" && pwd)/lint.sh
tree=$(mktemp -d) || exit 1
trap 'rm -rf "$tree"' EXIT
passed=0 failed=0 skipped=0

meta_json() { # VERSION VERSION-OF-THE-PART
    cat >"$tree/META.json" <<END
{"name": "db_advisor", "version": "$1", "abstract": "a", "maintainer": "a", "license": "postgresql",
 "provides": {"db_advisor": {"version": "$2", "file": "db_advisor.control"}}, "meta-spec": {"version": "1.0.0"}}
END
}
clean_tree() {
    rm -rf "${tree:?}"/*
    mkdir -p "$tree"/{core/workload,core/catalog,core/selection,core/render,pg_ext/observe,pg_ext/store,sqlite_ext,rules/index} \
        "$tree"/{sql,tools,test/unit,build/pg15,build/sqlite}
    printf 'namespace advisor::core {\nstruct Error {};\n} // namespace advisor::core\n' >"$tree/core/error.h"
    echo '#include "core/workload/query.h"' >"$tree/core/selection/select.h"
    echo '#include "core/error.h"' >"$tree/core/workload/query.h"
    printf '#include <cstddef>\nvoid f() {\n    pg_call([&] { use(std::size_t{1}, "std::string new TRY"); });\n}\n' >"$tree/pg_ext/reader.cpp"
    printf 'void g() { // catch (...) and PG_TRY in a comment\n    sigsetjmp(here, 0);\n}\n' >"$tree/pg_ext/boundary.cpp"
    echo "default_version = '0.1'" >"$tree/db_advisor.control"
    meta_json 0.1.3 0.1.3
    echo 'inline constexpr const char *version = "0.1";' >"$tree/core/version.h"
    printf 'BasedOnStyle: LLVM\nIndentWidth: 4\nColumnLimit: 110\n' >"$tree/.clang-format"
}

# Runs lint on the planted tree and looks for a line that names the place and the words.
expect() { # NAME PLACE WORDS
    local output
    output=$("$lint" "$tree" 2>&1)
    if grep -F "$2: " <<<"$output" | grep -F "$3" | grep -q '; fix: '; then
        passed=$((passed + 1))
        echo "ok $1"
    else
        failed=$((failed + 1))
        printf 'FAILED %s: no finding "%s: … %s" in\n%s\n' "$1" "$2" "$3" "$output"
    fi
    clean_tree
}

# The same for one more line at the end of a new or existing source file.
plant() { # NAME FILE LINE WORDS
    printf '%s\n' "$3" >>"$tree/$2"
    expect "$1" "$2:$(wc -l <"$tree/$2")" "$4"
}

lines() { # COUNT LINE
    local i
    for ((i = 0; i < $1; i++)); do echo "$2"; done
}

clean_tree
output=$("$lint" "$tree" 2>&1)
if grep -q '^0 findings' <<<"$output"; then
    passed=$((passed + 1))
    echo "ok a clean tree has no findings"
else
    failed=$((failed + 1))
    printf 'FAILED a clean tree has findings\n%s\n' "$output"
fi

plant "core includes an engine" core/workload/query.h '#include "pg_ext/pg.h"' "knows no engine"
plant "core includes a server header" core/workload/query.h '#include "postgres.h"' "knows no engine"
plant "core includes a system header" core/workload/query.h '#include <sqlite3.h>' "only the standard library"
plant "catalog includes workload" core/catalog/table.h '#include "core/workload/query.h"' "stands alone"
plant "against the flow" core/workload/query.h '#include "core/selection/select.h"' "stands alone"
plant "selection includes render" core/selection/select.h '#include "core/render/ddl.h"' "in the flow"
plant "fmt outside render" core/selection/select.h '#include <fmt/format.h>' "fmt belongs"
plant "fmt in a header of render" core/render/text.h '#include <fmt/format.h>' "fmt belongs"
plant "iostream" core/workload/query.h '#include <iostream>' "is not used here"
plant "observe includes the what-if" pg_ext/observe/executor.cpp '#include "pg_ext/what_if/planner.h"' "hooks stay cheap"
plant "observe includes selection" pg_ext/observe/executor.cpp '#include "core/selection/select.h"' "hooks stay cheap"
plant "store includes the core" pg_ext/store/block.h '#include "core/error.h"' "plain structs"
plant "border includes more" pg_ext/boundary.h '#include "pg_ext/settings.h"' "the border includes"
plant "a server header past the door" pg_ext/reader.cpp '#include "catalog/pg_class.h"' "come in through pg_ext/pg.h"
plant "a rule includes the store" rules/index/wide.pg.cpp '#include "pg_ext/store/block.h"' "not the store"
plant "sqlite includes the server's" sqlite_ext/module.cpp '#include "pg_ext/pg.h"' "don't know each other"
plant "a unit test includes an engine" test/unit/a_test.cpp '#include "pg_ext/pg.h"' "need no engine"
plant "PG_TRY" pg_ext/reader.cpp 'void h() { PG_TRY(); }' "PG_TRY outside"
plant "catch all" pg_ext/reader.cpp 'void h() { try { f(); } catch ( ... ) { } }' "outside pg_ext/boundary.cpp"
plant "ereport" pg_ext/reader.cpp 'void h() { ereport( ERROR, errmsg("x")); }' "outside pg_ext/boundary.cpp"
plant "elog" pg_ext/reader.cpp 'void h() { elog(ERROR, "x"); }' "outside pg_ext/boundary.cpp"
plant "sigsetjmp" pg_ext/reader.cpp 'void h() { sigsetjmp(here, 0); }' "sigsetjmp outside"
plant "a string in a guarded call" pg_ext/reader.cpp 'void h() { pg_call([&] { if (x) { std::string name = y(); } }); }' \
    "inside the body of a guarded call"
plant "the server's version" pg_ext/reader.cpp '#if PG_VERSION_NUM < 160000' "PG_VERSION_NUM outside"
plant "using namespace core" pg_ext/reader.cpp 'using namespace advisor::core;' "using namespace"
plant "shared_ptr" core/workload/query.h 'std::shared_ptr<int> p;' "shared ownership"
plant "new" core/workload/query.h 'int *p = new int;' "a bare new"
plant "unfinished work" core/workload/query.h "// TO""DO: more" "unfinished"
plant "white space" core/workload/query.h "int a; " "white space"

lines 501 '// line' >"$tree/core/long.h"
expect "a long file" core/long.h:500 "more than 500"
{ echo 'int short_one() { return 1; }' && echo 'int Thing::long_one(int a) const {' && lines 80 '    a += "}{"[0];' && echo '}'; } \
    >"$tree/core/long_function.cpp"
expect "a long function" core/long_function.cpp:2 "function Thing::long_one has 82 lines"
{ echo 'struct A {' && echo '    A() : a_{1}, b_(2) {' && lines 80 '        f([] { g(); });' && echo '    }' && echo '};'; } \
    >"$tree/core/long_constructor.h"
expect "a long constructor" core/long_constructor.h:2 "function A has 82 lines"
echo >"$tree/core/string_utils.h"
expect "a name that says nothing" core/string_utils.h:1 "file name"
meta_json 0.2.0 0.1.0
expect "another version" META.json:1 "has version 0.2.0"
echo 'inline constexpr const char *version = "0.9";' >"$tree/core/version.h"
expect "another version in the library" core/version.h:1 "does not say"
mkdir "$tree/sql/released"
echo >"$tree/sql/released/db_advisor--0.1.sql"
expect "a released version" db_advisor.control:1 "is released already"

echo 'SELECT 1' >"$tree/rules/index/lonely.test.sql"
expect "a test without a rule" rules/index/lonely.test.sql:1 "tests no rule"
echo 'SELECT 1' >"$tree/rules/index/lonely.sqlite.sql"
expect "a rule without a test" rules/index/lonely.sqlite.sql:1 "has no test"

cat >"$tree/rules/index/wide.sqlite.sql" <<'END'
-- rule: wide
-- severity: low
-- title: A title
-- why: A reason.
-- references: nothing
-- minimum version: 3.40
-- examined: SELECT 1
SELECT 1
END
expect "a page of rules that is behind" docs/rules.md:1 "differs from what the rule files say"

for module in pg15 sqlite; do
    echo 'int leaked() { return 1; }' | g++ -shared -fPIC -x c++ - -o "$tree/build/$module/db_advisor.so"
    expect "a leaked symbol ($module)" "build/$module/db_advisor.so:0" "exports the symbol"
done

echo 'namespace advisor { void nowhere(); } extern "C" void db_advisor_f() { advisor::nowhere(); }' |
    g++ -shared -fPIC -x c++ - -o "$tree/build/pg15/db_advisor.so"
expect "a call of what nobody defines" "build/pg15/db_advisor.so:0" "advisor::nowhere(), which is defined nowhere"

if clang-format-14 --version >/dev/null 2>&1; then
    plant "layout" core/error.h 'int   a;' "laid out"
else
    skipped=$((skipped + 1))
    echo "skipped layout: clang-format-14 is not installed"
fi
if command -v shellcheck >/dev/null; then
    plant "a faulty script" tools/run.sh $'#!/bin/bash\ncd $1' "SC2086"
else
    skipped=$((skipped + 1))
    echo "skipped a faulty script: shellcheck is not installed"
fi

echo "$passed passed, $failed failed, $skipped skipped"
[ "$failed" = 0 ]
