-- rule: duplicate-index
-- severity: medium
-- title: Two indexes hold the same
-- why: The second index answers nothing that the first does not, but it takes its space again and is written on every insert, delete and change of its columns.
-- references: https://www.sqlite.org/queryplanner.html
-- minimum version: 3.40
-- examined: SELECT count(*) FROM pragma_table_list AS t, pragma_index_list(t.name, t.schema) AS l WHERE t.type = 'table'
WITH keys AS (
    SELECT t.schema AS schema, t.name AS owner, l.name AS name, l.seq AS seq, l."unique" AS is_unique,
           l.origin AS origin, l.partial AS partial,
           (SELECT group_concat(coalesce(advisor_quote(lower(x.name)), '(' || x.cid || ')') || ' ' ||
                                lower(x.coll) || ' ' || x."desc", ', ')
            FROM (SELECT * FROM pragma_index_xinfo(l.name, t.schema) WHERE key ORDER BY seqno) AS x) AS shape,
           (SELECT group_concat(advisor_quote(x.name) || ' COLLATE ' || x.coll ||
                                CASE WHEN x."desc" THEN ' DESC' ELSE '' END, ', ')
            FROM (SELECT * FROM pragma_index_xinfo(l.name, t.schema) WHERE key ORDER BY seqno) AS x) AS columns,
           (SELECT max(x.cid = -2) FROM pragma_index_xinfo(l.name, t.schema) AS x WHERE x.key) AS expression,
           (SELECT d.sql FROM sqlite_schema AS d
            WHERE t.schema = 'main' AND d.type = 'index' AND d.name = l.name) AS sql
    FROM pragma_table_list AS t, pragma_index_list(t.name, t.schema) AS l
    WHERE t.type = 'table'
), comparable AS (  -- where columns alone don't say what is in the index, the text does
    SELECT *, CASE WHEN partial OR expression
                   THEN replace(replace(replace(substr(sql, instr(upper(sql), ' ON ')), ' ', ''), char(10), ''), char(9), '')
                   ELSE '' END AS text
    FROM keys WHERE NOT ((partial OR expression) AND sql IS NULL)
), ranked AS (  -- a constraint's index stays, then a unique one, then the oldest
    SELECT *, row_number() OVER same AS place, first_value(name) OVER same AS keeper,
           first_value(origin) OVER same AS keeper_origin
    FROM comparable
    WINDOW same AS (PARTITION BY schema, owner, shape, partial, text
                    ORDER BY origin = 'c', NOT is_unique, seq DESC)
)
SELECT advisor_quote(schema) || '.' || advisor_quote(name) AS object,
       advisor_quote(schema) || '.' || advisor_quote(owner) AS subject,
       'medium' AS severity,
       'index ' || advisor_quote(name) || ' repeats ' ||
       CASE keeper_origin WHEN 'pk' THEN 'the primary key' WHEN 'u' THEN 'a unique constraint'
                          ELSE 'index ' || advisor_quote(keeper) END ||
       ' of ' || advisor_quote(schema) || '.' || advisor_quote(owner) AS title,
       'Both hold the same columns in the same order with the same collations' ||
       CASE WHEN partial THEN ' and the same WHERE' ELSE '' END || ', over about ' ||
       advisor_table_rows(schema, owner) || ' rows. Every write to the table maintains both.' AS detail,
       json_object('unit', 'rows', 'rows', advisor_table_rows(schema, owner), 'kept', keeper,
                   'definition', sql) AS evidence,
       NULL AS benefit,
       NULL AS storage_bytes,
       0.95 AS confidence,
       json_array('DROP INDEX ' || advisor_quote(schema) || '.' || advisor_quote(name) || ';') AS fix_steps,
       NULL AS fix,
       coalesce(sql, 'CREATE ' || CASE WHEN is_unique THEN 'UNIQUE ' ELSE '' END || 'INDEX ' || advisor_quote(schema)
                || '.' || advisor_quote(name) || ' ON ' || advisor_quote(owner) || ' (' || columns || ')') || ';'
       AS rollback
FROM ranked WHERE place > 1 AND origin = 'c'
