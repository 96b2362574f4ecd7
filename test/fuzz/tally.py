"""Counts what the cases reached, so that a run that went past the module does not look like a good one."""
import json
import re
import sqlite3
import time

from cases import MODULE

ENOUGH = 3000  # cases of each kind, or fewer dearer ones, from which on everything must have answered once
ENOUGH_ASKED = 50  # from which on the shares have to be there
LEAST = {"readable": 0.5, "reached": 0.4, "advised": 0.05, "tried": 0.3}


class Tally:
    def __init__(self):
        self.failures = 0
        self.seen = set()
        self.started = time.time()
        self.cpu = {}
        self.slowest = {}
        self.damage = {}
        self.flags = {}
        self.answers = {name: [0, 0] for name in advisor_names()}

    def add(self, kind, line):
        notes = json.loads(line)
        self.cpu.setdefault(kind, []).append(notes["cpu"])
        self.slowest[kind] = max(self.slowest.get(kind, [0, ""]), notes["slowest"])
        if "damage" in notes:
            self.damage[notes["damage"]] = self.damage.get(notes["damage"], 0) + 1
        for flag in MEANING:
            if flag in notes:
                counts = self.flags.setdefault((kind, flag), [0, 0])
                counts[0] += notes[flag]
                counts[1] += 1
        for answered, names in notes["asked"]:
            for name in names:
                if name in self.answers:
                    self.answers[name][0] += answered
                    self.answers[name][1] += 1

    def fail(self, what, report=""):
        self.failures += 1
        print(f"FAILED   {what}")
        lines = telling_lines(report)
        if len(lines) > 1 and lines[-1] in self.seen:
            lines = lines[:1]  # the same place again
        self.seen.update(lines[-1:])
        for line in lines:
            print(f"         | {line[:300]}")
        print(end="", flush=True)

    def print(self, files, statements, dear):
        for kind, times in self.cpu.items():
            times.sort()
            print(f"{kind}s: {len(times)}, CPU {sum(times):.0f} s, median {times[len(times) // 2] * 1000:.0f} ms, longest {times[-1]:.2f} s; "
                  f"slowest call {self.slowest[kind][0]:.2f} s, {self.slowest[kind][1][:80]!r}")
        print("damage: " + ", ".join(f"{name} {count}" for name, count in sorted(self.damage.items())))
        for (kind, flag), (count, of) in self.flags.items():
            print(f"{kind}s, {MEANING[flag]}: {count} of {of}")
            if of >= ENOUGH_ASKED and kind == "damaged file" and count < LEAST[flag] * of:
                self.fail(f"less than {LEAST[flag]:.0%}")
        print("answers: " + ", ".join(f"{name} {answered}/{asked}" for name, (answered, asked) in sorted(self.answers.items())))
        silent = [name for name, (answered, _) in self.answers.items() if answered == 0]
        if silent and min(files, statements) * dear >= ENOUGH:
            self.fail("never answered: " + ", ".join(silent))
        print(f"{files} damaged files, {statements} statements, {self.failures} failures in {time.time() - self.started:.0f} s")


MEANING = {"readable": "their schema can still be read", "reached": "asked what an analysis looked at, with statements",
           "advised": "asked for findings, with an advised index",
           "tried": "asked what an index would do, with an answer"}


def advisor_names():
    """All functions and tables that the module has."""
    connection = sqlite3.connect(":memory:")
    connection.enable_load_extension(True)
    connection.load_extension(MODULE)
    rows = connection.execute("SELECT name FROM pragma_function_list UNION SELECT name FROM pragma_module_list").fetchall()
    names = [name for name, in rows if name.startswith("advisor_")]
    connection.close()
    if len(names) < 20:
        raise SystemExit(f"the module has only {len(names)} functions and tables")
    return names


def telling_lines(report):
    """What went wrong, and where in our code."""
    what = [line for line in report.splitlines() if re.search(r"ERROR:|runtime error|Assertion|terminate|Error", line)]
    ours = [line for line in report.splitlines() if re.match(r"\s+#\d+ .*advisor", line)]
    return what[:3] + ours[:8] or report.splitlines()[-20:]
