-- Declared keys without the pragma are reported; with it they are not.
CREATE TABLE p(id INTEGER PRIMARY KEY);
PRAGMA foreign_keys = OFF;
SELECT 'silent without keys', count(*) = 0 FROM advisor_recommendations WHERE rule = 'sqlite-foreign-keys-off' AND 1;
CREATE TABLE c(x INT REFERENCES p(id) ON DELETE CASCADE);
SELECT 'fires', count(*) = 1 AND min(object) = 'main' AND min(title) LIKE '1 foreign key of schema main is not%' AND min(detail) LIKE '1 table declares it, 1 with%' FROM advisor_recommendations WHERE rule = 'sqlite-foreign-keys-off' AND 1;
CREATE TEMP TABLE undo AS SELECT id, rollback FROM advisor_recommendations WHERE rule = 'sqlite-foreign-keys-off' AND 1;
.once fix.sql
SELECT fix FROM advisor_recommendations WHERE rule = 'sqlite-foreign-keys-off' AND 1;
.read fix.sql
CREATE TABLE c2(x INT REFERENCES p(id));
PRAGMA foreign_keys = OFF;
SELECT 'of several', min(title) LIKE '2 foreign keys of schema main are not%' AND min(detail) LIKE '2 tables declare them, 1 with%' FROM advisor_recommendations WHERE rule = 'sqlite-foreign-keys-off' AND 1;
DROP TABLE c2;
PRAGMA foreign_keys = ON;
SELECT 'the fix makes it go away', count(*) = 0 FROM advisor_recommendations WHERE rule = 'sqlite-foreign-keys-off' AND 1;
.once rollback.sql
SELECT rollback FROM undo;
.read rollback.sql
SELECT 'the rollback brings it back', count(*) > 0 AND count(*) = (SELECT count(*) FROM undo) FROM advisor_recommendations WHERE id IN (SELECT id FROM undo);
SELECT 'it ran', state = 'ran' FROM advisor_coverage WHERE rule = 'sqlite-foreign-keys-off';
