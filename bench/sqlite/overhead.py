"""What recording costs: instructions of one execution with and without the module, counted by callgrind."""
import os
import re
import sqlite3
import subprocess
import sys
import tempfile

FEW, MANY = 2000, 6000  # executions; their difference leaves out the start of the program
GOALS = {("lookup", "on"): 8.0, ("count", "on"): 1.5, ("lookup", "off"): 0.1, ("count", "off"): 0.1}


def main():
    here = os.path.dirname(os.path.abspath(__file__))
    met = True
    with tempfile.TemporaryDirectory(prefix="db_advisor_bench_") as folder:
        program, database = os.path.join(folder, "loop"), os.path.join(folder, "test.db")
        subprocess.run(["gcc", "-O2", "-o", program, os.path.join(here, "overhead", "loop.c"), "-lsqlite3"], check=True)
        connection = sqlite3.connect(database)
        connection.executescript("CREATE TABLE t(id INTEGER PRIMARY KEY, b INT); WITH RECURSIVE s(i) AS (SELECT 1 UNION "
                                 "ALL SELECT i + 1 FROM s WHERE i < 10000) INSERT INTO t SELECT i, i FROM s;")
        connection.close()
        for shape in ("lookup", "count"):
            plain = instructions(program, database, "-", shape, folder)
            print(f"{shape:8} plain {plain:10,.0f} instructions for one execution")
            for mode in ("off", "on"):
                with_module = instructions(program, database, os.environ["DB_ADVISOR_MODULE"], shape, folder, mode)
                share = 100 * (with_module / plain - 1)
                met = met and share <= GOALS[shape, mode]
                print(f"{shape:8} {mode:5} {with_module:10,.0f}, +{share:.2f} % (goal {GOALS[shape, mode]} %)")
    sys.exit(0 if met else 1)


def instructions(program, database, module, shape, folder, mode="on"):
    counts = []
    for executions in (FEW, MANY):
        result = subprocess.run(
            ["valgrind", "--tool=callgrind", f"--callgrind-out-file={folder}/out", program, database, module, shape,
             str(executions)], capture_output=True, text=True, check=True,
            env={**os.environ, "DB_ADVISOR_RECORD": "off" if mode == "off" else "full"})
        counts.append(int(re.search(r"Collected : (\d+)", result.stderr).group(1)))
    return (counts[1] - counts[0]) / (MANY - FEW)


main()
