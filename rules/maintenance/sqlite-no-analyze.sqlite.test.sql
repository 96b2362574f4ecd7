-- Never analyzed, analyzed long ago, an index that came later; silent on small tables and on those without an index.
CREATE TABLE t(a INT, b INT);
CREATE INDEX t_a ON t(a);
CREATE TABLE w(k INT, v INT, PRIMARY KEY(k)) WITHOUT ROWID;
CREATE TABLE small(a INT UNIQUE);
CREATE TABLE bare(a INT);
WITH RECURSIVE s(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM s WHERE i < 900) INSERT INTO small SELECT i FROM s;
WITH RECURSIVE s(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM s WHERE i < 5000) INSERT INTO bare SELECT i FROM s;
CREATE TEMP TABLE scratch AS SELECT * FROM bare;
CREATE INDEX temp.scratch_a ON scratch(a);
SELECT 'silent while all indexed tables are small', count(*) = 0 FROM advisor_recommendations WHERE rule = 'sqlite-no-analyze';
INSERT INTO t SELECT a, a % 7 FROM bare;
INSERT INTO w SELECT a, a FROM bare;
SELECT 'one finding for a schema that was never analyzed', object = 'main' AND severity = 'medium' AND
       json_extract(evidence, '$.rows') = 10000 AND json_extract(evidence, '$.analyzed_rows') IS NULL
FROM advisor_recommendations WHERE rule = 'sqlite-no-analyze';

CREATE TEMP TABLE before AS SELECT id, rollback FROM advisor_recommendations WHERE rule = 'sqlite-no-analyze';
.once fix.sql
SELECT fix FROM advisor_recommendations WHERE rule = 'sqlite-no-analyze';
.read fix.sql
SELECT 'the fix makes the findings go away', count(*) = 0 FROM advisor_recommendations WHERE rule = 'sqlite-no-analyze';
.once rollback.sql
SELECT rollback FROM before;
.read rollback.sql
SELECT 'the rollback brings them back with the same ids', count(*) = (SELECT count(*) FROM before) AND count(*) > 0
FROM advisor_recommendations WHERE id IN (SELECT id FROM before);

ANALYZE;
SELECT 'silent when all is fresh', count(*) = 0 FROM advisor_recommendations WHERE rule = 'sqlite-no-analyze';
INSERT INTO t SELECT a, 1 FROM bare;
SELECT 'silent when a table doubled', count(*) = 0 FROM advisor_recommendations WHERE rule = 'sqlite-no-analyze';
INSERT INTO t SELECT a, b FROM t;
DELETE FROM w WHERE k > 1000;
CREATE INDEX bare_a ON bare(a);
SELECT 'old statistics and an index that they do not know',
       group_concat(title, '; ') = 'the statistics of main.bare know nothing of bare_a; the statistics of main.t are old; '
       || 'the statistics of main.w are old'
FROM (SELECT title FROM advisor_recommendations WHERE rule = 'sqlite-no-analyze' ORDER BY object);
SELECT 'the evidence has both figures', json_extract(evidence, '$.rows') = 20000 AND json_extract(evidence, '$.analyzed_rows') BETWEEN 4000 AND 6000
FROM advisor_recommendations WHERE object = 'main.t' AND rule = 'sqlite-no-analyze';
DROP TABLE before;

CREATE TEMP TABLE before AS SELECT id, rollback FROM advisor_recommendations WHERE rule = 'sqlite-no-analyze';
.once fix.sql
SELECT fix FROM advisor_recommendations WHERE rule = 'sqlite-no-analyze';
.read fix.sql
SELECT 'the fix makes the findings go away', count(*) = 0 FROM advisor_recommendations WHERE rule = 'sqlite-no-analyze';
.once rollback.sql
SELECT rollback FROM before;
.read rollback.sql
SELECT 'the rollback brings them back with the same ids', count(*) = (SELECT count(*) FROM before) AND count(*) > 0
FROM advisor_recommendations WHERE id IN (SELECT id FROM before);

CREATE TABLE late(a INT UNIQUE);
INSERT INTO late SELECT a FROM bare;
SELECT 'a table that came later', title = 'main.late was never analyzed' AND fix LIKE '%ANALYZE main.late;'
FROM advisor_recommendations WHERE rule = 'sqlite-no-analyze' AND object = 'main.late';
