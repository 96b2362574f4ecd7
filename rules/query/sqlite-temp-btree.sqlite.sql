-- rule: sqlite-temp-btree
-- category: query
-- severity: low
-- title: A frequent statement sorts many rows
-- why: Rows that come in another order than wanted are put into a temporary b-tree before the first one is returned: for ORDER BY, GROUP BY and DISTINCT alike. An index in that order spares it and lets a LIMIT end early.
-- references: https://www.sqlite.org/eqp.html#temporary_sorting_b_trees
-- minimum version: 3.40
-- threshold: min_steps = 20000: executions with fewer VM steps are left out
-- examined: SELECT count(*) FROM hot_statements
WITH sorted AS (
    SELECT s.*, group_concat(DISTINCT substr(p.detail, 21)) AS wanted
    FROM hot_statements AS s CROSS JOIN threshold
    JOIN plan_lines AS p ON p.queryid = s.queryid AND p.operation = 'sort'
    -- the plan says that it may sort; the counter that it did, which it does not tell for DISTINCT
    WHERE s.steps_per_call >= min_steps AND (s.sorts > 0 OR p.detail LIKE '%DISTINCT%')
      -- groups that are sorted, and the reading of a table for a Bloom filter, are work of another kind
      AND NOT (mentions(s.query, 'group') AND p.detail LIKE '%ORDER BY%')
      AND NOT EXISTS (SELECT 1 FROM plan_lines AS b WHERE b.queryid = s.queryid AND b.detail LIKE 'BLOOM FILTER%')
      AND NOT EXISTS (SELECT 1 FROM advised_statements AS a WHERE a.queryid = s.queryid)
    GROUP BY s.queryid
), first_table AS (
    SELECT p.queryid, p.schema, p.table_name, min(p.position) FROM plan_lines AS p
    WHERE p.table_name <> '' GROUP BY p.queryid
)
SELECT coalesce(quote_name(schema) || '.' || quote_name(table_name), 'statement ' || queryid) AS object,
       'sorted by ' || queryid AS subject,
       NULL AS severity,
       'a statement sorts for ' || wanted AS title,
       'Each of ' || counted(calls, 'execution') || ' takes ' || steps_per_call || ' VM steps and puts its rows into a temporary b-tree for ' || wanted ||
       '. No index was found that halves its cost: ask for fewer rows before they are sorted, or sort by columns of one table that an index ' ||
       'on its conditions can end with.' AS detail,
       json_object('unit', 'steps', 'steps_per_call', steps_per_call, 'sorts', sorts, 'for', wanted, 'queryid', queryid, 'query', substr(query, 1, 500), 'calls', calls, 'total_ms', total_ms,
                   'window_from', first_seen, 'window_to', last_seen) AS evidence,
       NULL AS benefit,
       NULL AS storage_bytes,
       0.5 AS confidence,
       json_array() AS fix_steps,
       '-- the statement: ' || replace(query, char(10), ' ') AS fix,
       NULL AS rollback
FROM sorted LEFT JOIN first_table USING (queryid)
