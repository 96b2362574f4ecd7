"""What an answer costs the host: processor time and memory of the advice for workload W1, on databases of several sizes."""
import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
import time

import shop

from workload import W1

MOST_SECONDS, MOST_MB, MOST_GROWTH = 2.0, 64, 2.0


def main():
    parser = argparse.ArgumentParser(prog="run.sh speed", description=__doc__)
    parser.add_argument("--scales", default="0.4,1", help="of the database of 2.6 million rows; 38 has a hundred million")
    parser.add_argument("--folder", help="keeps the databases for the next run")
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--ask", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.ask:
        ask(options.ask)
        return
    with tempfile.TemporaryDirectory(prefix="db_advisor_bench_") as made:
        seconds = {}
        met = True
        for scale in map(float, options.scales.split(",")):
            path = shop.make_shop(options.folder or made, scale)
            answers = [json.loads(subprocess.run([sys.executable, os.path.abspath(__file__), "--ask", path], check=True,
                                                 capture_output=True, text=True).stdout) for _ in range(options.runs)]
            seconds[scale] = min(answer["seconds"] for answer in answers)
            memory = max(answer["mb"] for answer in answers)
            met = met and memory <= MOST_MB and (scale != 1 or seconds[scale] <= MOST_SECONDS)
            print(f"{2.6 * scale:7.1f} million rows: {seconds[scale]:.2f} s of processor time (goal {MOST_SECONDS} s at 2.6), "
                  f"{memory:.0f} MB more than before (goal {MOST_MB}), {answers[0]['findings']} indexes", flush=True)
        growth = max(seconds.values()) / min(seconds.values())
        print(f"the dearest costs {growth:.2f} times the cheapest (goal {MOST_GROWTH})")
        sys.exit(0 if met and growth <= MOST_GROWTH else 1)


def ask(path):
    """In a process of its own; the statements are told, not run."""
    import sqlite3
    connection = sqlite3.connect(f"file:{path}?mode=ro", uri=True, isolation_level=None)
    connection.enable_load_extension(True)
    connection.load_extension(os.environ["DB_ADVISOR_MODULE"])
    for statement in W1:
        connection.execute("SELECT advisor_add(?, 20)", (statement,)).fetchall()
    before, start = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, time.process_time()
    findings = connection.execute("SELECT count(*) FROM advisor_recommendations WHERE rule LIKE 'missing-index%'").fetchone()[0]
    used = time.process_time() - start
    print(json.dumps({"seconds": used, "mb": (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024,
                      "findings": findings}))


main()
