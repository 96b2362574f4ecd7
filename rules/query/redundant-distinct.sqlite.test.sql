-- DISTINCT beside a key is reported; other columns, and keys of one table of two, are not.
CREATE TABLE a(id INTEGER PRIMARY KEY, b_id INT, x INT);
CREATE TABLE b(id INTEGER PRIMARY KEY, x INT, name TEXT);
CREATE TABLE setting(id INTEGER PRIMARY KEY, rate INT);
INSERT INTO setting VALUES(1, 5);
CREATE VIEW v AS SELECT id FROM b;
CREATE TABLE k(a INT, b INT, c INT, PRIMARY KEY(a, b)) WITHOUT ROWID;
CREATE TABLE n(code TEXT UNIQUE, x INT);
SELECT 'told', advisor_reset() <> '' AND
       advisor_add('SELECT DISTINCT id, x FROM a', 10) <> 0 AND
       advisor_add('SELECT DISTINCT b, c, a FROM k', 10) <> 0 AND
       advisor_add('SELECT DISTINCT a.id, b.name FROM a JOIN b ON b.id = a.b_id', 10) <> 0;
SELECT 'fires', count(*) = 3 FROM advisor_recommendations WHERE rule = 'redundant-distinct' AND 1;
SELECT 'the fix', advisor_reset() <> '' AND
       advisor_add('SELECT id, x FROM a', 10) <> 0 AND
       advisor_add('SELECT b, c, a FROM k', 10) <> 0 AND
       advisor_add('SELECT a.id, b.name FROM a JOIN b ON b.id = a.b_id', 10) <> 0;
SELECT 'gone with the fix', count(*) = 0 FROM advisor_recommendations WHERE rule = 'redundant-distinct' AND 1;
SELECT 'near miss', advisor_reset() <> '' AND
       advisor_add('SELECT DISTINCT x FROM a', 10) <> 0;
SELECT 'silent with other columns', count(*) = 0 FROM advisor_recommendations WHERE rule = 'redundant-distinct' AND 1;
SELECT 'near miss', advisor_reset() <> '' AND
       advisor_add('SELECT DISTINCT a, c FROM k', 10) <> 0;
SELECT 'silent with a part of a key', count(*) = 0 FROM advisor_recommendations WHERE rule = 'redundant-distinct' AND 1;
SELECT 'near miss', advisor_reset() <> '' AND
       advisor_add('SELECT DISTINCT b.id FROM a JOIN b ON b.id = a.b_id', 10) <> 0;
SELECT 'silent with a key of one side', count(*) = 0 FROM advisor_recommendations WHERE rule = 'redundant-distinct' AND 1;
SELECT 'near miss', advisor_reset() <> '' AND
       advisor_add('SELECT DISTINCT code, x FROM n', 10) <> 0;
SELECT 'silent where a key may be NULL', count(*) = 0 FROM advisor_recommendations WHERE rule = 'redundant-distinct' AND 1;
SELECT 'near miss', advisor_reset() <> '' AND
       advisor_add('SELECT DISTINCT id / 2 FROM a', 10) <> 0;
SELECT 'silent with an expression', count(*) = 0 FROM advisor_recommendations WHERE rule = 'redundant-distinct' AND 1;
SELECT 'near miss', advisor_reset() <> '' AND
       advisor_add('SELECT count(DISTINCT id) FROM a', 10) <> 0;
SELECT 'silent in an aggregate', count(*) = 0 FROM advisor_recommendations WHERE rule = 'redundant-distinct' AND 1;
SELECT 'it ran', state = 'ran' FROM advisor_coverage WHERE rule = 'redundant-distinct';
