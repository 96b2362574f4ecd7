-- A pattern that begins with a wildcard is reported on a large table; prefixes and small tables are not.
CREATE TABLE t(id INTEGER PRIMARY KEY, name TEXT);
CREATE TABLE small(id INTEGER PRIMARY KEY, name TEXT);
WITH RECURSIVE s(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM s WHERE i < 3000) INSERT INTO t SELECT i, 'name ' || i FROM s;
INSERT INTO small SELECT id, name FROM t WHERE id < 100;
SELECT 'reset', advisor_reset() <> '';
SELECT 'told', advisor_add('SELECT id FROM t WHERE name LIKE ''%ame 7%''', 10) <> 0;
SELECT 'near misses', advisor_add('SELECT id FROM t WHERE name LIKE ''name 7%''', 10) <> 0 AND
       advisor_add('SELECT id FROM small WHERE name LIKE ''%7%''', 10) <> 0 AND
       advisor_add('SELECT name FROM t WHERE id = 5 AND name NOT LIKE ''%7%''', 10) <> 0;
SELECT 'fires', count(*) = 1 AND min(object) = 'main.t' AND min(fix) LIKE '%trigram%' FROM advisor_recommendations WHERE rule = 'leading-wildcard-search' AND 1;
-- the fix, taken out of its comments
.once fix.sql
SELECT replace(substr(fix, 4, instr(fix, '-- and triggers') - 4), char(10) || '-- ', char(10)) FROM advisor_recommendations WHERE rule = 'leading-wildcard-search' AND 1;
.read fix.sql
SELECT 'the search finds the same', (SELECT count(*) FROM t WHERE id IN (SELECT rowid FROM t_search WHERE name LIKE '%ame 77%')) = 11;
SELECT 'the new statement', advisor_reset() <> '' AND
       advisor_add('SELECT id FROM t WHERE id IN (SELECT rowid FROM t_search WHERE name LIKE ''%ame 77%'')', 10) <> 0;
SELECT 'gone with the full-text table', count(*) = 0 FROM advisor_recommendations WHERE rule = 'leading-wildcard-search' AND 1;
SELECT 'it ran', state = 'ran' FROM advisor_coverage WHERE rule = 'leading-wildcard-search';
