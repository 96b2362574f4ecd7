-- rule: leading-wildcard-search
-- category: query
-- severity: medium
-- title: A statement searches for a pattern that begins with a wildcard
-- why: No b-tree helps to find a text by what stands in its middle: each execution compares all rows. A full-text table with the trigram tokenizer finds parts of words.
-- references: https://www.sqlite.org/fts5.html#the_trigram_tokenizer
-- minimum version: 3.40
-- threshold: min_rows = 1000: smaller tables are left out
-- examined: SELECT count(*) FROM hot_statements
WITH seen AS MATERIALIZED (
    SELECT s.*, t.schema, t.table_name, t.column_name, t.detail AS piece, table_rows(t.schema, t.table_name) AS rows
    FROM hot_statements AS s JOIN statement_traits AS t ON t.queryid = s.queryid AND t.trait = 'leading-wildcard'
    GROUP BY s.queryid, t.schema, t.table_name, t.column_name, t.detail
)
SELECT quote_name(schema) || '.' || quote_name(table_name) AS object,
       coalesce(nullif(column_name, ''), 'leading-wildcard') || ' ' || queryid AS subject,
       NULL AS severity,
       'the search for parts of ' || quote_name(table_name) || '.' || quote_name(column_name) || ' reads the whole table' AS title,
       'Each of ' || counted(calls, 'execution') || ' compares the pattern with up to ' || counted(rows, 'row') || '. The fix makes a full-text table that follows this one; the ' || 'statement then says rowid IN (SELECT rowid FROM ' || quote_name(table_name || '_search') || ' WHERE ' || quote_name(column_name) || ' LIKE …).' AS detail,
       json_object('unit', 'rows', 'rows', rows, 'column', nullif(column_name, ''), 'piece', piece, 'queryid', queryid, 'query', substr(query, 1, 500), 'calls', calls, 'total_ms', total_ms,
                   'window_from', first_seen, 'window_to', last_seen) AS evidence,
       NULL AS benefit,
       NULL AS storage_bytes,
       0.6 AS confidence,
       json_array() AS fix_steps,
       '-- CREATE VIRTUAL TABLE ' || quote_name(schema) || '.' || quote_name(table_name || '_search') || ' USING fts5(' || quote_name(column_name) || ', content=' || quote(table_name) ||
       ', tokenize=''trigram'');' || char(10) || '-- INSERT INTO ' || quote_name(schema) || '.' || quote_name(table_name || '_search') || '(' || quote_name(table_name || '_search') || ') VALUES(''rebuild'');' ||
       char(10) || '-- and triggers that keep it up to date, as the documentation of external content tables shows' AS fix,
       '-- DROP TABLE ' || quote_name(schema) || '.' || quote_name(table_name || '_search') || ';' AS rollback
FROM seen CROSS JOIN threshold
WHERE rows >= min_rows
