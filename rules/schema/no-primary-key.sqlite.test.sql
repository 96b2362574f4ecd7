-- Fires on tables that have only the rowid; silent where there is a key, and on staging, log and temporary tables.
CREATE TABLE plain(a TEXT, b INT);
CREATE TABLE with_unique(code TEXT NOT NULL UNIQUE, b INT);
CREATE TABLE nullable_unique(code TEXT UNIQUE, id INT, rowid TEXT);
CREATE TABLE "odd ""name"(a INT CHECK (a <> ')'), b AS (a + 1), c TEXT DEFAULT '(' /* ( */);
CREATE INDEX plain_a ON plain(a);
CREATE TRIGGER plain_trigger AFTER INSERT ON plain BEGIN UPDATE with_unique SET b = 1; END;
CREATE VIEW plain_view AS SELECT a, b FROM plain;
INSERT INTO plain VALUES('x', 1), ('y', 2), ('z', 3);
DELETE FROM plain WHERE b = 2;
INSERT INTO nullable_unique VALUES(NULL, 1, 'r'), (NULL, 2, 's');
INSERT INTO "odd ""name"(a) VALUES(5);
-- near misses
CREATE TABLE rowid_key(id INTEGER PRIMARY KEY);
CREATE TABLE text_key(a TEXT PRIMARY KEY, b);
CREATE TABLE wide_key(a, b, PRIMARY KEY(a, b));
CREATE TABLE without(a PRIMARY KEY) WITHOUT ROWID;
CREATE TABLE tmp_load(a);
CREATE TABLE Access_Log(a);
CREATE TEMP TABLE scratch(a);
CREATE VIRTUAL TABLE words USING fts5(text);
CREATE VIEW v AS SELECT 1;

SELECT 'fires where only the rowid is there',
       group_concat(object, ' ') = 'main."odd ""name" main.nullable_unique main.plain main.with_unique'
FROM (SELECT object FROM advisor_recommendations WHERE rule = 'no-primary-key' ORDER BY object);
SELECT 'coverage tells what is left out by name', state = 'ran' AND skipped = 2 AND reason LIKE '%log tables'
FROM advisor_coverage WHERE rule = 'no-primary-key';
SELECT 'a unique index that is never NULL is proposed', fix LIKE '%PRIMARY KEY (code)%' AND
       json_extract(evidence, '$.unique_index') LIKE 'sqlite_autoindex%' FROM advisor_recommendations WHERE object = 'main.with_unique';
SELECT 'the rebuild is a comment until somebody takes it up', count(*) = 0 AND
       (SELECT min(fix_steps) = '[]' FROM advisor_recommendations WHERE rule = 'no-primary-key')
FROM (SELECT value FROM advisor_recommendations, json_each('["' || replace(replace(fix, '"', ''), char(10), '","') || '"]')
      WHERE rule = 'no-primary-key' AND value NOT LIKE '-- %');
CREATE TABLE refers_log(id INTEGER PRIMARY KEY, code TEXT REFERENCES with_unique(code));
SELECT 'high when a foreign key refers to it', severity = 'high' FROM advisor_recommendations
WHERE object = 'main.with_unique' AND rule = 'no-primary-key';
DROP TABLE refers_log;

CREATE TEMP TABLE before AS SELECT id, rollback FROM advisor_recommendations WHERE rule = 'no-primary-key';
.once fix.sql
SELECT replace(substr(fix, instr(fix, '-- PRAGMA') + 3), char(10) || '-- ', char(10)) FROM advisor_recommendations WHERE rule = 'no-primary-key';
.read fix.sql
SELECT 'the fix makes the findings go away', count(*) = 0 FROM advisor_recommendations WHERE rule = 'no-primary-key';
SELECT 'the rows keep their rowid as the key', group_concat(id || a) = '1x,3z' FROM plain;
SELECT 'indexes, triggers, checks and views are as they were', count(*) = 3 AND
       (SELECT sql LIKE '%CHECK (a <> '')'')%DEFAULT ''('' /* ( */%' FROM sqlite_schema WHERE name = 'odd "name') AND
       (SELECT count(*) = 2 FROM plain_view)
FROM sqlite_schema WHERE name IN ('plain_a', 'plain_trigger', 'plain_view');
SELECT 'a new key takes a name that no column has', group_concat(name) = 'row_id,code,id,rowid'
FROM (SELECT name FROM pragma_table_xinfo('nullable_unique') ORDER BY cid);
.once rollback.sql
SELECT replace(substr(rollback, instr(rollback, '-- PRAGMA') + 3), char(10) || '-- ', char(10)) FROM before;
.read rollback.sql
SELECT 'the rollback brings them back with the same ids', count(*) = (SELECT count(*) FROM before) AND count(*) > 0
FROM advisor_recommendations WHERE id IN (SELECT id FROM before);

SELECT 'nothing was lost', (SELECT group_concat(a || b) FROM plain) = 'x1,z3' AND (SELECT count(*) FROM nullable_unique) = 2 AND
       (SELECT b FROM "odd ""name") = 6;
SELECT 'the names can be chosen',
       advisor_set_rule('no-primary-key', NULL, NULL, '{"ignored_names": "pl*"}') LIKE '%"ignored_names":"pl*"%';
SELECT 'chosen names', count(*) = 0 FROM advisor_recommendations WHERE object = 'main.plain';
