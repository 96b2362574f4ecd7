-- rule: fk-type-mismatch
-- category: schema
-- severity: medium
-- title: A foreign key and what it refers to have different types
-- why: The referring column may not hold each value of the key (an int that refers to a bigint overflows one day), and comparing two types costs a conversion per row that can keep an index from being used.
-- references: https://www.postgresql.org/docs/current/ddl-constraints.html#DDL-CONSTRAINTS-FK
-- minimum version: 15
-- examined: SELECT count(*) FROM pg_constraint WHERE contype = 'f' AND conparentid = 0
WITH RECURSIVE base AS (  -- what is below each domain; text and varchar are the same
    SELECT oid, oid AS type FROM pg_type WHERE typtype <> 'd'
    UNION ALL
    SELECT t.oid, b.type FROM base AS b JOIN pg_type AS t ON t.typbasetype = b.oid AND t.typtype = 'd'
), alike AS (
    SELECT oid, CASE WHEN type = 'varchar'::regtype THEN 'text'::regtype ELSE type END AS type FROM base
), pair AS (
    SELECT c.oid, c.conname, c.conrelid, c.confrelid, a.attnum, a.attname, a.attinhcount, p.attname AS parent_column,
           format_type(a.atttypid, a.atttypmod) AS type, format_type(p.atttypid, p.atttypmod) AS parent_type,
           at.type AS base, pt.type AS parent_base, a.attlen, p.attlen AS parent_attlen,
           o.oprright NOT IN (at.type, a.atttypid) AS converted
    FROM pg_constraint AS c
    CROSS JOIN LATERAL unnest(c.conkey, c.confkey, c.conpfeqop) AS k (number, parent_number, operator)
    JOIN pg_attribute AS a ON a.attrelid = c.conrelid AND a.attnum = k.number
    JOIN pg_attribute AS p ON p.attrelid = c.confrelid AND p.attnum = k.parent_number
    JOIN pg_operator AS o ON o.oid = k.operator
    JOIN alike AS at ON at.oid = a.atttypid
    JOIN alike AS pt ON pt.oid = p.atttypid
    WHERE c.contype = 'f' AND c.conparentid = 0 AND a.atttypid <> p.atttypid AND at.type <> pt.type
      AND NOT EXISTS (SELECT FROM pg_constraint AS same  -- of two over the same columns the first
                      WHERE same.conrelid = c.conrelid AND same.contype = 'f' AND same.oid < c.oid
                        AND same.conkey = c.conkey AND same.confrelid = c.confrelid AND same.confkey = c.confkey)
), finding AS (
    SELECT p.*, t.identity, r.identity AS parent, r.rows AS parent_rows, w.identity AS where_to_change, w.rows,
           p.base IN ('int2'::regtype, 'int4'::regtype, 'int8'::regtype)
               AND p.parent_base IN ('int2'::regtype, 'int4'::regtype, 'int8'::regtype, 'numeric'::regtype)
               AND NOT (p.parent_attlen > 0 AND p.parent_attlen < p.attlen) AS may_overflow,
           CASE WHEN p.type LIKE 'character(%' OR p.parent_type LIKE 'character(%' THEN true ELSE p.converted END AS converts,
           EXISTS (SELECT FROM pg_partitioned_table AS x
                   WHERE x.partrelid = w.oid AND (SELECT n.attnum FROM pg_attribute AS n
                                                  WHERE n.attrelid = w.oid AND n.attname = p.attname) = ANY (x.partattrs::int2[]))
               AS in_partition_key,
           (SELECT string_agg(DISTINCT v.ev_class::regclass::text, ', ')
            FROM pg_depend AS d JOIN pg_rewrite AS v ON v.oid = d.objid
            WHERE d.classid = 'pg_rewrite'::regclass AND d.refclassid = 'pg_class'::regclass
              AND d.refobjid = w.oid AND d.refobjsubid = p.attnum) AS views
    FROM pair AS p
    JOIN advisor.user_table AS t ON t.oid = p.conrelid
    JOIN advisor.user_table AS r ON r.oid = p.confrelid
    -- the column of a partition changes with its partitioned table's
    JOIN advisor.user_table AS w ON w.oid = CASE WHEN t.is_partition THEN pg_partition_root(t.oid)::oid ELSE t.oid END
)
SELECT f.identity AS object,
       quote_ident(f.attname) || ' ' || f.parent || ' ' || quote_ident(f.parent_column) AS subject,
       CASE WHEN f.may_overflow AND f.parent_rows >= 100000000 THEN 'high' WHEN f.may_overflow OR f.converts THEN 'medium'
            ELSE 'low' END AS severity,
       format('%s.%I is %s but refers to %s.%I, which is %s', f.identity, f.attname, f.type, f.parent, f.parent_column,
              f.parent_type) AS title,
       format('Foreign key %I joins the two types. %s%sThe fix writes the about %s rows of %s anew while nobody else can use '
              'the table, and checks the foreign key again.%s', f.conname,
              CASE WHEN f.may_overflow THEN format('%s cannot hold each value of %s, so that some day a row cannot be inserted. ',
                                                   f.type, f.parent_type) END,
              CASE WHEN f.converts THEN 'Each comparison converts one of them first. ' END,
              f.rows, f.where_to_change, ' These views must be dropped before and made again: ' || f.views || '.') AS detail,
       jsonb_build_object('unit', 'rows', 'constraint', f.conname, 'column', f.attname, 'type', f.type, 'parent', f.parent,
                          'parent_column', f.parent_column, 'parent_type', f.parent_type, 'rows', f.rows,
                          'parent_rows', f.parent_rows, 'may_overflow', f.may_overflow, 'converts', f.converts,
                          'views', f.views) AS evidence,
       NULL::float8 AS benefit,
       CASE WHEN f.attlen > 0 AND f.parent_attlen > 0 THEN (f.parent_attlen - f.attlen) * f.rows END::bigint AS storage_bytes,
       0.9::float8 AS confidence,
       CASE WHEN f.in_partition_key THEN '{}'
            ELSE ARRAY[format('ALTER TABLE %s ALTER COLUMN %I TYPE %s;', f.where_to_change, f.attname, f.parent_type)] END AS fix_steps,
       CASE WHEN f.in_partition_key
            THEN format('-- %s is partitioned by %I, whose type cannot change: move the rows to a new table with %s', f.where_to_change,
                        f.attname, f.parent_type) END AS fix,
       CASE WHEN f.in_partition_key THEN ''
            ELSE format('ALTER TABLE %s ALTER COLUMN %I TYPE %s;', f.where_to_change, f.attname, f.type) END AS rollback
FROM finding AS f
ORDER BY f.identity, f.attname, f.parent
