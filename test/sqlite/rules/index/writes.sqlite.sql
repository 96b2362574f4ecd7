-- rule: writes
-- category: index
-- severity: low
-- title: A rule that asks for more than the catalog
-- why: It tests the framework.
-- references: https://www.sqlite.org/lang.html
-- minimum version: 3.40
-- examined: SELECT 1
SELECT * FROM pragma_user_version
