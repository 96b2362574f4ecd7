-- A dismissal whose finding is gone is told; one that hides something is not.
CREATE TABLE t(id INTEGER PRIMARY KEY, a INT, b INT);
CREATE INDEX t_a ON t(a);
CREATE INDEX t_a_again ON t(a);
CREATE INDEX t_b ON t(b);
CREATE INDEX t_b_again ON t(b);
SELECT 'dismissed for ever', advisor_dismiss(id, 'it''s kept') = 'dismissed' FROM advisor_recommendations WHERE object = 'main.t_a_again';
SELECT 'dismissed for a time', advisor_dismiss(id, 'kept', '2999-01-01') = 'dismissed' FROM advisor_recommendations
WHERE object = 'main.t_b_again';
SELECT 'silent while they hide something', count(*) = 0 FROM advisor_recommendations WHERE rule = 'unused-suppression';
DROP INDEX t_a;
SELECT count(*) FROM advisor_recommendations;
SELECT 'told when the finding is gone', group_concat(title) = 'the dismissal of duplicate-index on main.t_a_again silences nothing' AND
       min(severity) = 'info' FROM advisor_recommendations WHERE rule = 'unused-suppression';
DROP INDEX t_b;
SELECT count(*) FROM advisor_recommendations;
CREATE TEMP TABLE before AS SELECT id, rollback FROM advisor_recommendations WHERE rule = 'unused-suppression';
.once fix.sql
SELECT fix FROM advisor_recommendations WHERE rule = 'unused-suppression';
.read fix.sql
SELECT 'the fix makes the findings go away', count(*) = 0 FROM advisor_recommendations WHERE rule = 'unused-suppression';
.once rollback.sql
SELECT rollback FROM before;
.read rollback.sql
SELECT 'the rollback brings them back with the same ids', count(*) = 2 FROM advisor_recommendations WHERE id IN (SELECT id FROM before);
DROP INDEX t_a_again;
CREATE INDEX t_a ON t(a);
CREATE INDEX t_a_again ON t(a);
SELECT count(*) FROM advisor_recommendations;
SELECT 'silent when there is something to hide again', group_concat(object) LIKE 'dismissal %' AND count(*) = 1
FROM advisor_recommendations WHERE rule = 'unused-suppression';
