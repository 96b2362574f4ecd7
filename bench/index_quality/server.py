"""One session on the server under test."""
import time

from connection import Connection


class Server(Connection):
    def __init__(self):
        super().__init__()
        self.backend = self.connection.get_backend_pid()

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
