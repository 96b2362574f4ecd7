"""Who may include what: the arrows of the layout (docs/architecture.md) go from the engines to the core and,
within the core, from left to right in the flow."""
import re

INCLUDE = re.compile(r'^[ \t]*#[ \t]*include[ \t]*([<"])([^>"]+)[>"]', re.M)
FLOW = ["workload", "catalog", "analysis", "candidates", "costing", "selection", "rules"]
SERVER_HEADER = re.compile(r"(postgres|access/|catalog/|commands/|executor/|nodes/|optimizer/|parser/|storage/|utils/)")
BANNED_STANDARD = {"iostream": "std::string and the engine's own output", "regex": "a small scanner",
                   "thread": "nothing: there are no threads", "mutex": "nothing: only SQLite's hosts have threads",
                   "future": "nothing: there are no threads", "locale": "std::to_chars and std::from_chars"}


def core_rule(path, target):
    """Why a file of core/ may not include a project header, or None."""
    parts, theirs = path.split("/"), target.split("/")
    if theirs[0] != "core":
        return "the core knows no engine", "take what is needed as a value or through a small interface"
    if len(theirs) == 2 or len(parts) == 2:
        return None
    ours, other = parts[1], theirs[1]
    if ours == other or ours == "render":
        return None
    if ours in ("workload", "catalog"):
        return f"core/{ours} stands alone", "move the type to the folder that needs both"
    if ours in FLOW and other in FLOW and FLOW.index(other) < FLOW.index(ours):
        return None
    return f"core/{ours} comes before core/{other} in the flow", "move the code to the later folder, or the type to the earlier one"


def engine_rule(path, target):
    if path.startswith("pg_ext/boundary"):
        if target not in ("pg_ext/pg.h", "pg_ext/boundary.h", "core/error.h"):
            return "the border includes pg.h and core/error.h only", "move what needs more out of boundary.*"
    elif path.startswith("pg_ext/observe/"):
        if re.match(r"pg_ext/(functions|what_if)/|core/(selection|candidates|costing|rules|render)/", target):
            return "hooks stay cheap: no analysis in observe", "derive it at analysis time from what is stored"
    elif path.startswith("pg_ext/store/"):
        if target.startswith("core/") or target.startswith("pg_ext/plan_reader") or re.match(
                r"pg_ext/(functions|what_if|observe)/", target):
            return "the store holds plain structs and knows no core", "convert to core values in the caller"
    elif re.match(r"rules/.*\.pg\.cpp$", path):
        if re.match(r"pg_ext/(store|observe)/", target):
            return "a rule sees values, not the store or the hooks", "let the caller pass them"
    if path.startswith(("pg_ext/", "rules/")) and target.startswith("sqlite_ext/") or \
            path.startswith("sqlite_ext/") and target.startswith("pg_ext/"):
        return "the engines don't know each other", "move what both need to core/"
    return None


def standard_or_fmt(path, header):
    if header.startswith("fmt/"):
        if not (path.startswith("core/render/") and path.endswith(".cpp")):
            return "fmt belongs to the .cpp files of core/render", "use std::to_chars and +, or render it there"
    elif header in BANNED_STANDARD and not (header == "mutex" and path.startswith("sqlite_ext/")):
        return f"<{header}> is not used here", f"use {BANNED_STANDARD[header]}"
    elif (header.endswith(".h") or "/" in header) and path.startswith(("core/", "test/unit/")):
        if not (path.startswith("test/unit/") and header.startswith(("gtest/", "gmock/"))):
            return "only the standard library here", "use the C++ header, or move the code to an engine's folder"
    elif SERVER_HEADER.match(header) and path.startswith("pg_ext/") and path not in ("pg_ext/pg.h", "pg_ext/compat.h"):
        return "server headers come in through pg_ext/pg.h", "add it there"
    return None


def project_rule(path, target):
    if path.startswith("core/"):
        return core_rule(path, target)
    if path.startswith("test/unit/") and not target.startswith(("core/", "test/unit/")):
        return "unit tests need no engine", "test it in test/sql or test/sqlite"
    if path.startswith(("pg_ext/", "sqlite_ext/", "rules/")) and not re.match(r"(core|pg_ext|sqlite_ext|rules)/", target):
        door = "pg_ext/pg.h" if path.startswith(("pg_ext/", "rules/")) else "<sqlite3ext.h>"
        if path not in ("pg_ext/pg.h", "pg_ext/compat.h"):
            return f"not a path from the project's root, and foreign headers come in through {door}", \
                "write the path from the root, or add the header there"
    return engine_rule(path, target)


def findings(path, text):
    for match in INCLUDE.finditer(text):
        target = match.group(2)
        rule = (standard_or_fmt if match.group(1) == "<" else project_rule)(path, target)
        if rule:
            line = text.count("\n", 0, match.start()) + 1
            yield line, f'includes "{target}": {rule[0]}', rule[1]
