"""Asks the advisor, and builds what it says."""
import contextlib
import time

import data
import queries

TIME_BUDGET = '60 s'


class Workload:
    """What the advisor learns from: texts that it is given, or executions that it recorded."""

    def __init__(self, server, chosen, recorded):
        self.server = server
        self.texts = [variants[learned] for variants in chosen.values() for learned in queries.LEARNED]
        self.numbers = [number for number in chosen for _ in queries.LEARNED]
        self.recorded = recorded
        if recorded:
            server.run('SELECT advisor.reset()')
            for text in self.texts:
                server.rows(text)
            server.run('SET db_advisor.enabled = off')      # what it is judged by stays unseen

    def recommend(self, limit):
        statements = None if self.recorded else self.texts
        started = time.monotonic()
        rows = self.server.rows(
            'SELECT definition, size_bytes, benefit, relative_cost, positions FROM advisor.recommend_indexes('
            'statements => %s, storage_budget => %s, time_budget => %s) ORDER BY rank',
            (statements, limit, TIME_BUDGET))
        seconds = time.monotonic() - started
        indexes = [{'definition': row[0], 'predicted_bytes': row[1], 'benefit': row[2], 'relative_cost': row[3],
                    'queries': sorted({self.numbers[position - 1] for position in row[4] or []})
                    if statements else None} for row in rows]
        return {'seconds': seconds, 'planner_calls': self.planner_calls(), 'indexes': indexes}

    def planner_calls(self):
        """Of the last analysis, or None from an advisor that does not tell."""
        value = self.server.value("SELECT value FROM advisor.status WHERE name = 'planner_calls'")
        return int(value) if value else None


@contextlib.contextmanager
def built(server, indexes):
    """Creates the indexes and notes their true sizes; the rollback at the end takes back fresh statistics, too."""
    names = []
    server.run('BEGIN')
    try:
        for index in indexes:
            before = existing(server)
            server.run(index['definition'])
            (name,) = set(existing(server)) - set(before)
            names.append(name)
            index['bytes'] = server.value('SELECT pg_relation_size(%s::regclass)', (name,))
            index['duplicate'] = shape(server, name) in [shape(server, other) for other in before]
        for table in with_expressions(server, names):
            server.run(f'ANALYZE {table}')
        yield indexes
    finally:
        server.run('ROLLBACK')


def existing(server):
    return [row[0] for row in server.rows(
        'SELECT indexrelid::regclass::text FROM pg_index JOIN pg_class ON oid = indrelid'
        ' WHERE relnamespace = %s::regnamespace', (data.SCHEMA,))]


def shape(server, index):
    """Equal for indexes that can do the same, unique or not."""
    return server.row(
        'SELECT indrelid, indkey::text, indclass::text, indcollation::text, indoption::text, indnkeyatts, relam,'
        ' pg_get_expr(indexprs, indrelid), pg_get_expr(indpred, indrelid)'
        ' FROM pg_index JOIN pg_class ON oid = indexrelid WHERE indexrelid = %s::regclass', (index,))


def with_expressions(server, indexes):
    """Tables whose new indexes have statistics of their own, which only ANALYZE gathers."""
    return sorted({server.value(
        'SELECT indrelid::regclass::text FROM pg_index WHERE indexrelid = %s::regclass AND indexprs IS NOT NULL',
        (index,)) for index in indexes} - {None})


def gain_of_copies(server, texts):
    """What a hypothetical copy of each primary key is believed to gain over all texts: 0, if costs are true."""
    gains = {}
    for name in existing(server):
        definition = server.value('SELECT pg_get_indexdef(%s::regclass)', (name,))
        gains[name] = sum(before - after for before, after in (
            server.row('SELECT cost_before, cost_after FROM advisor.what_if(%s, %s)',
                       (text, [definition.replace('UNIQUE ', '').replace(name.split('.')[-1], f'copy_of_{name}')]))
            for text in texts))
    return gains
