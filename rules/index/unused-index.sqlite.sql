-- rule: unused-index
-- category: index
-- severity: low
-- title: No recorded statement uses the index
-- why: An index that no statement searches or reads only takes space and is written on every insert, delete and change of its columns.
-- references: https://www.sqlite.org/queryplanner.html
-- minimum version: 3.40
-- waits: observation window
-- threshold: min_calls = 100: indexes of tables with fewer recorded executions are left out
-- threshold: min_rows = 1000: indexes of tables with fewer rows are left out
-- examined: SELECT count(*), coalesce(sum(table_calls < min_calls), 0), 'too few recorded executions on their tables' FROM index_usage CROSS JOIN threshold
WITH unused AS MATERIALIZED (
    SELECT i.*, u.table_calls
    FROM index_usage AS u
    JOIN indexes AS i ON i.schema = u.schema AND i.name = u.index_name
    CROSS JOIN threshold
    WHERE u.calls = 0 AND u.table_calls >= min_calls AND i.origin = 'c' AND NOT i.is_unique AND i.schema <> 'temp'
      -- the search for referring rows is in no plan, nor is what triggers do
      AND NOT EXISTS (SELECT 1 FROM foreign_key_columns AS f
                      JOIN index_columns AS x ON x.schema = i.schema AND x.index_name = i.name AND x.position = 0 AND x.name = f.name
                      WHERE f.schema = i.schema AND f.table_name = i.table_name)
      AND NOT EXISTS (SELECT 1 FROM objects AS o
                      WHERE o.type = 'trigger' AND mentions(o.sql, i.table_name))
      -- said already by duplicate-index, index-covered-by-unique or redundant-index
      AND NOT EXISTS (SELECT 1 FROM indexes AS w
                      WHERE w.schema = i.schema AND w.table_name = i.table_name AND w.name <> i.name
                        AND w.predicate IS i.predicate AND w.partial = i.partial
                        AND (w.shape = i.shape OR substr(w.shape, 1, length(i.shape) + 2) = i.shape || ', '))
), found AS MATERIALIZED (
    SELECT *, quote_name(schema) || '.' || quote_name(table_name) AS owner, table_rows(schema, table_name) AS rows FROM unused
)
SELECT quote_name(schema) || '.' || quote_name(name) AS object,
       owner AS subject,
       'low' AS severity,
       'no recorded statement uses index ' || quote_name(name) || ' of ' || owner AS title,
       table_calls || ' recorded executions name the table of about ' || counted(rows, 'row') || '; as they are planned now none searches or reads ' ||
       'the index. What runs seldom, or on connections without the recorder, is not among them: before dropping the index, see ' ||
       'that at least one period of reports was recorded.' AS detail,
       json_object('unit', 'rows', 'rows', rows, 'definition', sql, 'table_calls', table_calls, 'window_from', since,
                   'window_to', until) AS evidence,
       NULL AS benefit,
       NULL AS storage_bytes,
       0.5 AS confidence,
       json_array('DROP INDEX ' || quote_name(schema) || '.' || quote_name(name) || ';') AS fix_steps,
       NULL AS fix,
       create_sql(schema, sql) AS rollback
FROM found CROSS JOIN threshold CROSS JOIN observed
WHERE rows >= min_rows
