-- rule: sqlite-no-analyze
-- category: maintenance
-- severity: medium
-- title: The planner has no statistics, or old ones
-- why: Without sqlite_stat1 SQLite guesses that each index finds ten rows per value and that tables are of one size; with figures of another time it believes them. Both lead to the wrong index and the wrong order of a join.
-- references: https://www.sqlite.org/lang_analyze.html
-- minimum version: 3.40
-- threshold: min_rows = 1000: tables with fewer rows are left out
-- threshold: factor = 4: statistics are old when the rows differ from them that many times
-- examined: SELECT count(DISTINCT table_name || schema) FROM indexes WHERE schema <> 'temp'
WITH analyzed AS (
    SELECT schema, table_name, max(CAST(stat AS INTEGER)) AS rows,
           group_concat('INSERT INTO ' || quote_name(schema) || '.sqlite_stat1 VALUES(' || quote(table_name) || ', ' ||
                        quote(index_name) || ', ' || quote(stat) || ');', char(10)) AS restore
    FROM statistics GROUP BY schema, table_name
), indexed AS (  -- statistics choose among indexes: a table without one needs none
    SELECT t.schema, t.name, table_rows(t.schema, t.name) AS rows
    FROM tables AS t
    WHERE t.kind IN ('table', 'without_rowid') AND t.schema <> 'temp'
      AND EXISTS (SELECT 1 FROM indexes AS i WHERE i.schema = t.schema AND i.table_name = t.name)
), judged AS MATERIALIZED (
    SELECT i.*, a.rows AS known_rows, a.restore,
           EXISTS (SELECT 1 FROM statistics AS s WHERE s.schema = i.schema) AS schema_analyzed,
           (SELECT group_concat(quote_name(x.name), ', ') FROM indexes AS x
            WHERE x.schema = i.schema AND x.table_name = i.name AND NOT x.partial
              AND NOT EXISTS (SELECT 1 FROM statistics AS s
                              WHERE s.schema = x.schema AND s.table_name = x.table_name
                                AND (s.index_name = x.name OR x.origin = 'pk' AND s.index_name = x.table_name))) AS unknown_indexes
    FROM indexed AS i
    LEFT JOIN analyzed AS a ON a.schema = i.schema AND a.table_name = i.name
), found AS MATERIALIZED (
    -- ANALYZE never ran here: once for the whole schema
    SELECT schema, NULL AS name, 'never analyzed' AS state, sum(rows) AS rows, NULL AS known_rows, NULL AS restore,
           NULL AS unknown_indexes, count(*) AS tables
    FROM judged CROSS JOIN threshold
    WHERE NOT schema_analyzed AND rows >= min_rows
    GROUP BY schema
    UNION ALL
    SELECT schema, name,
           CASE WHEN known_rows IS NULL THEN 'never analyzed'
                WHEN max(rows, known_rows) >= factor * max(min(rows, known_rows), 1) THEN 'old' ELSE 'index not analyzed' END,
           rows, known_rows, restore, unknown_indexes, 1
    FROM judged CROSS JOIN threshold
    WHERE schema_analyzed AND max(rows, coalesce(known_rows, 0)) >= min_rows
      AND (unknown_indexes IS NOT NULL OR max(rows, known_rows) >= factor * max(min(rows, known_rows), 1))
), named AS (
    SELECT *, quote_name(schema) || coalesce('.' || quote_name(name), '') AS object FROM found
)
SELECT object,
       'statistics' AS subject,
       CASE state WHEN 'old' THEN 'medium' WHEN 'never analyzed' THEN 'medium' ELSE 'low' END AS severity,
       CASE WHEN name IS NULL THEN 'schema ' || object || ' was never analyzed'
            WHEN state = 'never analyzed' THEN object || ' was never analyzed'
            WHEN state = 'old' THEN 'the statistics of ' || object || ' are old'
            ELSE 'the statistics of ' || object || ' know nothing of ' || unknown_indexes END AS title,
       CASE WHEN name IS NULL
            THEN 'Of ' || counted(tables, 'table') || ' with indexes and ' || CAST(min_rows AS INTEGER) || ' rows or more, ' || counted(rows, 'row') ||
                 ' in all, the planner knows nothing.'
            WHEN state = 'old' THEN 'They speak of ' || counted(known_rows, 'row') || '; there are about ' || rows || '.'
            ELSE 'It has about ' || counted(rows, 'row') || '.' END ||
       ' PRAGMA optimize before a connection closes keeps statistics fresh.' AS detail,
       json_object('unit', 'rows', 'rows', rows, 'analyzed_rows', known_rows, 'unknown_indexes', unknown_indexes) AS evidence,
       NULL AS benefit,
       NULL AS storage_bytes,
       CASE state WHEN 'index not analyzed' THEN 0.6 ELSE 0.8 END AS confidence,
       json_array('PRAGMA analysis_limit = 1000;', 'ANALYZE ' || object || ';') AS fix_steps,
       NULL AS fix,
       CASE WHEN name IS NULL THEN 'DROP TABLE ' || object || '.sqlite_stat1;'
            ELSE 'DELETE FROM ' || quote_name(schema) || '.sqlite_stat1 WHERE tbl = ' || quote(name) || ';' ||
                 coalesce(char(10) || restore, '') END || char(10) || 'ANALYZE ' || quote_name(schema) || '.sqlite_schema;' AS rollback
FROM named CROSS JOIN threshold
