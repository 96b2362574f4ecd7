-- What several rules look at: the user's tables and indexes, without those of the system, of extensions, and
-- temporary ones. They read catalogs and counters only, so nobody waits for a lock and nobody's rows are seen.

CREATE OR REPLACE VIEW advisor.user_table AS
SELECT c.oid, n.nspname::text AS schema, c.relname::text AS name, format('%I.%I', n.nspname, c.relname) AS identity,
       c.relowner AS owner, c.relkind AS kind, c.relpersistence AS persistence, c.relispartition AS is_partition,
       (CASE WHEN c.relkind = 'p' THEN coalesce(below.rows, 0)
             WHEN c.reltuples > 0 THEN c.reltuples
             ELSE pg_stat_get_live_tuples(c.oid) END)::bigint AS rows,
       CASE WHEN c.relkind = 'p' THEN coalesce(below.pages, 0) ELSE c.relpages END::bigint
           * current_setting('block_size')::bigint AS bytes,
       EXISTS (SELECT FROM pg_statistic AS s WHERE s.starelid = c.oid AND s.stainherit = (c.relkind = 'p'))
           AS has_statistics
FROM pg_class AS c
JOIN pg_namespace AS n ON n.oid = c.relnamespace
LEFT JOIN (
    WITH RECURSIVE tree AS (
        SELECT i.inhparent AS root, i.inhrelid AS part
        FROM pg_inherits AS i JOIN pg_class AS p ON p.oid = i.inhparent AND p.relkind = 'p'
        UNION ALL
        SELECT t.root, i.inhrelid FROM tree AS t JOIN pg_inherits AS i ON i.inhparent = t.part
    )
    SELECT t.root, sum(c.relpages) AS pages,
           sum(CASE WHEN c.reltuples > 0 THEN c.reltuples ELSE pg_stat_get_live_tuples(c.oid) END) AS rows
    FROM tree AS t JOIN pg_class AS c ON c.oid = t.part AND c.relkind <> 'p'
    GROUP BY t.root
) AS below ON below.root = c.oid
WHERE c.relkind IN ('r', 'p', 'm') AND c.relpersistence <> 't'
  AND n.nspname <> 'information_schema' AND n.nspname !~ '^pg_'
  AND c.oid NOT IN (SELECT d.objid FROM pg_depend AS d WHERE d.classid = 'pg_class'::regclass AND d.deptype = 'e');
COMMENT ON VIEW advisor.user_table IS
    'tables and materialized views for the rules; rows and bytes are estimates, of a partitioned table those of all its parts';

CREATE OR REPLACE VIEW advisor.user_index AS
SELECT x.oid, t.oid AS table_oid, t.identity AS table_identity, t.rows AS table_rows, x.relname::text AS name,
       format('%I.%I', n.nspname, x.relname) AS identity, x.relkind AS kind, x.relispartition AS is_partition,
       i.indisunique AS is_unique, i.indisvalid AND i.indisready AND i.indislive AS is_usable,
       i.indisprimary OR i.indisexclusion OR i.indisreplident OR i.indisclustered
           OR x.oid IN (SELECT conindid FROM pg_constraint WHERE conindid <> 0)
           OR x.oid IN (SELECT objid FROM pg_depend WHERE classid = 'pg_class'::regclass AND deptype IN ('e', 'x'))
           OR coalesce(below.is_protected, false) AS is_protected,
       x.relam AS method, (i.indkey::int2[])[0:i.indnkeyatts - 1] AS key_columns,
       (i.indkey::int2[])[i.indnkeyatts:] AS included_columns, (i.indclass::oid[])[0:i.indnkeyatts - 1] AS classes,
       (i.indcollation::oid[])[0:i.indnkeyatts - 1] AS collations, (i.indoption::int2[])[0:i.indnkeyatts - 1] AS options,
       CASE WHEN i.indexprs IS NULL THEN '' ELSE pg_get_expr(i.indexprs, i.indrelid) END AS expressions,
       CASE WHEN i.indpred IS NULL THEN '' ELSE pg_get_expr(i.indpred, i.indrelid) END AS predicate,
       CASE WHEN x.relkind = 'I' THEN coalesce(below.pages, 0) ELSE x.relpages END::bigint
           * current_setting('block_size')::bigint AS bytes,
       (CASE WHEN x.relkind = 'I' THEN coalesce(below.scans, 0) ELSE pg_stat_get_numscans(x.oid) END)::bigint AS scans
FROM pg_index AS i
JOIN pg_class AS x ON x.oid = i.indexrelid
JOIN pg_namespace AS n ON n.oid = x.relnamespace
JOIN advisor.user_table AS t ON t.oid = i.indrelid
LEFT JOIN (
    WITH RECURSIVE tree AS (
        SELECT i.inhparent AS root, i.inhrelid AS part
        FROM pg_inherits AS i JOIN pg_class AS p ON p.oid = i.inhparent AND p.relkind = 'I'
        UNION ALL
        SELECT t.root, i.inhrelid FROM tree AS t JOIN pg_inherits AS i ON i.inhparent = t.part
    )
    SELECT t.root, sum(c.relpages) AS pages, sum(pg_stat_get_numscans(c.oid)) AS scans,
           bool_or(p.indisclustered OR p.indisreplident OR p.indisexclusion
                   OR t.part IN (SELECT conindid FROM pg_constraint WHERE conindid <> 0)) AS is_protected
    FROM tree AS t JOIN pg_class AS c ON c.oid = t.part AND c.relkind = 'i' JOIN pg_index AS p ON p.indexrelid = t.part
    GROUP BY t.root
) AS below ON below.root = x.oid;
COMMENT ON VIEW advisor.user_index IS
    'indexes of advisor.user_table for the rules: what they hold, what they cost, what rests on them';

-- Apart from the rest, since looking up a definition costs as much as all else: for findings only.
CREATE OR REPLACE VIEW advisor.index_statement AS
SELECT x.oid,
       format('DROP INDEX %s%I.%I;', CASE WHEN x.relkind = 'i' THEN 'CONCURRENTLY ' END, n.nspname, x.relname) AS drop_statement,
       CASE WHEN x.relkind = 'I'
            THEN replace(pg_get_indexdef(x.oid), format(' ON ONLY %I.%I', tn.nspname, t.relname), format(' ON %I.%I', tn.nspname, t.relname))
            ELSE regexp_replace(pg_get_indexdef(x.oid), '^CREATE (UNIQUE )?INDEX ', 'CREATE \1INDEX CONCURRENTLY ')
       END || ';' AS create_statement
FROM pg_index AS i
JOIN pg_class AS x ON x.oid = i.indexrelid
JOIN pg_namespace AS n ON n.oid = x.relnamespace
JOIN pg_class AS t ON t.oid = i.indrelid
JOIN pg_namespace AS tn ON tn.oid = t.relnamespace;
COMMENT ON VIEW advisor.index_statement IS 'how to drop and make an index without waiting for others, as far as that goes';
