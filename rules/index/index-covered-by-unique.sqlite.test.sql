-- Fires on a plain index with the columns of a unique one; near misses differ in one property.
CREATE TABLE t(id INT PRIMARY KEY, a TEXT UNIQUE, b INT, c INT, d TEXT, e INT);
CREATE INDEX t_id ON t(id);
CREATE INDEX t_a ON t(a);
CREATE UNIQUE INDEX t_bc_unique ON t(b, c);
CREATE INDEX t_bc ON t(b, c);
CREATE UNIQUE INDEX t_lower_unique ON t(lower(d)) WHERE e > 5;
CREATE INDEX t_lower ON t(LOWER( d )) WHERE e>5;
-- near misses: another order, direction, collation, width, condition; two unique ones
CREATE INDEX t_cb ON t(c, b);
CREATE INDEX t_a_desc ON t(a DESC);
CREATE INDEX t_a_nocase ON t(a COLLATE NOCASE);
CREATE INDEX t_bcd ON t(b, c, d);
CREATE INDEX t_lower_whole ON t(lower(d));
CREATE INDEX t_lower_other ON t(lower(d)) WHERE e > 6;
CREATE UNIQUE INDEX t_a_again ON t(a);
CREATE TABLE other(id INT PRIMARY KEY, b INT, c INT);
CREATE INDEX other_bc ON other(b, c);

SELECT 'fires on keys, constraints and unique indexes', group_concat(object, ' ') = 'main.t_a main.t_bc main.t_id main.t_lower'
FROM (SELECT object FROM advisor_recommendations WHERE rule = 'index-covered-by-unique' ORDER BY object);
SELECT 'each is found by one rule', count(*) = 1 FROM advisor_recommendations WHERE object = 'main.t_a';
SELECT 'the title says what stays', title LIKE '%repeats the primary key' AND severity = 'info'
FROM advisor_recommendations WHERE object = 'main.t_id';
WITH RECURSIVE s(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM s WHERE i < 1500) INSERT INTO t SELECT i, i, i, i, i, i FROM s;
SELECT 'a table of some size is medium', severity = 'medium' AND json_extract(evidence, '$.rows') = 1500 AND
       json_extract(evidence, '$.kept') = 't_bc_unique' FROM advisor_recommendations WHERE object = 'main.t_bc';

CREATE TABLE before AS SELECT id, rollback FROM advisor_recommendations WHERE rule = 'index-covered-by-unique';
.once fix.sql
SELECT fix FROM advisor_recommendations WHERE rule = 'index-covered-by-unique';
.read fix.sql
SELECT 'the fix makes the findings go away', count(*) = 0 FROM advisor_recommendations WHERE rule = 'index-covered-by-unique';
SELECT 'uniqueness stays', count(*) = 4 FROM pragma_index_list('t') WHERE name LIKE '%unique' OR origin <> 'c';
.once rollback.sql
SELECT rollback FROM before;
.read rollback.sql
SELECT 'the rollback brings them back with the same ids', count(*) = (SELECT count(*) FROM before) AND count(*) > 0
FROM advisor_recommendations WHERE id IN (SELECT id FROM before);
