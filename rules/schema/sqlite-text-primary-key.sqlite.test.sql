-- A narrow table with a text key and no other index is reported; wide, long, small and WITHOUT ROWID ones are not.
CREATE TABLE t(code TEXT PRIMARY KEY, a INT);
CREATE TABLE strict_one(code TEXT PRIMARY KEY, a INT) STRICT;
CREATE TABLE done(code TEXT PRIMARY KEY, a INT) WITHOUT ROWID;
CREATE TABLE wide(code TEXT PRIMARY KEY, a, b, c, d, e, f);
CREATE TABLE long(code TEXT PRIMARY KEY, note TEXT);
CREATE TABLE other(code TEXT PRIMARY KEY, a INT UNIQUE);
CREATE TABLE small(code TEXT PRIMARY KEY, a INT);
WITH RECURSIVE s(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM s WHERE i < 1500) INSERT INTO t SELECT 'c' || i, i FROM s;
INSERT INTO strict_one SELECT * FROM t; INSERT INTO done SELECT * FROM t; INSERT INTO other SELECT * FROM t; INSERT INTO wide(code) SELECT code FROM t;
INSERT INTO long SELECT code, printf('%300s', a) FROM t;
INSERT INTO small SELECT * FROM t LIMIT 10;
SELECT 'fires', group_concat(object) = 'main.strict_one,main.t' FROM (SELECT object FROM advisor_recommendations WHERE rule = 'sqlite-text-primary-key' AND 1 ORDER BY object);
CREATE TEMP TABLE undo AS SELECT id, rollback FROM advisor_recommendations WHERE rule = 'sqlite-text-primary-key' AND 1;
.once fix.sql
SELECT replace(substr(fix, instr(fix, '-- PRAGMA') + 3), char(10) || '-- ', char(10)) FROM advisor_recommendations WHERE rule = 'sqlite-text-primary-key' AND 1;
.read fix.sql
SELECT 'the fix makes it go away', count(*) = 0 FROM advisor_recommendations WHERE rule = 'sqlite-text-primary-key' AND 1;
.once rollback.sql
SELECT replace(substr(rollback, instr(rollback, '-- PRAGMA') + 3), char(10) || '-- ', char(10)) FROM undo;
.read rollback.sql
SELECT 'the rollback brings it back', count(*) > 0 AND count(*) = (SELECT count(*) FROM undo) FROM advisor_recommendations WHERE id IN (SELECT id FROM undo);
SELECT 'nothing was lost', (SELECT count(*) FROM t) = 1500 AND (SELECT count(*) FROM strict_one) = 1500;
SELECT 'it ran', state = 'ran' FROM advisor_coverage WHERE rule = 'sqlite-text-primary-key';
