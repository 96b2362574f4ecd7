"""What recording costs: bench/overhead/run.sh; without arguments all instruction counts of all configurations."""
import argparse
import os
import sys

import instructions
import report
from configs import CONFIGS
from server import Place
from workloads import WORKLOADS


def main():
    options = read_options()
    place = Place()
    place.load()
    figures = instructions.all_figures(place, options.workloads, options.configs)
    print(report.table(figures, options.workloads, options.markdown))
    return 0


def read_options():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument('--workloads', type=str.split, default=os.environ.get('WORKLOADS', '').split(),
                        help=f"some of: {' '.join(WORKLOADS)}")
    parser.add_argument('--configs', type=str.split, default=os.environ.get('CONFIGS', '').split(),
                        help=f"some of: {' '.join(config.name for config in CONFIGS)}; "
                             'those that they are compared with are added')
    parser.add_argument('--markdown', action='store_true', help='the tables of docs/performance.md')
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


if __name__ == '__main__':
    sys.exit(main())
