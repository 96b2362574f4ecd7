-- ORDER BY a text or a parameter is reported; columns, places and expressions are not.
CREATE TABLE a(id INTEGER PRIMARY KEY, b_id INT, x INT);
CREATE TABLE b(id INTEGER PRIMARY KEY, x INT, name TEXT);
CREATE TABLE setting(id INTEGER PRIMARY KEY, rate INT);
INSERT INTO setting VALUES(1, 5);
CREATE VIEW v AS SELECT id FROM b;
SELECT 'told', advisor_reset() <> '' AND
       advisor_add('SELECT id FROM a ORDER BY ?1', 10) <> 0 AND
       advisor_add('SELECT id FROM a WHERE x = 5 ORDER BY ''x'' DESC', 10) <> 0 AND
       advisor_add('SELECT 1 UNION SELECT 2 ORDER BY 1', 10) <> 0 AND
       advisor_add('SELECT 1 ORDER BY ''x''', 10) <> 0;
SELECT 'fires', count(*) = 3 AND min(severity) = 'medium' FROM advisor_recommendations WHERE rule = 'order-by-constant' AND 1;
SELECT 'the fix', advisor_reset() <> '' AND
       advisor_add('SELECT id FROM a ORDER BY x', 10) <> 0 AND
       advisor_add('SELECT id FROM a WHERE x = 5 ORDER BY x DESC', 10) <> 0;
SELECT 'gone with the fix', count(*) = 0 FROM advisor_recommendations WHERE rule = 'order-by-constant' AND 1;
SELECT 'near miss', advisor_reset() <> '' AND
       advisor_add('SELECT id, x FROM a ORDER BY 2', 10) <> 0;
SELECT 'silent with a place', count(*) = 0 FROM advisor_recommendations WHERE rule = 'order-by-constant' AND 1;
SELECT 'near miss', advisor_reset() <> '' AND
       advisor_add('SELECT id FROM a ORDER BY "x"', 10) <> 0;
SELECT 'silent with a quoted name', count(*) = 0 FROM advisor_recommendations WHERE rule = 'order-by-constant' AND 1;
SELECT 'near miss', advisor_reset() <> '' AND
       advisor_add('SELECT id FROM a ORDER BY CASE ? WHEN 1 THEN x ELSE id END', 10) <> 0;
SELECT 'silent with CASE', count(*) = 0 FROM advisor_recommendations WHERE rule = 'order-by-constant' AND 1;
SELECT 'near miss', advisor_reset() <> '' AND
       advisor_add('SELECT id FROM b ORDER BY name || ''x''', 10) <> 0;
SELECT 'silent with an expression', count(*) = 0 FROM advisor_recommendations WHERE rule = 'order-by-constant' AND 1;
SELECT 'near miss', advisor_reset() <> '' AND
       advisor_add('SELECT id FROM b ORDER BY name COLLATE NOCASE', 10) <> 0;
SELECT 'silent with a collation', count(*) = 0 FROM advisor_recommendations WHERE rule = 'order-by-constant' AND 1;
SELECT 'it ran', state = 'ran' FROM advisor_coverage WHERE rule = 'order-by-constant';
