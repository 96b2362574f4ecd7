-- rule: writes
-- category: index
-- severity: low
-- title: A rule that asks for more than the catalog
-- why: It tests the framework.
-- references: https://www.sqlite.org/lang.html
-- minimum version: 3.40
-- examined: SELECT 1
SELECT 'x' AS object, 'subject' AS subject, 'low' AS severity, 'a title' AS title, 'a detail' AS detail,
       json_object('unit', 'rows') AS evidence, NULL AS benefit, NULL AS storage_bytes, 1.0 AS confidence,
       json_array('SELECT 1;') AS fix_steps, NULL AS fix, 'SELECT 2;' AS rollback
FROM pragma_user_version
