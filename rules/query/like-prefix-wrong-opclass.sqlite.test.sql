-- A search by the beginning of a text beside an index of another collation is reported; an index that serves, and searches in the middle, are not.
CREATE TABLE t(id INTEGER PRIMARY KEY, name TEXT, city TEXT COLLATE NOCASE, n INT, free TEXT);
WITH RECURSIVE s(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM s WHERE i < 3000) INSERT INTO t SELECT i, 'n' || (i % 100), 'c' || i, i, 'f' || i FROM s;
CREATE INDEX t_name ON t(name);
CREATE INDEX t_city ON t(city);
CREATE INDEX t_n ON t(n);
SELECT 'told', advisor_reset() <> '' AND
       advisor_add('SELECT sum(length(free)) FROM t WHERE name LIKE ''n%''', 10) <> 0;
SELECT 'fires', count(*) = 1 AND min(object) = 'main.t' AND min(fix) = 'CREATE INDEX main.t_name_nocase ON t (name COLLATE NOCASE);' FROM advisor_recommendations WHERE rule = 'like-prefix-wrong-opclass' AND 1;
SELECT 'near miss', advisor_reset() <> '' AND
       advisor_add('SELECT sum(length(free)) FROM t WHERE city LIKE ''c1%''', 10) <> 0;
SELECT 'silent where an index serves', count(*) = 0 FROM advisor_recommendations WHERE rule = 'like-prefix-wrong-opclass' AND 1;
SELECT 'near miss', advisor_reset() <> '' AND
       advisor_add('SELECT sum(length(free)) FROM t WHERE name LIKE ''%n%''', 10) <> 0;
SELECT 'silent in the middle', count(*) = 0 FROM advisor_recommendations WHERE rule = 'like-prefix-wrong-opclass' AND 1;
SELECT 'near miss', advisor_reset() <> '' AND
       advisor_add('SELECT sum(length(free)) FROM t WHERE free LIKE ''f%''', 10) <> 0;
SELECT 'silent without an index', count(*) = 0 FROM advisor_recommendations WHERE rule = 'like-prefix-wrong-opclass' AND 1;
SELECT 'near miss', advisor_reset() <> '' AND
       advisor_add('SELECT sum(length(free)) FROM t WHERE n LIKE ''1%''', 10) <> 0;
SELECT 'silent on numbers', count(*) = 0 FROM advisor_recommendations WHERE rule = 'like-prefix-wrong-opclass' AND 1;
SELECT 'near miss', advisor_reset() <> '' AND
       advisor_add('SELECT sum(length(free)) FROM t WHERE name GLOB ''n1*''', 10) <> 0;
SELECT 'silent with GLOB', count(*) = 0 FROM advisor_recommendations WHERE rule = 'like-prefix-wrong-opclass' AND 1;
SELECT 'told', advisor_reset() <> '' AND advisor_add('SELECT sum(length(free)) FROM t WHERE name LIKE ''n%''', 10) <> 0;
CREATE TEMP TABLE undo AS SELECT id, rollback FROM advisor_recommendations WHERE rule = 'like-prefix-wrong-opclass' AND 1;
.once fix.sql
SELECT fix FROM advisor_recommendations WHERE rule = 'like-prefix-wrong-opclass' AND 1;
.read fix.sql
SELECT 'the fix makes it go away', count(*) = 0 FROM advisor_recommendations WHERE rule = 'like-prefix-wrong-opclass' AND 1;
SELECT 'the index is used', detail LIKE '%t_name_nocase%' FROM advisor_plan('SELECT sum(length(free)) FROM t WHERE name LIKE ''n1%''');
.once rollback.sql
SELECT rollback FROM undo;
.read rollback.sql
SELECT 'the rollback brings it back', count(*) = 1 FROM advisor_recommendations WHERE id IN (SELECT id FROM undo);
SELECT 'it ran', state = 'ran' FROM advisor_coverage WHERE rule = 'like-prefix-wrong-opclass';
