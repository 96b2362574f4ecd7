-- A condition in WHERE on the side of a LEFT JOIN is reported; in ON, with IS NULL, OR or coalesce it is not.
CREATE TABLE a(id INTEGER PRIMARY KEY, b_id INT, x INT);
CREATE TABLE b(id INTEGER PRIMARY KEY, x INT, name TEXT);
CREATE TABLE setting(id INTEGER PRIMARY KEY, rate INT);
INSERT INTO setting VALUES(1, 5);
CREATE VIEW v AS SELECT id FROM b;
SELECT 'told', advisor_reset() <> '' AND
       advisor_add('SELECT a.id FROM a LEFT JOIN b ON b.id = a.b_id WHERE b.x = 5 AND a.x > 1', 10) <> 0 AND
       advisor_add('SELECT a.id FROM a LEFT JOIN b AS p ON p.id = a.b_id WHERE p.name IS NOT NULL', 10) <> 0;
SELECT 'fires', count(*) = 2 AND min(object) = 'main.b' AND min(json_extract(evidence, '$.condition')) = 'b.x = 5' FROM advisor_recommendations WHERE rule = 'outer-join-defeated' AND 1;
SELECT 'the fix', advisor_reset() <> '' AND
       advisor_add('SELECT a.id FROM a LEFT JOIN b ON b.id = a.b_id AND b.x = 5 WHERE a.x > 1', 10) <> 0 AND
       advisor_add('SELECT a.id FROM a JOIN b AS p ON p.id = a.b_id WHERE p.name IS NOT NULL', 10) <> 0;
SELECT 'gone with the fix', count(*) = 0 FROM advisor_recommendations WHERE rule = 'outer-join-defeated' AND 1;
SELECT 'near miss', advisor_reset() <> '' AND
       advisor_add('SELECT a.id FROM a LEFT JOIN b ON b.id = a.b_id WHERE b.id IS NULL', 10) <> 0;
SELECT 'silent with IS NULL', count(*) = 0 FROM advisor_recommendations WHERE rule = 'outer-join-defeated' AND 1;
SELECT 'near miss', advisor_reset() <> '' AND
       advisor_add('SELECT a.id FROM a LEFT JOIN b ON b.id = a.b_id WHERE b.x = 5 OR b.id IS NULL', 10) <> 0;
SELECT 'silent with OR', count(*) = 0 FROM advisor_recommendations WHERE rule = 'outer-join-defeated' AND 1;
SELECT 'near miss', advisor_reset() <> '' AND
       advisor_add('SELECT a.id FROM a LEFT JOIN b ON b.id = a.b_id WHERE coalesce(b.x, 0) = 0', 10) <> 0;
SELECT 'silent with coalesce', count(*) = 0 FROM advisor_recommendations WHERE rule = 'outer-join-defeated' AND 1;
SELECT 'near miss', advisor_reset() <> '' AND
       advisor_add('SELECT a.id FROM a LEFT JOIN b ON b.id = a.b_id WHERE a.x = 5', 10) <> 0;
SELECT 'silent on the left side', count(*) = 0 FROM advisor_recommendations WHERE rule = 'outer-join-defeated' AND 1;
SELECT 'near miss', advisor_reset() <> '' AND
       advisor_add('SELECT a.id FROM a LEFT JOIN b ON b.id = a.b_id WHERE b.x IS a.x', 10) <> 0;
SELECT 'silent with IS', count(*) = 0 FROM advisor_recommendations WHERE rule = 'outer-join-defeated' AND 1;
SELECT 'near miss', advisor_reset() <> '' AND
       advisor_add('SELECT a.id FROM a LEFT JOIN b ON b.id = a.b_id WHERE b.x = CASE WHEN b.id IS NULL THEN 1 END OR a.x = 1', 10) <> 0;
SELECT 'silent with CASE', count(*) = 0 FROM advisor_recommendations WHERE rule = 'outer-join-defeated' AND 1;
SELECT 'near miss', advisor_reset() <> '' AND
       advisor_add('SELECT a.id, count(b.id) FROM a LEFT JOIN b ON b.id = a.b_id GROUP BY a.id HAVING count(b.id) > 1', 10) <> 0;
SELECT 'silent in HAVING', count(*) = 0 FROM advisor_recommendations WHERE rule = 'outer-join-defeated' AND 1;
SELECT 'it ran', state = 'ran' FROM advisor_coverage WHERE rule = 'outer-join-defeated';
