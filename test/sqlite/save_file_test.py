import concurrent.futures
import os
import sqlite3

from support import DatabaseTest, calls, fill_orders, fixes, value

RUN = ("c = connect()\n"
       "for i in range(10): c.execute('SELECT total FROM orders WHERE customer_id = ?', (i,)).fetchall()\n"
       "c.close()\n")
QUERY = "select total from orders where customer_id = ?"


class SaveFile(DatabaseTest):
    def setUp(self):
        super().setUp()
        self.save = os.path.join(self.folder, "workload.db")
        fill_orders(self.connect(load=False))

    def test_the_workload_crosses_processes_and_adds_up(self):
        self.run_python(RUN, DB_ADVISOR_SAVE=self.save)
        self.run_python(RUN, DB_ADVISOR_SAVE=self.save)
        connection = self.connect()
        self.assertEqual(calls(connection, QUERY), 0)
        connection.execute("SELECT advisor_config('save_file', ?)", (self.save,))
        self.assertEqual(calls(connection, QUERY), 20)
        self.assertIn("ON orders (customer_id", fixes(connection)[0])
        connection.execute("SELECT total FROM orders WHERE customer_id = 1").fetchall()
        connection.close()
        self.assertEqual(self.run_python("print(connect().execute('SELECT calls FROM advisor_statements WHERE query = ?', "
                                         f"({QUERY!r},)).fetchone()[0])", DB_ADVISOR_SAVE=self.save), "21")

    def test_processes_at_the_same_time(self):
        with concurrent.futures.ThreadPoolExecutor(4) as pool:
            list(pool.map(lambda _: self.run_python(RUN, DB_ADVISOR_SAVE=self.save), range(6)))
        connection = self.connect()
        connection.execute("SELECT advisor_config('save_file', ?)", (self.save,))
        self.assertEqual(calls(connection, QUERY), 60)

    def test_reset_forgets_what_was_saved(self):
        self.run_python(RUN, DB_ADVISOR_SAVE=self.save)
        self.run_python("c = connect(); c.execute('SELECT advisor_reset()'); c.close()", DB_ADVISOR_SAVE=self.save)
        connection = self.connect()
        connection.execute("SELECT advisor_config('save_file', ?)", (self.save,))
        self.assertEqual(calls(connection, QUERY), 0)

    def test_only_the_owner_may_read_it(self):
        self.run_python(RUN, DB_ADVISOR_SAVE=self.save)
        self.assertEqual(os.stat(self.save).st_mode & 0o777, 0o600)

    def test_other_files_are_refused(self):
        connection = self.connect()
        with self.assertRaisesRegex(sqlite3.OperationalError, "is the database itself"):
            connection.execute("SELECT advisor_config('save_file', ?)", (self.path,))
        foreign = os.path.join(self.folder, "foreign.db")
        other = sqlite3.connect(foreign)
        other.execute("CREATE TABLE precious(x)")
        other.close()
        with self.assertRaisesRegex(sqlite3.OperationalError, "is not a save file of db_advisor"):
            connection.execute("SELECT advisor_config('save_file', ?)", (foreign,))
        text = os.path.join(self.folder, "notes.txt")
        with open(text, "w") as file:
            file.write("my notes " * 200)
        with self.assertRaises(sqlite3.OperationalError):
            connection.execute("SELECT advisor_config('save_file', ?)", (text,))
        with open(text) as file:
            self.assertEqual(file.read(), "my notes " * 200)
        self.assertEqual([row[0] for row in sqlite3.connect(foreign).execute("SELECT name FROM sqlite_schema")],
                         ["precious"])

    def test_a_path_that_cannot_be_opened_is_told_in_status(self):
        code = ("c = connect(); c.execute('SELECT 1').fetchall()\n"
                "print(c.execute(\"SELECT state FROM advisor_status WHERE name = 'save_file'\").fetchone()[0])")
        self.assertEqual(self.run_python(code, DB_ADVISOR_SAVE="/nonexistent/folder/w.db"), "warning")

    def test_unknown_setting(self):
        with self.assertRaisesRegex(sqlite3.OperationalError, 'unrecognized setting "colour"'):
            self.connect().execute("SELECT advisor_config('colour', 'red')")
        self.assertIsNone(value(self.connect(), "SELECT advisor_config('save_file')"))
