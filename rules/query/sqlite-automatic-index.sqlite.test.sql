-- An index that is built for each execution is reported with a permanent one as its fix, unless index advice says so.
CREATE TABLE a(x INT, y INT);
CREATE TABLE b(x INT, y INT);
WITH RECURSIVE s(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM s WHERE i < 1200) INSERT INTO a SELECT i, i FROM s;
INSERT INTO b SELECT x, y FROM a;
SELECT 'reset', advisor_reset() <> '';
SELECT sum(b.y) FROM a JOIN b ON b.x = a.x;
SELECT sum(b.y) FROM a JOIN b ON b.x = a.x;
SELECT sum(b.y) FROM a JOIN b ON b.x = a.x;
SELECT sum(b.y) FROM a JOIN b ON b.x = a.x;
SELECT sum(b.y) FROM a JOIN b ON b.x = a.x;
SELECT sum(b.y) FROM a JOIN b ON b.x = a.x;
SELECT 'the counter is there', autoindex_rows > 5000 FROM advisor_statements WHERE query LIKE '%from a join b%';
SELECT 'one of both says so', (SELECT count(*) FROM advisor_recommendation_statements) > 0
    <> (SELECT count(*) FROM advisor_recommendations WHERE rule = 'sqlite-automatic-index');
CREATE TEMP TABLE undo AS SELECT rollback FROM advisor_recommendations WHERE fix LIKE 'CREATE INDEX%';
.once fix.sql
SELECT fix FROM advisor_recommendations WHERE fix LIKE 'CREATE INDEX%';
.read fix.sql
SELECT 'the fix makes it go away', count(*) = 0 FROM advisor_recommendations WHERE rule = 'sqlite-automatic-index' AND 1;
.once rollback.sql
SELECT rollback FROM undo;
.read rollback.sql
SELECT 'the rollback takes it back', count(*) = 0 FROM sqlite_schema WHERE type = 'index';
SELECT 'reset', advisor_reset() <> '';
SELECT a.rowid FROM a JOIN b ON b.rowid = a.rowid WHERE a.rowid = 3;
SELECT a.rowid FROM a JOIN b ON b.rowid = a.rowid WHERE a.rowid = 3;
SELECT a.rowid FROM a JOIN b ON b.rowid = a.rowid WHERE a.rowid = 3;
SELECT a.rowid FROM a JOIN b ON b.rowid = a.rowid WHERE a.rowid = 3;
SELECT a.rowid FROM a JOIN b ON b.rowid = a.rowid WHERE a.rowid = 3;
SELECT a.rowid FROM a JOIN b ON b.rowid = a.rowid WHERE a.rowid = 3;
SELECT 'silent where a key serves', count(*) = 0 FROM advisor_recommendations WHERE rule = 'sqlite-automatic-index' AND 1;
SELECT 'it ran', state = 'ran' FROM advisor_coverage WHERE rule = 'sqlite-automatic-index';
