-- All rows of a large table asked for again and again are reported; conditions, aggregates and LIMIT are not.
CREATE TABLE t(id INTEGER PRIMARY KEY, a INT, name TEXT);
CREATE TABLE small(id INTEGER PRIMARY KEY);
CREATE TABLE copy(id INTEGER PRIMARY KEY, a INT, name TEXT);
WITH RECURSIVE s(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM s WHERE i < 3000) INSERT INTO t SELECT i, i % 7, 'n' || i FROM s;
SELECT 'chosen', advisor_set_rule('select-without-where', NULL, NULL, '{"min_rows": 3000}') <> '';
SELECT 'told', advisor_reset() <> '' AND
       advisor_add('SELECT id, name FROM t ORDER BY name', 10) <> 0;
SELECT 'fires', count(*) = 1 AND min(object) = 'main.t' AND min(json_extract(evidence, '$.rows')) = 3000 FROM advisor_recommendations WHERE rule = 'select-without-where' AND 1;
SELECT 'the fix', advisor_reset() <> '' AND
       advisor_add('SELECT id, name FROM t WHERE id > ? ORDER BY id LIMIT 50', 10) <> 0;
SELECT 'gone with the fix', count(*) = 0 FROM advisor_recommendations WHERE rule = 'select-without-where' AND 1;
SELECT 'near miss', advisor_reset() <> '' AND
       advisor_add('SELECT id FROM t WHERE a = 5', 10) <> 0;
SELECT 'silent with a condition', count(*) = 0 FROM advisor_recommendations WHERE rule = 'select-without-where' AND 1;
SELECT 'near miss', advisor_reset() <> '' AND
       advisor_add('SELECT count(*), max(a) FROM t', 10) <> 0;
SELECT 'silent with an aggregate', count(*) = 0 FROM advisor_recommendations WHERE rule = 'select-without-where' AND 1;
SELECT 'near miss', advisor_reset() <> '' AND
       advisor_add('SELECT DISTINCT a FROM t', 10) <> 0;
SELECT 'silent with DISTINCT', count(*) = 0 FROM advisor_recommendations WHERE rule = 'select-without-where' AND 1;
SELECT 'near miss', advisor_reset() <> '' AND
       advisor_add('SELECT * FROM small', 10) <> 0;
SELECT 'silent on a small table', count(*) = 0 FROM advisor_recommendations WHERE rule = 'select-without-where' AND 1;
SELECT 'near miss', advisor_reset() <> '' AND
       advisor_add('INSERT INTO copy SELECT * FROM t', 10) <> 0;
SELECT 'silent where rows are copied', count(*) = 0 FROM advisor_recommendations WHERE rule = 'select-without-where' AND 1;
SELECT 'near miss', advisor_reset() <> '' AND
       advisor_add('SELECT id FROM small WHERE id IN (SELECT id FROM t)', 10) <> 0;
SELECT 'silent as a part', count(*) = 0 FROM advisor_recommendations WHERE rule = 'select-without-where' AND 1;
SELECT 'near miss', advisor_reset() <> '' AND
       advisor_add('SELECT id FROM t WHERE name = ''SELECT * FROM t'' /* SELECT * FROM t */', 10) <> 0;
SELECT 'silent in comments and strings', count(*) = 0 FROM advisor_recommendations WHERE rule = 'select-without-where' AND 1;
SELECT 'it ran', state = 'ran' FROM advisor_coverage WHERE rule = 'select-without-where';
