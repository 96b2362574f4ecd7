import json
import sqlite3
import threading
import unittest

from support import DatabaseTest, fixes, value


class Sampling(DatabaseTest):
    def fill(self, connection, rows, definition="k TEXT PRIMARY KEY"):
        connection.execute(f"CREATE TABLE t({definition}, a INT, b TEXT) WITHOUT ROWID")
        connection.execute("BEGIN")
        connection.executemany("INSERT INTO t VALUES(?, ?, ?)",
                               ((f"key {i * 37:07}", i % 400, f"text {i % 9}") for i in range(rows)))
        connection.execute("COMMIT")

    def evidence(self, connection):
        for i in range(10):
            connection.execute("SELECT b FROM t WHERE a = ?", (i,)).fetchall()
        rows = connection.execute("SELECT evidence FROM advisor_recommendations WHERE rule = 'missing-index-filter'")
        return json.loads(rows.fetchone()[0])

    def test_a_large_table_without_rowids_is_sampled_by_key_prefixes(self):
        connection = self.connect()
        self.fill(connection, 60_000)
        evidence = self.evidence(connection)
        self.assertEqual(evidence["sample_taken"], "by random key prefixes")
        self.assertGreater(evidence["sample_rows"], 4000)

    def test_a_small_one_is_taken_whole(self):
        connection = self.connect()
        self.fill(connection, 5_200)
        evidence = self.evidence(connection)
        self.assertEqual((evidence["sample_taken"], evidence["sample_rows"]), ("all", 5_200))

    def test_rows_are_counted_along_the_key(self):
        for rows in (19_999, 20_000, 20_001, 47_123):
            with self.subTest(rows=rows):
                connection = self.connect(":memory:")
                self.fill(connection, rows)
                connection.execute("CREATE INDEX t_b ON t(b)")
                found = value(connection, "SELECT evidence FROM advisor_recommendations WHERE rule = 'sqlite-no-analyze'")
                self.assertIn(str(rows), found)

    def test_keys_in_another_order_than_that_of_the_columns(self):
        connection = self.connect()
        connection.execute("CREATE TABLE t(b TEXT, a INT, k INT, PRIMARY KEY(k, b DESC)) WITHOUT ROWID")
        connection.execute("WITH RECURSIVE s(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM s WHERE i < 30000) "
                           "INSERT INTO t SELECT 'b' || i, i % 400, i % 30 FROM s")
        self.assertEqual(self.evidence(connection)["sample_taken"], "the first ones")

    def test_a_writer_gets_its_turn_while_the_advisor_works(self):
        connection = self.connect()
        connection.execute("CREATE TABLE log(line TEXT)")
        connection.execute("CREATE TABLE t(id INTEGER PRIMARY KEY, a INT, b TEXT)")
        connection.execute("WITH RECURSIVE s(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM s WHERE i < 200000) "
                           "INSERT INTO t SELECT i, i % 5000, 'text ' || i FROM s")
        self.assertEqual(value(connection, "PRAGMA journal_mode"), "delete")
        for i in range(5):
            for column in ("a", "b"):
                connection.execute(f"SELECT * FROM t WHERE {column} = ? ORDER BY b", (i,)).fetchall()
        writer = sqlite3.connect(self.path, isolation_level=None, timeout=0, check_same_thread=False)
        self.addCleanup(writer.close)
        working, done, written = threading.Event(), threading.Event(), []

        def write():
            working.wait()
            while not done.wait(0.002):
                try:
                    writer.execute("INSERT INTO log VALUES('line')")
                    written.append(1)
                except sqlite3.OperationalError as error:
                    self.assertIn("locked", str(error))

        thread = threading.Thread(target=write)
        thread.start()
        working.set()
        try:
            self.assertTrue(fixes(connection))
            during = len(written)
        finally:
            done.set()
            thread.join()
        # The statement itself would hold its lock from its first step to its last one.
        self.assertGreater(during, 3)


if __name__ == "__main__":
    unittest.main()
