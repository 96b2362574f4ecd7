-- An index with one value is reported; one with many, a partial and a unique one are not.
CREATE TABLE t(id INTEGER PRIMARY KEY, same INT, many INT);
WITH RECURSIVE s(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM s WHERE i < 1500) INSERT INTO t SELECT i, 1, i FROM s;
CREATE INDEX t_same ON t(same);
CREATE INDEX t_many ON t(many);
CREATE INDEX t_both ON t(same, many);
CREATE INDEX t_part ON t(same) WHERE many > 5;
ANALYZE;
SELECT 'fires', count(*) = 1 AND min(object) = 'main.t_same' FROM advisor_recommendations WHERE rule = 'index-on-constant' AND 1;
CREATE TEMP TABLE undo AS SELECT id, rollback FROM advisor_recommendations WHERE rule = 'index-on-constant' AND 1;
.once fix.sql
SELECT fix FROM advisor_recommendations WHERE rule = 'index-on-constant' AND 1;
.read fix.sql
SELECT 'the fix makes it go away', count(*) = 0 FROM advisor_recommendations WHERE rule = 'index-on-constant' AND 1;
.once rollback.sql
SELECT rollback FROM undo;
.read rollback.sql
ANALYZE;
SELECT 'the rollback brings it back', count(*) > 0 AND count(*) = (SELECT count(*) FROM undo) FROM advisor_recommendations WHERE id IN (SELECT id FROM undo);
SELECT 'it ran', state = 'ran' FROM advisor_coverage WHERE rule = 'index-on-constant';
