"""Files that came from somebody else: what they say must neither act nor break anything. test/fuzz looks for more of it."""
import os
import sqlite3

from support import DatabaseTest, fill_orders, fixes, value

LARGEST = 1_000_000_000_000_000
QUERY = "SELECT total FROM orders WHERE customer_id = 5"


class ForeignFiles(DatabaseTest):
    def with_schema_text(self, text):
        connection = self.connect(load=False)
        fill_orders(connection)
        connection.execute("PRAGMA writable_schema = on")
        connection.execute("UPDATE sqlite_schema SET sql = sql || ? WHERE name = 'orders'", (text,))
        connection.close()
        connection = self.connect()
        for _ in range(10):
            connection.execute(QUERY).fetchall()
        return connection

    def test_what_stands_behind_a_stored_definition_does_not_run(self):
        other = os.path.join(self.folder, "other.db")
        connection = self.with_schema_text(f"; ATTACH 'file:{other}?mode=rwc' AS other; CREATE TABLE other.x AS SELECT 1 y")
        self.assertIn("ON orders (customer_id", fixes(connection)[0])
        connection.execute("SELECT * FROM advisor_what_if(?, 'CREATE INDEX i ON orders(total)')", (QUERY,)).fetchall()
        self.assertEqual(sorted(os.listdir(self.folder)), ["test.db"])

    def test_an_endless_statement_behind_a_definition_is_not_reached(self):
        endless = "WITH RECURSIVE s(i) AS (SELECT 1 UNION ALL SELECT 1 FROM s) SELECT count(*) FROM s"
        connection = self.with_schema_text("; " + endless)
        self.assertIn("ON orders (customer_id", fixes(connection)[0])

    def save_and_change(self, change, *values):
        """The workload of one connection in a file, changed, loaded by a process that knows nothing else."""
        fill_orders(self.connect(load=False))
        save = os.path.join(self.folder, "workload.db")
        self.run_python(f"c = connect(); [c.execute({QUERY!r}).fetchall() for _ in range(10)]; "
                        f"c.execute('SELECT advisor_save(?)', ({save!r},))")
        file = sqlite3.connect(save, isolation_level=None)
        file.execute(change, values)
        file.close()
        connection = self.connect()
        self.assertGreater(value(connection, "SELECT advisor_load(?)", save), 0)
        return connection

    def test_a_workload_file_cannot_make_a_pragma_advisable(self):
        connection = self.save_and_change("UPDATE example SET text = 'PRAGMA hard_heap_limit = 900000000'")
        self.assertEqual(value(connection, "SELECT examined FROM advisor_coverage WHERE rule = 'missing-index-filter'"), 0)
        self.assertEqual(value(connection, "PRAGMA hard_heap_limit"), 0)

    def test_figures_out_of_range_are_cut_and_the_rules_run(self):
        for figure in (9223372036854775807, -9223372036854775808, float("inf"), float("-inf")):
            with self.subTest(figure=figure):
                columns = ("kind", "calls", "total_ms", "max_ms", "rows", "vm_steps", "fullscan_steps", "sorts",
                           "autoindex_rows", "reprepares", "first_seen", "last_seen")
                connection = self.save_and_change("UPDATE workload SET " + ", ".join(f"{name} = ?1" for name in columns), figure)
                for _ in range(3):
                    connection.execute(QUERY).fetchall()
                calls, steps, kind, seen = connection.execute("SELECT calls, vm_steps, kind, first_seen "
                                                              "FROM advisor_statements WHERE query LIKE 'select t%'").fetchone()
                self.assertTrue(3 <= calls <= LARGEST and 3 < steps <= LARGEST, (calls, steps))
                self.assertEqual((kind, seen[4]), ("select", "-"))
                self.assertEqual(value(connection, "SELECT count(*) FROM advisor_coverage WHERE state = 'failed'"), 0)
                connection.close()
                os.remove(self.path)

    def test_arguments_out_of_range_are_cut(self):
        connection = self.connect()
        fill_orders(connection)
        for _ in range(2):
            connection.execute("SELECT advisor_add(?, 9223372036854775807)", (QUERY,))
        self.assertEqual(value(connection, "SELECT calls FROM advisor_statements WHERE query LIKE 'select total%'"), LARGEST)
        self.assertIn("ON orders (customer_id", fixes(connection)[0])
        definition = value(connection, "SELECT definition FROM advisor_recommend_indexes(NULL, NULL, json_array(?), '[1e300]')",
                           QUERY)
        self.assertIn("(customer_id", definition)

    def test_statistics_may_say_what_they_like(self):
        connection = self.connect()
        fill_orders(connection)
        connection.execute("CREATE INDEX orders_note ON orders(note)")
        connection.execute("ANALYZE")
        for stat in ("1e300 1", "inf", "9223372036854775807 1", "-5 0", "nan nan", "99999999999999999999999", "", None):
            with self.subTest(stat=stat):
                connection.execute("UPDATE sqlite_stat1 SET stat = ?", (stat,))
                cost = value(connection, "SELECT cost_before FROM advisor_what_if(?, 'CREATE INDEX i ON orders(total)')", QUERY)
                self.assertTrue(0 < cost < 1e20, cost)

    def test_a_list_of_thousands_is_no_endless_work(self):
        connection = self.connect()
        fill_orders(connection)
        # Looking up each for itself, with all those before it, took longer than the whole suite may.
        for elements in (", ".join(str(i) for i in range(100_000, 120_000)), ", ".join("?" * 20_000)):
            query = f"SELECT total FROM orders WHERE customer_id IN ({elements})"
            self.assertGreater(value(connection, "SELECT cost_before FROM advisor_what_if(?)", query), 0)

    def test_the_text_of_a_plan_outlives_the_question(self):
        connection = self.connect()
        fill_orders(connection, 10)
        text = QUERY + " " * 200 + "; SELECT 'a second statement that is long enough for memory of its own'"
        with self.assertRaisesRegex(sqlite3.OperationalError, "only one statement"):
            connection.execute("SELECT * FROM advisor_plan(?)", (text,)).fetchall()
