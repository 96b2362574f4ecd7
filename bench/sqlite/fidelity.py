"""Is what advisor_what_if says true? The plan with the hypothetical index against that with the real one, the order
of costs against that of processor times, and the price of always following the cost (regret)."""
import argparse
import math
import os
import random
import sqlite3
import sys
import tempfile

import generator
import reference
from engine import Trial

DIFFERENT = 1.35  # times are told apart from that factor on
UNSEEN = 40e-6  # seconds: so little is not told from noise


def main():
    parser = argparse.ArgumentParser(prog="run.sh fidelity", description=__doc__)
    parser.add_argument("--seed", type=int, default=101)
    parser.add_argument("--databases", type=int, default=8, help="with 15 statements each")
    parser.add_argument("--indexes", type=int, default=3, help="hypothetical indexes for each statement")
    options = parser.parse_args()
    plans, orders, regrets = [], [], []
    with tempfile.TemporaryDirectory(prefix="db_advisor_bench_") as folder:
        for seed in range(options.seed, options.seed + options.databases):
            examine(seed, folder, options.indexes, plans, orders, regrets)
    regret = math.exp(sum(map(math.log, regrets)) / len(regrets))
    print(f"{sum(plans)} of {len(plans)} plans equal ({sum(plans) / len(plans):.1%}, goal 99 %)")
    print(f"{sum(orders)} of {len(orders)} pairs of costs in the right order ({sum(orders) / len(orders):.1%}, goal 95 %)")
    print(f"regret {regret:.3f} (geometric mean of {len(regrets)}, goal 1.10)")
    sys.exit(0 if sum(plans) >= 0.99 * len(plans) and sum(orders) >= 0.95 * len(orders) and regret <= 1.10 else 1)


def examine(seed, folder, count, plans, orders, regrets):
    tables, statements = generator.make_database(seed)
    path = os.path.join(folder, f"random_{seed}.db")
    connection = sqlite3.connect(path, isolation_level=None)
    for table in tables:
        connection.execute(table.create())
        connection.execute(table.fill())
    connection.execute("ANALYZE")
    connection.enable_load_extension(True)
    connection.load_extension(os.environ["DB_ADVISOR_MODULE"])
    trial = Trial(path)
    rng = random.Random(seed)
    for statement in statements:
        tried = reference.candidates(tables, statement)
        results = []
        for table, rest in rng.sample(tried, min(count, len(tried))):
            definition = f"CREATE INDEX h ON {table} {rest}"
            before, after, said = connection.execute(
                "SELECT cost_before, cost_after, plan_after FROM advisor_what_if(?, ?)", (statement, definition)).fetchone()
            with trial.with_indexes([definition], analyze=False):
                real = real_plan(trial, statement)
                plans.append(real == said)
                if real != said:
                    print(f"{seed} {statement}\n     {definition}\n     said: {said!r}\n     real: {real!r}", flush=True)
                results.append((after, trial.seconds(statement), definition))
        if results:
            results.append((before, trial.seconds(statement), "no index"))
            compare(statement, results, orders, regrets)
    connection.close()


def real_plan(trial, statement):
    depths, lines = {0: -1}, []
    for number, parent, _, detail in trial.run("EXPLAIN QUERY PLAN " + statement):
        depths[number] = depths.get(parent, -1) + 1
        lines.append("  " * depths[number] + detail)
    return "\n".join(lines)


def compare(statement, results, orders, regrets):
    for i, (cost, seconds, definition) in enumerate(results):
        for other_cost, other_seconds, other in results[:i]:
            low, high = sorted((seconds, other_seconds))
            if high < low * DIFFERENT + UNSEEN:
                continue
            right = (cost < other_cost) == (seconds < other_seconds)
            orders.append(right)
            if not right:
                print(f"order: {statement}\n     {definition}: {cost:.0f}, {seconds * 1e6:.0f} us; "
                      f"{other}: {other_cost:.0f}, {other_seconds * 1e6:.0f} us", flush=True)
    chosen = min(results)[1]
    least = min(seconds for _, seconds, _ in results)
    regrets.append(1 if chosen - least < UNSEEN else chosen / least)


main()
