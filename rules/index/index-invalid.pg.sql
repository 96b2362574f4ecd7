-- rule: index-invalid
-- category: index
-- severity: high
-- title: An index is not valid
-- why: A CREATE INDEX or REINDEX CONCURRENTLY that failed leaves an index that no query uses, while each write may still maintain it; who made it believes that it is there, and a unique one that it keeps rows apart.
-- references: https://www.postgresql.org/docs/current/sql-createindex.html#SQL-CREATEINDEX-CONCURRENTLY
-- minimum version: 15
-- examined: SELECT count(*) FROM advisor.user_index WHERE kind = 'i'
WITH building AS (  -- whoever builds an index concurrently keeps such a lock on its table; so does VACUUM, for a while
    SELECT l.relation FROM pg_locks AS l
    WHERE l.locktype = 'relation' AND l.mode = 'ShareUpdateExclusiveLock' AND l.granted
      AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database())
), invalid AS (  -- an index of a partitioned table is invalid until all partitions have theirs: that is no failure
    SELECT x.*, i.indisvalid, i.indisready, i.indislive,
           NOT i.indislive OR NOT x.is_protected AND NOT x.is_partition
               AND (x.name ~ '_cc(new|old)[0-9]*$' OR same.identity IS NOT NULL) AS is_rest,
           same.identity AS same_as
    FROM advisor.user_index AS x
    JOIN pg_index AS i ON i.indexrelid = x.oid
    LEFT JOIN LATERAL (
        SELECT s.identity FROM advisor.user_index AS s
        WHERE s.table_oid = x.table_oid AND s.is_usable AND s.method = x.method AND s.key_columns = x.key_columns
          AND s.included_columns = x.included_columns AND s.classes = x.classes AND s.collations = x.collations
          AND s.options = x.options AND s.expressions = x.expressions AND s.predicate = x.predicate
          AND s.is_unique >= x.is_unique
        ORDER BY s.oid LIMIT 1
    ) AS same ON true
    WHERE x.kind = 'i' AND NOT x.is_usable AND x.table_oid NOT IN (SELECT b.relation FROM building AS b)
)
SELECT i.identity AS object,
       i.table_identity AS subject,
       CASE WHEN i.is_unique THEN 'high' WHEN i.table_rows < 1000 THEN 'info' WHEN i.is_rest AND NOT i.indisready THEN 'medium'
            ELSE 'high' END AS severity,
       format('index %s of %s is not valid', i.identity, i.table_identity) AS title,
       format('Queries do not use it%s. %s',
              CASE WHEN i.indisready THEN format(', but each write to the about %s rows of the table maintains it', i.table_rows) ELSE '' END,
              CASE WHEN NOT i.indislive THEN 'A DROP INDEX CONCURRENTLY was interrupted: drop it again.'
                   WHEN i.same_as IS NOT NULL THEN format('Index %s holds the same and is valid: drop this one.', i.same_as)
                   WHEN i.is_rest THEN 'It is what a failed REINDEX CONCURRENTLY left: drop it.'
                   WHEN i.is_unique THEN 'Rows that are alike may have stopped it: find and remove them before building it again.'
                   ELSE 'Build it again, or drop it if it is not wanted any more.' END) AS detail,
       jsonb_build_object('unit', 'bytes', 'definition', pg_get_indexdef(i.oid), 'bytes', i.bytes, 'rows', i.table_rows,
                          'valid', i.indisvalid, 'ready', i.indisready, 'live', i.indislive, 'same_as', i.same_as,
                          'unique', i.is_unique) AS evidence,
       NULL::float8 AS benefit,
       CASE WHEN i.is_rest THEN -i.bytes ELSE 0 END AS storage_bytes,
       0.9::float8 AS confidence,
       ARRAY[CASE WHEN i.is_rest THEN q.drop_statement ELSE format('REINDEX INDEX CONCURRENTLY %s;', i.identity) END] AS fix_steps,
       NULL::text AS fix,
       CASE WHEN i.is_rest THEN q.create_statement
            ELSE '-- nothing to undo: the definition stays as it is' END AS rollback
FROM invalid AS i
JOIN advisor.index_statement AS q ON q.oid = i.oid
ORDER BY i.identity
