"""A database in memory on which index sets are tried: what a statement costs under each, in processor time."""
import sqlite3
import time

ENOUGH = 0.03  # seconds of measurements of one statement
MOST_RUNS = 200


class Trial:
    """An in-memory copy of a file; `attach` gives further schemas from statements."""

    def __init__(self, path, prepare=None):
        source = sqlite3.connect(f"file:{path}?mode=ro", uri=True)
        self.connection = sqlite3.connect(":memory:", isolation_level=None, cached_statements=0)
        if prepare:
            prepare(self.connection)
        source.backup(self.connection)
        source.close()

    def run(self, statement):
        return self.connection.execute(statement).fetchall()

    def seconds(self, statement):
        """The least processor time of one execution; writes are undone."""
        best, spent, runs = None, 0.0, 0
        writes = not statement.lstrip().upper().startswith(("SELECT", "WITH", "VALUES"))
        while spent < ENOUGH and runs < MOST_RUNS or runs < 3:
            if writes:
                self.connection.execute("BEGIN")
            start = time.thread_time()
            self.connection.execute(statement).fetchall()
            used = time.thread_time() - start
            if writes:
                self.connection.execute("ROLLBACK")
            best = used if best is None else min(best, used)
            spent += used
            runs += 1
        return best

    def quick(self, statement):
        """The less processor time of two executions: enough to sort the many."""
        return min(self.once(statement), self.once(statement))

    def once(self, statement):
        start = time.thread_time()
        self.connection.execute(statement).fetchall()
        return time.thread_time() - start

    def with_indexes(self, definitions, analyze=True):
        return Indexes(self, definitions, analyze)


class Indexes:
    """While it is entered these definitions exist; `bytes` is what they take, and the entries are analyzed."""

    def __init__(self, trial, definitions, analyze):
        self.trial, self.definitions, self.analyze = trial, definitions, analyze
        self.bytes = 0
        self.dropped = []

    def __enter__(self):
        connection = self.trial.connection
        before = set(names(connection))
        kept = dict(connection.execute("SELECT name, sql FROM sqlite_schema WHERE type = 'index' AND sql NOT NULL"))
        pages = page_count(connection)
        for definition in self.definitions:
            connection.execute(definition.rstrip(";"))
        self.bytes = (page_count(connection) - pages) * connection.execute("PRAGMA page_size").fetchone()[0]
        after = names(connection)
        self.made = [name for name in after if name not in before]
        self.dropped = [(name, kept[name[1]]) for name in before if name not in after and name[1] in kept]
        if self.analyze:
            for schema, name in self.made:
                connection.execute(f'ANALYZE "{schema}"."{name}"')
        return self

    def __exit__(self, *error):
        connection = self.trial.connection
        for schema, name in self.made:
            connection.execute(f'DROP INDEX "{schema}"."{name}"')
        for name, sql in self.dropped:
            connection.execute(sql)
            connection.execute(f'ANALYZE "{name[1]}"')


def names(connection):
    result = []
    for _, schema, _ in connection.execute("PRAGMA database_list").fetchall():
        result += [(schema, row[0]) for row in
                   connection.execute(f'SELECT name FROM "{schema}".sqlite_schema WHERE type = \'index\'')]
    return result


def page_count(connection):
    pages = 0
    for _, schema, _ in connection.execute("PRAGMA database_list").fetchall():
        pages += connection.execute(f'PRAGMA "{schema}".page_count').fetchone()[0]
        pages -= connection.execute(f'PRAGMA "{schema}".freelist_count').fetchone()[0]
    return pages
