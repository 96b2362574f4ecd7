-- A statement that was prepared anew in many executions is reported; steady ones, and few times, are not. Another
-- process changes the schema: the shell prepares by the schema that it knows, and SQLite does so again at the first step.
CREATE TABLE t(id INTEGER PRIMARY KEY, a INT);
SELECT 'chosen', advisor_set_rule('sqlite-reprepare', NULL, NULL, '{"min_times": 8}') <> '';
SELECT 'reset', advisor_reset() <> '';
.shell sqlite3 test.db 'CREATE TABLE other_1(a)'
SELECT a FROM t WHERE id = 5;
.shell sqlite3 test.db 'CREATE TABLE other_2(a)'
SELECT a FROM t WHERE id = 5;
.shell sqlite3 test.db 'CREATE TABLE other_3(a)'
SELECT a FROM t WHERE id = 5;
.shell sqlite3 test.db 'CREATE TABLE other_4(a)'
SELECT a FROM t WHERE id = 5;
.shell sqlite3 test.db 'CREATE TABLE other_5(a)'
SELECT a FROM t WHERE id = 5;
.shell sqlite3 test.db 'CREATE TABLE other_6(a)'
SELECT a FROM t WHERE id = 5;
.shell sqlite3 test.db 'CREATE TABLE other_7(a)'
SELECT a FROM t WHERE id = 5;
SELECT 'silent while it was seldom', count(*) = 0 FROM advisor_recommendations WHERE rule = 'sqlite-reprepare' AND 1;
.shell sqlite3 test.db 'CREATE TABLE other_8(a)'
SELECT a FROM t WHERE id = 5;
SELECT 'fires', count(*) = 1 AND min(title) = 'a statement was prepared again 8 times in 8 executions' AND min(json_extract(evidence, '$.reprepares')) = 8
FROM advisor_recommendations WHERE rule = 'sqlite-reprepare' AND 1;
SELECT 'chosen', advisor_set_rule('sqlite-reprepare', NULL, NULL, '{"min_times": 0}') <> '';
SELECT 'the fix', advisor_reset() <> '';
SELECT a FROM t WHERE id = 5;
SELECT a FROM t WHERE id = 5;
SELECT a FROM t WHERE id = 5;
SELECT a FROM t WHERE id = 5;
SELECT a FROM t WHERE id = 5;
SELECT a FROM t WHERE id = 5;
SELECT a FROM t WHERE id = 5;
SELECT a FROM t WHERE id = 5;
SELECT 'gone where the schema stays', count(*) = 0 FROM advisor_recommendations WHERE rule = 'sqlite-reprepare' AND 1;
SELECT 'a steady one', advisor_reset() <> '' AND advisor_add('SELECT a FROM t WHERE id = 5', 100) <> 0;
SELECT 'silent while none was prepared again', count(*) = 0 FROM advisor_recommendations WHERE rule = 'sqlite-reprepare' AND 1;
SELECT 'it ran', state = 'ran' FROM advisor_coverage WHERE rule = 'sqlite-reprepare';
