-- rule: with-thresholds
-- category: index
-- severity: low
-- title: A rule with thresholds of each type
-- why: It tests the framework.
-- references: https://www.sqlite.org/lang.html
-- minimum version: 3.40
-- threshold: min_columns = 2: tables with fewer columns are left out
-- threshold: views_too = false: look at views as well
-- threshold: prefix = "a: b": the name begins so
-- examined: SELECT 3, 2, 'of another kind'
WITH widths AS (SELECT schema, table_name, count(*) AS width FROM columns GROUP BY schema, table_name)
SELECT quote_name(table_name) AS object, 'subject' AS subject, 'low' AS severity, 'a title' AS title, 'a detail' AS detail,
       json_object('unit', 'rows', 'min_columns', min_columns, 'type', typeof(min_columns), 'views_too', views_too,
                   'prefix', prefix) AS evidence, NULL AS benefit, NULL AS storage_bytes, 1.0 AS confidence,
       json_array('SELECT 1;') AS fix_steps, NULL AS fix, 'SELECT 2;' AS rollback
FROM widths CROSS JOIN threshold WHERE width >= min_columns -- a remark at the end
