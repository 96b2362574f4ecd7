-- rule: expression-index-unmatched
-- category: index
-- severity: low
-- title: A condition differs from an expression index in its spelling
-- why: SQLite uses an index on an expression only where the statement writes the same expression, argument for argument. A nearly equal one reads the whole table, without a word.
-- references: https://www.sqlite.org/expridx.html
-- minimum version: 3.40
-- examined: SELECT count(*) FROM index_columns WHERE expression IS NOT NULL
WITH conditions AS MATERIALIZED (
    SELECT t.*, lower(replace(replace(t.detail, ' ', ''), '"', '')) AS spelling FROM statement_traits AS t WHERE t.trait = 'function-on-column'
), expressions AS MATERIALIZED (
    SELECT i.schema, i.table_name, i.name, x.expression, lower(replace(replace(x.expression, ' ', ''), '"', '')) AS spelling
    FROM indexes AS i JOIN index_columns AS x ON x.schema = i.schema AND x.index_name = i.name AND x.position = 0
    WHERE x.expression IS NOT NULL
), unmatched AS (
    SELECT e.*, c.queryid, c.detail AS condition
    FROM conditions AS c
    JOIN expressions AS e ON e.schema = c.schema AND e.table_name = c.table_name AND mentions(e.expression, c.column_name)
    -- the same function, or the same operator, of the same column
    WHERE substr(e.spelling, 1, instr(e.spelling, '(')) = substr(c.spelling, 1, instr(c.spelling, '('))
      AND NOT EXISTS (SELECT 1 FROM expressions AS same WHERE same.schema = c.schema AND same.table_name = c.table_name AND same.spelling = c.spelling)
)
SELECT quote_name(u.schema) || '.' || quote_name(u.name) AS object,
       u.condition AS subject,
       NULL AS severity,
       'a statement asks for ' || u.condition || ', index ' || quote_name(u.name) || ' holds ' || u.expression AS title,
       'The statement ran ' || counted(s.calls, 'time') || '. Where both mean the same, write the condition as the index has it.' AS detail,
       json_object('unit', 'rows', 'queryid', s.queryid, 'query', substr(s.query, 1, 500), 'calls', s.calls, 'condition', u.condition,
                   'expression', u.expression, 'window_from', s.first_seen, 'window_to', s.last_seen) AS evidence,
       NULL AS benefit,
       NULL AS storage_bytes,
       0.5 AS confidence,
       json_array() AS fix_steps,
       '-- write ' || u.expression || ' instead of ' || u.condition || ' in: ' || replace(s.query, char(10), ' ') AS fix,
       NULL AS rollback
FROM unmatched AS u JOIN hot_statements AS s ON s.queryid = u.queryid
GROUP BY u.schema, u.name, u.condition
