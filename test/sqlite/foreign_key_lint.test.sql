-- Eight tables with one foreign key each, of which each but one is wrong in a way of its own: which rule says so.
CREATE TABLE p(id INTEGER PRIMARY KEY, code TEXT UNIQUE);
CREATE TABLE p2(a, b, PRIMARY KEY(a, b));
CREATE TABLE p3(a INT);
CREATE TABLE c1(x INT REFERENCES p(id));
CREATE TABLE c2(x INT REFERENCES p);
CREATE TABLE c3(a, b, FOREIGN KEY(a, b) REFERENCES p2);
CREATE INDEX c3_b ON c3(b);
CREATE TABLE c4(x INT REFERENCES p(id));
CREATE INDEX c4_x ON c4(x) WHERE x IS NOT NULL;
CREATE TABLE c5(x INT REFERENCES missing(id));
CREATE TABLE c6(x TEXT COLLATE NOCASE REFERENCES p(code));
CREATE INDEX c6_x ON c6(x);
CREATE TABLE c7(x INT REFERENCES p3(a));
CREATE TEMP TABLE found AS SELECT rule, object, severity, fix FROM advisor_recommendations;
SELECT 'no index', group_concat(object, ' ') = 'main.c1 main.c2 main.c3' FROM (SELECT object FROM found WHERE rule = 'unindexed-foreign-key' ORDER BY object);
SELECT 'the indexes that are proposed', group_concat(fix, ' ') = 'CREATE INDEX main.c1_x_idx ON c1 (x); CREATE INDEX main.c2_x_idx ON c2 (x); CREATE INDEX main.c3_a_b_idx ON c3 (a, b);'
FROM (SELECT fix FROM found WHERE rule = 'unindexed-foreign-key' ORDER BY object);
SELECT 'a partial index is enough', count(*) = 0 FROM found WHERE object IN ('main.c4', 'main.c4_x') AND rule <> 'no-primary-key';
SELECT 'a parent that is missing', group_concat(object || ' ' || severity) = 'main.c5 high' FROM found WHERE rule = 'fk-parent-missing';
SELECT 'another collation', group_concat(object) = 'main.c6' FROM found WHERE rule = 'fk-type-mismatch';
SELECT 'a parent that is not unique', group_concat(object || ' ' || severity) = 'main.c7 high' FROM found WHERE rule = 'fk-target-not-unique';
SELECT 'each table is told of once by these rules', count(*) = 6 AND count(DISTINCT object) = 6
FROM found WHERE rule IN ('unindexed-foreign-key', 'fk-parent-missing', 'fk-type-mismatch', 'fk-target-not-unique');
SELECT 'they are not enforced', count(*) = 1 FROM found WHERE rule = 'sqlite-foreign-keys-off';
