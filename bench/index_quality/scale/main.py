"""Cost of an analysis by the number of statements and tables: time with a generous budget and with 5 s, planner
calls, memory, and the most locks that the advisor held at a time."""
import argparse
import sys
import threading
import time

import schema
from server import Server
from session import Session, exit_status, resident_bytes

SIZES = ((100, 10), (300, 30), (1000, 100), (3000, 300), (10000, 1000))
BUDGETS = (600, 5)      # seconds
SLACK = 1.2
MOST_LOCKS = 1000


def main():
    options = parse_arguments()
    failures = []
    print(f'{"statements":>10}{"tables":>7}{"budget":>8}{"s":>8}{"calls":>8}{"indexes":>8}{"cost":>7}{"MB":>6}'
          f'{"peak":>6}{"locks":>7}  searched')
    for statements, tables in SIZES:
        if statements > options.most:
            break
        loader = Session(schema.SCHEMA)
        loader.run('CREATE EXTENSION IF NOT EXISTS db_advisor')
        loader.open_schema(f'{tables} tables of {options.rows} rows', options.keep,
                           lambda: schema.load(loader, tables, options.rows))     # noqa: B023
        try:
            workload = schema.statements(options.seed, statements, tables)
            for budget in BUDGETS:
                failures += measure(workload, tables, budget)
        finally:
            if not options.keep:
                schema.drop(loader)
            loader.close()
    return exit_status(failures, options.gate)


def parse_arguments():
    parser = argparse.ArgumentParser(prog='run.sh scale', description=__doc__)
    parser.add_argument('--seed', type=int, default=1)
    parser.add_argument('--rows', type=int, default=2000, help='of each table')
    parser.add_argument('--most', type=int, default=10000, help='statements')
    parser.add_argument('--keep', action='store_true', help='leave the tables, use those of the last run')
    parser.add_argument('--gate', action='store_true', help='fail when a target is missed')
    return parser.parse_args()


def measure(workload, tables, budget):
    """In a backend of its own, whose memory nobody used before."""
    session = Session(schema.SCHEMA)
    before = resident_bytes(session.backend, 'RssAnon')
    watch = Watch(session.backend)
    advice = session.recommend([statement.text for statement in workload],
                               [statement.weight for statement in workload], f'{budget} s')
    watch.end()
    peak = resident_bytes(session.backend, 'VmHWM')
    searched = session.value("SELECT note FROM advisor.status WHERE name = 'planner_calls'")
    session.close()
    print(f'{len(workload):>10}{tables:>7}{budget:>6} s{advice.seconds:>8.2f}{advice.planner_calls or "":>8}'
          f'{len(advice.definitions):>8}{advice.relative_cost:>7.3f}{(watch.most_memory - before) / 1e6:>6.0f}'
          f'{peak / 1e6:>6.0f}{watch.most_locks:>7}  {searched.partition("; ")[2]}', flush=True)
    failures = []
    if advice.seconds > budget * SLACK:
        failures.append(f'{len(workload)} statements: {advice.seconds:.1f} s with a time budget of {budget} s')
    if watch.most_locks > MOST_LOCKS:
        failures.append(f'{len(workload)} statements: {watch.most_locks} locks at a time')
    return failures


class Watch(threading.Thread):
    """Looks at the backend from another session, some hundred times a second."""

    def __init__(self, backend):
        super().__init__(daemon=True)
        self.backend, self.ended = backend, False
        self.most_locks = self.most_memory = 0
        self.start()

    def run(self):
        server = Server()
        while not self.ended:
            self.most_locks = max(self.most_locks, server.value(
                'SELECT count(*) FROM pg_locks WHERE pid = %s', (self.backend,)))
            self.most_memory = max(self.most_memory, resident_bytes(self.backend, 'RssAnon'))
            time.sleep(0.005)
        server.connection.close()

    def end(self):
        self.ended = True
        self.join()


if __name__ == '__main__':
    sys.exit(main())
