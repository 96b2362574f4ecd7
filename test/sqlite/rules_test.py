import json
import os
import pathlib
import sqlite3
import subprocess

from support import TEST_RULES, DatabaseTest, value

ROOT = pathlib.Path(__file__).parents[2]


def coverage(connection):
    return {row[0]: row[1:] for row in
            connection.execute("SELECT rule, state, examined, skipped, reason FROM advisor_coverage")}


def objects(connection, rule):
    return [row[0] for row in
            connection.execute("SELECT object FROM advisor_recommendations WHERE rule = ? ORDER BY object", (rule,))]


class Rules(DatabaseTest):
    """With the rules of test/sqlite/rules: each but one is broken in a way of its own."""

    def setUp(self):
        super().setUp()
        self.connection = self.connect(module=TEST_RULES)
        self.connection.execute("CREATE TABLE one(a)")
        self.connection.execute("CREATE TABLE two(a, b)")
        for rule in ("runs-for-ever", "finds-without-end"):  # they take their time
            self.set_rule(rule, 0)

    def set_rule(self, *arguments):
        return value(self.connection, f"SELECT advisor_set_rule({', '.join('?' * len(arguments))})", *arguments)

    def test_a_rule_that_fails_is_a_row_of_coverage_and_harms_no_other(self):
        for rule in ("runs-for-ever", "finds-without-end"):
            self.set_rule(rule, 1)
        seen = coverage(self.connection)
        failed = {rule: row[3] for rule, row in seen.items() if row[0] == "failed"}
        self.assertEqual(failed, {
            "finds-without-end": "more than 10000 findings",
            "runs-for-ever": "stopped after 1.0 s",
            "writes": "not authorized",
            "wrong-at-run-time": "malformed JSON",
            "wrong-columns": "the query has 1 columns instead of 12",
            "wrong-evidence": "malformed JSON",
            "wrong-severity": 'the rule gave the severity "grave"',
            "wrong-syntax": 'near "FROM": syntax error'})
        self.assertEqual(seen["of-the-future"],
                         ("skipped", 0, 0, f"needs SQLite 99.1 or newer, this is {sqlite3.sqlite_version}"))
        self.assertEqual(seen["with-thresholds"], ("ran", 3, 2, "of another kind"))
        self.assertEqual(objects(self.connection, "with-thresholds"), ["two"])
        self.assertEqual([row[0] for row in self.connection.execute(
            "SELECT DISTINCT rule FROM advisor_recommendations WHERE category = 'index'")], ["with-thresholds"])

    def test_the_time_limit_leaves_the_host_s_own_handler_alone(self):
        calls = []
        self.connection.set_progress_handler(lambda: calls.append(1) and 0, 1)
        self.connection.execute("SELECT advisor_config('rule_time_limit', '50ms')")
        self.set_rule("runs-for-ever", 1)
        self.assertEqual(coverage(self.connection)["runs-for-ever"][0], "failed")
        calls.clear()
        self.connection.execute("SELECT count(*) FROM two").fetchall()
        self.assertGreater(len(calls), 0)

    def test_thresholds_of_each_type(self):
        evidence = "SELECT evidence FROM advisor_recommendations WHERE object = 'two'"
        self.assertEqual(json.loads(value(self.connection, evidence)),
                         {"unit": "rows", "min_columns": 2, "type": "real", "views_too": 0, "prefix": "a: b"})
        self.assertEqual(json.loads(self.set_rule("with-thresholds", None, None,
                                                  '{"min_columns": 1.5, "views_too": true, "prefix": "it\'s"}')),
                         {"rule": "with-thresholds", "enabled": True, "severity": "low",
                          "thresholds": {"min_columns": 1.5, "views_too": True, "prefix": "it's"}})
        self.assertEqual(json.loads(value(self.connection, evidence)),
                         {"unit": "rows", "min_columns": 1.5, "type": "real", "views_too": 1, "prefix": "it's"})
        self.set_rule("with-thresholds", None, None, '{"min_columns": 1, "views_too": null}')  # null: the default
        self.assertEqual(objects(self.connection, "with-thresholds"), ["one", "two"])
        self.assertEqual(json.loads(value(self.connection, "SELECT thresholds FROM advisor_rules WHERE rule = "
                                                           "'with-thresholds'")),
                         {"min_columns": 1, "views_too": False, "prefix": "it's"})
        self.set_rule("with-thresholds", None, None, '{"min_columns": null}')
        self.assertEqual(objects(self.connection, "with-thresholds"), ["two"])

    def test_settings_that_are_refused(self):
        def refused(message, *arguments):
            with self.assertRaisesRegex(sqlite3.OperationalError, message):
                self.set_rule(*arguments)
        refused('there is no rule "no-such-rule"\\nHINT: Rules are in advisor_rules', "no-such-rule", 1)
        refused('unknown severity "grave"\\nHINT: Use critical', "with-thresholds", 1, "grave")
        refused('argument "enabled" must be 0 or 1', "with-thresholds", 2)
        refused('has no threshold "colour" to set\\nHINT: It has min_columns, views_too, prefix',
                "with-thresholds", 1, None, '{"colour": 1}')
        refused('threshold "min_columns" of rule "with-thresholds" must be a number\\nHINT: Its default is 2',
                "with-thresholds", 1, None, '{"min_columns": "2"}')
        refused('"views_too" .* must be true or false', "with-thresholds", 1, None, '{"views_too": 1}')
        refused('"prefix" .* must be a text', "with-thresholds", 1, None, '{"prefix": []}')
        refused("malformed JSON", "with-thresholds", 1, None, "{min}")
        refused("thresholds are a JSON object", "with-thresholds", 1, None, "[1]")
        refused('has no threshold "min_calls" to set\\nHINT: It has none',
                "missing-index-sort", 1, None, '{"min_calls": 1}')
        self.assertEqual(value(self.connection, "SELECT thresholds FROM advisor_rules WHERE rule = 'with-thresholds'"),
                         '{"min_columns":2,"views_too":false,"prefix":"a: b"}')

    def test_a_rule_is_switched_off_and_on(self):
        self.set_rule("with-thresholds", 0)
        self.assertEqual(coverage(self.connection)["with-thresholds"],
                         ("skipped", 0, 0, "switched off by advisor_set_rule"))
        self.assertEqual(objects(self.connection, "with-thresholds"), [])
        self.assertEqual(value(self.connection, "SELECT enabled FROM advisor_rules WHERE rule = 'with-thresholds'"), 0)
        self.assertEqual(value(self.connection, "SELECT count(*) FROM advisor_history"), 0)
        self.set_rule("with-thresholds", 1)
        self.assertEqual(objects(self.connection, "with-thresholds"), ["two"])
        self.set_rule("advisor-not-ready", 0)
        self.assertEqual(objects(self.connection, "advisor-not-ready"), [])

    def test_a_severity_of_one_s_own(self):
        severity = "SELECT severity FROM advisor_recommendations WHERE object = 'two'"
        self.set_rule("with-thresholds", None, "critical")
        self.assertEqual(value(self.connection, severity), "critical")
        self.assertEqual(value(self.connection, "SELECT severity FROM advisor_rules WHERE rule = 'with-thresholds'"),
                         "critical")
        self.set_rule("with-thresholds", None, "default")
        self.assertEqual(value(self.connection, severity), "low")

    def test_a_conclusion_from_absence_waits_for_the_window(self):
        self.connection.execute("SELECT * FROM two").fetchall()
        self.assertEqual(coverage(self.connection)["waits-for-absence"][0], "waiting")
        self.assertRegex(coverage(self.connection)["waits-for-absence"][3], "the observation window is 168 h")
        self.assertEqual(value(self.connection, "SELECT advisor_config('observation_window', '0s')"), "0s")
        self.assertEqual(coverage(self.connection)["waits-for-absence"][0], "ran")
        self.assertEqual(objects(self.connection, "waits-for-absence"), ["absent"])

    def test_the_header_speaks_where_the_query_does_not(self):
        self.connection.execute("SELECT * FROM two").fetchall()
        self.connection.execute("SELECT advisor_config('observation_window', '0s')")
        self.assertEqual(self.connection.execute("SELECT severity, title FROM advisor_recommendations "
                                                 "WHERE object = 'absent'").fetchone(),
                         ("low", "A rule that concludes from absence"))

    def test_durations_that_are_refused(self):
        for text in ("7", "d", "-1d", "7 d", "7weeks", "99999999999999999999d", "9999999d", ""):
            with self.assertRaisesRegex(sqlite3.OperationalError, "invalid duration"):
                self.connection.execute("SELECT advisor_config('observation_window', ?)", (text,))
        with self.assertRaisesRegex(sqlite3.OperationalError, "must be more than 0"):
            self.connection.execute("SELECT advisor_config('rule_time_limit', '0s')")
        self.assertEqual(value(self.connection, "SELECT advisor_config('observation_window')"), "7d")
        self.assertEqual(value(self.connection, "SELECT advisor_config('rule_time_limit', '1500ms')"), "1500ms")

    def test_engines_are_those_that_have_the_rule(self):
        engines = "SELECT engines FROM advisor_rules WHERE rule = ?"
        self.assertEqual(value(self.connection, engines, "with-thresholds"), '["sqlite"]')
        self.assertEqual(value(self.connect(), engines, "duplicate-index"), '["pg","sqlite"]')


class Collector(DatabaseTest):
    def collect(self, change):
        rule = (ROOT / "test/sqlite/rules/index/with-thresholds.sqlite.sql").read_text()
        file = pathlib.Path(self.folder, "index", "with-thresholds.sqlite.sql")
        file.parent.mkdir(exist_ok=True)
        file.write_text(change(rule))
        return subprocess.run(["sh", ROOT / "tools/collect_rules_sqlite.sh", os.path.join(self.folder, "out.cpp"), file],
                              capture_output=True, text=True)

    def test_a_sound_file_is_taken(self):
        self.assertEqual(self.collect(lambda rule: rule).returncode, 0)
        self.assertIn('{"index", false, R"rule_text(-- rule: with-thresholds',
                      pathlib.Path(self.folder, "out.cpp").read_text())

    def test_a_broken_file_stops_the_build_with_the_fix(self):
        for change, message in (
                (lambda rule: rule.replace("-- title: ", "-- heading: "), 'no line "-- title: …"; fix: '),
                (lambda rule: rule.replace("severity: low", "severity: grave"), "use one of: critical"),
                (lambda rule: rule.rstrip() + "\nLIMIT 1;\n", "the query ends in a semicolon")):
            result = self.collect(change)
            self.assertEqual(result.returncode, 1)
            self.assertIn(message, result.stderr)
            self.assertFalse(os.path.exists(os.path.join(self.folder, "out.cpp")))
