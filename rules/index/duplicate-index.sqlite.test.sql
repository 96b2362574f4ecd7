-- Fires on indexes that hold the same; near misses differ in one property.
CREATE TABLE t(a TEXT, b INT, c INT, d TEXT UNIQUE, e TEXT, f INT UNIQUE);
CREATE INDEX t_a ON t(a);
CREATE INDEX t_a_again ON t(a);
CREATE UNIQUE INDEX t_d ON t(d);
CREATE INDEX t_part ON t(b) WHERE c = 1;
CREATE INDEX t_part_again ON t(b) WHERE c=1;
CREATE INDEX t_expr ON t(lower(e));
CREATE INDEX t_expr_again ON t( lower(e) );
-- near misses
CREATE INDEX t_a_nocase ON t(a COLLATE NOCASE);
CREATE INDEX t_a_desc ON t(a DESC);
CREATE INDEX t_ab ON t(a, b);
CREATE INDEX t_part_2 ON t(b) WHERE c = 2;
CREATE INDEX t_upper ON t(upper(e));
CREATE UNIQUE INDEX t_c ON t(c);
CREATE UNIQUE INDEX t_c_unique ON t(c);
CREATE INDEX t_f ON t(f);  -- index-covered-by-unique's

SELECT 'fires on same columns, constraints, conditions and expressions',
       group_concat(object, ' ') = 'main.t_a_again main.t_c_unique main.t_d main.t_expr_again main.t_part_again'
FROM (SELECT object FROM advisor_recommendations WHERE rule = 'duplicate-index' ORDER BY object);
SELECT 'the older one stays', json_extract(evidence, '$.kept') = 't_c'
FROM advisor_recommendations WHERE object = 'main.t_c_unique';
SELECT 'the rollback is the definition', rollback = 'CREATE INDEX t_a_again ON t(a);'
FROM advisor_recommendations WHERE object = 'main.t_a_again';

CREATE TABLE before AS SELECT id, rollback FROM advisor_recommendations WHERE rule = 'duplicate-index';
.once fix.sql
SELECT fix FROM advisor_recommendations WHERE rule = 'duplicate-index';
.read fix.sql
SELECT 'the fix makes the finding go away',
       count(*) = 0 FROM advisor_recommendations WHERE rule = 'duplicate-index';
SELECT 'the fix drops only duplicates', group_concat(name, ' ') =
       't_a t_a_desc t_a_nocase t_ab t_c t_expr t_f t_part t_part_2 t_upper'
FROM (SELECT name FROM sqlite_schema WHERE type = 'index' AND sql IS NOT NULL ORDER BY name);
.once rollback.sql
SELECT rollback FROM before;
.read rollback.sql
SELECT 'the rollback brings it back with the same id',
       count(*) = 5 FROM advisor_recommendations WHERE id IN (SELECT id FROM before);

CREATE TABLE w(k TEXT PRIMARY KEY, v) WITHOUT ROWID;
CREATE UNIQUE INDEX w_k ON w(k);
SELECT 'a primary key is a keeper', count(*) = 1 FROM advisor_recommendations
WHERE object = 'main.w_k' AND title LIKE '%the primary key%';

ATTACH ':memory:' AS other;
CREATE TABLE other.u(a);
CREATE INDEX other.u1 ON u(a);
CREATE INDEX other.u2 ON u(a);
SELECT 'the rollback names the schema', rollback = 'CREATE INDEX "other".u2 ON u(a);' FROM advisor_recommendations
WHERE object = 'other.u2';
