-- Blobs or many columns in a table WITHOUT ROWID are reported; narrow ones and small tables are not.
CREATE TABLE t(code TEXT PRIMARY KEY, picture BLOB) WITHOUT ROWID;
CREATE TABLE narrow(code TEXT PRIMARY KEY, a INT) WITHOUT ROWID;
CREATE TABLE small(code TEXT PRIMARY KEY, picture BLOB) WITHOUT ROWID;
WITH RECURSIVE s(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM s WHERE i < 1500) INSERT INTO t SELECT 'c' || i, x'00' FROM s;
INSERT INTO narrow SELECT code, 1 FROM t;
INSERT INTO small SELECT * FROM t LIMIT 10;
SELECT 'fires', count(*) = 1 AND min(object) = 'main.t' FROM advisor_recommendations WHERE rule = 'sqlite-without-rowid-wide' AND 1;
CREATE TEMP TABLE undo AS SELECT id, rollback FROM advisor_recommendations WHERE rule = 'sqlite-without-rowid-wide' AND 1;
.once fix.sql
SELECT replace(substr(fix, instr(fix, '-- PRAGMA') + 3), char(10) || '-- ', char(10)) FROM advisor_recommendations WHERE rule = 'sqlite-without-rowid-wide' AND 1;
.read fix.sql
SELECT 'the fix makes it go away', count(*) = 0 FROM advisor_recommendations WHERE rule = 'sqlite-without-rowid-wide' AND 1;
.once rollback.sql
SELECT replace(substr(rollback, instr(rollback, '-- PRAGMA') + 3), char(10) || '-- ', char(10)) FROM undo;
.read rollback.sql
SELECT 'the rollback brings it back', count(*) > 0 AND count(*) = (SELECT count(*) FROM undo) FROM advisor_recommendations WHERE id IN (SELECT id FROM undo);
SELECT 'nothing was lost', count(*) = 1500 FROM t;
SELECT 'it ran', state = 'ran' FROM advisor_coverage WHERE rule = 'sqlite-without-rowid-wide';
