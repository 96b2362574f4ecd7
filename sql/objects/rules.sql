-- Rules: what the build collected, and what set_rule made of it.

DELETE FROM advisor.rule;

-- Those that are no SQL query. The other ones follow at the end of the script.
INSERT INTO advisor.rule (rule, category, severity, title, why, reference, engines) VALUES
    ('missing-index-filter', 'query', 'high', 'A table is searched without an index that would at least halve the cost',
     'The planner reads rows only to throw them away; an index on the filtered columns finds them directly.',
     'https://www.postgresql.org/docs/current/indexes.html', '{pg,sqlite}'),
    ('missing-index-join', 'query', 'high', 'A join reads a whole table since its join column has no index',
     'With an index on the join column the planner can look up matching rows instead.',
     'https://www.postgresql.org/docs/current/indexes.html', '{pg,sqlite}'),
    ('missing-index-sort', 'query', 'medium', 'Rows are sorted though an index could give the order',
     'An index in the order of the sort key lets the planner stop after the rows that are wanted.',
     'https://www.postgresql.org/docs/current/indexes-ordering.html', '{pg,sqlite}'),
    ('advisor-not-ready', 'configuration', 'info', 'The advisor cannot see the workload',
     'Without recorded statements there is no advice on queries and indexes.', NULL, '{pg,sqlite}');

-- As the runner reads them. The reader's rights decide about "permitted".
CREATE OR REPLACE VIEW advisor.rule_in_force AS
SELECT r.rule, r.category, coalesce(s.severity, r.severity) AS severity, s.severity AS forced_severity, r.title,
       r.engines, coalesce(s.enabled, true) AS enabled, r.thresholds || coalesce(s.thresholds, '{}') AS thresholds,
       r.waits, r.privileges, r.min_version, r.examined, r.query,
       r.privileges IS NULL OR EXISTS (SELECT FROM pg_roles AS p WHERE p.rolname = r.privileges
                                       AND pg_has_role(p.oid, 'USAGE')) AS permitted
FROM advisor.rule AS r LEFT JOIN advisor.rule_setting AS s ON s.rule = r.rule;
COMMENT ON VIEW advisor.rule_in_force IS 'rules with their settings, as the advisor runs them';

CREATE OR REPLACE VIEW advisor.rules AS
SELECT r.rule, r.category, r.severity, r.title, r.engines, r.enabled, r.thresholds
FROM advisor.rule_in_force AS r;
COMMENT ON VIEW advisor.rules IS 'rules with their severity and thresholds in force; advisor.set_rule changes them';
