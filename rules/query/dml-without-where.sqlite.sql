-- rule: dml-without-where
-- category: query
-- severity: high
-- title: A statement changes all rows of a table
-- why: UPDATE and DELETE without WHERE write each row. It is mostly a condition that was forgotten or that a program left out; as a change of all rows it locks the file for its whole run.
-- references: https://www.sqlite.org/lang_update.html
-- minimum version: 3.40
-- threshold: min_rows = 1000: changes of fewer rows are left out
-- threshold: ignored_names = "staging_* stage_* stg_* tmp_* temp_* import_* load_* cache_* *_staging *_stage *_stg *_tmp *_temp *_import *_cache": tables whose name has one of these forms are left out
-- examined: SELECT count(*) FROM statements
WITH seen AS MATERIALIZED (
    SELECT s.*, t.schema, t.table_name, t.column_name, min(t.detail) AS piece, table_rows(t.schema, t.table_name) AS rows,
           s.changed_rows / max(s.calls, 1) AS rows_per_call
    FROM statements AS s JOIN statement_traits AS t ON t.queryid = s.queryid AND t.trait = 'write-without-where'
    GROUP BY s.queryid, t.schema, t.table_name, t.column_name
)
SELECT quote_name(schema) || '.' || quote_name(table_name) AS object,
       lower(piece) || ' ' || queryid AS subject,
       CASE WHEN calls > 1 THEN 'high' ELSE 'medium' END AS severity,
       piece || ' without WHERE on ' || quote_name(schema) || '.' || quote_name(table_name) AS title,
       'It ran ' || counted(calls, 'time') || ' and changed ' || counted(rows_per_call, 'row') || ' on average; the table has about ' || rows || '.' || CASE WHEN piece = 'UPDATE' THEN ' If all rows are meant, write those only that change (WHERE column IS NOT value), in parts.' ELSE ' If the table is meant to be emptied, a name of the forms in ignored_names tells this rule.' END AS detail,
       json_object('unit', 'rows', 'rows', rows, 'rows_per_call', rows_per_call, 'queryid', queryid, 'query', substr(query, 1, 500), 'calls', calls, 'total_ms', total_ms,
                   'window_from', first_seen, 'window_to', last_seen) AS evidence,
       NULL AS benefit,
       NULL AS storage_bytes,
       0.6 AS confidence,
       json_array() AS fix_steps,
       '-- add WHERE … to: ' || replace(query, char(10), ' ') AS fix,
       NULL AS rollback
FROM seen CROSS JOIN threshold
WHERE schema <> 'temp' AND max(rows, rows_per_call) >= min_rows
  AND NOT EXISTS (SELECT 1 FROM json_each('["' || replace(ignored_names, ' ', '","') || '"]') WHERE lower(table_name) GLOB value)
