import hashlib
import os
import random
import sqlite3
import subprocess

from support import MODULE, DatabaseTest, calls, fill_orders, fixes, value

ASK = "SELECT count(*) FROM advisor_recommendations"


def digest(path):
    with open(path, "rb") as file:
        return hashlib.sha256(file.read()).hexdigest()


class Safety(DatabaseTest):
    def use_everything(self, connection):
        connection.execute("SELECT sum(total) FROM orders WHERE customer_id = 5").fetchall()
        connection.execute("SELECT advisor_add('SELECT * FROM orders WHERE note = ?', 50)")
        for name in ("recommendations", "recommendation_statements", "statements", "status", "rules", "coverage",
                     "recommend_indexes"):
            connection.execute(f"SELECT * FROM advisor_{name}").fetchall()
        connection.execute("SELECT * FROM advisor_plan('DELETE FROM orders')").fetchall()
        connection.execute("SELECT * FROM advisor_what_if('SELECT * FROM orders WHERE total = 1', "
                           "'CREATE INDEX w ON orders(total)')").fetchall()
        connection.execute("SELECT advisor_report(), advisor_report('markdown'), advisor_report('json')").fetchall()
        finding = value(connection, "SELECT id FROM advisor_recommendations")
        connection.execute("SELECT advisor_dismiss(?, 'why'), advisor_check('critical')", (finding,)).fetchall()
        connection.execute("SELECT * FROM advisor_history").fetchall()
        connection.execute("SELECT advisor_undismiss(?), advisor_set_rule('duplicate-index', 1)", (finding,)).fetchall()

    def test_what_is_asked_of_the_advisor_is_not_recorded(self):
        connection = self.connect()
        functions = connection.execute("SELECT DISTINCT name, narg FROM pragma_function_list "
                                       "WHERE name LIKE 'advisor\\_%' ESCAPE '\\'").fetchall()
        tables = connection.execute("SELECT name FROM pragma_module_list "
                                    "WHERE name LIKE 'advisor\\_%' ESCAPE '\\'").fetchall()
        self.assertGreater(len(functions), 15)
        self.assertGreater(len(tables), 8)
        for name, arguments in functions:
            connection.execute(f"SELECT {name}({', '.join(['NULL'] * arguments)}) WHERE 0").fetchall()
        for name, in tables:
            connection.execute(f"SELECT 1 WHERE 0 AND EXISTS (SELECT 1 FROM {name}"
                               f"{'(NULL)' if name in ('advisor_plan', 'advisor_what_if') else ''})").fetchall()
        self.assertEqual(connection.execute("SELECT query FROM advisor_statements WHERE query LIKE '%advisor%'").fetchall(), [])

    def test_the_file_stays_byte_for_byte_the_same(self):
        fill_orders(self.connect(load=False))
        before = digest(self.path)
        for uri in (f"file:{self.path}", f"file:{self.path}?mode=ro", f"file:{self.path}?immutable=1"):
            connection = self.connect(uri, uri=True)
            cookie = value(connection, "PRAGMA schema_version")
            version = value(connection, "PRAGMA data_version")
            self.use_everything(connection)
            self.assertEqual(value(connection, "PRAGMA schema_version"), cookie)
            self.assertEqual(value(connection, "PRAGMA data_version"), version)
            self.assertEqual(value(connection, "SELECT count(*) FROM sqlite_temp_schema"), 0)
            connection.close()
        self.assertEqual(digest(self.path), before)
        self.assertEqual(sorted(os.listdir(self.folder)), ["test.db"])

    def test_a_read_only_file_gets_advice(self):
        fill_orders(self.connect(load=False))
        os.chmod(self.path, 0o444)
        connection = self.connect(f"file:{self.path}?mode=ro", uri=True)
        connection.execute("PRAGMA query_only = 1")
        for i in range(10):
            connection.execute("SELECT total FROM orders WHERE customer_id = ?", (i,)).fetchall()
        self.assertIn("ON orders (customer_id", fixes(connection)[0])

    def test_pasting_the_fix_closes_the_loop(self):
        connection = self.connect()
        fill_orders(connection)
        query = "SELECT total FROM orders WHERE customer_id = ?"
        for i in range(10):
            connection.execute(query, (i,)).fetchall()
        fix, = fixes(connection)
        connection.executescript(fix)
        index = fix.split()[2].split(".")[1]
        plan = connection.execute("EXPLAIN QUERY PLAN " + query, (5,)).fetchall()
        self.assertIn(index, plan[0][3])
        self.assertEqual(fixes(connection), [])

    def test_a_failing_rule_is_a_row_of_coverage(self):
        connection = self.connect()
        connection.execute("CREATE TABLE t(a); ")
        connection.execute("CREATE INDEX t1 ON t(a)")
        connection.execute("CREATE INDEX t2 ON t(a)")

        def authorize(action, name, *_):
            hidden = action == sqlite3.SQLITE_READ and name == "pragma_foreign_key_list"
            return sqlite3.SQLITE_DENY if hidden else sqlite3.SQLITE_OK

        connection.set_authorizer(authorize)
        coverage = {row[0]: row[1:] for row in connection.execute("SELECT rule, state, reason FROM advisor_coverage")}
        self.assertEqual(coverage["unindexed-foreign-key"][0], "failed")
        self.assertIn("pragma_foreign_key_list", coverage["unindexed-foreign-key"][1])
        self.assertEqual(coverage["duplicate-index"], ("ran", None))
        self.assertEqual(len(fixes(connection, "duplicate-index")), 1)

    def test_a_locked_database_is_told_not_waited_for(self):
        fill_orders(self.connect(load=False))
        connection = self.connect(timeout=0)
        connection.execute("SELECT advisor_add('SELECT * FROM orders WHERE note = ?', 50)")
        holder = self.connect(load=False)
        holder.execute("BEGIN EXCLUSIVE")
        with self.assertRaisesRegex(sqlite3.OperationalError, "database is locked"):
            connection.execute(ASK).fetchall()
        holder.execute("COMMIT")
        states = dict(connection.execute("SELECT rule, state FROM advisor_coverage"))
        self.assertEqual(states["missing-index-filter"], "ran")

    def test_the_load_of_a_table_is_no_write_load(self):
        connection = self.connect()
        connection.execute("CREATE TABLE t(a INT, b INT)")
        connection.execute("BEGIN")
        connection.executemany("INSERT INTO t VALUES(?, ?)", ((i % 2500, i) for i in range(20_000)))
        for i in range(10):
            connection.execute("SELECT b FROM t WHERE a = ?", (i,)).fetchall()
        self.assertIn("ON t (a", fixes(connection)[0])

    def test_a_table_that_is_only_written_gets_no_index(self):
        connection = self.connect()
        connection.execute("CREATE TABLE t(a INT, b INT)")
        connection.execute("BEGIN")
        for i in range(20_000):
            connection.execute("INSERT INTO t VALUES(?, ?)", (i % 2500, i))
            if i % 2000 == 0:
                connection.execute("SELECT b FROM t WHERE a = ?", (i,)).fetchall()
        self.assertEqual(fixes(connection), [])

    def test_views_cannot_reach_the_advisor(self):
        connection = self.connect()
        connection.execute("CREATE VIEW v AS SELECT * FROM advisor_statements")
        with self.assertRaisesRegex(sqlite3.OperationalError, "unsafe use of virtual table"):
            connection.execute("SELECT * FROM v")

    def test_pragmas_are_not_explained(self):
        connection = self.connect()
        for text in ("PRAGMA foreign_keys = ON", " /* x */ pragma foreign_keys=1", "EXPLAIN PRAGMA foreign_keys=1"):
            with self.assertRaisesRegex(sqlite3.OperationalError, "can be planned"):
                connection.execute("SELECT * FROM advisor_plan(?)", (text,)).fetchall()
        self.assertEqual(value(connection, "PRAGMA foreign_keys"), 0)

    def test_bad_texts_are_clear_errors(self):
        connection = self.connect()
        fill_orders(connection, 10)
        for sql, parameters, message in (
                ("SELECT * FROM advisor_plan(?)", ("SELECT FROM",), 'near "FROM": syntax error'),
                ("SELECT * FROM advisor_plan(?)", ("SELECT * FROM nowhere",), "no such table: nowhere"),
                ("SELECT * FROM advisor_plan(?)", ("SELECT 1; DROP TABLE orders",), "only one statement"),
                ("SELECT * FROM advisor_plan", (), "needs 1 argument"),
                ("SELECT * FROM advisor_plan(?)", (5,), 'argument "sql" must be a text'),
                ("SELECT advisor_add(?)", ("SELECT FROM",), 'near "FROM": syntax error'),
                ("SELECT advisor_add(?)", ("SELECT * FROM nowhere",), "no such table"),
                ("SELECT advisor_add(?)", ("SELECT 1; SELECT 2",), "only one statement"),
                ("SELECT advisor_add(?)", ("DROP TABLE orders",), "can be added"),
                ("SELECT advisor_add(?)", ("SELECT * FROM advisor_status",), "can be added"),
                ("SELECT advisor_add(?, 0)", ("SELECT 1",), "must be at least 1"),
                ("SELECT advisor_add(?)", ("SELECT " + "1 + " * 600 + "1",), None),
                ("SELECT * FROM advisor_what_if('SELECT * FROM orders', ?)", ("CREATE TABLE x(a)",), "only CREATE INDEX"),
                ("SELECT * FROM advisor_what_if('SELECT * FROM orders', ?)", ("CREATE INDEX ON orders(total",), "."),
                ("SELECT * FROM advisor_what_if('SELECT * FROM orders', ?)", ("CREATE INDEX i ON nowhere(a)",),
                 "no such table"),
                ("SELECT * FROM advisor_what_if('SELECT * FROM orders', ?)", ("CREATE INDEX i ON orders(nope)",),
                 "no such column|has no column"),
                ("SELECT * FROM advisor_what_if('SELECT * FROM orders', ?)", ("DROP INDEX nope",), "no such index"),
                ("SELECT * FROM advisor_what_if('SELECT * FROM orders', ?)",
                 ("CREATE INDEX i ON orders USING gin(total)",), 'near "USING": syntax error'),
                ("SELECT * FROM advisor_recommend_indexes(NULL, NULL, ?)", ("not json",), "malformed JSON"),
                ("SELECT * FROM advisor_recommend_indexes(NULL, NULL, ?)", ('["SELECT * FROM nowhere"]',),
                 "statement 1: no such table"),
                ("SELECT * FROM advisor_recommend_indexes(-1)", (), "must not be negative"),
                ("SELECT advisor_report('pdf')", (), 'unknown report format "pdf"')):
            with self.subTest(sql=sql, parameters=str(parameters)[:60]):
                if message is None:
                    connection.execute(sql, parameters).fetchall()
                    continue
                with self.assertRaisesRegex(sqlite3.OperationalError, message):
                    connection.execute(sql, parameters).fetchall()
        self.assertEqual(value(connection, "SELECT count(*) FROM orders"), 10)

    def test_a_table_dropped_after_recording_is_a_row_of_coverage(self):
        connection = self.connect()
        fill_orders(connection)
        connection.execute("CREATE TABLE gone(a)")
        connection.execute("SELECT * FROM gone WHERE a = 1").fetchall()
        for i in range(10):
            connection.execute("SELECT total FROM orders WHERE customer_id = ?", (i,)).fetchall()
        connection.execute("DROP TABLE gone")
        reasons = [row[0] for row in connection.execute("SELECT reason FROM advisor_coverage WHERE state = 'skipped'")]
        self.assertTrue(any("no such table: gone" in reason for reason in reasons), reasons)
        self.assertIn("ON orders (customer_id", fixes(connection)[0])

    def test_query_text_of_a_megabyte(self):
        connection = self.connect()
        fill_orders(connection, 2000)
        for text in ("SELECT total FROM orders WHERE id IN (" + ",".join(str(i) for i in range(150_000)) + ")",
                     "SELECT total FROM orders WHERE note = '" + "x" * 1_000_000 + "'",
                     "SELECT total, " + ", ".join(f"{i} AS a{i}" for i in range(1900)) + " FROM orders /*" +
                     "c" * 1_000_000 + "*/"):
            connection.execute(text).fetchall()
        self.assertEqual(calls(connection, "select total from orders where id in (?)"), 1)
        self.assertEqual(calls(connection, "select total from orders where note = ?"), 1)
        connection.execute(ASK).fetchall()

    def test_invalid_utf8_in_a_text(self):
        script = os.path.join(self.folder, "invalid.sql")
        with open(script, "wb") as file:
            file.write(b".load \"" + MODULE.encode() + b"\"\nCREATE TABLE t(a);\n"
                       b"SELECT a FROM t WHERE a = '\xff\xfe\x80';\nSELECT a AS \"\xc3\x28\" FROM t WHERE a = 1;\n"
                       b"SELECT count(*) FROM advisor_statements WHERE query LIKE 'select a%';\n"
                       b"SELECT count(*) > 0 FROM advisor_recommendations;\nSELECT count(*) FROM advisor_coverage;\n"
                       b"SELECT length(advisor_report()) > 0;\n")
        with open(script, "rb") as file:
            result = subprocess.run(["sqlite3", "-batch", self.path], stdin=file, capture_output=True, timeout=60)
        self.assertEqual((result.returncode, result.stderr), (0, b""))
        self.assertEqual(result.stdout.split()[0], b"2")

    def test_schemas_that_other_tools_refuse(self):
        connection = self.connect()
        connection.create_collation("german", lambda a, b: (a > b) - (a < b))
        connection.create_function("soundex_de", 1, lambda text: text, deterministic=True)
        fill_orders(connection)
        connection.executescript("""
            CREATE TABLE names(id INTEGER PRIMARY KEY, name TEXT COLLATE german, raw TEXT);
            CREATE INDEX names_sound ON names(soundex_de(raw));
            CREATE VIRTUAL TABLE search USING fts5(body);
            CREATE TABLE pairs(a, b, c, PRIMARY KEY(a, b)) WITHOUT ROWID;
            CREATE TABLE computed(a INT, twice INT GENERATED ALWAYS AS (a * 2) STORED);
            CREATE TABLE "od""d [name]"("select" INT, "from" TEXT);
            CREATE VIEW broken AS SELECT * FROM nowhere;
        """)
        for table, columns in (("names(name, raw)", "'n' || i, i"), ("pairs", "i, i % 7, i % 100"), ("computed(a)", "i"),
                               ('"od""d [name]"', "i % 1000, i")):
            connection.execute("WITH RECURSIVE s(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM s WHERE i < 3000) "
                               f"INSERT INTO {table} SELECT {columns} FROM s")
        connection.execute("SELECT advisor_reset()")
        for i in range(10):
            connection.execute("SELECT * FROM orders WHERE customer_id = ?", (i,)).fetchall()
            connection.execute("SELECT raw FROM names WHERE name = ?", (f"n{i}",)).fetchall()
            connection.execute("SELECT a FROM pairs WHERE c = ?", (i,)).fetchall()
            connection.execute("SELECT a FROM computed WHERE twice = ?", (i,)).fetchall()
            connection.execute('SELECT "from" FROM "od""d [name]" WHERE "select" = ?', (i,)).fetchall()
            connection.execute("SELECT o.total FROM search s JOIN orders o ON o.id = s.rowid "
                               "WHERE search MATCH 'x' AND o.total > 5").fetchall()
            connection.execute("INSERT INTO orders(id, total) VALUES(?, 1) ON CONFLICT(id) DO UPDATE SET "
                               "total = excluded.total RETURNING id", (i + 1,)).fetchall()
        advice = " ".join(fixes(connection))
        for expected in ("ON orders (customer_id", "ON names (name", "ON pairs (c", "ON computed (twice",
                         'ON "od""d [name]" ("select"'):
            self.assertIn(expected, advice)
        self.assertEqual(connection.execute("SELECT reason FROM advisor_coverage WHERE state = 'skipped'").fetchall(), [])
        for fix in fixes(connection):
            connection.executescript(fix)
        self.assertEqual(fixes(connection), [])

    def test_random_texts_do_no_harm(self):
        connection = self.connect()
        fill_orders(connection, 2000)
        words = ["SELECT", "*", "FROM", "orders", "WHERE", "total", "=", "(", ")", ",", "'", '"', "[", "`", "?", "?9", ":a",
                 "--", "/*", "*/", ";", "WITH", "AS", "IN", "ORDER", "BY", "UPDATE", "SET", "DELETE", "INSERT", "INTO",
                 "VALUES", "1", "x'", "->>", "'$.a'", "lower(", "LIMIT", "\x00", "é", "JOIN", "o", ".", "CASE", "END"]
        source = random.Random(3)
        for _ in range(1500):
            text = " ".join(source.choice(words) for _ in range(source.randint(1, 25)))
            connection.execute("SELECT advisor_normalize(?)", (text,)).fetchall()
            for call in ("SELECT advisor_add(?)", "SELECT * FROM advisor_plan(?)"):
                try:
                    connection.execute(call, (text,)).fetchall()
                except sqlite3.Error:
                    pass  # refused, as it should be
        connection.execute(ASK).fetchall()
        self.assertEqual(value(connection, "SELECT count(*) FROM orders"), 2000)

    def test_damaged_files_do_no_harm(self):
        connection = self.connect(load=False)
        fill_orders(connection, 3000)
        connection.execute("CREATE INDEX i ON orders(total)")
        connection.execute("ANALYZE")
        connection.close()
        with open(self.path, "rb") as file:
            sound = file.read()
        code = ("import random, glob\n"
                "for name in sorted(glob.glob(path + '.bad*')):\n"
                "    try:\n"
                "        c = connect(name)\n"
                "        for q in (\"SELECT advisor_add('SELECT * FROM orders WHERE customer_id = 5', 20)\",\n"
                "                  'SELECT count(*) FROM advisor_recommendations', 'SELECT count(*) FROM advisor_coverage'):\n"
                "            try: c.execute(q).fetchall()\n"
                "            except (sqlite3.Error, UnicodeDecodeError): pass\n"
                "        c.close()\n"
                "    except sqlite3.Error: pass\n"
                "print('alive')\n")
        source = random.Random(5)
        for number in range(60):
            damaged = bytearray(sound)
            for _ in range(source.randint(1, 40)):
                place = source.randrange(len(damaged)) if number % 2 else source.randrange(100, 8192)
                damaged[place] = source.randrange(256)
            with open(f"{self.path}.bad{number:03}", "wb") as file:
                file.write(damaged)
        self.assertEqual(self.run_python(code), "alive")
