"""A session with the settings under which workloads are compared, the advisor's answer in it, and built sets."""
import contextlib
import os
import sys
import time

from server import Server

SETTINGS = {'random_page_cost': '1.1', 'work_mem': "'64MB'", 'effective_cache_size': "'8GB'",
            'max_parallel_workers_per_gather': '0', 'jit': 'off', 'maintenance_work_mem': "'512MB'",
            'max_parallel_maintenance_workers': '0', 'client_min_messages': 'warning', 'TimeZone': "'UTC'"}


class Session(Server):
    def __init__(self, schema):
        super().__init__()
        self.schema = schema
        for name, value in SETTINGS.items():
            self.run(f'SET {name} = {value}')
        self.run(f'SET search_path = {schema}, advisor')

    def costs(self, statements):
        return [self.plan(statement)['Total Cost'] for statement in statements]

    def recommend(self, statements, weights=None, time_budget='60 s', storage_budget=None):
        """Definitions in their order, and what it took."""
        started = time.monotonic()
        rows = self.rows('SELECT definition, size_bytes, relative_cost FROM advisor.recommend_indexes('
                         'statements => %s, weights => %s, time_budget => %s::interval, storage_budget => %s)'
                         ' ORDER BY rank', (statements, weights, time_budget, storage_budget))
        return Advice([row[0] for row in rows], sum(row[1] for row in rows), rows[-1][2] if rows else 1.0,
                      time.monotonic() - started, self.planner_calls())

    def planner_calls(self):
        """Of the last search in this session, or None from an advisor that does not tell."""
        value = self.value("SELECT value FROM advisor.status WHERE name = 'planner_calls'")
        return int(value) if value else None

    def indexes(self):
        return [row[0] for row in self.rows(
            'SELECT indexrelid::regclass::text FROM pg_index JOIN pg_class ON oid = indrelid'
            ' WHERE relnamespace = %s::regnamespace', (self.schema,))]

    def size_of(self, indexes):
        return sum(self.value('SELECT pg_relation_size(%s::regclass)', (name,)) for name in indexes)

    def table_bytes(self):
        return int(self.value("SELECT sum(pg_table_size(oid)) FROM pg_class WHERE relkind = 'r' AND"
                              ' relnamespace = %s::regnamespace', (self.schema,)))

    def open_schema(self, stamp, keep, load):
        """Calls load() unless the data of the last run are still there and may be used."""
        present = self.value("SELECT obj_description(to_regnamespace(%s), 'pg_namespace')", (self.schema,))
        if keep and present == stamp:
            return
        started = time.monotonic()
        self.run(f'DROP SCHEMA IF EXISTS {self.schema} CASCADE')
        self.run(f'CREATE SCHEMA {self.schema}')
        load()
        self.run(f"COMMENT ON SCHEMA {self.schema} IS '{stamp}'")
        progress(f'loaded {self.table_bytes() / 1e6:.0f} MB in {time.monotonic() - started:.0f} s')


class Advice:
    def __init__(self, definitions, predicted_bytes, relative_cost, seconds, planner_calls):
        self.definitions = definitions
        self.predicted_bytes = predicted_bytes
        self.relative_cost = relative_cost
        self.seconds = seconds
        self.planner_calls = planner_calls


@contextlib.contextmanager
def built(session, definitions):
    """The indexes are there inside the with statement; gives their true size in bytes."""
    before = set(session.indexes())
    try:
        for definition in definitions:
            session.run(definition)
        new = set(session.indexes()) - before
        for (table,) in session.rows('SELECT DISTINCT indrelid::regclass::text FROM pg_index WHERE'
                                     ' indexrelid = ANY (%s::regclass[]) AND indexprs IS NOT NULL', (list(new),)):
            session.run(f'ANALYZE {table}')
        yield session.size_of(new)
    finally:
        for name in set(session.indexes()) - before:
            session.run(f'DROP INDEX {name}')


def relative(after, before, weights):
    """(weighted total, geometric mean, worst single statement) of the new costs relative to the old ones."""
    ratios = [new / old for new, old in zip(after, before, strict=True)]
    old = sum(weight * cost for weight, cost in zip(weights, before, strict=True))
    new = sum(weight * cost for weight, cost in zip(weights, after, strict=True))
    mean = 1.0
    for ratio in ratios:
        mean *= max(ratio, 1e-9) ** (1 / len(ratios))
    return new / old, mean, max(ratios)


def exit_status(failures, gate):
    """Of a benchmark that missed these targets; they count as a failure where the caller asked for a gate."""
    for failure in failures:
        print(f'gate: {failure}')
    return 1 if gate and failures else 0


def progress(message):
    print(message, file=sys.stderr, flush=True)


def resident_bytes(pid, field):
    """VmHWM, RssAnon and so on of a process."""
    with open(os.path.join('/proc', str(pid), 'status'), encoding='ascii') as file:
        return next(int(line.split()[1]) * 1024 for line in file if line.startswith(field + ':'))
