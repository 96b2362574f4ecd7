-- A column that is assigned twice is reported, in UPDATE, INSERT and UPSERT; different columns are not.
CREATE TABLE a(id INTEGER PRIMARY KEY, b_id INT, x INT);
CREATE TABLE b(id INTEGER PRIMARY KEY, x INT, name TEXT);
CREATE TABLE setting(id INTEGER PRIMARY KEY, rate INT);
INSERT INTO setting VALUES(1, 5);
CREATE VIEW v AS SELECT id FROM b;
SELECT 'told', advisor_reset() <> '' AND
       advisor_add('UPDATE b SET x = 1, name = ''n'', "X" = 2 WHERE id = 1', 10) <> 0 AND
       advisor_add('INSERT INTO b(id, x, x) VALUES(1, 2, 3)', 10) <> 0 AND
       advisor_add('INSERT INTO b(id) VALUES(1) ON CONFLICT(id) DO UPDATE SET x = 1, x = 2', 10) <> 0;
SELECT 'fires', count(*) = 3 AND min(object) = 'main.b' AND min(json_extract(evidence, '$.column')) = 'x' FROM advisor_recommendations WHERE rule = 'duplicate-column-assignment' AND 1;
SELECT 'the fix', advisor_reset() <> '' AND
       advisor_add('UPDATE b SET x = 1, name = ''n'' WHERE id = 1', 10) <> 0 AND
       advisor_add('INSERT INTO b(id, x) VALUES(1, 2)', 10) <> 0 AND
       advisor_add('INSERT INTO b(id) VALUES(1) ON CONFLICT(id) DO UPDATE SET x = 1', 10) <> 0;
SELECT 'gone with the fix', count(*) = 0 FROM advisor_recommendations WHERE rule = 'duplicate-column-assignment' AND 1;
SELECT 'near miss', advisor_reset() <> '' AND
       advisor_add('UPDATE b SET x = x + x, name = x WHERE x = 5', 10) <> 0;
SELECT 'silent with its own value', count(*) = 0 FROM advisor_recommendations WHERE rule = 'duplicate-column-assignment' AND 1;
SELECT 'near miss', advisor_reset() <> '' AND
       advisor_add('UPDATE b SET (x, name) = (1, 2) WHERE id = 3', 10) <> 0;
SELECT 'silent with a row of values', count(*) = 0 FROM advisor_recommendations WHERE rule = 'duplicate-column-assignment' AND 1;
SELECT 'near miss', advisor_reset() <> '' AND
       advisor_add('UPDATE b SET x = (SELECT max(x, x) FROM a), name = ''x, x'' WHERE id = 3', 10) <> 0;
SELECT 'silent in a subquery', count(*) = 0 FROM advisor_recommendations WHERE rule = 'duplicate-column-assignment' AND 1;
SELECT 'near miss', advisor_reset() <> '' AND
       advisor_add('INSERT INTO b(id, x) VALUES(1, 2) ON CONFLICT(id) DO UPDATE SET x = 3 ON CONFLICT DO UPDATE SET x = 4', 10) <> 0;
SELECT 'silent in two upsert clauses', count(*) = 0 FROM advisor_recommendations WHERE rule = 'duplicate-column-assignment' AND 1;
INSERT INTO b(id, x, x) VALUES(1, 2, 3);
SELECT 'of an INSERT the first value is kept', x = 2 FROM b WHERE id = 1;
UPDATE b SET x = 7, x = 8;
SELECT 'of an UPDATE the last', x = 8 FROM b WHERE id = 1;
SELECT 'it ran', state = 'ran' FROM advisor_coverage WHERE rule = 'duplicate-column-assignment';
