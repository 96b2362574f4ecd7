"""Statements of 5 to 15 joins over 20 tables with skew: time, planner cost with the set built, against the union of
the advice on each statement alone."""
import argparse
import sys
import time

import schema
import statements
from session import Session, built, exit_status, progress, relative

SLACK = 1.2         # of the time budget


def main():
    options = parse_arguments()
    session = Session(schema.SCHEMA)
    session.run('CREATE EXTENSION IF NOT EXISTS db_advisor')
    tables = schema.plan_tables(options.seed, options.scale)
    session.open_schema(f'seed {options.seed}, scale {options.scale:g}', options.keep,
                        lambda: schema.load(session, tables, options.seed))
    try:
        texts = statements.generate(options.seed, tables, options.statements)
        failures = measure(session, options, texts)
    finally:
        if not options.keep:
            session.run(f'DROP SCHEMA {schema.SCHEMA} CASCADE')
    return exit_status(failures, options.gate)


def parse_arguments():
    parser = argparse.ArgumentParser(prog='run.sh joins', description=__doc__)
    parser.add_argument('--seed', type=int, default=1)
    parser.add_argument('--scale', type=float, default=1, help='1: up to 1e6 rows per table, 0.5 GB')
    parser.add_argument('--statements', type=int, default=110)
    parser.add_argument('--times', type=lambda text: [float(part) for part in text.split(',')],
                        default=[5.0, 20.0, 60.0], metavar='S,S', help='time budgets (5,20,60)')
    parser.add_argument('--no-union', action='store_true', help='without the advice on each statement alone, which'
                        ' takes minutes')
    parser.add_argument('--keep', action='store_true', help='leave the tables, use those of the last run')
    parser.add_argument('--gate', action='store_true', help='fail when a target is missed')
    return parser.parse_args()


def measure(session, options, texts):
    before = session.costs(texts)
    weights = [1e6 / cost for cost in before]       # each statement is as much of the workload as any other
    print(f'{len(texts)} statements, planner cost {min(before):.0f} to {max(before):.0f}')
    print(f'{"set":<34}{"indexes":>8}{"MB":>7}{"cost":>7}{"geo":>7}{"worst":>7}{"s":>8}{"calls":>8}')
    failures = []
    for budget in options.times:
        advice = session.recommend(texts, weights, f'{budget} s')
        judge(session, f'workload, {budget:g} s', advice.definitions, (texts, before, weights), advice)
        if advice.seconds > budget * SLACK:
            failures.append(f'{advice.seconds:.1f} s with a time budget of {budget:g} s')
    if options.no_union:
        return failures
    started = time.monotonic()
    union = united(session, texts)
    seconds = time.monotonic() - started
    size, cost_of_union = judge(session, 'union of advice per statement', union, (texts, before, weights))
    progress(f'the union took {seconds:.0f} s')
    longest = max(options.times)
    half = session.recommend(texts, weights, f'{longest} s', size // 2)
    half_size, cost_at_half = judge(session, f'workload, half of its size, {longest:g} s', half.definitions,
                                    (texts, before, weights), half)
    if half_size > size / 2 * 1.05:
        failures.append(f'{half_size / 1e6:.0f} MB built with a budget of {size / 2e6:.0f} MB')
    if cost_at_half > cost_of_union:
        failures.append(f'at half the size {cost_at_half:.3f}, the union {cost_of_union:.3f}')
    return failures


def judge(session, name, definitions, workload, advice=None):
    texts, before, weights = workload
    with built(session, definitions) as size:
        total, mean, worst = relative(session.costs(texts), before, weights)
    effort = f'{advice.seconds:>8.1f}{advice.planner_calls or "":>8}' if advice else ''
    print(f'{name:<34}{len(definitions):>8}{size / 1e6:>7.0f}{total:>7.3f}{mean:>7.3f}{worst:>7.2f}{effort}',
          flush=True)
    return size, total


def united(session, texts):
    """Of definitions that begin alike only the longest would be needed; the union keeps them all, as tools do."""
    found = {}
    for number, text in enumerate(texts):
        for definition in session.recommend([text], None, '10 s').definitions:
            found.setdefault(definition, None)
        if number % 20 == 19:
            progress(f'{number + 1} statements alone, {len(found)} indexes')
    return list(found)


if __name__ == '__main__':
    sys.exit(main())
