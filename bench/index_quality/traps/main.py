"""Traps for an index advisor: in each, an index that the planner takes for a gain makes a statement slower once it is
built; the advisor, which has recorded the statement, must not fall for it. Each has a twin in which the same index is
good advice. The recorded workload of the server is reset."""
import argparse
import json
import sys

from cases import CASES
from connection import Connection

SCHEMA = 'bench_trap'
CALLS = 6               # enough for the advisor to look at a statement
LOW = 0.4               # confidence of what is no advice to follow blindly
SLOWER = 2              # what makes an index a trap


class Session(Connection):
    """A new connection for each case, so that plans and settings of the last one are gone."""

    def __init__(self):
        super().__init__()
        self.run(f'SET search_path = {SCHEMA}')
        self.run('SET client_min_messages = error')


def main():
    options = parse_arguments()
    prepare()
    results = []
    for case in CASES:
        if options.only and case.name not in options.only:
            continue
        results.append((case, judge(case, case.trap, options), judge(case, case.twin, options)))
        print_case(*results[-1], options)
    session = Session()
    session.run(f'DROP SCHEMA IF EXISTS {SCHEMA} CASCADE')
    session.close()
    return 0 if print_result(results, options) else 1


def parse_arguments():
    parser = argparse.ArgumentParser(prog='run.sh traps', description=__doc__)
    parser.add_argument('--rows', type=int, default=100000, help='of the tables')
    parser.add_argument('--only', type=lambda text: text.split(','), metavar='NAME,NAME')
    parser.add_argument('--verdicts', action='store_true', help='measure nothing: what does the advisor say?')
    parser.add_argument('--explain', action='store_true', help='show what it says of the index')
    return parser.parse_args()


def prepare():
    """Settings of the database, since the advisor plans recorded statements with those."""
    session = Session()
    session.run('CREATE EXTENSION IF NOT EXISTS db_advisor')
    database = session.rows('SELECT quote_ident(current_database())')[0][0]
    for setting in ('max_parallel_workers_per_gather = 0', 'jit = off', "work_mem = '4MB'",
                    'plan_cache_mode = force_generic_plan'):
        session.run(f'ALTER DATABASE {database} SET {setting}')
    session.close()


def judge(case, data, options):
    session = Session()
    session.run(f'DROP SCHEMA IF EXISTS {SCHEMA} CASCADE')
    session.run(f'CREATE SCHEMA {SCHEMA}')
    for statement in data:
        session.run(statement.replace('{n}', str(options.rows)))
    session.run('SELECT advisor.reset()')
    session.close()
    session = Session()
    if case.prepare:
        session.run(case.prepare)
    for _ in range(CALLS):
        for statement in [case.statement] + case.more:
            session.run(statement)
    result = {'verdict': verdict(session, case, options)}
    result['advised'] = [row[0] for row in session.rows(
        "SELECT evidence ->> 'definition' FROM advisor.recommendations "
        "WHERE rule ~ '^missing-index' AND confidence > %s", (LOW,))]
    if not options.verdicts:
        measure(session, case, result)
    session.close()
    return result


def verdict(session, case, options):
    """Of the indexes on the tempting column, the advisor's word on the best one."""
    table = f'{SCHEMA}.{case.table}'
    session.run('SELECT advisor.analyze()')
    advised = session.rows(
        "SELECT confidence, evidence ->> 'definition', detail FROM advisor.recommendations "
        "WHERE rule ~ '^missing-index' AND object = %s AND evidence ->> 'definition' ~ %s "
        'ORDER BY confidence DESC', (table, rf'\(\(?{case.key}\M'))
    refused = session.rows("SELECT definition, verdict, reason FROM advisor.index_candidates "
                           "WHERE definition ~ %s ORDER BY verdict = 'makes worse' DESC, 1",
                           (rf' ON {SCHEMA}\.{case.table} .*\(\(?{case.key}\M',))
    if options.explain:
        for row in advised + refused:
            print('   ', row)
    if advised:
        confidence = float(advised[0][0])
        return 'low confidence' if confidence <= LOW else f'advised ({confidence:.2f})'
    return 'refused' if any(row[1] == 'makes worse' for row in refused) else 'not chosen'


def measure(session, case, result):
    before = run_once(session, case)
    session.run(case.index)
    if case.prepare:
        session.run('DEALLOCATE ALL')
        session.run(case.prepare)
    after = run_once(session, case)
    for figure in ('cost', 'buffers', 'time'):
        result[figure] = after[figure] / before[figure]
    session.run('DROP INDEX tempting')
    for definition in result['advised']:
        session.run(definition)
    own = run_once(session, case)
    result['own'] = own['buffers'] / before['buffers']


def run_once(session, case):
    """Of three runs, with everything in memory, the fastest."""
    runs = []
    for _ in range(3):
        plan = session.rows(f'EXPLAIN (ANALYZE, BUFFERS, TIMING off, FORMAT json) {case.statement}')[0][0]
        plan = (json.loads(plan) if isinstance(plan, str) else plan)[0]
        root = plan['Plan']
        runs.append({'cost': root['Total Cost'], 'time': plan['Execution Time'],
                     'buffers': max(root['Shared Hit Blocks'] + root['Shared Read Blocks'], 1)})
    return min(runs, key=lambda run: run['time'])


def falls(result):
    return result['verdict'].startswith('advised')


def print_case(case, trap, twin, options):
    if options.verdicts:
        print(f'{case.name:24} {trap["verdict"]:16} twin: {twin["verdict"]}', flush=True)
        return
    figures = ' '.join(f'{name} ×{trap[name]:.2f}' for name in ('cost', 'buffers', 'time'))
    good = ' '.join(f'×{twin[name]:.2f}' for name in ('cost', 'buffers', 'time'))
    print(f'{case.name:24} {figures:40} {trap["verdict"]:16} own ×{trap["own"]:.2f}   '
          f'twin: {good:22} {twin["verdict"]:16} own ×{twin["own"]:.2f}', flush=True)


def print_result(results, options):
    avoided = sum(not falls(trap) for _, trap, _ in results)
    kept = sum(twin['verdict'] not in ('refused', 'not chosen') for _, _, twin in results)
    print(f'{len(results)} traps, {avoided} avoided; {len(results)} twins, {kept} advised')
    if not options.verdicts:
        for figure in ('buffers', 'time'):
            slower = sum(trap[figure] >= SLOWER for _, trap, _ in results)
            print(f'{slower} traps measure at least {SLOWER} times the {figure} with the index built')
    return avoided == kept == len(results)


if __name__ == '__main__':
    sys.exit(main())
