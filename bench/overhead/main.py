"""What recording costs: bench/overhead/run.sh; without arguments all instruction counts of all configurations."""
import argparse
import os
import sys

import cpu
import instructions
import memory
import page
import report
from client import ServerError
from configs import CONFIGS
from server import Place
from workloads import WORKLOADS


def main():
    options = read_options()
    place = Place(options.keep)
    place.load()
    try:
        name, rows = measure(place, options)
    except ServerError as error:
        progress(f'run.sh: {error}')
        return 1
    print(report.layout(rows, options.markdown))
    if options.docs:
        page.replace_table(name, report.layout(rows, markdown=True))
    return 0


def measure(place, options):
    if options.cpu:
        return 'cpu', report.cpu_rows(cpu.measure(place, options.configs, options.rounds, progress))
    if options.memory:
        return 'memory', report.memory_rows(memory.measure(place, options.statements, progress))
    figures = instructions.all_figures(place, options.workloads, options.configs, progress)
    return 'instructions', report.instruction_rows(figures)


def read_options():
    parser = argparse.ArgumentParser(prog='bench/overhead/run.sh', description=__doc__)
    what = parser.add_mutually_exclusive_group()
    what.add_argument('--cpu', action='store_true',
                      help='CPU time on live servers in alternation; wants a quiet machine')
    what.add_argument('--memory', action='store_true', help='memory, file size and save time of many statements')
    parser.add_argument('--workloads', type=str.split, default=os.environ.get('WORKLOADS', '').split(),
                        help=f"some of: {' '.join(WORKLOADS)}")
    parser.add_argument('--configs', type=str.split, default=os.environ.get('CONFIGS', '').split(),
                        help=f"some of: {' '.join(config.name for config in CONFIGS)}; "
                             'those that they are compared with are added')
    parser.add_argument('--rounds', type=int, default=20, help='of --cpu')
    parser.add_argument('--statements', type=int, default=100000, help='of --memory')
    parser.add_argument('--markdown', action='store_true', help='print the table as Markdown')
    parser.add_argument('--docs', action='store_true', help='put the table into docs/performance.md, too')
    parser.add_argument('--keep', metavar='FOLDER', help='keeps the counts by function there, for callgrind_annotate')
    options = parser.parse_args()
    options.workloads = choose(parser, options.workloads, list(WORKLOADS))
    options.configs = choose(parser, options.configs, [config.name for config in CONFIGS])
    options.configs += ['none'] + [config.base for config in CONFIGS if config.name in options.configs]
    return options


def choose(parser, asked, known):
    unknown = [name for name in asked if name not in known]
    if unknown:
        parser.error(f"unknown: {' '.join(unknown)}; there are {' '.join(known)}")
    return [name for name in known if name in asked] or known


def progress(line):
    print(line, file=sys.stderr, flush=True)


if __name__ == '__main__':
    sys.exit(main())
