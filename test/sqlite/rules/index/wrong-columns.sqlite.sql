-- rule: wrong-columns
-- category: index
-- severity: low
-- title: A rule with a column too few
-- why: It tests the framework.
-- references: https://www.sqlite.org/lang.html
-- minimum version: 3.40
-- examined: SELECT 1
SELECT 'only one' AS object
