-- INT and BIGINT keys are reported; INTEGER, composite and text keys are not.
CREATE TABLE t(id INT PRIMARY KEY, a INT);
CREATE TABLE big(id BIGINT PRIMARY KEY, a INT);
CREATE TABLE sound(id integer PRIMARY KEY, a INT);
CREATE TABLE pair(a INT, b INT, PRIMARY KEY(a, b));
CREATE TABLE code(id TEXT PRIMARY KEY);
INSERT INTO t VALUES(7, 1);
SELECT 'fires', group_concat(object) = 'main.big,main.t' FROM (SELECT object FROM advisor_recommendations WHERE rule = 'sqlite-int-primary-key' AND 1 ORDER BY object);
CREATE TEMP TABLE undo AS SELECT id, rollback FROM advisor_recommendations WHERE rule = 'sqlite-int-primary-key' AND 1;
.once fix.sql
SELECT replace(substr(fix, instr(fix, '-- PRAGMA') + 3), char(10) || '-- ', char(10)) FROM advisor_recommendations WHERE rule = 'sqlite-int-primary-key' AND 1;
.read fix.sql
SELECT 'the fix makes it go away', count(*) = 0 FROM advisor_recommendations WHERE rule = 'sqlite-int-primary-key' AND 1;
.once rollback.sql
SELECT replace(substr(rollback, instr(rollback, '-- PRAGMA') + 3), char(10) || '-- ', char(10)) FROM undo;
.read rollback.sql
SELECT 'the rollback brings it back', count(*) > 0 AND count(*) = (SELECT count(*) FROM undo) FROM advisor_recommendations WHERE id IN (SELECT id FROM undo);
SELECT 'nothing was lost', group_concat(id || ':' || a) = '7:1' FROM t;
SELECT 'it ran', state = 'ran' FROM advisor_coverage WHERE rule = 'sqlite-int-primary-key';
