"""The checks of tools/lint.sh that read sources: prints "file:line: what; fix: how" for each finding."""
import os
import re
import sys

import cpp_text
import includes

FILE_CEILING, FUNCTION_CEILING = 500, 80
FOLDERS = ("core", "pg_ext", "sqlite_ext", "rules", "sql", "test", "bench", "tools", "docs", ".ci")
BORDER = re.compile(r"\b(PG_TRY|PG_CATCH|sigsetjmp|siglongjmp)\b|\bcatch\s*\(\s*\.\.\.\s*\)|\b(ereport|elog)\s*\(\s*(ERROR|FATAL|PANIC)\b")
# Of std, these neither allocate nor throw nor have destructors, so an error may jump over them.
PLAIN_STD = re.compile(r"std::(?:size_t|ptrdiff_t|u?int(?:8|16|32|64|ptr|max)_t|byte|nullptr_t|min|max|clamp|abs|swap"
                       r"|numeric_limits|is_\w+_v|remove_\w+_t|mem\w+|str\w*(?:len|cmp|chr|str|cpy)|isfinite|isnan"
                       r"|floor|ceil|pow|log\w*|sqrt|string_view|span|data|size)\b")
WORDS = [  # in code with comments and literals blanked out: pattern, folders, what, fix
    (re.compile(r"\bPG_VERSION_NUM\b"), ("pg_ext/", "rules/"), "PG_VERSION_NUM outside pg_ext/compat.h",
     "give the newer name on the older server in compat.h"),
    (re.compile(r"\busing\s+namespace\s+(?:advisor::)?core\b"), ("pg_ext/", "rules/"),
     "using namespace advisor::core next to the server's global names", "name the types, or use a namespace alias"),
    (re.compile(r"\bstd::(?:shared_ptr|make_shared)\b"), None, "shared ownership", "use values or unique_ptr"),
    (re.compile(r"\bstd::(?:regex|thread|async|cout|cerr|clog)\b"), None, "a part of std that we do without",
     "write a small scanner, stay in the caller's thread, return the text"),
    (re.compile(r"\bstd::\w*mutex\b"), ("core/", "pg_ext/", "rules/"), "a mutex where there are no threads", "remove it"),
    (re.compile(r"(?<!operator )\bnew\s+[A-Za-z_:]"), None, "a bare new", "use values or make_unique"),
]
UNFINISHED = re.compile(r"\b(?:TO" r"DO|FIX" r"ME|X" r"XX)\b")
VAGUE = re.compile(r"(?:^|[/_])(?:utils?|common|misc|helpers?)(?:[/_.]|$)")


def files():
    for folder in FOLDERS:
        for path, folders, names in os.walk(folder):
            folders[:] = sorted(name for name in folders if name != "__pycache__")
            for name in sorted(names):
                yield os.path.join(path, name)
    for name in ("Makefile", "CMakeLists.txt", "README.md", "CHANGELOG.md"):
        if os.path.exists(name):
            yield name


def pg_call_findings(code):
    """Objects with destructors, or what may throw, inside the body of a guarded call."""
    for call in re.finditer(r"\b(?:pg_call|pg_try)\s*\(\s*\[", code):
        end = cpp_text.matching(code, code.index("(", call.start()))
        body = code.find("{", call.end(), end)
        if body < 0:
            continue
        for use in re.finditer(r"std::\w+", code[body:end]):
            if not PLAIN_STD.match(code, body + use.start()):
                yield cpp_text.line_of(code, body + use.start()), f"{use.group(0)} inside the body of a guarded call", \
                    "move it before or after: a server error jumps over the body's frame"


def cpp_findings(path, text):
    code = cpp_text.blank(text)
    yield from includes.findings(path, text)
    if path.startswith(("core/", "pg_ext/", "rules/")) and path != "pg_ext/boundary.cpp":
        for match in BORDER.finditer(code):
            yield cpp_text.line_of(code, match.start()), f"{match.group(0).strip()} outside pg_ext/boundary.cpp", \
                "use pg_call, pg_try, cpp_entry or cpp_observe; throw core::Error"
    if path.startswith(("pg_ext/", "rules/")):
        yield from pg_call_findings(code)
    for pattern, folders, what, fix in WORDS:
        if (folders is None or path.startswith(folders)) and path != "pg_ext/compat.h":
            for match in pattern.finditer(code):
                yield cpp_text.line_of(code, match.start()), what, fix
    for function in cpp_text.functions(cpp_text.without_preprocessor(code)):
        if function.lines > FUNCTION_CEILING:
            yield function.first_line, f"function {function.name} has {function.lines} lines, more than {FUNCTION_CEILING}", \
                "take parts with a name of their own out of it"


def findings(path):
    if VAGUE.search(path):
        yield 1, "a file name that says nothing", "name it after the noun that it is about"
    with open(path, encoding="utf-8", errors="replace") as file:
        text = file.read()
    for match in UNFINISHED.finditer(text):
        yield cpp_text.line_of(text, match.start()), f"unfinished: {match.group(0)}", "do it, or open an issue"
    if path.endswith((".cpp", ".h", ".sh", ".py")) or os.path.basename(path) in ("Makefile", "CMakeLists.txt", "run"):
        lines = text.count("\n")
        if lines > FILE_CEILING:
            yield FILE_CEILING, f"file has {lines} lines, more than {FILE_CEILING}", "split it by nouns"
        for number, line in enumerate(text.split("\n"), 1):
            if line != line.rstrip():
                yield number, "white space at the end of the line", "remove it"
    if path.endswith((".cpp", ".h")):
        yield from cpp_findings(path, text)


def main():
    os.chdir(sys.argv[1])
    found = False
    for path in files():
        for line, what, fix in findings(path):
            print(f"{path}:{line}: {what}; fix: {fix}")
            found = True
    return 1 if found else 0


sys.exit(main())
