"""A mix of reads and writes, recorded while it runs; the set that the recorded workload asks for is built, and another
stream of the same mix measured with it. CPU time of the backend, by kind of statement."""
import argparse
import collections
import os
import sys

import mix
from session import Session, built, exit_status, progress

SCHEMA = 'bench_oltp'
SLOWER = 1.1
NOISE = 30e-6       # seconds per execution, below which no difference is told
MIN_CALLS = 20


def main():
    options = parse_arguments()
    session = Session(SCHEMA)
    if 'db_advisor' not in session.value('SHOW shared_preload_libraries'):
        sys.exit('run.sh oltp: db_advisor must be in shared_preload_libraries')
    session.run('CREATE EXTENSION IF NOT EXISTS db_advisor')
    session.open_schema(f'scale {options.scale:g}', False, lambda: load(session, options.scale))
    try:
        failures = measure(session, options)
    finally:
        session.run(f'DROP SCHEMA {SCHEMA} CASCADE')
    return exit_status(failures, options.gate)


def parse_arguments():
    parser = argparse.ArgumentParser(prog='run.sh oltp', description=__doc__)
    parser.add_argument('--seed', type=int, default=1)
    parser.add_argument('--scale', type=int, default=1, help='1: 1.2e6 rows')
    parser.add_argument('--executions', type=int, default=6000, help='of each run')
    parser.add_argument('--time', type=float, default=30, help='budget of the advisor in seconds')
    parser.add_argument('--gate', action='store_true', help='fail when a target is missed')
    return parser.parse_args()


def load(session, scale):
    session.run('SELECT setseed(0.5)')
    with open(os.path.join(os.path.dirname(os.path.abspath(__file__)), 'schema.sql'), encoding='utf-8') as file:
        session.run(file.read().replace('{scale}', str(scale)))
    session.run('VACUUM ANALYZE')


def measure(session, options):
    run(session, options, seed=f'{options.seed} warm', count=options.executions // 10)
    session.run('SELECT advisor.reset()')
    before = run(session, options, seed=f'{options.seed} recorded', count=options.executions)
    session.run('SET db_advisor.track = none')      # our own questions are no part of it
    rows = session.rows('SELECT definition, size_bytes FROM advisor.recommend_indexes(time_budget => %s::interval)'
                        ' ORDER BY rank', (f'{options.time} s',))
    definitions = [row[0] for row in rows]
    print(f'{len(rows)} indexes recommended, {sum(row[1] for row in rows) / 1e6:.1f} MB predicted')
    for definition, size in rows:
        print(f'  {size / 1e6:6.1f}  {definition}')
    with built(session, definitions) as size:
        session.run('VACUUM')
        session.run('RESET db_advisor.track')       # what recording takes is in both figures
        run(session, options, seed=f'{options.seed} warm again', count=options.executions // 10)
        after = run(session, options, seed=f'{options.seed} judged', count=options.executions)
    print(f'built {size / 1e6:.1f} MB on tables of {session.table_bytes() / 1e6:.0f} MB')
    failures = report(before, after)
    return failures + trap(session, definitions, options)


def run(session, options, seed, count):
    """Kind → (executions, CPU seconds)."""
    spent = collections.defaultdict(lambda: [0, 0.0])
    session.run("SET synchronous_commit = off")
    with session.connection.cursor() as cursor:
        for kind, text in mix.executions(seed, count, options.scale):
            started = session.cpu_seconds()
            cursor.execute(text)
            if not kind.writes:
                cursor.fetchall()
            entry = spent[kind]
            entry[0] += 1
            entry[1] += session.cpu_seconds() - started
    progress(f'{seed}: {count} executions, {sum(entry[1] for entry in spent.values()):.1f} s of CPU')
    return spent


def report(before, after):
    print(f'{"statement":<22}{"calls":>7}{"before":>10}{"after":>10}  µs of CPU per execution')
    failures = []
    for kind in mix.KINDS:
        if kind not in before or kind not in after:
            continue
        old, new = before[kind][1] / before[kind][0], after[kind][1] / after[kind][0]
        print(f'{kind.name:<22}{before[kind][0]:>7}{old * 1e6:>10.0f}{new * 1e6:>10.0f}{new / old:>8.2f}')
        enough = before[kind][0] >= MIN_CALLS
        if enough and not kind.writes and new > old * SLOWER and new - old > NOISE:
            failures.append(f'{kind.name} takes {new / old:.2f} times as long')
    for name, kinds in (('reads', mix.READS), ('writes', mix.WRITES), ('all', mix.KINDS)):
        old = sum(before[kind][1] for kind in kinds)
        new = sum(after[kind][1] for kind in kinds)
        print(f'{name:<22}{"":>7}{old:>9.2f}s{new:>9.2f}s{new / old:>8.3f}')
        if name == 'all' and new > old:
            failures.append('the mix got slower')
    return failures


def trap(session, definitions, options):
    """No index on the column that every update writes, neither asked for nor from the analysis."""
    session.run(f"SET db_advisor.analysis_time_budget = '{int(options.time)} s'")
    session.run('SELECT advisor.analyze()')
    rows = session.rows('SELECT definition, gain, write_cost, verdict, reason FROM advisor.index_candidates'
                        " WHERE definition ~ ('carts.*' || %s) ORDER BY definition", (mix.TRAP_COLUMN,))
    for definition, gain, write_cost, verdict, reason in rows[:6]:
        print(f'trap: {definition}: gain {gain:.0f}, writes {write_cost:.0f}: {verdict}, {reason}')
    if not rows:
        print('trap: no candidate')
    chosen = [row[0] for row in rows if row[3] == 'chosen']
    return [f'recommended: {definition}' for definition in definitions + chosen
            if mix.TRAP_COLUMN in definition.partition(' WHERE ')[0]]


if __name__ == '__main__':
    sys.exit(main())
