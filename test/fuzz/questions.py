"""What is asked of the advisor. Over the seeds every function and table of it comes up, with sensible and with senseless arguments."""
import json

from texts import VALID, random_definition, random_statement, random_value

COVERAGE = "SELECT * FROM advisor_coverage"
FINDINGS = "SELECT * FROM advisor_recommendations"
# All of these look at the whole workload. The first two tell how far that got.
ANALYSES = [COVERAGE, COVERAGE, FINDINGS, FINDINGS, "SELECT * FROM advisor_recommendation_statements", "SELECT * FROM advisor_history",
            "SELECT advisor_report()", "SELECT advisor_report('json')", "SELECT advisor_report('markdown')", "SELECT advisor_check('info')",
            "SELECT * FROM advisor_recommend_indexes", "SELECT advisor_check('critical')",
            "SELECT advisor_dismiss((SELECT id FROM advisor_recommendations), 'why', '2999-12-31')",
            "SELECT advisor_dismiss(id, 'why'), advisor_undismiss(id) FROM advisor_recommendations"]
METRICS = ["full_scan_rows", "auto_index_rows", "sorts", "vm_steps", "reprepares", "x"]
SETTINGS = ["save_file", "observation_window", "rule_time_limit", "x"]
RULES = ["missing-index-filter", "redundant-index", "no-primary-key", "select-star", "sqlite-full-scan", "unused-suppression", "x"]


def light_question(rng, text, folder, dear):
    """A question about one statement or setting, and its values. Files are named in the folder."""
    questions = DEAR if rng.random() < 0.05 * dear else CHEAP
    return rng.choice(questions)(rng, text, f"{folder}/save.db")


CHEAP = [
    lambda rng, text, file: ("SELECT advisor_normalize(?)", [text]), lambda rng, text, file: ("SELECT advisor_normalize(?)", [random_value(rng)]),
    lambda rng, text, file: ("SELECT advisor_add(?)", [text]),
    lambda rng, text, file: ("SELECT advisor_add(?, ?), advisor_add(?)", [text, rng.choice([5, random_value(rng)]), rng.choice(VALID)]),
    lambda rng, text, file: ("SELECT advisor_add(CAST(? AS TEXT), 3)", [text.encode("utf-8", "replace") + b" /* \xff\xc0\x00"]),
    lambda rng, text, file: ("SELECT * FROM advisor_plan(?)", [text]), lambda rng, text, file: ("SELECT * FROM advisor_plan(?)", [text]),
    lambda rng, text, file: ("SELECT * FROM advisor_statements", []), lambda rng, text, file: ("SELECT advisor_version()", []),
    lambda rng, text, file: ("SELECT * FROM advisor_live", []), lambda rng, text, file: ("SELECT * FROM advisor_status", []),
    lambda rng, text, file: ("SELECT advisor_save(?)", [file]), lambda rng, text, file: ("SELECT advisor_save(?), advisor_load(?)", [file, file]),
    lambda rng, text, file: ("SELECT advisor_load(?)", [rng.choice([random_value(rng), file])]), lambda rng, text, file: ("SELECT advisor_reset()", []),
    lambda rng, text, file: ("SELECT advisor_assert(?, ?)", [rng.choice(METRICS), rng.choice([0, 5, random_value(rng)])]),
    lambda rng, text, file: ("SELECT advisor_record(?)", [rng.choice(["off", "counters", "full", "on", random_value(rng)])]),
    lambda rng, text, file: ("SELECT advisor_config(?)", [rng.choice(SETTINGS)]),
    lambda rng, text, file: ("SELECT advisor_config('save_file', ?)", [rng.choice([file, None])]),
    lambda rng, text, file: ("SELECT advisor_config(?, ?)", [rng.choice(SETTINGS[1:]), rng.choice(["0d", "5s", "30min", random_value(rng)])])]
DEAR = [
    lambda rng, text, file: ("SELECT * FROM advisor_what_if(?, ?)", [text, random_definition(rng)]),
    lambda rng, text, file: ("SELECT * FROM advisor_what_if(?, ?)", [text, random_definition(rng)]),
    lambda rng, text, file: ("SELECT * FROM advisor_what_if(?)", [text]), lambda rng, text, file: ("SELECT * FROM advisor_what_if(?, ?)", [rng.choice(VALID), text]),
    lambda rng, text, file: ("SELECT * FROM advisor_recommend_indexes(?, ?, ?, ?)",
                             [rng.choice([None, 0, 9999, random_value(rng)]), rng.choice([None, 1, 2, random_value(rng)]), json.dumps([text, rng.choice(VALID)]),
                              rng.choice([None, "[5, 1e300]", "[-1, 0]", random_value(rng)])]),
    lambda rng, text, file: ("SELECT * FROM advisor_recommend_indexes(NULL, 2, ?)", [json.dumps([text])]),
    lambda rng, text, file: ("SELECT advisor_set_rule(?, ?, ?, ?)", [rng.choice(RULES), rng.choice([0, 1, random_value(rng)]), random_value(rng), random_value(rng)]),
    lambda rng, text, file: ("SELECT advisor_set_rule(?, ?, ?, ?)", [rng.choice(RULES), 1, None, rng.choice([None, "{}", "{\"min_columns\": 1e300}", random_value(rng)])]),
    lambda rng, text, file: ("SELECT * FROM advisor_rules", []), lambda rng, text, file: ("SELECT advisor_dismiss(?, ?, ?)", [random_value(rng) for _ in range(3)]),
    lambda rng, text, file: ("SELECT advisor_undismiss(?)", [random_value(rng)]), lambda rng, text, file: ("SELECT advisor_report(?)", [random_value(rng)]),
    lambda rng, text, file: ("SELECT advisor_check(?)", [random_value(rng)])]
