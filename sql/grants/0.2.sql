REVOKE ALL ON advisor.rule_setting, advisor.finding, advisor.dismissal, advisor.exemption, advisor.last_analysis FROM PUBLIC;
GRANT SELECT ON advisor.rule_in_force, advisor.suppressions, advisor.readable_finding, advisor.history TO PUBLIC;
REVOKE ALL ON FUNCTION advisor.dismiss(text, text, timestamptz), advisor.undismiss(text), advisor.unexempt(text),
    advisor.exempt(text, text, text, text, text, timestamptz), advisor.set_rule(text, boolean, text, jsonb),
    advisor.keep_findings(text, boolean), advisor.keep_open_findings(timestamptz), advisor.keep_verdicts(timestamptz),
    advisor.index_definitions(text), advisor.has_new_index(advisor.finding),
    advisor.keep_dismissal(text, text, text, timestamptz), advisor.forget_dismissal(text, text),
    advisor.keep_exemption(text, text, text, text, text, text, timestamptz), advisor.forget_exemption(text, text),
    advisor.known_rule(text), advisor.keep_rule_setting(text, text, boolean, text, jsonb)
    FROM PUBLIC;
GRANT SELECT ON advisor.user_table, advisor.user_index, advisor.index_statement TO PUBLIC;
GRANT SELECT ON advisor.statistics_window, advisor.index_window, advisor.table_activity, advisor.standbys, advisor.foreign_key_index TO PUBLIC;
