-- A key that accepts NULL is reported; NOT NULL, STRICT, WITHOUT ROWID and INTEGER ones are not.
CREATE TABLE t(code TEXT PRIMARY KEY, a INT);
CREATE TABLE pair(a TEXT NOT NULL, b TEXT, PRIMARY KEY(a, b));
CREATE TABLE sound(code TEXT NOT NULL PRIMARY KEY, a INT);
CREATE TABLE strict_one(code TEXT PRIMARY KEY, a INT) STRICT;
CREATE TABLE bare(code TEXT PRIMARY KEY, a INT) WITHOUT ROWID;
CREATE TABLE number(id INTEGER PRIMARY KEY, a INT);
INSERT INTO t VALUES('x', 1);
SELECT 'fires', group_concat(object) LIKE 'main.pair,main.t%' FROM (SELECT object FROM advisor_recommendations WHERE rule = 'sqlite-nullable-primary-key' AND 1 ORDER BY object);
CREATE TEMP TABLE undo AS SELECT id, rollback FROM advisor_recommendations WHERE rule = 'sqlite-nullable-primary-key' AND 1;
.once fix.sql
SELECT replace(substr(fix, instr(fix, '-- PRAGMA') + 3), char(10) || '-- ', char(10)) FROM advisor_recommendations WHERE rule = 'sqlite-nullable-primary-key' AND 1;
.read fix.sql
SELECT 'the fix makes it go away', count(*) = 0 FROM advisor_recommendations WHERE rule = 'sqlite-nullable-primary-key' AND 1;
.once rollback.sql
SELECT replace(substr(rollback, instr(rollback, '-- PRAGMA') + 3), char(10) || '-- ', char(10)) FROM undo;
.read rollback.sql
SELECT 'the rollback brings it back', count(*) > 0 AND count(*) = (SELECT count(*) FROM undo) FROM advisor_recommendations WHERE id IN (SELECT id FROM undo);
SELECT 'nothing was lost', count(*) = 1 FROM t;
SELECT 'it ran', state = 'ran' FROM advisor_coverage WHERE rule = 'sqlite-nullable-primary-key';
