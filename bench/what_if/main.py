"""Truth of what_if: generated cases, predicted, then built for real and compared; docs/performance.md."""
import argparse
import sys
import time

import generator
import kinds
import report
import runner
import tables as data
from server import Server
from subjects import SUBJECTS

GATES = {'shape': 98, 'cost': 95, 'analyzed': 90, 'size': 80}


def main():
    options = parse_arguments()
    server = Server()
    prepare(server)
    try:
        tables = load(server, options) if options.cases else make_schema(server)
        cases = generator.generate(options.seed, tables, options.cases) if options.cases else []
        cases += load_kinds(server, options)
        if options.only:
            cases = [case for case in cases if case.number in options.only]
        results = run_all(server, options, tables, cases)
    finally:
        if not options.keep:
            server.run(f'DROP SCHEMA IF EXISTS {data.SCHEMA} CASCADE')
    if options.json:
        report.write_json(results, options.json)
    return 0 if print_report(results, options) else 1


def parse_arguments():
    parser = argparse.ArgumentParser(prog='run.sh', description='Compares advisor.what_if with real indexes.')
    parser.add_argument('--seed', type=int, default=1)
    parser.add_argument('--cases', type=int, default=300, help='besides those at the ends of histograms')
    parser.add_argument('--kinds', type=int, default=138, metavar='N', help='cases of hash, BRIN, GIN, GiST, SP-GiST')
    parser.add_argument('--kind-rows', type=float, default=1e6, help='of the biggest table for these')
    parser.add_argument('--kind-slack', type=float, default=0, metavar='POINTS',
                        help='percentage points that the gates of these kinds forgive')
    parser.add_argument('--max-rows', type=float, default=1e7, help='of the biggest table (1e4 to 1e8)')
    parser.add_argument('--gates', default=None, metavar='SHAPE,COST,ANALYZED,SIZE',
                        help='percentages asked for (98,95,90,80)')
    parser.add_argument('--subject', choices=SUBJECTS, default='what_if', help='who is judged')
    parser.add_argument('--peer', choices=SUBJECTS, help='who is measured on the same cases, without gates')
    parser.add_argument('--json', metavar='FILE', help='write every case with its plans')
    parser.add_argument('--only', type=lambda text: {int(part) for part in text.split(',')},
                        metavar='N,N', help='only these cases of the seed')
    parser.add_argument('--keep', action='store_true', help='leave the tables, use those of the last run')
    parser.add_argument('--misses', type=int, default=40, help='how many misses to list')
    parser.add_argument('--brief', action='store_true', help='gates and misses only')
    options = parser.parse_args()
    if options.cases < 0 or options.kinds < 0 or not options.cases + options.kinds or not 1e4 <= options.max_rows <= 1e8:
        parser.error('at least one case, and between 1e4 and 1e8 rows')
    options.asked = dict(GATES)
    if options.gates:
        options.asked = dict(zip(GATES, (float(part) for part in options.gates.split(',')), strict=True))
    return options


def prepare(server):
    """Settings that hold for every case, so that a server's configuration does not change the outcome."""
    server.run("SET search_path = %s" % data.SCHEMA)
    for setting in ('jit = off', "maintenance_work_mem = '512MB'", "work_mem = '4MB'",
                    "effective_cache_size = '4GB'", 'max_parallel_maintenance_workers = 1',
                    'client_min_messages = warning', "TimeZone = 'UTC'", "DateStyle = 'ISO'"):
        server.run(f'SET {setting}')


def make_schema(server):
    server.run(f'DROP SCHEMA IF EXISTS {data.SCHEMA} CASCADE')
    server.run(f'CREATE SCHEMA {data.SCHEMA}')
    return []


def load(server, options):
    started = time.monotonic()
    tables = data.plan_tables(options.seed, options.max_rows)
    stamp = f'seed {options.seed}, rows {options.max_rows:g}'
    present = server.row("SELECT obj_description(to_regnamespace(%s), 'pg_namespace')", (data.SCHEMA,))[0]
    if present != stamp or not options.keep:
        make_schema(server)
        for table in reversed(tables):
            progress(f'loading {table.name}: {table.rows} rows', line=table.rows > 1e6)
            data.load(server, table, options.seed)
        server.run(f"COMMENT ON SCHEMA {data.SCHEMA} IS '{stamp}'")
    for table in tables:
        data.read_constants(server, table, options.seed)
    progress(f'{len(tables)} tables, {sum(table.rows for table in tables)} rows,'
             f' {time.monotonic() - started:.0f} s', line=True)
    return tables


def load_kinds(server, options):
    if not options.kinds:
        return []
    tables = kinds.plan_tables(options.seed, min(options.max_rows, options.kind_rows))
    server.run('CREATE EXTENSION IF NOT EXISTS pg_trgm SCHEMA public')
    for table in tables:
        if server.row('SELECT to_regclass(%s)', (table.name,))[0] is None:
            progress(f'loading {table.name}: {table.rows} rows', line=table.rows > 1e5)
            kinds.load(server, table, options.seed)
    return kinds.generate(options.seed, tables, options.kinds)


def run_all(server, options, tables, cases):
    started = time.monotonic()
    names = [options.subject] + ([options.peer] if options.peer and options.peer != options.subject else [])
    subjects = [SUBJECTS[name](server) for name in names]
    existing = server.values(
        f"SELECT indexname FROM pg_catalog.pg_indexes WHERE schemaname = '{data.SCHEMA}'")
    results = []
    for done, case in enumerate(cases, 1):
        progress(f'case {done} of {len(cases)}: {case.kind} on {case.rows} rows', line=done % 50 == 0)
        results.append(runner.run(server, subjects, case, existing))
    progress(f'{len(results)} cases, {time.monotonic() - started:.0f} s', line=True)
    return results


def print_report(results, options):
    others = [result for result in results if result.case.method != 'btree']
    results = [result for result in results if result.case.method == 'btree']
    judged = [result for result in results if not result.case.apart]
    print(f'what_if against real indexes: seed {options.seed}, {len(judged)} cases,'
          f' tables of up to {options.max_rows:g} rows')
    holds = not options.cases or report.print_gates(judged, options.subject, options.asked)
    holds = report.print_kind_gates(others, options.subject, options.kind_slack) and holds
    if judged:
        report.print_integrity(judged, options.subject)
    report.print_apart([result for result in results if result.case.apart], options.subject)
    if options.peer and options.peer != options.subject:
        report.print_side_by_side(judged, [options.subject, options.peer])
    if not options.brief and judged:
        report.print_groups(judged, options.subject, 'kind', lambda result: result.case.kind)
        report.print_groups(judged, options.subject, 'table size', report.rows_of)
        report.print_groups(judged, options.subject, 'text', report.style_of)
    report.print_misses(judged + others, options.subject, options.misses)
    return holds


def progress(message, line=False):
    """On a terminal one line that changes; elsewhere only what deserves a line of its own."""
    if sys.stderr.isatty():
        print(f'\r\x1b[K{message}', end='\n' if line else '', file=sys.stderr, flush=True)
    elif line:
        print(message, file=sys.stderr, flush=True)


if __name__ == '__main__':
    sys.exit(main())
