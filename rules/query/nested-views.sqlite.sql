-- rule: nested-views
-- category: query
-- severity: low
-- title: A view rests on views that rest on views
-- why: SQLite writes the text of each view into the statement. What one of them joins, sorts or groups runs even where the statement needs none of it, and nobody sees from the statement what it reads.
-- references: https://www.sqlite.org/lang_createview.html
-- minimum version: 3.40
-- threshold: max_depth = 3: views below each other, this one counted
-- examined: SELECT count(*) FROM tables WHERE kind = 'view'
WITH RECURSIVE views AS MATERIALIZED (
    SELECT schema, name, sql FROM objects WHERE type = 'view'
), uses AS MATERIALIZED (
    SELECT v.schema, v.name AS outer_view, w.name AS inner_view
    FROM views AS v JOIN views AS w ON w.schema = v.schema AND w.name <> v.name
    WHERE instr(lower(v.sql), lower(w.name)) > 0 AND reads_from(v.sql, w.name)
), chains(schema, name, last, depth, path) AS (  -- from those that no other view reads
    SELECT v.schema, v.name, v.name, 1, quote_name(v.name) FROM views AS v
    WHERE NOT EXISTS (SELECT 1 FROM uses AS u WHERE u.schema = v.schema AND u.inner_view = v.name)
    UNION ALL
    SELECT c.schema, c.name, u.inner_view, c.depth + 1, c.path || ' > ' || quote_name(u.inner_view)
    FROM chains AS c JOIN uses AS u ON u.schema = c.schema AND u.outer_view = c.last
    WHERE c.depth < 10
), deepest AS (
    SELECT *, row_number() OVER (PARTITION BY schema, name ORDER BY depth DESC, path) AS rank FROM chains
)
SELECT quote_name(schema) || '.' || quote_name(name) AS object,
       'nested' AS subject,
       NULL AS severity,
       'view ' || quote_name(name) || ' rests on ' || counted(depth - 1, 'view') || ' below each other' AS title,
       'The longest chain is ' || path || '. Recorded statements that read the view: ' ||
       (SELECT count(*) FROM statements AS s WHERE reads_from(s.query, name)) || '. Let those that run often read the tables.' AS detail,
       json_object('unit', 'rows', 'depth', depth, 'chain', path) AS evidence,
       NULL AS benefit,
       NULL AS storage_bytes,
       0.5 AS confidence,
       json_array() AS fix_steps,
       '-- write ' || quote_name(name) || ' over the tables that the last of these read: ' || path AS fix,
       NULL AS rollback
FROM deepest CROSS JOIN threshold
WHERE rank = 1 AND depth > max_depth
