-- rule: of-the-future
-- category: index
-- severity: low
-- title: A rule for a SQLite that is to come
-- why: It tests the framework.
-- references: https://www.sqlite.org/lang.html
-- minimum version: 99.1
-- examined: SELECT 1
SELECT no_such_function()
