-- Fires where the two ends of a foreign key compare as different types or by different collations.
CREATE TABLE p(id INTEGER PRIMARY KEY, code TEXT UNIQUE, free UNIQUE);
CREATE TABLE child(a TEXT REFERENCES p(id), b REFERENCES p, c VARCHAR(10) COLLATE NOCASE DEFAULT 'x' REFERENCES p(code),
                   d INT REFERENCES p(code), e TEXT NOT NULL REFERENCES p(free), f DECIMAL(8, 2), g AS (f * 2));
CREATE INDEX child_a ON child(a);
CREATE TRIGGER child_trigger AFTER DELETE ON child BEGIN SELECT 1; END;
INSERT INTO p VALUES(1, 'one', 'free'), (2, 'two', 'freer');
INSERT INTO child(a, b, c, d, e) VALUES('1', '1', 'one', NULL, 'free');
-- near misses: kinds of numbers, kinds of texts, numbers with a collation, the same collation, no such parent
CREATE TABLE near(a INT REFERENCES p(id), b BIGINT REFERENCES p(id), c NUMERIC REFERENCES p(id), d VARCHAR(20) REFERENCES p(code),
                  e INTEGER COLLATE NOCASE REFERENCES p(id), f TEXT REFERENCES missing(x), g REFERENCES p(free));
CREATE TABLE p_nocase(code TEXT COLLATE NOCASE PRIMARY KEY);
CREATE TABLE near_nocase(code CLOB COLLATE nocase REFERENCES p_nocase);

SELECT 'fires on each column', group_concat(json_extract(evidence, '$.column')) = 'a,b,c,d,e' AND min(object) = 'main.child' AND
       max(object) = 'main.child'
FROM (SELECT * FROM advisor_recommendations WHERE rule = 'fk-type-mismatch' ORDER BY json_extract(evidence, '$.column'));
SELECT 'titles', group_concat(title, '; ') = 'main.child.a is TEXT but refers to main.p.id, which is INTEGER; '
       || 'main.child.b has no type but refers to main.p.id, which is INTEGER; '
       || 'main.child.c is collated by NOCASE but refers to main.p.code, collated by BINARY; '
       || 'main.child.d is INT but refers to main.p.code, which is TEXT; '
       || 'main.child.e is TEXT but refers to main.p.free, which has none'
FROM (SELECT * FROM advisor_recommendations WHERE rule = 'fk-type-mismatch' ORDER BY title);
SELECT 'small tables are low', min(severity) = 'low' AND max(severity) = 'low' FROM advisor_recommendations
WHERE rule = 'fk-type-mismatch';
-- the claim: with an index, deletes of the parent and joins scan the child all the same
SELECT 'no index serves the join', detail LIKE 'SCAN child%' FROM advisor_plan('SELECT 1 FROM p CROSS JOIN child ON child.a = p.id')
WHERE detail LIKE '%child%';

-- One fix at a time: each builds the table anew from what it was when it was read.
CREATE TEMP TABLE before AS SELECT id, rollback FROM advisor_recommendations WHERE rule = 'fk-type-mismatch';
.once fix.sql
SELECT replace(substr(fix, instr(fix, '-- PRAGMA') + 3), char(10) || '-- ', char(10)) FROM advisor_recommendations
WHERE rule = 'fk-type-mismatch' ORDER BY title LIMIT 1;
.read fix.sql
.once fix.sql
SELECT replace(substr(fix, instr(fix, '-- PRAGMA') + 3), char(10) || '-- ', char(10)) FROM advisor_recommendations
WHERE rule = 'fk-type-mismatch' ORDER BY title LIMIT 1;
.read fix.sql
.once fix.sql
SELECT replace(substr(fix, instr(fix, '-- PRAGMA') + 3), char(10) || '-- ', char(10)) FROM advisor_recommendations
WHERE rule = 'fk-type-mismatch' ORDER BY title LIMIT 1;
.read fix.sql
.once fix.sql
SELECT replace(substr(fix, instr(fix, '-- PRAGMA') + 3), char(10) || '-- ', char(10)) FROM advisor_recommendations
WHERE rule = 'fk-type-mismatch' ORDER BY title LIMIT 1;
.read fix.sql
.once fix.sql
SELECT replace(substr(fix, instr(fix, '-- PRAGMA') + 3), char(10) || '-- ', char(10)) FROM advisor_recommendations
WHERE rule = 'fk-type-mismatch' ORDER BY title LIMIT 1;
.read fix.sql
SELECT 'the fixes make the findings go away', count(*) = 0 FROM advisor_recommendations WHERE rule = 'fk-type-mismatch';
SELECT 'now the index serves', detail LIKE 'SEARCH child USING%INDEX child_a%'
FROM advisor_plan('SELECT 1 FROM p CROSS JOIN child ON child.a = p.id') WHERE detail LIKE '%child%';
SELECT 'values have the new type, all else is as it was', typeof(a) = 'integer' AND typeof(b) = 'integer' AND c = 'one' AND
       (SELECT count(*) = 2 FROM sqlite_schema WHERE name IN ('child_a', 'child_trigger')) AND
       (SELECT count(*) = 7 FROM pragma_table_xinfo('child')) AND
       (SELECT sql LIKE '%c TEXT DEFAULT ''x'' REFERENCES%f DECIMAL(8, 2), g AS (f * 2))' FROM sqlite_schema WHERE name = 'child')
FROM child;
SELECT 'the keys are whole', count(*) = 0 FROM pragma_foreign_key_check;
.once rollback.sql
SELECT replace(substr(rollback, instr(rollback, '-- PRAGMA') + 3), char(10) || '-- ', char(10)) FROM before LIMIT 1;
.read rollback.sql
SELECT 'the rollback brings them back with the same ids', count(*) = 5 FROM advisor_recommendations
WHERE id IN (SELECT id FROM before);
WITH RECURSIVE s(i) AS (SELECT 3 UNION ALL SELECT i + 1 FROM s WHERE i < 1500) INSERT INTO p(id) SELECT i FROM s;
SELECT 'medium when one of the tables is large', max(severity) = 'medium' AND min(severity) = 'medium'
FROM advisor_recommendations WHERE rule = 'fk-type-mismatch';
