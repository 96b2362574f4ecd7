-- UPDATE and DELETE of all rows are reported; conditions, small, temporary and staging tables are not.
CREATE TABLE t(id INTEGER PRIMARY KEY, a INT, name TEXT);
CREATE TABLE small(id INTEGER PRIMARY KEY, a);
CREATE TABLE orders_staging(id INTEGER PRIMARY KEY, a, b);
CREATE TEMP TABLE passing(id INTEGER PRIMARY KEY, a, b);
WITH RECURSIVE s(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM s WHERE i < 3000) INSERT INTO t SELECT i, i % 7, 'n' || i FROM s;
WITH RECURSIVE s(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM s WHERE i < 3000) INSERT INTO orders_staging SELECT i, i % 7, 'n' || i FROM s;
WITH RECURSIVE s(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM s WHERE i < 3000) INSERT INTO passing SELECT i, i % 7, 'n' || i FROM s;
SELECT 'told', advisor_reset() <> '' AND
       advisor_add('UPDATE t SET a = 1', 10) <> 0 AND
       advisor_add('DELETE FROM main."t"', 10) <> 0;
SELECT 'fires', count(*) = 2 AND min(severity) = 'high' AND min(object) = 'main.t' FROM advisor_recommendations WHERE rule = 'dml-without-where' AND 1;
SELECT 'the fix', advisor_reset() <> '' AND
       advisor_add('UPDATE t SET a = 1 WHERE a IS NOT 1', 10) <> 0 AND
       advisor_add('DELETE FROM main."t" WHERE id < 10', 10) <> 0;
SELECT 'gone with the fix', count(*) = 0 FROM advisor_recommendations WHERE rule = 'dml-without-where' AND 1;
SELECT 'near miss', advisor_reset() <> '' AND
       advisor_add('DELETE FROM small', 10) <> 0;
SELECT 'silent on a small table', count(*) = 0 FROM advisor_recommendations WHERE rule = 'dml-without-where' AND 1;
SELECT 'near miss', advisor_reset() <> '' AND
       advisor_add('DELETE FROM orders_staging', 10) <> 0;
SELECT 'silent on a staging table', count(*) = 0 FROM advisor_recommendations WHERE rule = 'dml-without-where' AND 1;
SELECT 'near miss', advisor_reset() <> '' AND
       advisor_add('UPDATE passing SET a = 1', 10) <> 0;
SELECT 'silent on a temporary table', count(*) = 0 FROM advisor_recommendations WHERE rule = 'dml-without-where' AND 1;
SELECT 'near miss', advisor_reset() <> '' AND
       advisor_add('UPDATE t SET a = s.a FROM small AS s WHERE s.id = t.id', 10) <> 0;
SELECT 'silent with UPDATE FROM', count(*) = 0 FROM advisor_recommendations WHERE rule = 'dml-without-where' AND 1;
SELECT 'near miss', advisor_reset() <> '' AND
       advisor_add('INSERT INTO t(id, a) VALUES(1, 2) ON CONFLICT(id) DO UPDATE SET a = 2', 10) <> 0;
SELECT 'silent of an UPSERT', count(*) = 0 FROM advisor_recommendations WHERE rule = 'dml-without-where' AND 1;
SELECT 'near miss', advisor_reset() <> '' AND
       advisor_add('UPDATE t SET a = (SELECT max(id) FROM small) WHERE id = 3', 10) <> 0;
SELECT 'silent with a condition that only a subquery has seen', count(*) = 0 FROM advisor_recommendations WHERE rule = 'dml-without-where' AND 1;
SELECT 'told', advisor_reset() <> '' AND advisor_add('UPDATE t SET a = (SELECT a FROM small WHERE small.id = t.id)', 1) <> 0;
SELECT 'the WHERE of a subquery is none; once may be a migration', count(*) = 1 AND min(severity) = 'medium' FROM advisor_recommendations WHERE rule = 'dml-without-where' AND 1;
SELECT 'it ran', state = 'ran' FROM advisor_coverage WHERE rule = 'dml-without-where';
