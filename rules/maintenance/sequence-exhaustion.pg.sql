-- rule: sequence-exhaustion
-- category: maintenance
-- severity: critical
-- title: A sequence is running out of numbers
-- why: When a sequence has given its last number, or one that its column cannot hold, each insert fails; making room then takes a rewrite of the table while the application stands still.
-- references: https://www.postgresql.org/docs/current/sql-altersequence.html
-- minimum version: 15
-- threshold: high_share = 0.75: share of the numbers used up from which the finding is of severity high
-- threshold: critical_share = 0.9: share of the numbers used up from which it is critical
-- examined: SELECT count(*) FILTER (WHERE has_sequence_privilege(s.seqrelid, 'USAGE, SELECT')), count(*) FILTER (WHERE NOT has_sequence_privilege(s.seqrelid, 'USAGE, SELECT')), CASE WHEN count(*) FILTER (WHERE NOT has_sequence_privilege(s.seqrelid, 'USAGE, SELECT')) > 0 THEN 'no right to read some sequences' END FROM pg_sequence AS s JOIN pg_class AS c ON c.oid = s.seqrelid WHERE c.relpersistence <> 't'
WITH used_by AS (  -- columns that own a sequence, or whose default takes numbers from it
    SELECT d.objid AS sequence, d.refobjid AS table_oid, d.refobjsubid AS attnum
    FROM pg_depend AS d
    WHERE d.classid = 'pg_class'::regclass AND d.refclassid = 'pg_class'::regclass AND d.deptype IN ('a', 'i') AND d.refobjsubid > 0
      AND d.objid IN (SELECT seqrelid FROM pg_sequence)
    UNION
    SELECT d.refobjid, e.adrelid, e.adnum
    FROM pg_depend AS d JOIN pg_attrdef AS e ON e.oid = d.objid
    WHERE d.classid = 'pg_attrdef'::regclass AND d.refclassid = 'pg_class'::regclass
      AND d.refobjid IN (SELECT seqrelid FROM pg_sequence)
), held AS (  -- the narrowest of them sets the limit; partitions follow their partitioned table
    SELECT DISTINCT ON (u.sequence) u.sequence, t.oid AS table_oid, t.identity AS table_name, t.rows, quote_ident(a.attname) AS column_name,
           a.attname, a.atttypid, w.type_limit,
           count(*) OVER (PARTITION BY u.sequence) AS columns,
           EXISTS (SELECT FROM pg_partitioned_table AS p WHERE p.partrelid = t.oid AND a.attnum = ANY (p.partattrs::int2[]))
               AS in_partition_key
    FROM used_by AS u
    JOIN advisor.user_table AS t ON t.oid = u.table_oid AND NOT t.is_partition
    JOIN pg_attribute AS a ON a.attrelid = u.table_oid AND a.attnum = u.attnum AND NOT a.attisdropped
    CROSS JOIN LATERAL (
        SELECT CASE a.atttypid WHEN 'int2'::regtype THEN 32767 WHEN 'int4'::regtype THEN 2147483647
                               ELSE 9223372036854775807 END AS type_limit
    ) AS w
    ORDER BY u.sequence, w.type_limit, t.identity
), bounded AS (
    SELECT s.*, c.relname, format('%I.%I', n.nspname, c.relname) AS identity, h.table_oid, h.table_name, h.rows, h.column_name, h.attname,
           h.atttypid, h.columns, coalesce(h.in_partition_key, false) AS in_partition_key,
           coalesce(CASE WHEN s.seqincrement > 0 THEN h.type_limit < s.seqmax ELSE -h.type_limit - 1 > s.seqmin END, false) AS by_column,
           CASE WHEN s.seqincrement > 0 THEN least(s.seqmax, h.type_limit) ELSE greatest(s.seqmin, -h.type_limit - 1) END::numeric AS last_number,
           CASE WHEN s.seqincrement > 0 THEN s.seqmin ELSE s.seqmax END::numeric AS first_number
    FROM pg_sequence AS s
    JOIN pg_class AS c ON c.oid = s.seqrelid AND c.relpersistence <> 't'
    JOIN pg_namespace AS n ON n.oid = c.relnamespace
    LEFT JOIN held AS h ON h.sequence = s.seqrelid
    -- an unlogged sequence does not exist on a standby
    WHERE has_sequence_privilege(s.seqrelid, 'USAGE, SELECT') AND NOT (c.relpersistence = 'u' AND pg_is_in_recovery())
      AND NOT EXISTS (SELECT FROM pg_depend AS d WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.deptype = 'e')
), current AS MATERIALIZED (
    -- reading a sequence locks it until the end; so those that nobody can use up, counting up by one, are not read
    SELECT b.*, pg_sequence_last_value(b.seqrelid)::numeric AS number
    FROM bounded AS b
    WHERE (NOT b.seqcycle OR b.by_column) AND abs(b.last_number - b.seqstart) / abs(b.seqincrement) < 1e15
), finding AS (
    SELECT c.*, (c.number - c.first_number) / nullif(c.last_number - c.first_number, 0) AS share,
           abs(c.last_number - c.number) / abs(c.seqincrement) AS numbers_left,
           pg_stat_get_tuples_inserted(c.table_oid) AS inserted, extract(epoch FROM o.until - o.since) / 86400 AS days
    FROM current AS c CROSS JOIN observed AS o
    WHERE c.number IS NOT NULL
), rated AS (
    SELECT f.*, CASE WHEN f.days >= 1.0 / 24 AND f.inserted > 0 THEN f.numbers_left / (f.inserted / f.days) END AS days_left
    FROM finding AS f CROSS JOIN threshold AS h
    WHERE f.share >= h.high_share
), fixed AS (
    SELECT r.*, format_type(r.seqtypid, NULL) AS type,
           (SELECT string_agg(format('%s.%I', k.conrelid::regclass, a.attname), ', ' ORDER BY k.conrelid::regclass::text, a.attname)
            FROM pg_constraint AS k
            CROSS JOIN LATERAL unnest(k.conkey, k.confkey) AS e (child, parent)
            JOIN pg_attribute AS a ON a.attrelid = k.conrelid AND a.attnum = e.child AND a.atttypid IN ('int2'::regtype, 'int4'::regtype)
            JOIN pg_attribute AS p ON p.attrelid = k.confrelid AND p.attnum = e.parent AND p.attname = r.attname
            WHERE k.contype = 'f' AND k.confrelid = r.table_oid AND k.conparentid = 0) AS referring,
           (SELECT array_agg(s) FROM unnest(ARRAY[
                CASE WHEN r.atttypid IN ('int2'::regtype, 'int4'::regtype) AND NOT r.in_partition_key
                     THEN format('ALTER TABLE %s ALTER COLUMN %s TYPE bigint;', r.table_name, r.column_name) END,
                CASE WHEN NOT r.by_column OR r.seqtypid <> 'int8'::regtype
                     THEN format('ALTER SEQUENCE %s AS bigint%s;', r.identity,
                                 CASE WHEN r.seqincrement > 0 THEN ' NO MAXVALUE' ELSE ' NO MINVALUE' END) END]) AS s
            WHERE s IS NOT NULL AND NOT (r.by_column AND r.in_partition_key)) AS steps
    FROM rated AS r
)
SELECT f.identity AS object,
       NULL AS subject,
       CASE WHEN f.share >= h.critical_share OR f.days_left < 30 THEN 'critical' ELSE 'high' END AS severity,
       format('sequence %s has used up %s %% of its numbers', f.identity, floor(f.share * 100)) AS title,
       format('It stands at %s of %s%s, so %s inserts are left%s.%s%s%s', f.number, f.last_number,
              CASE WHEN f.by_column THEN format(', which is all that %s.%s can hold', f.table_name, f.column_name) END,
              floor(f.numbers_left),
              CASE WHEN f.days_left IS NOT NULL THEN format(': at the present rate for %s days', floor(f.days_left)) END,
              CASE WHEN f.columns > 1 THEN format(' %s columns take their numbers from it; the narrowest counts.', f.columns) END,
              CASE WHEN f.atttypid IN ('int2'::regtype, 'int4'::regtype) AND NOT f.in_partition_key
                   THEN format(' The fix writes the about %s rows of %s anew while nobody else can use the table.', f.rows, f.table_name) END,
              ' These columns refer to it and must become bigint too: ' || f.referring || '.') AS detail,
       jsonb_build_object('unit', 'rows', 'window_from', o.since, 'window_to', o.until, 'last_value', f.number, 'limit', f.last_number,
                          'share', round(f.share, 4), 'increment', f.seqincrement, 'type', f.type, 'table', f.table_name,
                          'column', f.column_name, 'column_type', CASE WHEN f.atttypid IS NOT NULL THEN format_type(f.atttypid, NULL) END, 'inserted', f.inserted,
                          'days_left', floor(f.days_left), 'referring', f.referring) AS evidence,
       NULL::float8 AS benefit,
       CASE f.atttypid WHEN 'int2'::regtype THEN 6 * f.rows WHEN 'int4'::regtype THEN 4 * f.rows ELSE 0 END::bigint AS storage_bytes,
       0.95::float8 AS confidence,
       coalesce(f.steps, '{}') AS fix_steps,
       CASE WHEN f.steps IS NULL AND f.in_partition_key AND f.by_column
            THEN format('-- %s is partitioned by %s, whose type cannot change: move the rows to a new table with bigint', f.table_name, f.column_name)
            WHEN f.steps IS NULL
            THEN format('-- a bigint sequence that is used up: which of its numbers are free again, so that it may restart (ALTER SEQUENCE %s RESTART)?', f.identity)
       END AS fix,
       concat_ws(E'\n',
                 CASE WHEN f.atttypid IN ('int2'::regtype, 'int4'::regtype) AND NOT f.in_partition_key
                      THEN format('ALTER TABLE %s ALTER COLUMN %s TYPE %s;', f.table_name, f.column_name, format_type(f.atttypid, NULL)) END,
                 format('ALTER SEQUENCE %s AS %s MINVALUE %s MAXVALUE %s;', f.identity, f.type, f.seqmin, f.seqmax)) AS rollback
FROM fixed AS f CROSS JOIN threshold AS h CROSS JOIN observed AS o
ORDER BY f.identity
