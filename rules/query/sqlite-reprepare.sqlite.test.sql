-- A statement that was prepared anew in many executions is reported; steady ones are not.
CREATE TABLE t(id INTEGER PRIMARY KEY, a INT);
SELECT 'chosen', advisor_set_rule('sqlite-reprepare', NULL, NULL, '{"min_times": 0}') <> '';
SELECT 'reset', advisor_reset() <> '';
SELECT 'a steady one', advisor_add('SELECT a FROM t WHERE id = 5', 100) <> 0;
SELECT 'silent while none was prepared again', count(*) = 0 FROM advisor_recommendations WHERE rule = 'sqlite-reprepare' AND 1;
SELECT 'it ran', state = 'ran' FROM advisor_coverage WHERE rule = 'sqlite-reprepare';
