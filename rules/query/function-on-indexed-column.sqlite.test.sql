-- An expression around an indexed column is reported where no index advice covers it; bare columns and indexed expressions are not.
CREATE TABLE t(id INTEGER PRIMARY KEY, at TEXT, name TEXT);
WITH RECURSIVE s(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM s WHERE i < 3000) INSERT INTO t SELECT i, date('2020-01-01', '+' || (i % 300) || ' days'), 'n' || i FROM s;
CREATE INDEX t_at ON t(at);
CREATE INDEX t_name ON t(name);
CREATE INDEX t_lower ON t(lower(name));
SELECT 'reset', advisor_reset() <> '';
SELECT 'told', advisor_add('SELECT count(*) FROM t WHERE substr(at, 1, 4) = ''2020''', 10) <> 0 AND
       advisor_add('SELECT id FROM t WHERE lower(name) = ''n5''', 10) <> 0 AND advisor_add('SELECT id FROM t WHERE at = ''2020-01-05''', 10) <> 0;
SELECT 'fires', count(*) = 1 AND min(object) = 'main.t' AND min(json_extract(evidence, '$.column')) = 'at' FROM advisor_recommendations WHERE rule = 'function-on-indexed-column' AND 1;
CREATE TEMP TABLE undo AS SELECT rollback FROM advisor_recommendations WHERE rule = 'function-on-indexed-column' AND 1;
.once fix.sql
SELECT fix FROM advisor_recommendations WHERE rule = 'function-on-indexed-column' AND 1;
.read fix.sql
SELECT 'the fix makes it go away', count(*) = 0 FROM advisor_recommendations WHERE rule = 'function-on-indexed-column' AND 1;
.once rollback.sql
SELECT rollback FROM undo;
.read rollback.sql
SELECT 'the rollback brings it back', count(*) = 1 AND 1 FROM advisor_recommendations WHERE rule = 'function-on-indexed-column' AND 1;
SELECT 'it ran', state = 'ran' FROM advisor_coverage WHERE rule = 'function-on-indexed-column';
