"""One session on the server under test."""
import time

import psycopg2


class Server:
    def __init__(self):
        self.connection = psycopg2.connect('')      # PGHOST, PGPORT, PGUSER, PGDATABASE
        self.connection.autocommit = True
        self.backend = self.connection.get_backend_pid()

    def run(self, statement, values=None):
        with self.connection.cursor() as cursor:
            cursor.execute(statement, values)

    def rows(self, statement, values=None):
        with self.connection.cursor() as cursor:
            cursor.execute(statement, values)
            return cursor.fetchall()

    def row(self, statement, values=None):
        rows = self.rows(statement, values)
        return rows[0] if rows else None

    def value(self, statement, values=None):
        row = self.row(statement, values)
        return row[0] if row else None

    def plan(self, query):
        with self.connection.cursor() as cursor:
            cursor.execute('EXPLAIN (FORMAT JSON) ' + query)
            return cursor.fetchone()[0][0]['Plan']

    def cpu_seconds(self):
        """User and system time of the backend, to the nanosecond (Linux's clock of a process)."""
        return time.clock_gettime((~self.backend << 3) | 2)
