REVOKE ALL ON advisor.rule_setting, advisor.finding, advisor.dismissal, advisor.exemption, advisor.last_analysis,
    advisor.finding_event, advisor.known_index, advisor.index_change, advisor.index_change_period FROM PUBLIC;
GRANT SELECT ON advisor.rule_in_force, advisor.suppressions, advisor.readable_finding, advisor.history TO PUBLIC;
REVOKE ALL ON FUNCTION advisor.dismiss(text, text, timestamptz), advisor.undismiss(text), advisor.unexempt(text),
    advisor.exempt(text, text, text, text, text, timestamptz), advisor.set_rule(text, boolean, text, jsonb),
    advisor.keep_findings(text, boolean), advisor.keep_open_findings(timestamptz), advisor.was_regressed(advisor.finding),
    advisor.keep_events(timestamptz), advisor.keep_event(text, text, text), advisor.keep_index_changes(text),
    advisor.keep_new_changes(timestamptz), advisor.keep_known_indexes(timestamptz), advisor.keep_followed(timestamptz),
    advisor.keep_periods(timestamptz), advisor.keep_verdicts(timestamptz), advisor.index_definition(oid), advisor.with_partitions(text),
    advisor.covering_index(text), advisor.index_changed_at(oid),
    advisor.executions_around(oid[], oid[], text, text, timestamptz, timestamptz, timestamptz, timestamptz, boolean),
    advisor.keep_dismissal(text, text, text, timestamptz), advisor.forget_dismissal(text, text),
    advisor.keep_exemption(text, text, text, text, text, text, timestamptz), advisor.forget_exemption(text, text),
    advisor.known_rule(text), advisor.keep_rule_setting(text, text, boolean, text, jsonb)
    FROM PUBLIC;
GRANT SELECT ON advisor.finding_story, advisor.index_changes, advisor.index_change_effect,
    advisor.index_change_statements TO PUBLIC;
GRANT SELECT ON advisor.user_table, advisor.user_index, advisor.index_statement TO PUBLIC;
GRANT SELECT ON advisor.statistics_window, advisor.index_window, advisor.table_activity, advisor.standbys, advisor.foreign_key_index TO PUBLIC;
