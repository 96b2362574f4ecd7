-- A plan that goes through the values of a leading column is reported; with an index of its own it is not.
CREATE TABLE t(id INTEGER PRIMARY KEY, kind INT, code INT, pad TEXT);
WITH RECURSIVE s(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM s WHERE i < 6000) INSERT INTO t SELECT i, i % 3, i, i FROM s;
CREATE INDEX t_kind_code ON t(kind, code);
ANALYZE;
SELECT 'reset', advisor_reset() <> '';
SELECT 'told', advisor_add('SELECT pad FROM t WHERE code = 77', 10) <> 0;
SELECT 'the plan skips', detail LIKE '%ANY(kind)%' FROM advisor_plan('SELECT pad FROM t WHERE code = 77');
SELECT 'fires', count(*) = 1 AND min(object) = 'main.t' AND min(fix) LIKE 'CREATE INDEX main.t_code_skip_idx ON t (code);' FROM advisor_recommendations WHERE rule = 'sqlite-skip-scan' AND 1;
CREATE TEMP TABLE undo AS SELECT rollback FROM advisor_recommendations WHERE rule = 'sqlite-skip-scan' AND 1;
.once fix.sql
SELECT fix FROM advisor_recommendations WHERE rule = 'sqlite-skip-scan' AND 1;
.read fix.sql
ANALYZE;
SELECT 'the fix makes it go away', count(*) = 0 FROM advisor_recommendations WHERE rule = 'sqlite-skip-scan' AND 1;
.once rollback.sql
SELECT rollback FROM undo;
.read rollback.sql
SELECT 'the rollback brings it back', count(*) = 1 AND 1 FROM advisor_recommendations WHERE rule = 'sqlite-skip-scan' AND 1;
SELECT 'near miss', advisor_reset() <> '' AND advisor_add('SELECT pad FROM t WHERE kind = 1 AND code = 77', 10) <> 0;
SELECT 'silent with a condition on the leading column', count(*) = 0 FROM advisor_recommendations WHERE rule = 'sqlite-skip-scan' AND 1;
SELECT 'it ran', state = 'ran' FROM advisor_coverage WHERE rule = 'sqlite-skip-scan';
