-- NATURAL JOIN is reported with the columns that it compares; USING, and the word as a name, are not.
CREATE TABLE a(id INTEGER PRIMARY KEY, b_id INT, x INT);
CREATE TABLE b(id INTEGER PRIMARY KEY, x INT, name TEXT);
CREATE TABLE setting(id INTEGER PRIMARY KEY, rate INT);
INSERT INTO setting VALUES(1, 5);
CREATE VIEW v AS SELECT id FROM b;
SELECT 'told', advisor_reset() <> '' AND
       advisor_add('SELECT count(*) FROM a NATURAL JOIN b', 10) <> 0 AND
       advisor_add('SELECT count(*) FROM a NATURAL LEFT JOIN setting AS s', 10) <> 0;
SELECT 'fires', count(*) = 2 AND group_concat(json_extract(evidence, '$.shared'), ';') IN ('id, x;id', 'id;id, x') FROM advisor_recommendations WHERE rule = 'natural-join' AND 1;
SELECT 'the fix', advisor_reset() <> '' AND
       advisor_add('SELECT count(*) FROM a JOIN b USING (id, x)', 10) <> 0;
SELECT 'gone with the fix', count(*) = 0 FROM advisor_recommendations WHERE rule = 'natural-join' AND 1;
SELECT 'near miss', advisor_reset() <> '' AND
       advisor_add('SELECT x AS "natural" FROM a', 10) <> 0;
SELECT 'silent as a quoted name', count(*) = 0 FROM advisor_recommendations WHERE rule = 'natural-join' AND 1;
SELECT 'near miss', advisor_reset() <> '' AND
       advisor_add('SELECT count(*) FROM a /* NATURAL JOIN */ JOIN b USING (id)', 10) <> 0;
SELECT 'silent in a comment', count(*) = 0 FROM advisor_recommendations WHERE rule = 'natural-join' AND 1;
SELECT 'it ran', state = 'ran' FROM advisor_coverage WHERE rule = 'natural-join';
