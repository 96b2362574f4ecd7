-- A count that is compared with nothing or one is reported; other comparisons and real counts are not.
CREATE TABLE a(id INTEGER PRIMARY KEY, b_id INT, x INT);
CREATE TABLE b(id INTEGER PRIMARY KEY, x INT, name TEXT);
CREATE TABLE setting(id INTEGER PRIMARY KEY, rate INT);
INSERT INTO setting VALUES(1, 5);
CREATE VIEW v AS SELECT id FROM b;
SELECT 'told', advisor_reset() <> '' AND
       advisor_add('SELECT id FROM a WHERE (SELECT count(*) FROM b WHERE b.id = a.b_id) > 0', 10) <> 0 AND
       advisor_add('SELECT CASE WHEN (SELECT count(1) FROM b WHERE b.x = 7) = 0 THEN ''none'' END FROM setting', 10) <> 0;
SELECT 'fires', count(*) = 2 AND min(object) = 'main.b' FROM advisor_recommendations WHERE rule = 'count-for-existence' AND 1;
SELECT 'the fix', advisor_reset() <> '' AND
       advisor_add('SELECT id FROM a WHERE EXISTS (SELECT 1 FROM b WHERE b.id = a.b_id)', 10) <> 0;
SELECT 'gone with the fix', count(*) = 0 FROM advisor_recommendations WHERE rule = 'count-for-existence' AND 1;
SELECT 'near miss', advisor_reset() <> '' AND
       advisor_add('SELECT id FROM a WHERE (SELECT count(*) FROM b WHERE b.id = a.b_id) > 5', 10) <> 0;
SELECT 'silent with another number', count(*) = 0 FROM advisor_recommendations WHERE rule = 'count-for-existence' AND 1;
SELECT 'near miss', advisor_reset() <> '' AND
       advisor_add('SELECT id FROM a WHERE (SELECT count(*) FROM b WHERE b.id = a.b_id GROUP BY x) > 0', 10) <> 0;
SELECT 'silent with a group', count(*) = 0 FROM advisor_recommendations WHERE rule = 'count-for-existence' AND 1;
SELECT 'near miss', advisor_reset() <> '' AND
       advisor_add('SELECT (SELECT count(*) FROM b WHERE b.id = a.b_id) FROM a', 10) <> 0;
SELECT 'silent as a value', count(*) = 0 FROM advisor_recommendations WHERE rule = 'count-for-existence' AND 1;
SELECT 'near miss', advisor_reset() <> '' AND
       advisor_add('SELECT id FROM a WHERE (SELECT count(*) FROM b WHERE b.id = a.b_id) > 0 + a.x', 10) <> 0;
SELECT 'silent in a sum', count(*) = 0 FROM advisor_recommendations WHERE rule = 'count-for-existence' AND 1;
SELECT 'it ran', state = 'ran' FROM advisor_coverage WHERE rule = 'count-for-existence';
