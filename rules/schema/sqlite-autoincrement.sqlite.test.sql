-- AUTOINCREMENT is an information; a plain key is silent.
CREATE TABLE t(id INTEGER PRIMARY KEY AUTOINCREMENT, a INT);
CREATE TABLE plain(id INTEGER PRIMARY KEY, autoincrement_note TEXT);
INSERT INTO t(a) VALUES(5);
SELECT 'fires', count(*) = 1 AND min(object) = 'main.t' AND min(severity) = 'info' FROM advisor_recommendations WHERE rule = 'sqlite-autoincrement' AND 1;
CREATE TEMP TABLE undo AS SELECT id, rollback FROM advisor_recommendations WHERE rule = 'sqlite-autoincrement' AND 1;
.once fix.sql
SELECT replace(substr(fix, instr(fix, '-- PRAGMA') + 3), char(10) || '-- ', char(10)) FROM advisor_recommendations WHERE rule = 'sqlite-autoincrement' AND 1;
.read fix.sql
SELECT 'the fix makes it go away', count(*) = 0 FROM advisor_recommendations WHERE rule = 'sqlite-autoincrement' AND 1;
.once rollback.sql
SELECT replace(substr(rollback, instr(rollback, '-- PRAGMA') + 3), char(10) || '-- ', char(10)) FROM undo;
.read rollback.sql
SELECT 'the rollback brings it back', count(*) > 0 AND count(*) = (SELECT count(*) FROM undo) FROM advisor_recommendations WHERE id IN (SELECT id FROM undo);
SELECT 'nothing was lost', group_concat(id || ':' || a) = '1:5' FROM t;
SELECT 'it ran', state = 'ran' FROM advisor_coverage WHERE rule = 'sqlite-autoincrement';
