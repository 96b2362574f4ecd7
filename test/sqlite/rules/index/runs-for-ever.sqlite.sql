-- rule: runs-for-ever
-- category: index
-- severity: low
-- title: A rule that does not end
-- why: It tests the framework.
-- references: https://www.sqlite.org/lang.html
-- minimum version: 3.40
-- examined: SELECT 1
WITH RECURSIVE endless(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM endless)
SELECT 'x' AS object, 'subject' AS subject, 'low' AS severity, 'a title' AS title, 'a detail' AS detail,
       json_object('unit', 'rows') AS evidence, NULL AS benefit, NULL AS storage_bytes, 1.0 AS confidence,
       json_array('SELECT 1;') AS fix_steps, NULL AS fix, 'SELECT 2;' AS rollback
FROM endless WHERE i < 0
