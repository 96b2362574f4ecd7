-- A column that no group has one of is reported; keys, equalities, min() and max(), and grouped expressions are not.
CREATE TABLE a(id INTEGER PRIMARY KEY, b_id INT, x INT);
CREATE TABLE b(id INTEGER PRIMARY KEY, x INT, name TEXT);
CREATE TABLE setting(id INTEGER PRIMARY KEY, rate INT);
INSERT INTO setting VALUES(1, 5);
CREATE VIEW v AS SELECT id FROM b;
CREATE TABLE k(code TEXT PRIMARY KEY, name TEXT, kind INT);
SELECT 'told', advisor_reset() <> '' AND
       advisor_add('SELECT b_id, x, count(*) FROM a GROUP BY b_id', 10) <> 0 AND
       advisor_add('SELECT name, count(*) FROM b', 10) <> 0;
SELECT 'fires', count(*) = 2 AND group_concat(DISTINCT json_extract(evidence, '$.column')) IN ('x,name', 'name,x') FROM advisor_recommendations WHERE rule = 'group-by-bare-column' AND 1;
SELECT 'the fix', advisor_reset() <> '' AND
       advisor_add('SELECT b_id, x, count(*) FROM a GROUP BY b_id, x', 10) <> 0 AND
       advisor_add('SELECT name, count(*) FROM b GROUP BY name', 10) <> 0;
SELECT 'gone with the fix', count(*) = 0 FROM advisor_recommendations WHERE rule = 'group-by-bare-column' AND 1;
SELECT 'near miss', advisor_reset() <> '' AND
       advisor_add('SELECT b.id, b.name, count(*) FROM b JOIN a ON a.b_id = b.id GROUP BY b.id', 10) <> 0;
SELECT 'silent by a key', count(*) = 0 FROM advisor_recommendations WHERE rule = 'group-by-bare-column' AND 1;
SELECT 'near miss', advisor_reset() <> '' AND
       advisor_add('SELECT b.name, count(*) FROM a JOIN b ON a.b_id = b.id GROUP BY a.b_id', 10) <> 0;
SELECT 'silent by what equals a key', count(*) = 0 FROM advisor_recommendations WHERE rule = 'group-by-bare-column' AND 1;
SELECT 'near miss', advisor_reset() <> '' AND
       advisor_add('SELECT code, name, count(*) FROM k GROUP BY code', 10) <> 0;
SELECT 'silent by a text key', count(*) = 0 FROM advisor_recommendations WHERE rule = 'group-by-bare-column' AND 1;
SELECT 'near miss', advisor_reset() <> '' AND
       advisor_add('SELECT b_id, x, max(id) FROM a GROUP BY b_id', 10) <> 0;
SELECT 'silent beside max()', count(*) = 0 FROM advisor_recommendations WHERE rule = 'group-by-bare-column' AND 1;
SELECT 'near miss', advisor_reset() <> '' AND
       advisor_add('SELECT x % 5, count(*) FROM a GROUP BY x % 5', 10) <> 0;
SELECT 'silent with an expression', count(*) = 0 FROM advisor_recommendations WHERE rule = 'group-by-bare-column' AND 1;
SELECT 'near miss', advisor_reset() <> '' AND
       advisor_add('SELECT x + 1 AS y, count(*) FROM a GROUP BY y', 10) <> 0;
SELECT 'silent with an alias', count(*) = 0 FROM advisor_recommendations WHERE rule = 'group-by-bare-column' AND 1;
SELECT 'near miss', advisor_reset() <> '' AND
       advisor_add('SELECT x / 2, count(*) FROM a GROUP BY 1', 10) <> 0;
SELECT 'silent with a place', count(*) = 0 FROM advisor_recommendations WHERE rule = 'group-by-bare-column' AND 1;
SELECT 'near miss', advisor_reset() <> '' AND
       advisor_add('SELECT b_id, x, count(*) FROM a WHERE x = 5 GROUP BY b_id', 10) <> 0;
SELECT 'silent with a constant column', count(*) = 0 FROM advisor_recommendations WHERE rule = 'group-by-bare-column' AND 1;
SELECT 'near miss', advisor_reset() <> '' AND
       advisor_add('SELECT b_id, count(*) OVER (ORDER BY x) FROM a', 10) <> 0;
SELECT 'silent with window functions', count(*) = 0 FROM advisor_recommendations WHERE rule = 'group-by-bare-column' AND 1;
SELECT 'near miss', advisor_reset() <> '' AND
       advisor_add('SELECT b_id, group_concat(x) FROM a GROUP BY b_id', 10) <> 0;
SELECT 'silent with group_concat', count(*) = 0 FROM advisor_recommendations WHERE rule = 'group-by-bare-column' AND 1;
SELECT 'near miss', advisor_reset() <> '' AND
       advisor_add('SELECT b_id, (SELECT name FROM b WHERE b.id = a.b_id), count(*) FROM a GROUP BY b_id', 10) <> 0;
SELECT 'silent with a subquery', count(*) = 0 FROM advisor_recommendations WHERE rule = 'group-by-bare-column' AND 1;
SELECT 'near miss', advisor_reset() <> '' AND
       advisor_add('SELECT b_id, x FROM a', 10) <> 0;
SELECT 'silent without groups', count(*) = 0 FROM advisor_recommendations WHERE rule = 'group-by-bare-column' AND 1;
SELECT 'it ran', state = 'ran' FROM advisor_coverage WHERE rule = 'group-by-bare-column';
