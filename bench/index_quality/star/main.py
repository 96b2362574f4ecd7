"""A star schema with skew: thirty analytic statements, budgets in shares of the tables' size. Planner cost with the
set built and, with --cpu, CPU time relative to none, on constants that the advisor has not seen."""
import argparse
import os
import sys

import queries
from session import Session, built, exit_status, progress, relative

SCHEMA = 'bench_star'
SLOWER = 1.1
NOISE = 2e-3        # seconds


def main():
    options = parse_arguments()
    session = Session(SCHEMA)
    session.run('CREATE EXTENSION IF NOT EXISTS db_advisor')
    session.open_schema(f'seed {options.seed}, rows {options.rows}', options.keep, lambda: load(session, options))
    try:
        failures = measure(session, options)
    finally:
        if not options.keep:
            session.run(f'DROP SCHEMA {SCHEMA} CASCADE')
    return exit_status(failures, options.gate)


def parse_arguments():
    parser = argparse.ArgumentParser(prog='run.sh star', description=__doc__)
    parser.add_argument('--seed', type=int, default=1)
    parser.add_argument('--rows', type=int, default=5000000, help='of the fact table')
    parser.add_argument('--budgets', default='10,30,100,none', metavar='%,%', help='of the tables\' size',
                        type=lambda text: [None if part == 'none' else float(part) for part in text.split(',')])
    parser.add_argument('--time', type=float, default=20, help='budget of each search in seconds')
    parser.add_argument('--cpu', action='store_true', help='measure CPU time, too')
    parser.add_argument('--rounds', type=int, default=2, help='of which the best counts as CPU time')
    parser.add_argument('--keep', action='store_true', help='leave the tables, use those of the last run')
    parser.add_argument('--list', action='store_true', help='print the indexes')
    parser.add_argument('--gate', action='store_true', help='fail when a target is missed')
    return parser.parse_args()


def load(session, options):
    session.run(f'SELECT setseed({options.seed % 1000 / 1000})')
    with open(os.path.join(os.path.dirname(os.path.abspath(__file__)), 'schema.sql'), encoding='utf-8') as file:
        session.run(file.read().replace('{rows}', str(options.rows)))
    for table in ('shop', 'customer', 'product', 'promotion', 'calendar', 'sale'):
        session.run(f'VACUUM ANALYZE {table}')


def measure(session, options):
    drawn = queries.draws(options.seed, options.rows)
    learned = [text for texts in drawn for text in texts[:-1]]
    judged = [texts[-1] for texts in drawn]
    before = session.costs(judged)
    seconds = cpu_of(session, judged, options.rounds) if options.cpu else None
    plans = plans_of(session, judged)
    tables = session.table_bytes()
    print(f'{len(judged)} statements on {tables / 1e6:.0f} MB')
    print(f'{"budget":<8}{"MB":>7}{"built":>7}{"indexes":>8}{"cost":>7}{"geo":>7}{"worst":>7}{"s":>7}{"calls":>7}'
          f'{"CPU":>7}{"geo":>7}{"worst":>7}')
    failures = []
    for budget in options.budgets:
        limit = None if budget is None else int(tables * budget / 100)
        advice = session.recommend(learned, None, f'{options.time} s', limit)
        with built(session, advice.definitions) as size:
            total, mean, worst = relative(session.costs(judged), before, [1] * len(before))
            timed = cpu_of(session, judged, options.rounds) if options.cpu else None
            changed = [new != old for new, old in zip(plans_of(session, judged), plans, strict=True)]
        name = 'none' if budget is None else f'{budget:g} %'
        line = (f'{name:<8}{(limit or 0) / 1e6:>7.0f}{size / 1e6:>7.0f}{len(advice.definitions):>8}{total:>7.3f}'
                f'{mean:>7.3f}{worst:>7.2f}{advice.seconds:>7.1f}{advice.planner_calls or "":>7}')
        if timed:
            # The same plan takes the same time, whatever a busy machine makes of it.
            timed = [new if change else old for new, old, change in zip(timed, seconds, changed, strict=True)]
            line += ''.join(f'{ratio:>7.3f}' for ratio in relative(timed, seconds, [1] * len(timed)))
            failures += slower(judged, seconds, timed, name)
        print(line, flush=True)
        if options.list:
            for definition in advice.definitions:
                print(f'         {definition}')
        if limit and size > limit * 1.05:
            failures.append(f'{name}: {size / 1e6:.0f} MB built with a budget of {limit / 1e6:.0f} MB')
    return failures


def plans_of(session, statements):
    return [session.rows(f'EXPLAIN (COSTS OFF) {statement}') for statement in statements]


def cpu_of(session, statements, rounds):
    """The best of some executions after one that fills the caches."""
    best = []
    for statement in statements:
        session.rows(statement)
        times = []
        for _ in range(rounds):
            started = session.cpu_seconds()
            session.rows(statement)
            times.append(session.cpu_seconds() - started)
        best.append(min(times))
    progress(f'{sum(best):.1f} s of CPU')
    return best


def slower(statements, before, after, name):
    return [f'{name}: {new / old:.2f} times as long: {statement}'
            for statement, old, new in zip(statements, before, after, strict=True)
            if new > old * SLOWER and new - old > NOISE]


if __name__ == '__main__':
    sys.exit(main())
