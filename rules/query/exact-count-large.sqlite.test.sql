-- Counting all rows of a large table again and again is reported; conditions and small tables are not.
CREATE TABLE t(id INTEGER PRIMARY KEY, a INT, name TEXT);
CREATE TABLE small(id INTEGER PRIMARY KEY);
WITH RECURSIVE s(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM s WHERE i < 3000) INSERT INTO t SELECT i, i % 7, 'n' || i FROM s;
SELECT 'chosen', advisor_set_rule('exact-count-large', NULL, NULL, '{"min_rows": 3000}') <> '';
SELECT 'told', advisor_reset() <> '' AND
       advisor_add('SELECT count(*) FROM t', 10) <> 0;
SELECT 'fires', count(*) = 1 AND min(object) = 'main.t' FROM advisor_recommendations WHERE rule = 'exact-count-large' AND 1;
SELECT 'the fix', advisor_reset() <> '' AND
       advisor_add('SELECT max(id) FROM t', 10) <> 0;
SELECT 'gone with the fix', count(*) = 0 FROM advisor_recommendations WHERE rule = 'exact-count-large' AND 1;
SELECT 'near miss', advisor_reset() <> '' AND
       advisor_add('SELECT count(*) FROM t WHERE a = 5', 10) <> 0;
SELECT 'silent with a condition', count(*) = 0 FROM advisor_recommendations WHERE rule = 'exact-count-large' AND 1;
SELECT 'near miss', advisor_reset() <> '' AND
       advisor_add('SELECT count(*) FROM small', 10) <> 0;
SELECT 'silent on a small table', count(*) = 0 FROM advisor_recommendations WHERE rule = 'exact-count-large' AND 1;
SELECT 'near miss', advisor_reset() <> '' AND
       advisor_add('SELECT count(*) FROM t GROUP BY a', 10) <> 0;
SELECT 'silent with groups', count(*) = 0 FROM advisor_recommendations WHERE rule = 'exact-count-large' AND 1;
SELECT 'near miss', advisor_reset() <> '' AND
       advisor_add('SELECT id FROM t WHERE id = 1 -- SELECT count(*) FROM t', 10) <> 0;
SELECT 'silent in a comment', count(*) = 0 FROM advisor_recommendations WHERE rule = 'exact-count-large' AND 1;
SELECT 'told', advisor_reset() <> '' AND advisor_add('SELECT count(*) FROM t', 10) <> 0;
.once fix.sql
SELECT substr(value, 4) FROM advisor_recommendations, json_each('["' || replace(fix, char(10), '","') || '"]') WHERE rule = 'exact-count-large' AND value LIKE '%;';
.read fix.sql
INSERT INTO t(a) VALUES(1), (2);
DELETE FROM t WHERE id = 7;
SELECT 'the counter of the fix is right', n = 3001 AND n = (SELECT count(*) FROM t) FROM t_count;
SELECT 'it ran', state = 'ran' FROM advisor_coverage WHERE rule = 'exact-count-large';
