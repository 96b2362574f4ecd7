"""Plants good and harmful index advice in recorded workloads, follows it, replays the workload and compares what the
advisor says became of it with what it deserves. Each shape is drawn anew by each seed; --noise disturbs the second
half of each run by processes that take the processor."""
import argparse
import json
import multiprocessing
import os
import random
import sys
import time

import psycopg2
from connection import Connection
from shapes import ASIDE, CONTROLS, SHAPES

DATABASE = 'bench_replay'


def main():
    options = parse_arguments()
    runs = [(build, seed) for seed in options.seeds for build in SHAPES
            if not options.only or options.only in build.__name__]
    failures, counts = [], {}
    for build, seed in runs:
        shape = build(random.Random(f'{build.__name__} {seed}'))
        started = time.monotonic()
        outcome = replay(shape, seed, options)
        wrong = judge(shape, outcome)
        kind = shape.name.split(':')[0]
        right, all_runs = counts.get(kind, (0, 0))
        counts[kind] = (right + (not wrong), all_runs + 1)
        print(f"{'ok ' if not wrong else 'BAD'} seed {seed}  {shape.name:45} {outcome['status']:10} "
              f"{time.monotonic() - started:5.1f} s  {outcome['reason']}", flush=True)
        if wrong:
            failures.append(wrong)
            print(f'    {wrong}\n    {json.dumps(outcome["statements"])}', flush=True)
    for kind, (right, all_runs) in sorted(counts.items()):
        print(f'{kind}: {right} of {all_runs} told rightly')
    return 1 if failures else 0


def parse_arguments():
    parser = argparse.ArgumentParser(prog='run.sh', description=__doc__)
    parser.add_argument('--seeds', type=lambda text: [int(part) for part in text.split(',')], default=[1, 2, 3])
    parser.add_argument('--rounds', type=int, default=15, help='of the workload, before and after')
    parser.add_argument('--only', metavar='NAME', help='shapes whose function has this in its name')
    parser.add_argument('--noise', type=int, default=0, metavar='N', help='processes that disturb the second half')
    return parser.parse_args()


def replay(shape, seed, options):
    prepare(shape)
    session = Connection()
    numbers = random.Random(seed)
    try:
        run_workload(session, shape, numbers, options.rounds)
        session.run('SELECT advisor.analyze()')
        plant(session, shape)
        session.run(shape.built)
        with disturbed(options.noise):
            run_workload(session, shape, numbers, options.rounds, later=True)
        session.run('SELECT advisor.analyze()')
        return read_outcome(session, shape)
    finally:
        session.close()


def prepare(shape):
    os.environ['PGDATABASE'] = 'postgres'
    server = Connection()
    server.run(f'DROP DATABASE IF EXISTS {DATABASE}')
    server.run(f'CREATE DATABASE {DATABASE}')
    for setting in ('max_parallel_workers_per_gather = 0', 'jit = off', 'autovacuum_enabled = off'):
        if not setting.startswith('autovacuum'):
            server.run(f'ALTER DATABASE {DATABASE} SET {setting}')
    server.close()
    os.environ['PGDATABASE'] = DATABASE
    session = Connection()
    session.run('CREATE EXTENSION db_advisor')
    for statement in shape.data + ASIDE + ['VACUUM ANALYZE', 'SELECT advisor.reset()']:
        session.run(statement)
    session.close()


def run_workload(session, shape, numbers, rounds, later=False):
    for _ in range(rounds):
        executions = [statement for statement in shape.statements + CONTROLS for _ in range(statement.often)]
        numbers.shuffle(executions)
        for statement in executions:
            session.run((later and statement.later or statement.draw)(numbers))


def queryids(session, names):
    return [session.row("SELECT queryid FROM advisor.statements WHERE database = current_database() AND query ~ %s "
                        "AND query !~ 'advisor' ORDER BY calls DESC", (rf'\m{name}\M',))[0] for name in names]


def plant(session, shape):
    """As if the advisor had given this advice."""
    statements = [{'queryid': queryid, 'calls': 10, 'mean_ms': 1} for queryid in queryids(session, shape.meant)]
    session.run("INSERT INTO advisor.finding (id, rule, category, severity, object, title, evidence, confidence, fix, fix_steps, "
                "rollback, status, first_seen, last_seen, statements) VALUES ('planted', 'missing-index-filter', 'query', 'high', "
                "'public.planted', 'planted', %s, 0.9, '', '{}', 'DROP INDEX planted', 'open', now(), now(), %s)",
                (json.dumps({'unit': 'cost', 'definition': shape.index}), json.dumps(statements)))


class disturbed:
    """Processes that do nothing but keep the processor busy."""

    def __init__(self, count):
        self.processes = [multiprocessing.Process(target=burn, daemon=True) for _ in range(count)]

    def __enter__(self):
        for process in self.processes:
            process.start()

    def __exit__(self, *_):
        for process in self.processes:
            process.terminate()


def burn():
    while True:
        sum(range(100000))


def read_outcome(session, shape):
    status, reason = session.row("SELECT status, reason FROM advisor.finding WHERE id = 'planted'")
    names = {}
    for statement in shape.statements:
        names[queryids(session, [statement.name])[0]] = statement.name
    statements = [(names.get(row[0], row[0]),) + row[1:] for row in session.rows(
        'SELECT queryid, effect, plan_changed, calls_before, calls_after, round(mean_ms_before::numeric, 4)::text, '
        'round(mean_ms_after::numeric, 4)::text, round(typical_ratio_low::numeric, 2)::text, '
        'round(typical_ratio_high::numeric, 2)::text, round(blocks_before::numeric, 1)::text, round(blocks_after::numeric, 1)::text '
        'FROM advisor.index_change_statements')]
    told = session.rows("SELECT evidence, fix FROM advisor.recommendations WHERE rule = 'index-regression'")
    named = {names.get(one['queryid']) for evidence, _ in told for one in evidence['statements']
             if one['effect'] == 'slower' or one['effect'] != 'faster' and (one['meant'] or one['writes'])}
    flips = {names.get(row[0]) for row in session.rows(
        "SELECT (evidence ->> 'queryid')::bigint FROM advisor.recommendations WHERE rule = 'plan-regression'")}
    return {'status': status, 'reason': reason, 'statements': statements, 'named': named, 'flips': flips,
            'fixes': [row[1] for row in told]}


def judge(shape, outcome):
    """What is wrong with it; None where nothing is."""
    if outcome['status'] not in shape.deserves:
        return f"{outcome['status']}, deserved {' or '.join(shape.deserves)}"
    if shape.deserves == ('regressed',):
        if not outcome['named'].intersection(shape.named):
            return f"names {outcome['named']}, not {shape.named}"
        if not outcome['fixes'] or not outcome['fixes'][0].startswith('DROP INDEX'):
            return f"its way back is {outcome['fixes']}"
    elif outcome['fixes']:
        return f"a way back is advised: {outcome['fixes']}"
    return None


if __name__ == '__main__':
    try:
        sys.exit(main())
    except psycopg2.Error as error:
        print(f'main.py: {error}', file=sys.stderr)
        sys.exit(2)
