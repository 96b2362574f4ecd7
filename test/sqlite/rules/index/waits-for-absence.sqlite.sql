-- rule: waits-for-absence
-- category: index
-- severity: low
-- title: A rule that concludes from absence
-- why: It tests the framework.
-- references: https://www.sqlite.org/lang.html
-- minimum version: 3.40
-- waits: observation window
-- examined: SELECT 1
SELECT 'absent' AS object, 'subject' AS subject, NULL AS severity, NULL AS title, 'a detail' AS detail,
       json_object('unit', 'rows') AS evidence, NULL AS benefit, NULL AS storage_bytes, 1.0 AS confidence,
       json_array('SELECT 1;') AS fix_steps, NULL AS fix, 'SELECT 2;' AS rollback
