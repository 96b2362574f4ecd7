"""A connection to the server under test, which PGHOST, PGPORT, PGUSER and PGDATABASE name."""
import psycopg2


class Connection:
    def __init__(self):
        self.connection = psycopg2.connect('')
        self.connection.autocommit = True

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

    def close(self):
        self.connection.close()
