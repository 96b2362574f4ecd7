-- rule: low-selectivity-index
-- category: query
-- severity: medium
-- title: A statement searches an index that finds a large part of the table
-- why: Each row that the index finds is looked up in the table: for a large part of it that takes longer than reading it whole, in order.
-- references: https://www.sqlite.org/queryplanner-ng.html
-- minimum version: 3.40
-- threshold: min_rows = 1000: smaller tables are left out
-- threshold: min_share = 0.1: searches that find less are left out
-- examined: SELECT count(*) FROM hot_statements
WITH searched AS MATERIALIZED (
    SELECT s.*, p.schema, p.table_name, p.index_name, p.detail AS plan,
           CAST(t.stat AS INTEGER) AS rows,
           CAST(json_extract('[' || replace(t.stat, ' ', ',') || ']', '$[' || p.equalities || ']') AS INTEGER) AS per_search,
           row_number() OVER (PARTITION BY p.schema, p.index_name ORDER BY s.total_ms DESC, s.queryid) AS rank
    FROM hot_statements AS s
    JOIN plan_lines AS p ON p.queryid = s.queryid AND p.operation = 'search' AND p.equalities > 0 AND NOT p.covering
    JOIN statistics AS t ON t.schema = p.schema AND t.table_name = p.table_name AND t.index_name = p.index_name
    -- a range or a second column narrows what the average tells; words behind the numbers change their meaning
    WHERE t.stat NOT GLOB '*[^0-9 ]*' AND (length(p.columns) - length(replace(p.columns, ',', '')) + 1) = p.equalities
      AND NOT p.skips AND NOT EXISTS (SELECT 1 FROM advised_statements AS a WHERE a.queryid = s.queryid)
)
SELECT quote_name(schema) || '.' || quote_name(index_name) AS object,
       quote_name(schema) || '.' || quote_name(table_name) || ' ' || queryid AS subject,
       NULL AS severity,
       'a search of index ' || quote_name(index_name) || ' finds ' || (100 * per_search / rows) || ' % of the rows' AS title,
       'By sqlite_stat1 one search finds ' || per_search || ' of ' || counted(rows, 'row') || ' on average ("' || plan || '", ' || counted(calls, 'execution') || '), each of ' ||
       'them looked up in the table. Where the values asked for are rare ones, this is right. Otherwise a plus sign before the column keeps the ' ||
       'statement from the index, and an index that holds all columns of the statement spares the look-ups.' AS detail,
       json_object('unit', 'rows', 'per_search', per_search, 'rows', rows, 'plan', plan, 'queryid', queryid, 'query', substr(query, 1, 500), 'calls', calls, 'total_ms', total_ms,
                   'window_from', first_seen, 'window_to', last_seen) AS evidence,
       NULL AS benefit,
       NULL AS storage_bytes,
       0.4 AS confidence,
       json_array() AS fix_steps,
       '-- write +column = … instead of column = … in: ' || replace(query, char(10), ' ') AS fix,
       NULL AS rollback
FROM searched CROSS JOIN threshold
WHERE rank = 1 AND rows >= min_rows AND per_search >= min_share * rows
