"""advisor_assert, advisor_save, advisor_load, advisor_live, and what only a cached statement shows."""
import os
import sqlite3
import unittest

from support import DatabaseTest, calls, fill_orders, value


class Gate(DatabaseTest):
    def setUp(self):
        super().setUp()
        self.connection = self.connect()
        fill_orders(self.connection, 3000)
        value(self.connection, "SELECT advisor_reset()")

    def refused(self, metric, most):
        with self.assertRaises(sqlite3.OperationalError) as caught:
            value(self.connection, "SELECT advisor_assert(?, ?)", metric, most)
        return str(caught.exception)

    def test_a_scan_fails_the_assertion_and_names_the_statement(self):
        self.assertIn("at most 0 in 0 statements", value(self.connection, "SELECT advisor_assert('full_scan_rows', 0)"))
        self.connection.execute("SELECT total FROM orders WHERE id = 5").fetchall()
        value(self.connection, "SELECT advisor_assert('full_scan_rows', 0)")
        self.connection.execute("SELECT id FROM orders WHERE total = 5").fetchall()
        message = self.refused("full_scan_rows", 100)
        self.assertIn("full_scan_rows exceeds 100", message)
        self.assertIn("2999  select id from orders where total = ?", message)
        self.assertNotIn("where id = ?", message)
        value(self.connection, "SELECT advisor_assert('full_scan_rows', 3000)")
        value(self.connection, "SELECT advisor_reset()")
        value(self.connection, "SELECT advisor_assert('full_scan_rows', 0)")

    def test_the_worst_single_execution_counts_not_the_sum(self):
        for _ in range(10):
            self.connection.execute("SELECT id FROM orders WHERE total = 5").fetchall()
        value(self.connection, "SELECT advisor_assert('full_scan_rows', 2999)")

    def test_sorts_steps_and_automatic_indexes(self):
        self.connection.execute("SELECT id FROM orders ORDER BY note").fetchall()
        self.assertIn("sorts exceeds 0", self.refused("sorts", 0))
        self.assertIn("vm_steps exceeds 500", self.refused("vm_steps", 500))
        value(self.connection, "SELECT advisor_assert('auto_index_rows', 0)")
        self.connection.execute("CREATE TABLE other(total INT)")
        self.connection.execute("INSERT INTO other SELECT total FROM orders")
        self.connection.execute("SELECT count(*) FROM orders a JOIN other b ON a.total = b.total").fetchall()
        self.assertIn("auto_index_rows exceeds 0", self.refused("auto_index_rows", 0))

    def test_an_unknown_metric_and_a_connection_that_is_not_recorded_are_errors(self):
        self.assertIn('unknown metric "rows"', self.refused("rows", 0))
        self.assertIn("max", self.refused("sorts", -1))
        self.connection.set_trace_callback(None)
        self.assertIn("not recorded", self.refused("sorts", 0))
        value(self.connection, "SELECT advisor_record('off')")
        self.assertIn("not recorded", self.refused("sorts", 0))

    def test_a_statement_that_is_prepared_again_is_counted_and_reported(self):
        value(self.connection, "SELECT advisor_set_rule('sqlite-reprepare', NULL, NULL, '{\"min_times\": 5}')")
        for i in range(8):
            self.connection.execute("SELECT total FROM orders WHERE id = ?", (i,)).fetchall()
            self.connection.execute(f"CREATE TABLE scratch{i}(a)")
        self.assertIn("reprepares exceeds 0", self.refused("reprepares", 0))
        found = self.connection.execute("SELECT title FROM advisor_recommendations "
                                        "WHERE rule = 'sqlite-reprepare'").fetchall()
        self.assertEqual(len(found), 1)
        self.assertIn("7 times in 8 executions", found[0][0])


class Copies(DatabaseTest):
    def test_a_workload_is_saved_and_loaded_elsewhere(self):
        connection = self.connect()
        fill_orders(connection, 1000)
        for i in range(7):
            connection.execute("SELECT total FROM orders WHERE id = ?", (i,)).fetchall()
        lookup = "select total from orders where id = ?"
        copy = os.path.join(self.folder, "copy.db")
        for _ in range(2):  # a copy, not a sum
            self.assertGreater(value(connection, "SELECT advisor_save(?)", copy), 0)
        self.assertEqual(os.stat(copy).st_mode & 0o777, 0o600)
        other = self.connect(os.path.join(self.folder, "other.db"))
        other.execute("CREATE TABLE orders(id INTEGER PRIMARY KEY, total INT)")
        self.assertGreater(value(other, "SELECT advisor_load(?)", copy), 0)
        self.assertEqual(calls(other, lookup), 7)
        value(other, "SELECT advisor_load(?)", copy)
        self.assertEqual(calls(other, lookup), 14)
        value(connection, "SELECT advisor_reset()")
        value(connection, "SELECT advisor_load(?)", copy)
        self.assertEqual(calls(connection, lookup), 7)

    def test_neither_the_database_nor_a_foreign_file_nor_the_save_file_is_written(self):
        connection = self.connect()
        fill_orders(connection, 10)
        foreign = os.path.join(self.folder, "foreign.db")
        sqlite3.connect(foreign).execute("CREATE TABLE t(a)").connection.commit()
        kept = os.path.join(self.folder, "kept.db")
        value(connection, "SELECT advisor_config('save_file', ?)", kept)
        value(connection, "SELECT advisor_status.value FROM advisor_status LIMIT 1")
        for path in (self.path, foreign, kept, os.path.join(self.folder, "no", "such", "folder")):
            with self.assertRaises(sqlite3.DatabaseError, msg=path):
                value(connection, "SELECT advisor_save(?)", path)
            with self.assertRaises(sqlite3.DatabaseError, msg=path):
                value(connection, "SELECT advisor_load(?)", path)
        with self.assertRaises(sqlite3.OperationalError):
            value(connection, "SELECT advisor_load(?)", os.path.join(self.folder, "missing.db"))
        self.assertFalse(os.path.exists(os.path.join(self.folder, "missing.db")))

    def test_prepared_statements_tell_for_themselves(self):
        connection = self.connect()
        fill_orders(connection, 1000)
        value(connection, "SELECT advisor_record('off')")
        for i in range(5):
            connection.execute("SELECT id FROM orders WHERE total = ?", (i,)).fetchall()
        row = connection.execute("SELECT calls, fullscan_steps, kind, total_ms FROM advisor_live "
                                 "WHERE query = 'select id from orders where total = ?'").fetchone()
        self.assertEqual(row, (5, 5 * 999, "select", None))
        self.assertEqual(value(connection, "SELECT count(*) FROM advisor_live WHERE query LIKE '%advisor%'"), 0)


if __name__ == "__main__":
    unittest.main()
