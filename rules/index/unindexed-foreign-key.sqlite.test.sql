-- The rule fires on c1, c2 and c3, stays silent where an index serves (c4), where the key is broken anyway (c5, c7)
-- and where no index would serve, because types or collations differ, which is another rule's business (c6, c8, c9).
CREATE TABLE p(id INTEGER PRIMARY KEY, code TEXT UNIQUE);
CREATE TABLE p2(a INT, b INT, PRIMARY KEY(a, b));
CREATE TABLE p3(a INT);
CREATE TABLE c1(x INT REFERENCES p(id));
CREATE TABLE c2(x INT REFERENCES p);
CREATE TABLE c3(a INT, b INT, FOREIGN KEY(a, b) REFERENCES p2);
CREATE INDEX c3b ON c3(b);
CREATE TABLE c4(x INT REFERENCES p(id));
CREATE INDEX c4x ON c4(x) WHERE x IS NOT NULL;
CREATE TABLE c5(x INT REFERENCES missing(id));
CREATE TABLE c6(x TEXT COLLATE NOCASE REFERENCES p(code));
CREATE INDEX c6x ON c6(x);
CREATE TABLE c7(x INT REFERENCES p3(a));
CREATE TABLE c8(x REFERENCES p(id));
CREATE TABLE c9(x TEXT COLLATE NOCASE REFERENCES p(code));
-- Near misses: the index has more columns, the columns in another order, or is the table itself.
CREATE TABLE wider(x INT REFERENCES p(id), y);
CREATE INDEX wider_xy ON wider(x, y);
CREATE TABLE permuted(a INT, b INT, FOREIGN KEY(a, b) REFERENCES p2);
CREATE INDEX permuted_ba ON permuted(b, a);
CREATE TABLE one_to_one(id INTEGER PRIMARY KEY REFERENCES p(id));
CREATE TABLE unique_child(x INTEGER UNIQUE REFERENCES p(id));

SELECT 'fires where no index leads with the key',
       group_concat(object, ' ') = 'main.c1 main.c2 main.c3'
FROM (SELECT object FROM advisor_recommendations WHERE rule = 'unindexed-foreign-key' ORDER BY object);
SELECT 'a tiny child is only an information',
       group_concat(DISTINCT severity) = 'info' FROM advisor_recommendations WHERE rule = 'unindexed-foreign-key';
SELECT 'evidence is JSON with a unit',
       min(json_extract(evidence, '$.unit')) = 'rows' FROM advisor_recommendations WHERE rule = 'unindexed-foreign-key';
SELECT 'coverage counts what was examined',
       state = 'ran' AND examined = 13 FROM advisor_coverage WHERE rule = 'unindexed-foreign-key';

CREATE TABLE rollbacks AS
    SELECT id, rollback FROM advisor_recommendations WHERE rule = 'unindexed-foreign-key';
.once fix.sql
SELECT fix FROM advisor_recommendations WHERE rule = 'unindexed-foreign-key';
.read fix.sql
SELECT 'the fix makes the finding go away',
       count(*) = 0 FROM advisor_recommendations WHERE rule = 'unindexed-foreign-key';
.once rollback.sql
SELECT rollback FROM rollbacks;
.read rollback.sql
SELECT 'the rollback brings it back with the same id',
       count(*) = 3 FROM advisor_recommendations WHERE id IN (SELECT id FROM rollbacks);

WITH RECURSIVE s(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM s WHERE i < 3000) INSERT INTO c1 SELECT i FROM s;
SELECT 'a child of some size is low', severity = 'low' AND json_extract(evidence, '$.rows') = 3000
FROM advisor_recommendations WHERE object = 'main.c1' AND rule = 'unindexed-foreign-key';
DELETE FROM p WHERE id = 1;
SELECT 'recorded deletes of the parent make it medium', severity = 'medium' AND json_extract(evidence, '$.parent_writes') > 0
FROM advisor_recommendations WHERE object = 'main.c1' AND rule = 'unindexed-foreign-key';

ATTACH ':memory:' AS other;
CREATE TABLE other.p(id INTEGER PRIMARY KEY);
CREATE TABLE other."odd child"("odd key" INT REFERENCES p(id));
SELECT 'attached schemas and odd names are quoted',
       fix = 'CREATE INDEX other."odd child_odd key_idx" ON "odd child" ("odd key");'
FROM advisor_recommendations WHERE object = 'other."odd child"' AND rule = 'unindexed-foreign-key';
