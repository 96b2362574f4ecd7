"""One case: its database or text, what runs on it, what is asked. All of it follows from the seed."""
import json
import os
import random
import re
import signal
import sqlite3
import sys
import time

from damage import damaged
from questions import ANALYSES, COVERAGE, FINDINGS, light_question
from texts import VALID, VALUES, random_statement

MODULE = os.environ["DB_ADVISOR_MODULE"]
LIMIT = 5  # seconds of CPU time for one case: a busy machine makes none a hang
STEPS = 300  # thousands of VM steps for a statement of the user, whose own endless loops are not ours
verbose = False
dear = 1


class Case:
    def __init__(self, seed):
        self.rng = random.Random(seed)
        self.notes = {"asked": [], "slowest": [0, ""]}
        self.connection = None

    def open(self, path):
        self.connection = sqlite3.connect(path, isolation_level=None)
        self.connection.text_factory = bytes
        self.connection.enable_load_extension(True)
        self.connection.load_extension(MODULE)

    def attempt(self, sql, values=()):
        """The rows, or None for an error. Errors are answers; only crashes, reports and hangs are not."""
        start = time.process_time()
        try:
            return self.connection.execute(sql, values).fetchall()
        except (sqlite3.Error, sqlite3.Warning, UnicodeError, ValueError, OverflowError, MemoryError) as error:
            if verbose:
                print(f"    {type(error).__name__}: {error}")
            return None
        finally:
            spent = time.process_time() - start
            if spent > self.notes["slowest"][0]:
                self.notes["slowest"] = [spent, sql]
            if verbose:
                print(f"  {spent:.3f} s  {sql!r} {values!r}", flush=True)

    def use(self, statement, times):
        """As the application does, with an end to what would have none."""
        left = [STEPS]

        def count_down():
            left[0] -= 1
            return left[0] < 0

        self.connection.set_progress_handler(count_down, 1000)
        for _ in range(times):
            self.attempt(statement)
        self.connection.set_progress_handler(None, 0)

    def ask(self, question, values=()):
        rows = self.attempt(question, values)
        self.notes["asked"].append([rows is not None, sorted(set(re.findall(r"\badvisor_\w+", question)))])
        return rows

    def ask_for_analysis(self):
        question = self.rng.choice(ANALYSES)
        rows = self.ask(question)
        if question == COVERAGE:
            self.notes["reached"] = any(row[0] == b"missing-index-filter" and row[2] > 0 for row in rows or [])
        elif question == FINDINGS:
            self.notes["advised"] = any(row[1].startswith(b"missing-index-") for row in rows or [])


def run(kind, seed, contents, folder):
    """A line of JSON about it."""
    signal.setitimer(signal.ITIMER_PROF, LIMIT)
    start = time.process_time()
    if verbose:
        print(f"{kind} {seed}")
    case = Case(seed)
    path = os.path.join(folder, f"case{seed}.db")
    if kind == "damaged file":
        damaged_file(case, contents, path, folder)
    else:
        random_text(case, contents, path, folder, seed)
    case.connection.close()
    for name in os.listdir(folder):
        if not name.startswith("sound") and name != "report" and os.path.isfile(name):
            os.remove(name)
    case.notes["cpu"] = time.process_time() - start
    sys.stdout.flush()
    return json.dumps(case.notes)


def damaged_file(case, contents, path, folder):
    rng = case.rng
    content = rng.choice(contents)
    if rng.random() < 0.1:
        damaged_save_file(case, content, path, folder)
        return
    case.notes["damage"] = damaged(rng, content, path)
    case.open(path)
    case.notes["readable"] = case.attempt("SELECT count(*) FROM sqlite_schema") is not None
    for statement in (rng.choice(VALID[:12]), rng.choice(VALID)):
        case.use(statement, 2)
    # The dear questions are asked of some files only, a cheap one of each.
    share = rng.random()
    if share < 0.01 * dear:
        case.ask_for_analysis()
    elif share < 0.03 * dear:
        tried = case.ask("SELECT * FROM advisor_what_if('SELECT * FROM t WHERE a = 5 ORDER BY b', 'CREATE INDEX i ON t(a, b)')")
        case.notes["tried"] = bool(tried)
    case.ask(*light_question(rng, rng.choice(VALID), folder, dear))


def damaged_save_file(case, content, path, folder):
    """A workload that was saved with all that can be in it, then damaged, then loaded by another connection."""
    rng = case.rng
    with open(path, "wb") as file:
        file.write(content)
    case.open(path)
    file = os.path.join(folder, "workload.db")
    case.ask("SELECT advisor_config('save_file', ?)", [file])
    for statement in rng.sample(VALID[:12], 3):
        case.use(statement, 1)
    if rng.random() < 0.05:
        case.ask("SELECT advisor_dismiss(id, 'why') FROM advisor_recommendations LIMIT 3")
        case.ask("SELECT advisor_set_rule('no-primary-key', 1, 'high', NULL)")
    case.connection.close()
    with open(file, "rb") as saved:
        case.notes["damage"] = "save file, " + damaged(rng, saved.read(), file, VALUES)
    # The workload of the file in this process is the old one: under another name it starts anew.
    os.rename(path, path + "2")
    case.open(path + "2")
    case.notes["readable"] = True
    case.ask(rng.choice(["SELECT advisor_load(?)", "SELECT advisor_config('save_file', ?)"]), [file])
    if rng.random() < 0.06:
        case.ask_for_analysis()
    case.ask(*light_question(rng, rng.choice(VALID), folder, dear))


def random_text(case, contents, path, folder, seed):
    rng = case.rng
    content = rng.choice(contents)
    text = random_statement(rng)
    if rng.random() < 0.2:
        with open(path, "wb") as file:
            file.write(content)
        case.open(path)
    else:
        case.open(":memory:")
        case.connection.deserialize(content)
    case.use(text, 1)
    for _ in range(2):
        case.ask(*light_question(rng, text, folder, dear))
    if rng.random() < 0.007 * dear:
        for other in range(4):
            case.use(random_statement(random.Random(seed + other + 1)), 2)
        case.use(rng.choice(VALID), 3)
        case.ask_for_analysis()
