-- NOT IN over a column that may be NULL is reported; NOT NULL, primary keys and lists are not.
CREATE TABLE a(id INTEGER PRIMARY KEY, x INT);
CREATE TABLE b(id INTEGER PRIMARY KEY, maybe INT, sure INT NOT NULL);
SELECT 'reset', advisor_reset() <> '';
SELECT 'told', advisor_add('SELECT x FROM a WHERE x NOT IN (SELECT maybe FROM b)', 1) <> 0 AND
       advisor_add('SELECT x FROM a WHERE x NOT IN (SELECT sure FROM b)', 1) <> 0 AND
       advisor_add('SELECT x FROM a WHERE x NOT IN (SELECT b.id FROM b)', 1) <> 0 AND advisor_add('SELECT x FROM a WHERE x NOT IN (1, 2)', 1) <> 0;
SELECT 'fires', count(*) = 1 AND min(object) = 'main.b' AND min(severity) = 'high' AND min(title) LIKE '%b.maybe%' FROM advisor_recommendations WHERE rule = 'not-in-nullable' AND 1;
SELECT 'reset', advisor_reset() <> '';
CREATE TABLE d(x INT);
SELECT 'told', advisor_add('SELECT x FROM a WHERE x NOT IN (SELECT x FROM d WHERE x > 5)', 1) <> 0;
SELECT 'the inner column of that name is meant', count(*) = 1 AND min(object) = 'main.d' FROM advisor_recommendations WHERE rule = 'not-in-nullable' AND 1;
SELECT 'the fix', advisor_reset() <> '' AND advisor_add('SELECT x FROM a WHERE NOT EXISTS (SELECT 1 FROM b WHERE b.maybe = a.x)', 1) <> 0;
SELECT 'gone with NOT EXISTS', count(*) = 0 FROM advisor_recommendations WHERE rule = 'not-in-nullable' AND 1;
SELECT 'it ran', state = 'ran' FROM advisor_coverage WHERE rule = 'not-in-nullable';
