-- rule: no-primary-key
-- category: schema
-- severity: high
-- title: A table has no primary key
-- why: Without one nothing keeps a row from being there twice, no single row can be named to change or delete it, logical replication cannot pass on updates and deletes, and tools that compare or move data give up.
-- references: https://www.postgresql.org/docs/current/ddl-constraints.html#DDL-CONSTRAINTS-PRIMARY-KEYS
-- minimum version: 15
-- threshold: ignored_names = "^(staging|stage|stg|tmp|temp|import|load)_|_(staging|stage|stg|tmp|temp|import|log|logs)$": tables whose name matches this pattern are left out, unless a publication needs a key
-- examined: SELECT count(*) FROM advisor.user_table WHERE kind IN ('r', 'p') AND NOT is_partition
WITH RECURSIVE level AS (  -- partitioned tables with all that are below them: a key needs the columns of each level
    SELECT p.partrelid AS root, p.partrelid AS part, 0 AS depth FROM pg_partitioned_table AS p
    UNION ALL
    SELECT l.root, p.partrelid, l.depth + 1
    FROM level AS l JOIN pg_inherits AS i ON i.inhparent = l.part
    JOIN pg_partitioned_table AS p ON p.partrelid = i.inhrelid
), keyless AS (
    SELECT t.oid, t.identity, t.schema, t.name, t.kind, t.persistence, t.rows, c.relreplident, p.publications,
           t.kind = 'p' OR EXISTS (SELECT FROM pg_inherits AS i WHERE i.inhparent = t.oid) AS has_children
    FROM advisor.user_table AS t
    JOIN pg_class AS c ON c.oid = t.oid
    LEFT JOIN LATERAL (
        SELECT string_agg(DISTINCT quote_ident(p.pubname), ', ') AS publications
        FROM pg_publication AS p
        WHERE (p.pubupdate OR p.pubdelete)
          AND (p.puballtables
               OR EXISTS (SELECT FROM pg_publication_rel AS r WHERE r.prpubid = p.oid AND r.prrelid = t.oid)
               OR EXISTS (SELECT FROM pg_publication_namespace AS n WHERE n.pnpubid = p.oid AND n.pnnspid = c.relnamespace))
    ) AS p ON t.persistence = 'p'
    WHERE t.kind IN ('r', 'p') AND NOT t.is_partition
      AND NOT EXISTS (SELECT FROM pg_constraint AS k WHERE k.conrelid = t.oid AND k.contype = 'p')
      AND (t.name !~ (SELECT h.ignored_names FROM threshold AS h)
           OR p.publications IS NOT NULL AND c.relreplident IN ('d', 'n'))
), unique_index AS (  -- the narrowest one whose columns can't be NULL
    SELECT DISTINCT ON (i.indrelid) i.indrelid, quote_ident(x.relname) AS index_name, n.columns, quote_ident(c.conname) AS constraint_name,
           pg_get_indexdef(x.oid) AS definition, n.usual AND c.oid IS NULL AS can_become_key
    FROM pg_index AS i
    JOIN keyless AS k ON k.oid = i.indrelid
    JOIN pg_class AS x ON x.oid = i.indexrelid
    LEFT JOIN pg_constraint AS c ON c.conindid = i.indexrelid AND c.conrelid = i.indrelid AND c.contype = 'u'
    CROSS JOIN LATERAL (
        SELECT string_agg(quote_ident(a.attname), ', ' ORDER BY e.place) AS columns, bool_and(a.attnotnull) AS not_null,
               sum(CASE WHEN a.attlen > 0 THEN a.attlen ELSE 16 END) AS width,
               bool_and(i.indoption[e.place - 1] = 0 AND o.opcdefault
                        AND i.indcollation[e.place - 1] = a.attcollation) AS usual
        FROM unnest((i.indkey::int2[])[0:i.indnkeyatts - 1]) WITH ORDINALITY AS e (number, place)
        JOIN pg_attribute AS a ON a.attrelid = i.indrelid AND a.attnum = e.number
        JOIN pg_opclass AS o ON o.oid = i.indclass[e.place - 1]
    ) AS n
    WHERE i.indisunique AND i.indimmediate AND i.indisvalid AND i.indisready AND i.indislive
      AND i.indpred IS NULL AND i.indexprs IS NULL AND n.not_null
    ORDER BY i.indrelid, n.width, c.oid IS NULL, x.relname
), numbered AS (  -- a sequence fills it, and so far no value came twice
    SELECT DISTINCT ON (k.oid) k.oid, quote_ident(a.attname) AS columns
    FROM keyless AS k
    JOIN pg_attribute AS a ON a.attrelid = k.oid AND a.attnotnull AND NOT a.attisdropped
    JOIN pg_depend AS d ON d.refclassid = 'pg_class'::regclass AND d.refobjid = k.oid AND d.refobjsubid = a.attnum
                       AND d.classid = 'pg_class'::regclass AND d.deptype IN ('a', 'i')
    JOIN pg_class AS q ON q.oid = d.objid AND q.relkind = 'S'
    JOIN pg_stats AS s ON s.schemaname = k.schema AND s.tablename = k.name AND s.attname = a.attname
                      AND s.n_distinct = -1 AND NOT s.inherited
    WHERE NOT k.has_children
    ORDER BY k.oid, a.attnum
), finding AS (
    SELECT k.*, u.index_name, coalesce(u.columns, i.columns) AS columns, u.columns IS NULL AND i.columns IS NOT NULL AS is_numbered,
           u.constraint_name, u.definition,
           k.kind = 'r' AND u.can_become_key AS index_becomes_key,
           pk.name AS key_name, id.name AS id_column, r.columns AS partition_columns, r.with_expression,
           (SELECT string_agg(quote_ident(s.attname), ', ' ORDER BY s.attname) FROM pg_stats AS s
            WHERE s.schemaname = k.schema AND s.tablename = k.name AND s.n_distinct = -1 AND s.null_frac = 0)
               AS distinct_columns
    FROM keyless AS k
    LEFT JOIN unique_index AS u ON u.indrelid = k.oid
    LEFT JOIN numbered AS i ON i.oid = k.oid
    CROSS JOIN LATERAL (
        SELECT quote_ident(tried.name) AS name
        FROM generate_series(0, 99) AS number
        CROSS JOIN LATERAL (SELECT left(k.name, 54) || '_pkey' || CASE number WHEN 0 THEN '' ELSE number::text END AS name) AS tried
        WHERE NOT EXISTS (SELECT FROM pg_class AS x JOIN pg_class AS t ON t.relnamespace = x.relnamespace
                          WHERE t.oid = k.oid AND x.relname = tried.name)
        ORDER BY number LIMIT 1
    ) AS pk
    CROSS JOIN LATERAL (
        SELECT quote_ident(tried.name) AS name
        FROM generate_series(0, 99) AS number
        CROSS JOIN LATERAL (SELECT 'id' || CASE number WHEN 0 THEN '' ELSE number::text END AS name) AS tried
        WHERE NOT EXISTS (SELECT FROM pg_attribute AS a WHERE a.attrelid = k.oid AND a.attname = tried.name)
        ORDER BY number LIMIT 1
    ) AS id
    LEFT JOIN LATERAL (
        SELECT string_agg(', ' || quote_ident(c.attname), '' ORDER BY c.place) AS columns, bool_or(c.attname IS NULL) AS with_expression
        FROM (SELECT a.attname, min(l.depth * 100 + e.place) AS place
              FROM level AS l
              JOIN pg_partitioned_table AS p ON p.partrelid = l.part
              CROSS JOIN LATERAL unnest(p.partattrs::int2[]) WITH ORDINALITY AS e (number, place)
              LEFT JOIN pg_attribute AS a ON a.attrelid = p.partrelid AND a.attnum = e.number AND e.number > 0
              WHERE l.root = k.oid
              GROUP BY a.attname) AS c
    ) AS r ON true
)
SELECT f.identity AS object,
       NULL AS subject,
       CASE WHEN f.publications IS NOT NULL AND f.relreplident IN ('d', 'n') THEN 'high'
            WHEN f.persistence = 'u' THEN 'low' WHEN f.rows < 1000 THEN 'medium' ELSE 'high' END AS severity,
       format('%s has no primary key', f.identity) AS title,
       format('The table holds about %s rows. %s%s%s', f.rows,
              CASE WHEN f.columns IS NOT NULL AND f.kind = 'r' AND f.index_becomes_key
                   THEN format('Its index %s keeps (%s) unique and without NULLs, so it can become the key without reading the table.',
                               f.index_name, f.columns)
                   WHEN f.is_numbered
                   THEN format('(%s) is filled by a sequence, and by the statistics each row has a value of its own, so it can be the key; '
                               'while the index is built others can only read.', f.columns)
                   WHEN f.columns IS NOT NULL
                   THEN format('(%s) is unique and without NULLs by %s, so it can be the key; %s can go when nothing refers to it any more.',
                               f.columns, coalesce('constraint ' || f.constraint_name, 'index ' || f.index_name),
                               coalesce(f.constraint_name, f.index_name))
                   WHEN f.with_expression
                   THEN 'Its partition key is an expression, so no key can hold for all partitions: give each partition one of its own.'
                   ELSE 'No index keeps rows apart, so the fix adds a number; that writes the whole table anew while nobody else can use it.'
              END,
              CASE WHEN f.columns IS NULL THEN ' In the statistics these columns have a value of its own in each row: ' || f.distinct_columns
                                               || '; one of them may be the key instead.' END,
              CASE WHEN f.publications IS NOT NULL AND f.relreplident IN ('d', 'n')
                   THEN format(' It is part of publication %s, and so each UPDATE and DELETE on it fails.', f.publications) END) AS detail,
       jsonb_build_object('unit', 'rows', 'rows', f.rows, 'unique_columns', CASE WHEN NOT f.is_numbered THEN f.columns END, 'unique_index', f.definition,
                          'distinct_in_statistics', f.distinct_columns, 'publications', f.publications,
                          'replica_identity', CASE f.relreplident WHEN 'd' THEN 'default' WHEN 'n' THEN 'nothing'
                                                                  WHEN 'f' THEN 'full' ELSE 'index' END,
                          'partitioned', f.kind = 'p') AS evidence,
       NULL::float8 AS benefit,
       CASE WHEN f.index_becomes_key OR f.with_expression THEN 0 ELSE 8192 + f.rows * 24 END::bigint AS storage_bytes,
       CASE WHEN f.columns IS NOT NULL AND NOT f.is_numbered THEN 0.95 ELSE 0.8 END::float8 AS confidence,
       CASE WHEN f.index_becomes_key
            THEN ARRAY[format('ALTER TABLE %s ADD CONSTRAINT %s PRIMARY KEY USING INDEX %s;', f.identity, f.index_name, f.index_name)]
            WHEN f.columns IS NOT NULL
            THEN ARRAY[format('ALTER TABLE %s ADD CONSTRAINT %s PRIMARY KEY (%s);', f.identity, f.key_name, f.columns)]
            WHEN f.with_expression THEN '{}'
            WHEN f.has_children
            THEN ARRAY[format('ALTER TABLE %s ADD COLUMN %s bigserial, ADD CONSTRAINT %s PRIMARY KEY (%s%s);', f.identity, f.id_column,
                              f.key_name, f.id_column, f.partition_columns)]
            ELSE ARRAY[format('ALTER TABLE %s ADD COLUMN %s bigint GENERATED ALWAYS AS IDENTITY CONSTRAINT %s PRIMARY KEY;', f.identity,
                              f.id_column, f.key_name)]
       END AS fix_steps,
       CASE WHEN f.with_expression AND f.columns IS NULL
            THEN format('-- which columns tell the rows of %s apart? The partition key is an expression, so each partition needs a key of its own', f.identity)
       END AS fix,
       CASE WHEN f.index_becomes_key  -- in one transaction, so that rows stay unique
            THEN format(E'ALTER TABLE %s DROP CONSTRAINT %s;\n%s;', f.identity, f.index_name, f.definition)
            WHEN f.columns IS NOT NULL THEN format('ALTER TABLE %s DROP CONSTRAINT %s;', f.identity, f.key_name)
            WHEN f.with_expression THEN ''
            ELSE format('ALTER TABLE %s DROP COLUMN %s;', f.identity, f.id_column)
       END AS rollback
FROM finding AS f
ORDER BY f.identity
