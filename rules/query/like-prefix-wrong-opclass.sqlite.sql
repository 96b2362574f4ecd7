-- rule: like-prefix-wrong-opclass
-- category: query
-- severity: medium
-- title: An index cannot serve a search by the beginning of a text
-- why: LIKE takes upper and lower case for the same, so that only an index with the collation NOCASE is in its order; GLOB needs BINARY. With the other one the whole table is read and compared.
-- references: https://www.sqlite.org/optoverview.html#the_like_optimization
-- minimum version: 3.40
-- threshold: min_rows = 1000: smaller tables are left out
-- examined: SELECT count(*) FROM hot_statements
WITH seen AS MATERIALIZED (
    SELECT s.*, t.schema, t.table_name, t.column_name, min(t.detail) AS piece, table_rows(t.schema, t.table_name) AS rows,
           CASE t.detail WHEN 'LIKE' THEN 'NOCASE' ELSE 'BINARY' END AS wanted, t.table_name || '_' || t.column_name || CASE t.detail WHEN 'LIKE' THEN '_nocase' ELSE '_binary' END AS index_name
    FROM hot_statements AS s JOIN statement_traits AS t ON t.queryid = s.queryid AND t.trait = 'like-prefix'
    GROUP BY s.queryid, t.schema, t.table_name, t.column_name
)
SELECT quote_name(schema) || '.' || quote_name(table_name) AS object,
       column_name || ' ' || queryid AS subject,
       NULL AS severity,
       'the index on ' || quote_name(table_name) || '.' || quote_name(column_name) || ' cannot serve ' || piece AS title,
       'Each of ' || counted(calls, 'execution') || ' compares the pattern with up to ' || rows || ' rows each. An index with the collation ' || wanted || ' finds the beginning of the text; if nothing else needs the one that is there, it can go.' AS detail,
       json_object('unit', 'rows', 'rows', rows, 'column', column_name, 'operator', piece, 'collation', wanted, 'queryid', queryid, 'query', substr(query, 1, 500), 'calls', calls, 'total_ms', total_ms,
                   'window_from', first_seen, 'window_to', last_seen) AS evidence,
       NULL AS benefit,
       NULL AS storage_bytes,
       0.7 AS confidence,
       json_array('CREATE INDEX ' || quote_name(schema) || '.' || quote_name(index_name) || ' ON ' || quote_name(table_name) || ' (' || quote_name(column_name) || ' COLLATE ' || wanted || ');') AS fix_steps,
       NULL AS fix,
       'DROP INDEX ' || quote_name(schema) || '.' || quote_name(index_name) || ';' AS rollback
FROM seen CROSS JOIN threshold
WHERE rows >= min_rows AND (scanned_per_call >= min_rows / 2 OR vm_steps = 0)
  AND NOT EXISTS (SELECT 1 FROM advised_statements AS a WHERE a.queryid = seen.queryid)
  AND EXISTS (SELECT 1 FROM columns AS c WHERE c.schema = seen.schema AND c.table_name = seen.table_name AND c.name = seen.column_name AND c.affinity = 'text')
  AND EXISTS (SELECT 1 FROM plan_lines AS p WHERE p.queryid = seen.queryid AND p.operation = 'scan' AND p.schema = seen.schema AND p.table_name = seen.table_name)
  AND EXISTS (SELECT 1 FROM indexes AS i JOIN index_columns AS x ON x.schema = i.schema AND x.index_name = i.name AND x.position = 0
              WHERE i.schema = seen.schema AND i.table_name = seen.table_name AND x.name = seen.column_name AND x.collation <> wanted)
  AND NOT EXISTS (SELECT 1 FROM indexes AS i JOIN index_columns AS x ON x.schema = i.schema AND x.index_name = i.name AND x.position = 0
                  WHERE i.schema = seen.schema AND i.table_name = seen.table_name AND x.name = seen.column_name AND x.collation = wanted)
