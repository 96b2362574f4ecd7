"""TPC-H: advice from three parameter variants of each query, built for real, judged on the fourth."""
import argparse
import json
import sys
import time

import advice
import data
import gates
import measure
import queries
import report
from server import Server
from session import SETTINGS, exit_status, progress

OUTWEIGHING = (2, 17, 20)       # without an index each costs more than all the others together


def main():
    options = parse_arguments()
    server = Server()
    for name, value in SETTINGS.items():
        server.run(f'SET {name} = {value}')
    server.run('CREATE EXTENSION IF NOT EXISTS db_advisor')
    data.load(server, options.scale, options.keep, progress)
    try:
        results = measure_all(server, options)
    finally:
        if not options.keep:
            data.drop(server)
    if options.json:
        with open(options.json, 'w', encoding='utf-8') as file:
            json.dump(results, file, indent=1)
    report.print_all(results)
    return exit_status(gates.failures(results), options.gate)


def parse_arguments():
    parser = argparse.ArgumentParser(prog='run.sh tpch', description=__doc__)
    parser.add_argument('--scale', type=float, default=1, help='scale factor; budgets are scaled with it (1)')
    parser.add_argument('--budgets', type=budgets, default='80,150,300,850,none', metavar='MB,MB',
                        help='in units of 1e6 bytes at scale factor 1 (80,150,300,850,none)')
    parser.add_argument('--queries', choices=('19', '22', 'both'), default='both',
                        help='without or with queries 2, 17 and 20, which are never executed (both)')
    parser.add_argument('--cpu', type=budgets, default=[], metavar='MB,MB', nargs='?', const=[150, 850, None],
                        help='measure CPU time, too, for these budgets (150,850,none)')
    parser.add_argument('--rounds', type=int, default=3, help='of which the best counts as CPU time (3)')
    parser.add_argument('--recorded', action='store_true', help='execute what the advisor learns from, instead of'
                        ' giving it the texts; needs db_advisor in shared_preload_libraries')
    parser.add_argument('--keep', action='store_true', help='leave the tables, use those of the last run')
    parser.add_argument('--json', metavar='FILE', help='write everything that was measured')
    parser.add_argument('--gate', action='store_true', help='fail when a target is missed')
    options = parser.parse_args()
    if not 0.01 <= options.scale <= 100:
        parser.error('a scale factor between 0.01 and 100')
    if options.recorded and options.queries != '19':
        parser.error('--recorded takes --queries 19: without indexes the others would run for hours')
    options.budgets += [budget for budget in options.cpu if budget not in options.budgets]
    return options


def budgets(text):
    return [None if part == 'none' else int(part) for part in text.split(',') if part]


def measure_all(server, options):
    texts = queries.texts(options.scale)
    results = {'scale': options.scale, 'recorded': options.recorded, 'runs': []}
    results['copies'] = advice.gain_of_copies(server, [variants[queries.SCORED] for variants in texts.values()])
    for name, numbers in (('19', [number for number in texts if number not in OUTWEIGHING]), ('22', list(texts))):
        if options.queries not in (name, 'both'):
            continue
        chosen = {number: texts[number] for number in numbers}
        scored = {number: variants[queries.SCORED] for number, variants in chosen.items()}
        none = measure.costs(server, scored)
        workload = advice.Workload(server, chosen, options.recorded)
        executed = options.cpu if name == '19' else []
        cpu_none = measure.cpu_seconds(server, scored, options.rounds, progress) if executed else None
        for budget in options.budgets:
            run = measure_budget(server, options, workload, scored, budget, budget in executed)
            run.update(queries=name, cost_none=none, cpu_none=cpu_none)
            results['runs'].append(run)
            progress(report.summary(run))
    return results


def measure_budget(server, options, workload, scored, budget, with_cpu):
    limit = None if budget is None else round(budget * 1e6 * options.scale)
    run = {'budget': budget, 'limit': limit, **workload.recommend(limit)}
    started = time.monotonic()
    with advice.built(server, run['indexes']) as indexes:
        run['build_seconds'] = time.monotonic() - started
        run['bytes'] = sum(index['bytes'] for index in indexes)
        run['cost'] = measure.costs(server, scored)
        if with_cpu:
            run['cpu'] = measure.cpu_seconds(server, scored, options.rounds, progress)
    return run


if __name__ == '__main__':
    sys.exit(main())
