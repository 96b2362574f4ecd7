import json
import os
import sqlite3

from support import DatabaseTest, fill_orders, fixes, value

DUPLICATE = "SELECT id FROM advisor_recommendations WHERE rule = 'duplicate-index'"


class Findings(DatabaseTest):
    def setUp(self):
        super().setUp()
        self.connection = self.connect()
        self.connection.execute("CREATE TABLE t(id INTEGER PRIMARY KEY, a INT, b TEXT)")
        self.connection.execute("CREATE INDEX t1 ON t(a)")
        self.connection.execute("CREATE INDEX t2 ON t(a)")

    def found(self, connection=None):
        row = (connection or self.connection).execute(DUPLICATE).fetchone()
        return row[0] if row else None

    def history(self, connection=None):
        return [tuple(row) for row in (connection or self.connection).execute(
            "SELECT id, status, reason FROM advisor_history WHERE rule = 'duplicate-index'")]

    def refused(self, message, sql, *parameters):
        with self.assertRaisesRegex(sqlite3.OperationalError, message):
            self.connection.execute(sql, parameters).fetchall()

    def test_a_finding_is_resolved_by_itself_and_keeps_its_first_sight(self):
        finding = self.found()
        first = value(self.connection, "SELECT first_seen FROM advisor_recommendations WHERE id = ?", finding)
        self.assertEqual(self.history(), [])
        self.connection.execute("DROP INDEX t2")
        self.assertIsNone(self.found())
        self.assertEqual(self.history(), [(finding, "resolved", "no longer found")])
        self.assertEqual(value(self.connection, "SELECT count(*) FROM advisor_history WHERE closed_at >= last_seen AND "
                               "title LIKE 'index t2 repeats%' AND json_valid(evidence) AND id = ?", finding), 1)
        self.connection.execute("CREATE INDEX t2 ON t(a)")
        self.assertEqual(self.found(), finding)
        self.assertEqual(value(self.connection, "SELECT first_seen FROM advisor_recommendations WHERE id = ?", finding),
                         first)
        self.assertEqual(self.history(), [])

    def test_a_rule_that_could_not_look_resolves_nothing(self):
        self.assertIsNotNone(self.found())
        self.connection.set_authorizer(lambda action, name, *_: sqlite3.SQLITE_DENY if action == sqlite3.SQLITE_READ
                                       and name == "pragma_index_xinfo" else sqlite3.SQLITE_OK)
        self.assertEqual(value(self.connection, "SELECT state FROM advisor_coverage WHERE rule = 'duplicate-index'"),
                         "failed")
        self.assertIsNone(self.found())
        self.assertEqual(self.history(), [])

    def test_index_advice_without_a_workload_is_not_resolved(self):
        fill_orders(self.connection)
        query = "SELECT total FROM orders WHERE customer_id = ?"
        for i in range(10):
            self.connection.execute(query, (i,)).fetchall()
        advice = "SELECT count(*) FROM advisor_recommendations WHERE rule LIKE 'missing-index-%'"
        resolved = "SELECT count(*) FROM advisor_history WHERE rule LIKE 'missing-index-%' AND status = 'resolved'"
        self.assertEqual(value(self.connection, advice), 1)
        fix, = fixes(self.connection)
        self.connection.execute("SELECT advisor_reset()")
        self.assertEqual((value(self.connection, advice), value(self.connection, resolved)), (0, 0))
        self.connection.executescript(fix)
        for i in range(10):
            self.connection.execute(query, (i,)).fetchall()
        self.assertEqual((value(self.connection, advice), value(self.connection, resolved)), (0, 1))

    def test_dismissed_is_hidden_and_told_in_the_history(self):
        finding = self.found()
        self.assertEqual(value(self.connection, "SELECT advisor_dismiss(?, 'kept for a report')", finding), "dismissed")
        self.assertIsNone(self.found())
        self.assertEqual(self.history(), [(finding, "dismissed", "kept for a report")])
        self.assertNotIn("t2", value(self.connection, "SELECT advisor_report()"))
        self.assertEqual(value(self.connection, "SELECT advisor_undismiss(?)", finding), "open")
        self.assertEqual(self.found(), finding)
        self.assertEqual(self.history(), [])

    def test_a_dismissal_outlives_the_fix_and_its_rollback(self):
        finding = self.found()
        self.connection.execute("SELECT advisor_dismiss(?, 'kept for a report')", (finding,))
        self.connection.execute("DROP INDEX t2")
        self.assertIsNone(self.found())
        self.connection.execute("CREATE INDEX t2 ON t(a)")
        self.assertIsNone(self.found())
        self.assertEqual(self.history(), [(finding, "dismissed", "kept for a report")])

    def test_a_dismissal_ends_at_its_date(self):
        finding = self.found()
        end = value(self.connection, "SELECT strftime('%Y-%m-%dT%H:%M:%f', 'now', '+1 day')")
        self.connection.execute("SELECT advisor_dismiss(?, 'until the release', ?)", (finding, end))
        self.assertIsNone(self.found())
        self.assertIn("until the release (until 20", self.history()[0][2])
        self.connection.close()
        # A save file from another day: the end is in the past.
        save = os.path.join(self.folder, "state.db")
        connection = self.connect()
        connection.execute("SELECT advisor_config('save_file', ?)", (save,))
        connection.execute("SELECT advisor_dismiss(?, 'until the release', ?)", (finding, end))
        connection.close()
        file = sqlite3.connect(save)
        file.execute("UPDATE finding SET until = 1, decided_at = decided_at + 1000")
        file.commit()
        file.close()
        connection = self.connect()
        connection.execute("SELECT advisor_config('save_file', ?)", (save,))
        self.assertEqual(self.found(connection), finding)
        self.assertEqual(self.history(connection), [])

    def test_what_is_refused(self):
        finding = self.found()
        self.refused('there is no finding "nonsense"\\nHINT: ', "SELECT advisor_dismiss('nonsense', 'why')")
        self.refused('there is no finding "nonsense"', "SELECT advisor_undismiss('nonsense')")
        self.refused('the finding ".*" is not dismissed\\nHINT: ', "SELECT advisor_undismiss(?)", finding)
        self.refused("needs a reason", "SELECT advisor_dismiss(?, ' ')", finding)
        self.refused('"reason" must be a text', "SELECT advisor_dismiss(?, NULL)", finding)
        self.refused('invalid date "soon"\\nHINT: Write it as', "SELECT advisor_dismiss(?, 'why', 'soon')", finding)
        self.refused("has passed", "SELECT advisor_dismiss(?, 'why', '2001-01-01')", finding)
        self.refused('unknown report format "html"\\nHINT: Formats are', "SELECT advisor_report('html')")
        self.refused('unknown severity "grave"\\nHINT: ', "SELECT advisor_check('grave')")
        self.assertEqual(self.found(), finding)

    def test_an_id_is_known_without_a_look_before(self):
        finding = self.found()
        self.connection.execute("SELECT 1")
        code = (f"c = connect(); c.execute(\"SELECT advisor_dismiss('{finding}', 'why')\")\n"
                "print(c.execute(\"SELECT count(*) FROM advisor_recommendations WHERE rule = 'duplicate-index'\").fetchone()[0])")
        self.assertEqual(self.run_python(code), "0")

    def test_check_is_an_error_that_lists_findings(self):
        self.assertRegex(value(self.connection, "SELECT advisor_check()"),
                         r'^no finding of severity "high" or above; \d+ of \d+ rules ran$')
        finding = self.found()
        self.refused(r'1 finding of severity "medium" or above\n'
                     rf"medium  {finding}  duplicate-index  index t2 repeats index t1 of main.t\nHINT: ",
                     "SELECT advisor_check('medium')")
        self.connection.execute("SELECT advisor_dismiss(?, 'kept')", (finding,))
        self.assertIn('severity "medium" or above', value(self.connection, "SELECT advisor_check('medium')"))
        self.connection.execute("SELECT advisor_undismiss(?)", (finding,))
        self.connection.execute("SELECT advisor_set_rule('duplicate-index', NULL, 'critical')")
        self.refused('1 finding of severity "high" or above', "SELECT advisor_check()")

    def test_check_tells_of_rules_that_failed(self):
        self.connection.set_authorizer(lambda action, name, *_: sqlite3.SQLITE_DENY if action == sqlite3.SQLITE_READ
                                       and name == "pragma_foreign_key_list" else sqlite3.SQLITE_OK)
        self.assertRegex(value(self.connection, "SELECT advisor_check()"),
                         r"\d of \d+ rules ran; .*unindexed-foreign-key failed: .*pragma_foreign_key_list")

    def test_the_report_as_json_has_the_columns_of_the_table(self):
        report = json.loads(value(self.connection, "SELECT advisor_report('json')"))
        cursor = self.connection.execute("SELECT * FROM advisor_recommendations")
        names = [column[0] for column in cursor.description]
        self.assertEqual([list(row) for row in report], [names] * len(report))
        duplicate, = (row for row in report if row["rule"] == "duplicate-index")
        self.assertEqual(duplicate["evidence"]["kept"], "t1")
        self.assertEqual(duplicate["fix_steps"], ["DROP INDEX main.t2;"])
        self.assertIsNone(duplicate["benefit"])

    def test_an_in_memory_database_has_a_life_of_its_own(self):
        connection = self.connect(":memory:")
        connection.execute("CREATE TABLE t(a)")
        connection.execute("CREATE INDEX i1 ON t(a)")
        connection.execute("CREATE INDEX i2 ON t(a)")
        connection.execute("SELECT advisor_dismiss(?, 'why')", (self.found(connection),))
        self.assertIsNone(self.found(connection))
        self.assertIsNotNone(self.found())


class SavedFindings(DatabaseTest):
    def setUp(self):
        super().setUp()
        self.save = os.path.join(self.folder, "state.db")
        connection = self.connect(load=False)
        connection.executescript("CREATE TABLE t(a INT); CREATE INDEX t1 ON t(a); CREATE INDEX t2 ON t(a)")

    def run_saving(self, code):
        return self.run_python(f"duplicate = {DUPLICATE!r}\nc = connect()\n" + code, DB_ADVISOR_SAVE=self.save)

    def test_state_crosses_processes(self):
        first = self.run_saving("print(*c.execute(\"SELECT id, first_seen FROM advisor_recommendations WHERE rule = "
                                "'duplicate-index'\").fetchone()); c.close()")
        again = self.run_saving("print(*c.execute(\"SELECT id, first_seen FROM advisor_recommendations WHERE rule = "
                                "'duplicate-index'\").fetchone(), flush=True)\n"
                                "c.execute(\"SELECT advisor_dismiss((\" + duplicate + \"), 'kept')\")\n"
                                "c.execute(\"SELECT advisor_set_rule('unindexed-foreign-key', 0, 'high')\")\n"
                                "import os; os._exit(0)")  # no close: a decision is saved at once
        self.assertEqual(again, first)
        self.assertEqual(self.run_saving(
            "print(c.execute(duplicate).fetchall(), c.execute('SELECT status, reason FROM advisor_history').fetchall(), "
            "c.execute(\"SELECT enabled, severity FROM advisor_rules WHERE rule = 'unindexed-foreign-key'\").fetchall())"),
            "[] [('dismissed', 'kept')] [(0, 'high')]")

    def test_decisions_of_another_process_meanwhile_are_kept(self):
        connection = self.connect()
        connection.execute("SELECT advisor_config('save_file', ?)", (self.save,))
        finding = value(connection, DUPLICATE)
        self.run_saving("c.execute(\"SELECT advisor_dismiss((\" + duplicate + \"), 'kept')\")")
        connection.execute("SELECT count(*) FROM advisor_recommendations").fetchall()
        connection.close()
        self.assertEqual(self.run_saving("print(c.execute(duplicate).fetchall(), "
                                         "c.execute('SELECT id, reason FROM advisor_history').fetchall())"),
                         f"[] [('{finding}', 'kept')]")

    def test_reset_keeps_decisions(self):
        self.run_saving("c.execute(\"SELECT advisor_dismiss((\" + duplicate + \"), 'kept')\")\n"
                        "c.execute('SELECT advisor_reset()')")
        self.assertEqual(self.run_saving("print(c.execute(duplicate).fetchall())"), "[]")

    def test_nothing_is_written_into_the_database(self):
        with open(self.path, "rb") as file:
            before = file.read()
        self.run_saving("c.execute(\"SELECT advisor_dismiss((\" + duplicate + \"), 'kept')\")\n"
                        "c.execute(\"SELECT advisor_set_rule('duplicate-index', 1, 'info')\"); c.close()")
        with open(self.path, "rb") as file:
            self.assertEqual(file.read(), before)
        self.assertEqual(os.stat(self.save).st_mode & 0o777, 0o600)

    def test_status_says_where_the_state_lives(self):
        connection = self.connect()
        note = "SELECT note FROM advisor_status WHERE name = 'save_file'"
        self.assertEqual(value(connection, note), "the workload and the state of findings end with the process")
        connection.execute("SELECT advisor_config('save_file', ?)", (self.save,))
        self.assertEqual(value(connection, note), "keeps the workload and the state of findings")
