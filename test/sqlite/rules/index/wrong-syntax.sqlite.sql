-- rule: wrong-syntax
-- category: index
-- severity: low
-- title: A rule that SQLite can't read
-- why: It tests the framework.
-- references: https://www.sqlite.org/lang.html
-- minimum version: 3.40
-- examined: SELECT 1
SELECT FROM WHERE
