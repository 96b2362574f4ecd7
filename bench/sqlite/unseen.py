"""Random statements that nobody tuned for: our advice against the best index set that can be found by trying."""
import argparse
import json
import os
import sqlite3
import sys
import tempfile

import contestants
import generator
import reference
from engine import Trial

GOOD, SLOWER = 1.25, 1.05
UNSEEN = 40e-6  # seconds: so little is not told from noise


def main():
    parser = argparse.ArgumentParser(prog="run.sh unseen", description=__doc__)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--databases", type=int, default=20, help="with 15 statements each")
    parser.add_argument("--folder", help="keeps what the enumeration found")
    parser.add_argument("--expert", action="store_true", help="also the shell's .expert")
    options = parser.parse_args()
    advisers = contestants.ALL if options.expert else contestants.ALL[:1]
    tally = {adviser.name: {"good": 0, "slower": 0, "all": 0} for adviser in advisers}
    with tempfile.TemporaryDirectory(prefix="db_advisor_bench_") as made:
        for seed in range(options.seed, options.seed + options.databases):
            judge_database(seed, options.folder or made, advisers, tally)
    for name, counts in tally.items():
        print(f"{name:20} {counts['good']} of {counts['all']} within {GOOD}x of the best "
              f"({counts['good'] / counts['all']:.1%}), slower than before: {counts['slower']}")
    ours = tally[advisers[0].name]
    sys.exit(0 if ours["good"] >= 0.9 * ours["all"] and ours["slower"] == 0 else 1)


def judge_database(seed, folder, advisers, tally):
    tables, statements = generator.make_database(seed)
    path = os.path.join(folder, f"random_{seed}.db")
    if not os.path.exists(path):
        connection = sqlite3.connect(path, isolation_level=None)
        for table in tables:
            connection.execute(table.create())
            connection.execute(table.fill())
        connection.execute("ANALYZE")
        connection.close()
    trial = Trial(path)
    known = found_before(trial, tables, statements, path + ".json")
    for number, statement in enumerate(statements):
        best = known[statement]
        with trial.with_indexes(best):
            least = trial.seconds(statement)
        now = trial.seconds(statement)
        for adviser in advisers:
            advice = adviser.advise(path, [statement])
            with trial.with_indexes(advice.definitions, analyze=False):
                pasted = trial.seconds(statement)
            with trial.with_indexes(advice.definitions):
                after = trial.seconds(statement)
            counts = tally[adviser.name]
            good = min(after, pasted) <= least * GOOD + UNSEEN and not advice.note
            slower = bool(advice.definitions) and max(after, pasted) > max(now, trial.seconds(statement)) * SLOWER + UNSEEN
            counts["all"] += 1
            counts["good"] += good
            counts["slower"] += slower
            if not good or slower:
                print(f"{seed}.{number} {adviser.name} {'SLOWER' if slower else 'missed'}: {now * 1e6:,.0f} us -> "
                      f"{after * 1e6:,.0f} ({pasted * 1e6:,.0f} as pasted), best {least * 1e6:,.0f}\n     {statement}\n"
                      f"     ours: {'; '.join(advice.definitions) or advice.note or 'nothing'}\n"
                      f"     best: {'; '.join(best)}", flush=True)


def found_before(trial, tables, statements, path):
    """The reference takes minutes: its answer is kept beside the database."""
    if os.path.exists(path):
        with open(path, encoding="utf-8") as file:
            return json.load(file)
    known = {statement: reference.best(trial, tables, statement)[1][1] for statement in statements}
    with open(path, "w", encoding="utf-8") as file:
        json.dump(known, file)
    return known


main()
