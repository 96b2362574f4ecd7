-- A key to columns that are not unique is reported; keys, unique indexes and composite keys are not.
CREATE TABLE p(id INTEGER PRIMARY KEY, code TEXT UNIQUE, nocase TEXT);
CREATE UNIQUE INDEX p_nocase ON p(nocase COLLATE NOCASE);
CREATE TABLE p2(a, b, PRIMARY KEY(a, b));
CREATE TABLE p3(a INT);
CREATE TABLE c1(x INT REFERENCES p(id));
CREATE TABLE c2(x INT REFERENCES p);
CREATE TABLE c3(a, b, FOREIGN KEY(a, b) REFERENCES p2);
CREATE TABLE c4(x TEXT REFERENCES p(code));
CREATE TABLE c7(x INT REFERENCES p3(a));
CREATE TABLE c8(x TEXT REFERENCES p(nocase));
SELECT 'fires', group_concat(object) = 'main.c7,main.c8' AND min(severity) = 'high' FROM (SELECT object, severity FROM advisor_recommendations WHERE rule = 'fk-target-not-unique' AND 1 ORDER BY object);
CREATE TEMP TABLE undo AS SELECT id, rollback FROM advisor_recommendations WHERE rule = 'fk-target-not-unique' AND 1;
.once fix.sql
SELECT fix FROM advisor_recommendations WHERE rule = 'fk-target-not-unique' AND 1;
.read fix.sql
SELECT 'the fix makes it go away', count(*) = 0 FROM advisor_recommendations WHERE rule = 'fk-target-not-unique' AND 1;
.once rollback.sql
SELECT rollback FROM undo;
.read rollback.sql
SELECT 'the rollback brings it back', count(*) > 0 AND count(*) = (SELECT count(*) FROM undo) FROM advisor_recommendations WHERE id IN (SELECT id FROM undo);
SELECT 'it ran', state = 'ran' FROM advisor_coverage WHERE rule = 'fk-target-not-unique';
