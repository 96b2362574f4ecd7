import sqlite3
import threading
import unittest

from support import MODULE, DatabaseTest, calls, fill_orders, value

LOOKUP = "select total from orders where id = ?"


class Recorder(DatabaseTest):
    def test_bound_values_make_one_statement_and_an_example(self):
        connection = self.connect()
        fill_orders(connection, 100)
        for i in range(25):
            connection.execute("SELECT total FROM orders WHERE id = ?", (i,)).fetchall()
        row = connection.execute("SELECT calls, example FROM advisor_statements WHERE query = ?", (LOOKUP,)).fetchone()
        self.assertEqual(row, (25, "SELECT total FROM orders WHERE id = 0"))

    def test_executions_that_are_not_measured_one_by_one_are_counted(self):
        connection = self.connect()
        fill_orders(connection, 100)
        scan = "SELECT count(*) FROM orders WHERE total > ?"
        query = "select count(*) from orders where total > ?"
        columns = "calls, vm_steps, fullscan_steps"
        one = self.counters_of(connection, query, columns, lambda: connection.execute(scan, (0,)).fetchall())
        self.assertEqual(one[2], 99)
        for _ in range(149):
            connection.execute(scan, (0,)).fetchall()
        many = self.counters_of(connection, query, columns, lambda: None)
        self.assertEqual(many[:2], (150, one[1] * 150))
        # The first 16 are measured, then one in 64: what the last six counted waits for the next one.
        self.assertEqual(many[2], 99 * 144)

    def counters_of(self, connection, query, columns, run):
        run()
        return connection.execute(f"SELECT {columns} FROM advisor_statements WHERE query = ?", (query,)).fetchone()

    def test_the_worst_of_many_brief_executions_is_found(self):
        connection = self.connect()
        connection.execute("CREATE TABLE t(a)")
        for rows in (5, 7):
            connection.execute("DELETE FROM t")
            connection.executemany("INSERT INTO t VALUES(?)", [(i,) for i in range(rows)])
            for i in range(300):
                connection.execute("SELECT a FROM t WHERE a = ?", (i,)).fetchall()
        self.assertEqual(value(connection, "SELECT advisor_assert('full_scan_rows', 6 + 0) IS NULL"), 0)

    def test_switching_off_ends_the_counting_of_a_statement_that_runs_all_the_time(self):
        connection, other = self.connect(), self.connect()
        fill_orders(connection, 100)
        for i in range(100):
            connection.execute("SELECT total FROM orders WHERE id = ?", (i,)).fetchall()
        other.execute("SELECT advisor_record('off')").fetchall()
        for i in range(100):
            connection.execute("SELECT total FROM orders WHERE id = ?", (i,)).fetchall()
        self.assertEqual(calls(other, LOOKUP), 100)

    def test_a_comment_before_a_statement_does_not_hide_it(self):
        connection = self.connect()
        fill_orders(connection, 100)
        connection.execute("-- the total\nSELECT total FROM orders WHERE id = 7").fetchall()
        self.assertEqual(calls(connection, LOOKUP), 1)

    def test_store_outlives_the_connection_and_is_shared_by_a_pool(self):
        first = self.connect()
        fill_orders(first, 100)
        second = self.connect()
        for connection in (first, second, first):
            connection.execute("SELECT total FROM orders WHERE id = 1").fetchall()
        self.assertEqual(calls(second, LOOKUP), 3)
        first.close()
        second.close()
        third = self.connect()
        self.assertEqual(calls(third, LOOKUP), 3)

    def test_other_files_have_other_stores(self):
        first = self.connect()
        fill_orders(first, 100)
        other = self.connect(self.path + ".other")
        memory = self.connect(":memory:")
        first.execute("SELECT total FROM orders WHERE id = 1").fetchall()
        self.assertEqual([calls(c, LOOKUP) for c in (first, other, memory)], [1, 0, 0])

    def test_loading_twice_changes_nothing(self):
        connection = self.connect()
        fill_orders(connection, 100)
        connection.load_extension(MODULE)
        connection.execute("SELECT total FROM orders WHERE id = 1").fetchall()
        self.assertEqual(calls(connection, LOOKUP), 1)

    def test_threads_share_one_connection(self):
        connection = self.connect()
        fill_orders(connection, 100)

        def work():
            # The comment keeps Python from handing one prepared statement to two threads, which since 3.13 it
            # does now and then, with or without the module; to the recorder it is all one statement.
            own = f"SELECT total FROM orders WHERE id = ? -- {threading.get_ident()}"
            for i in range(500):
                connection.execute(own, (i % 100,)).fetchall()

        self.run_in_threads(work)
        self.assertEqual(calls(connection, LOOKUP), 2000)

    def test_threads_with_connections_of_their_own(self):
        fill_orders(self.connect(), 100)

        def work():
            connection = sqlite3.connect(self.path, isolation_level=None)
            connection.enable_load_extension(True)
            connection.load_extension(MODULE)
            for i in range(500):
                connection.execute("SELECT total FROM orders WHERE id = ?", (i % 100,)).fetchall()
                if i % 100 == 0:
                    connection.execute("SELECT count(*) FROM advisor_statements").fetchall()
            connection.execute("SELECT count(*) FROM advisor_recommendations").fetchall()
            connection.close()

        self.run_in_threads(work)
        self.assertEqual(calls(self.connect(), LOOKUP), 2000)

    def run_in_threads(self, work):
        errors = []

        def guarded():
            try:
                work()
            except Exception as error:  # a thread's failure must fail the test
                errors.append(error)

        threads = [threading.Thread(target=guarded) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.assertEqual(errors, [])

    def test_statement_prepared_before_a_schema_change_keeps_its_work(self):
        connection = self.connect()
        fill_orders(connection, 1000)
        other = self.connect(load=False)
        query = "SELECT count(*) FROM orders WHERE total = ?"
        connection.execute(query, (1,)).fetchall()
        steps = "SELECT vm_steps FROM advisor_statements WHERE query = advisor_normalize(?)"
        before = value(connection, steps, query)
        other.execute("CREATE TABLE unrelated(x)")
        connection.execute(query, (1,)).fetchall()
        self.assertEqual(calls(connection, query.lower()), 2)
        self.assertGreaterEqual(value(connection, steps, query), 2 * before)

    def test_half_read_cursor_is_counted_when_it_is_closed(self):
        connection = self.connect()
        fill_orders(connection, 100)
        cursor = connection.execute("SELECT note FROM orders")
        cursor.fetchone()
        self.assertEqual(calls(connection, "select note from orders"), 0)
        cursor.close()
        self.assertEqual(calls(connection, "select note from orders"), 1)

    def test_trace_callback_of_python_is_noticed(self):
        connection = self.connect()
        fill_orders(connection, 100)
        trace = "SELECT value FROM advisor_status WHERE name = 'trace'"
        self.assertEqual(value(connection, trace), "armed")
        connection.set_trace_callback(None)
        self.assertEqual(value(connection, trace), "trace_lost")
        connection.execute("SELECT total FROM orders WHERE id = 1").fetchall()
        self.assertEqual(calls(connection, LOOKUP), 1)  # polled: the prepared statement counts for itself
        for _ in range(4):
            connection.execute("SELECT total FROM orders WHERE id = 1").fetchall()
        self.assertEqual(calls(connection, LOOKUP), 5)
        self.assertEqual(calls(connection, LOOKUP), 5)
        self.assertEqual(value(connection, "SELECT advisor_record('on')"), "full")
        self.assertEqual(value(connection, trace), "armed")

    def test_users_trace_is_not_taken_back_silently(self):
        connection = self.connect()
        seen = []
        connection.set_trace_callback(seen.append)
        connection.execute("SELECT * FROM advisor_status").fetchall()
        connection.execute("SELECT * FROM advisor_recommendations").fetchall()
        connection.execute("SELECT 42").fetchall()
        self.assertIn("SELECT 42", seen)

    def test_memory_is_bounded_and_the_loss_is_counted(self):
        connection = self.connect()
        connection.execute("CREATE TABLE t(a)")
        for i in range(6000):
            connection.execute(f"SELECT a AS column_{i} FROM t").fetchall()
        status = dict(connection.execute("SELECT name, value FROM advisor_status"))
        self.assertLessEqual(status["statements"], 5000)
        self.assertGreater(status["dropped"], 0)
        self.assertLess(status["memory_bytes"], 20 << 20)

    def test_large_bound_value_is_no_example(self):
        connection = self.connect()
        fill_orders(connection, 100)
        connection.execute("SELECT total FROM orders WHERE note = ?", ("x" * 5_000_000,)).fetchall()
        row = connection.execute("SELECT calls, example FROM advisor_statements WHERE query LIKE '%note = ?'").fetchone()
        self.assertEqual(row, (1, "SELECT total FROM orders WHERE note = ?"))
        self.assertEqual(value(connection, "SELECT length(?)", "y" * 5_000_000), 5_000_000)

    def test_modes_by_environment(self):
        fill_orders(self.connect(), 100)
        code = ("c = connect(); c.execute('SELECT total FROM orders WHERE id = 1').fetchall()\n"
                "print(c.execute(\"SELECT (SELECT count(*) FROM advisor_statements), "
                "(SELECT count(example) FROM advisor_statements)\").fetchone())")
        self.assertEqual(self.run_python(code, DB_ADVISOR_RECORD="off"), "(0, 0)")
        self.assertEqual(self.run_python(code, DB_ADVISOR_RECORD="counters"), "(1, 0)")
        self.assertEqual(self.run_python(code, DB_ADVISOR_RECORD="full"), "(1, 1)")

    def test_unknown_mode_is_an_error(self):
        with self.assertRaisesRegex(sqlite3.OperationalError, 'unrecognized recording mode "loud"'):
            self.connect().execute("SELECT advisor_record('loud')")


if __name__ == "__main__":
    unittest.main()
