"""What the Python tests share: a folder of their own, connections with the module loaded."""
import os
import sqlite3
import subprocess
import tempfile
import unittest

MODULE = os.environ["DB_ADVISOR_MODULE"]
TEST_RULES = os.environ["DB_ADVISOR_TEST_RULES"]
PYTHON = "/usr/bin/python3"


class DatabaseTest(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="db_advisor_test_")
        self.addCleanup(folder.cleanup)
        self.folder = folder.name
        self.path = os.path.join(self.folder, "test.db")

    def connect(self, path=None, load=True, module=MODULE, **options):
        connection = sqlite3.connect(path or self.path, isolation_level=None, check_same_thread=False, **options)
        self.addCleanup(connection.close)
        if load:
            connection.enable_load_extension(True)
            connection.load_extension(module)
        return connection

    def run_python(self, code, **environment):
        """Runs code in a process of its own; `connect()` and `path` are there. Gives what it printed."""
        start = ("import sqlite3, sys\n"
                 f"path = {self.path!r}\n"
                 "def connect(p=path):\n"
                 "    c = sqlite3.connect(p, isolation_level=None); c.enable_load_extension(True)\n"
                 f"    c.load_extension({MODULE!r}); return c\n")
        result = subprocess.run([PYTHON, "-c", start + code], env={**os.environ, **environment}, capture_output=True,
                                text=True, timeout=120)
        self.assertEqual(result.returncode, 0, result.stderr)
        return result.stdout.strip()


def fill_orders(connection, rows=20_000):
    connection.execute("CREATE TABLE orders(id INTEGER PRIMARY KEY, customer_id INTEGER, total INTEGER, note TEXT)")
    connection.execute("WITH RECURSIVE s(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM s WHERE i < ?) "
                       "INSERT INTO orders SELECT i, (i * 7919) % 2500, i % 1000, 'note ' || i FROM s", (rows,))


def value(connection, sql, *parameters):
    return connection.execute(sql, parameters).fetchone()[0]


def calls(connection, query):
    row = connection.execute("SELECT calls FROM advisor_statements WHERE query = ?", (query,)).fetchone()
    return row[0] if row else 0


def fixes(connection, pattern="missing-index-%"):
    return [row[0] for row in connection.execute("SELECT fix FROM advisor_recommendations WHERE rule LIKE ?", (pattern,))]
