-- Rows that are large in truth are reported, whatever is declared; narrow rows and small tables are not.
CREATE TABLE t(code TEXT PRIMARY KEY, picture BLOB) WITHOUT ROWID;
CREATE TABLE narrow(code TEXT PRIMARY KEY, a INT, empty BLOB) WITHOUT ROWID;
CREATE TABLE many(code TEXT PRIMARY KEY, a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p) WITHOUT ROWID;
CREATE TABLE strict_one(code TEXT, kind INT, note TEXT, PRIMARY KEY(kind, code)) STRICT, WITHOUT ROWID;
CREATE TABLE with_rowid(code TEXT PRIMARY KEY, picture BLOB);
CREATE TABLE small(code TEXT PRIMARY KEY, picture BLOB) WITHOUT ROWID;
WITH RECURSIVE s(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM s WHERE i < 1500) INSERT INTO t SELECT 'c' || i, zeroblob(300 + i % 7) FROM s;
INSERT INTO narrow SELECT code, 1, x'' FROM t; INSERT INTO many(code, a) SELECT code, 1 FROM t; INSERT INTO with_rowid SELECT * FROM t;
INSERT INTO small SELECT * FROM t LIMIT 10;
SELECT 'fires', count(*) = 1 AND min(object) = 'main.t' AND min(json_extract(evidence, '$.bytes')) BETWEEN 300 AND 320 FROM advisor_recommendations WHERE rule = 'sqlite-without-rowid-wide' AND 1;
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
INSERT INTO strict_one SELECT code, 5, printf('%300s', 'x') FROM t;
SELECT 'strict tables, too, without a script', count(*) = 1 AND min(fix) LIKE '-- build%' AND min(json_extract(evidence, '$.bytes')) BETWEEN 300 AND 320
FROM advisor_recommendations WHERE rule = 'sqlite-without-rowid-wide' AND object = 'main.strict_one';
SELECT 'it ran', state = 'ran' FROM advisor_coverage WHERE rule = 'sqlite-without-rowid-wide';
