-- Conditions that are always or never true are reported; those that leave rows out are not.
CREATE TABLE t(id INTEGER PRIMARY KEY, must INT NOT NULL, may INT, name TEXT);
CREATE TABLE w(k TEXT PRIMARY KEY, a INT) WITHOUT ROWID;
CREATE TABLE nullable_key(k TEXT PRIMARY KEY, a INT);
CREATE INDEX t_always ON t(name) WHERE must IS NOT NULL;
CREATE INDEX t_rowid ON t(may)
  WHERE "id" NOTNULL;
CREATE INDEX w_always ON w(a) WHERE k IS NOT NULL;
CREATE INDEX t_never ON t(name) WHERE must IS NULL;
CREATE INDEX t_nonsense ON t(name, may) WHERE may = NULL;
-- near misses
CREATE INDEX t_may ON t(may) WHERE may IS NOT NULL;
CREATE INDEX t_may_null ON t(name, must) WHERE may IS NULL;
CREATE INDEX t_both ON t(name) WHERE must IS NOT NULL AND may = 5;
CREATE INDEX t_text ON t(must) WHERE name = 'must IS NOT NULL';
CREATE INDEX n_key ON nullable_key(a) WHERE k IS NOT NULL;
SELECT 'fires', group_concat(object, ' ') = 'main.t_always main.t_never main.t_nonsense main.t_rowid main.w_always'
FROM (SELECT object FROM advisor_recommendations WHERE rule = 'partial-index-useless-predicate' AND 1 ORDER BY object);
SELECT 'it says which', title = 'index t_never is always empty' FROM advisor_recommendations WHERE rule = 'partial-index-useless-predicate' AND object = 'main.t_never';
CREATE TEMP TABLE undo AS SELECT id, rollback FROM advisor_recommendations WHERE rule = 'partial-index-useless-predicate' AND 1;
.once fix.sql
SELECT fix FROM advisor_recommendations WHERE rule = 'partial-index-useless-predicate' AND 1;
.read fix.sql
SELECT 'the fix makes it go away', count(*) = 0 FROM advisor_recommendations WHERE rule = 'partial-index-useless-predicate' AND 1;
SELECT 'whole indexes are left, empty ones are gone', group_concat(name, ' ') = 't_always t_rowid w_always'
FROM (SELECT name FROM sqlite_schema WHERE type = 'index' AND name IN ('t_always', 't_rowid', 'w_always', 't_never', 't_nonsense') AND sql NOT LIKE '%WHERE%' ORDER BY name);
.once rollback.sql
SELECT rollback FROM undo;
.read rollback.sql
SELECT 'the rollback brings it back', count(*) = 5 FROM advisor_recommendations WHERE id IN (SELECT id FROM undo);
SELECT 'it ran', state = 'ran' AND examined = 10 FROM advisor_coverage WHERE rule = 'partial-index-useless-predicate';
