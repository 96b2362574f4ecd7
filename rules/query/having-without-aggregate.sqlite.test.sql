-- HAVING on grouped columns alone is reported; aggregates, their aliases and other columns are not.
CREATE TABLE a(id INTEGER PRIMARY KEY, b_id INT, x INT);
CREATE TABLE b(id INTEGER PRIMARY KEY, x INT, name TEXT);
CREATE TABLE setting(id INTEGER PRIMARY KEY, rate INT);
INSERT INTO setting VALUES(1, 5);
CREATE VIEW v AS SELECT id FROM b;
SELECT 'told', advisor_reset() <> '' AND
       advisor_add('SELECT x, count(*) FROM a GROUP BY x HAVING x > 5 AND a.x < 9', 10) <> 0;
SELECT 'fires', count(*) = 1 AND min(json_extract(evidence, '$.condition')) = 'x > 5 AND a.x < 9' FROM advisor_recommendations WHERE rule = 'having-without-aggregate' AND 1;
SELECT 'the fix', advisor_reset() <> '' AND
       advisor_add('SELECT x, count(*) FROM a WHERE x > 5 AND x < 9 GROUP BY x', 10) <> 0;
SELECT 'gone with the fix', count(*) = 0 FROM advisor_recommendations WHERE rule = 'having-without-aggregate' AND 1;
SELECT 'near miss', advisor_reset() <> '' AND
       advisor_add('SELECT x, count(*) FROM a GROUP BY x HAVING count(*) > 5', 10) <> 0;
SELECT 'silent with an aggregate', count(*) = 0 FROM advisor_recommendations WHERE rule = 'having-without-aggregate' AND 1;
SELECT 'near miss', advisor_reset() <> '' AND
       advisor_add('SELECT x, count(*) AS n FROM a GROUP BY x HAVING n > 5', 10) <> 0;
SELECT 'silent with the alias of one', count(*) = 0 FROM advisor_recommendations WHERE rule = 'having-without-aggregate' AND 1;
SELECT 'near miss', advisor_reset() <> '' AND
       advisor_add('SELECT x, max(id) FROM a GROUP BY x HAVING b_id > 5', 10) <> 0;
SELECT 'silent with a column that is not grouped', count(*) = 0 FROM advisor_recommendations WHERE rule = 'having-without-aggregate' AND 1;
SELECT 'near miss', advisor_reset() <> '' AND
       advisor_add('SELECT x FROM a GROUP BY x HAVING median(x) > 5', 10) <> 0;
SELECT 'silent with a function that may be an aggregate', count(*) = 0 FROM advisor_recommendations WHERE rule = 'having-without-aggregate' AND 1;
SELECT 'near miss', advisor_reset() <> '' AND
       advisor_add('SELECT x, count(*) FROM a GROUP BY x HAVING x IN (SELECT rate FROM setting)', 10) <> 0;
SELECT 'silent with a subquery', count(*) = 0 FROM advisor_recommendations WHERE rule = 'having-without-aggregate' AND 1;
SELECT 'it ran', state = 'ran' FROM advisor_coverage WHERE rule = 'having-without-aggregate';
