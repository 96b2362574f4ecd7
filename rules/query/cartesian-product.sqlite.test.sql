-- Two large tables without a condition between them are reported; conditions of any kind, CROSS JOIN and single rows are not.
CREATE TABLE a(id INTEGER PRIMARY KEY, b_id INT, x INT);
CREATE TABLE b(id INTEGER PRIMARY KEY, x INT, name TEXT);
CREATE TABLE setting(id INTEGER PRIMARY KEY, rate INT);
INSERT INTO setting VALUES(1, 5);
CREATE VIEW v AS SELECT id FROM b;
WITH RECURSIVE s(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM s WHERE i < 400) INSERT INTO a SELECT i, i, i FROM s;
WITH RECURSIVE s(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM s WHERE i < 400) INSERT INTO b SELECT i, i, 'n' || i FROM s;
SELECT 'told', advisor_reset() <> '' AND
       advisor_add('SELECT count(*) FROM a JOIN b WHERE a.x > 5 AND b.name > ''n''', 10) <> 0;
SELECT 'fires', count(*) = 1 AND min(object) = 'main.b' AND min(json_extract(evidence, '$.combinations')) = 160000 AND min(json_extract(evidence, '$.other_table')) = 'main.a' FROM advisor_recommendations WHERE rule = 'cartesian-product' AND 1;
SELECT 'the fix', advisor_reset() <> '' AND
       advisor_add('SELECT count(*) FROM a JOIN b ON b.id = a.b_id WHERE a.x > 5 AND b.name > ''n''', 10) <> 0;
SELECT 'gone with the fix', count(*) = 0 FROM advisor_recommendations WHERE rule = 'cartesian-product' AND 1;
SELECT 'near miss', advisor_reset() <> '' AND
       advisor_add('SELECT count(*) FROM a, b WHERE a.b_id = b.id', 10) <> 0;
SELECT 'silent with a condition', count(*) = 0 FROM advisor_recommendations WHERE rule = 'cartesian-product' AND 1;
SELECT 'near miss', advisor_reset() <> '' AND
       advisor_add('SELECT count(*) FROM a CROSS JOIN b', 10) <> 0;
SELECT 'silent with CROSS JOIN', count(*) = 0 FROM advisor_recommendations WHERE rule = 'cartesian-product' AND 1;
SELECT 'near miss', advisor_reset() <> '' AND
       advisor_add('SELECT count(*) FROM a JOIN b USING (id)', 10) <> 0;
SELECT 'silent with USING', count(*) = 0 FROM advisor_recommendations WHERE rule = 'cartesian-product' AND 1;
SELECT 'near miss', advisor_reset() <> '' AND
       advisor_add('SELECT count(*) FROM a NATURAL JOIN b', 10) <> 0;
SELECT 'silent with NATURAL', count(*) = 0 FROM advisor_recommendations WHERE rule = 'cartesian-product' AND 1;
SELECT 'near miss', advisor_reset() <> '' AND
       advisor_add('SELECT count(*) FROM a JOIN b ON a.x < b.x + 1', 10) <> 0;
SELECT 'silent with another comparison', count(*) = 0 FROM advisor_recommendations WHERE rule = 'cartesian-product' AND 1;
SELECT 'near miss', advisor_reset() <> '' AND
       advisor_add('SELECT count(*) FROM a, b WHERE max(a.x, b.x) = 5', 10) <> 0;
SELECT 'silent with a function of both', count(*) = 0 FROM advisor_recommendations WHERE rule = 'cartesian-product' AND 1;
SELECT 'near miss', advisor_reset() <> '' AND
       advisor_add('SELECT count(*) FROM a, b WHERE b.id = 5', 10) <> 0;
SELECT 'silent where one is narrowed to a row', count(*) = 0 FROM advisor_recommendations WHERE rule = 'cartesian-product' AND 1;
SELECT 'near miss', advisor_reset() <> '' AND
       advisor_add('SELECT count(*) FROM a, json_each(''[1]'')', 10) <> 0;
SELECT 'silent with a table function', count(*) = 0 FROM advisor_recommendations WHERE rule = 'cartesian-product' AND 1;
SELECT 'near miss', advisor_reset() <> '' AND
       advisor_add('SELECT count(*) FROM a, b WHERE a.x IN (SELECT rate FROM setting WHERE setting.id = b.id)', 10) <> 0;
SELECT 'silent with a subquery', count(*) = 0 FROM advisor_recommendations WHERE rule = 'cartesian-product' AND 1;
SELECT 'near miss', advisor_reset() <> '' AND
       advisor_add('WITH b AS (SELECT 1 AS one) SELECT count(*) FROM a, b', 10) <> 0;
SELECT 'silent with a query of its own', count(*) = 0 FROM advisor_recommendations WHERE rule = 'cartesian-product' AND 1;
SELECT 'near miss', advisor_reset() <> '' AND
       advisor_add('SELECT count(*) FROM a, v', 10) <> 0;
SELECT 'silent with a view', count(*) = 0 FROM advisor_recommendations WHERE rule = 'cartesian-product' AND 1;
SELECT 'near miss', advisor_reset() <> '' AND
       advisor_add('SELECT count(*) FROM a JOIN setting AS s JOIN b ON b.id = a.b_id AND s.rate = a.x', 10) <> 0;
SELECT 'silent with a condition at another place', count(*) = 0 FROM advisor_recommendations WHERE rule = 'cartesian-product' AND 1;
SELECT 'it ran', state = 'ran' FROM advisor_coverage WHERE rule = 'cartesian-product';
