-- rule: timestamp-without-time-zone
-- category: schema
-- severity: medium
-- title: Points in time are stored without their time zone
-- why: A timestamp without time zone is a clock reading, no point in time: sessions with different time zones write different readings for the same moment, an hour occurs twice in autumn, and differences across a clock change are wrong.
-- references: https://wiki.postgresql.org/wiki/Don%27t_Do_This#Don.27t_use_timestamp_.28without_time_zone.29
-- minimum version: 15
-- threshold: min_rows = 1000: tables with fewer rows are left out
-- threshold: civil_names = "local|civil|wall|naive|opening|closing|opens|closes|birth|schedule": columns whose name matches this pattern hold clock readings on purpose
-- examined: SELECT count(*) FROM advisor.user_table AS t JOIN pg_attribute AS a ON a.attrelid = t.oid AND a.attnum > 0 AND NOT a.attisdropped WHERE t.kind IN ('r', 'p') AND NOT t.is_partition AND a.atttypid = 'timestamp'::regtype
WITH zone AS (  -- what sessions of this database have unless they set another
    SELECT coalesce(max(c.value) FILTER (WHERE c.role = 0), max(c.server)) AS usual,
           array_agg(DISTINCT c.value) FILTER (WHERE c.value IS NOT NULL) AS set_values,
           count(DISTINCT coalesce(c.value, c.server)) AS number
    FROM (SELECT s.reset_val AS server, NULL::text AS value, NULL::oid AS role FROM pg_settings AS s WHERE s.name = 'TimeZone'
          UNION ALL
          SELECT NULL, substr(c.setting, 10), s.setrole
          FROM pg_db_role_setting AS s CROSS JOIN LATERAL unnest(s.setconfig) AS c (setting)
          WHERE c.setting ILIKE 'timezone=%'
            AND s.setdatabase IN (0, (SELECT oid FROM pg_database WHERE datname = current_database()))) AS c
), stored AS (
    SELECT t.oid, t.identity, t.kind, t.rows, t.bytes, a.attnum, quote_ident(a.attname) AS name, a.atttypmod,
           pg_get_expr(d.adbin, d.adrelid) AS default_value, a.attgenerated <> '' AS generated,
           EXISTS (SELECT FROM pg_partitioned_table AS p WHERE p.partrelid = t.oid AND a.attnum = ANY (p.partattrs::int2[]))
               AS in_partition_key,
           EXISTS (SELECT FROM pg_attribute AS z  -- the zone stands beside it
                   WHERE z.attrelid = t.oid AND z.attnum > 0 AND NOT z.attisdropped
                     AND z.attname ~* '(^|_)(time_?zone|tz|zone)($|_)' AND z.atttypid <> 'bool'::regtype) AS has_zone
    FROM advisor.user_table AS t
    CROSS JOIN threshold AS h
    JOIN pg_attribute AS a ON a.attrelid = t.oid AND a.attnum > 0 AND NOT a.attisdropped AND a.attinhcount = 0
    LEFT JOIN pg_attrdef AS d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
    WHERE t.kind IN ('r', 'p') AND NOT t.is_partition AND t.rows >= h.min_rows
      AND a.atttypid = 'timestamp'::regtype AND a.attname !~* h.civil_names
), meant AS (
    SELECT s.*, f.place, s.default_value ~* '^(\(?now\(\)|current_timestamp|localtimestamp|clock_timestamp|transaction_timestamp|statement_timestamp|\(?''now''|timezone\()'
               AS of_now,
           coalesce(substring(s.default_value FROM '(?:^\(?timezone\(|AT TIME ZONE )''([^'']+)'''), z.usual) AS time_zone,
           s.default_value ~ 'timezone\(| AT TIME ZONE ' AS shifted_default,
           CASE WHEN s.atttypmod >= 0 THEN format('(%s)', s.atttypmod) ELSE '' END AS digits
    FROM stored AS s CROSS JOIN zone AS z
    CROSS JOIN LATERAL (SELECT CASE WHEN s.generated OR s.in_partition_key THEN 'stays' ELSE 'changes' END AS place) AS f
    WHERE NOT s.has_zone
), finding AS (
    SELECT m.oid, m.identity, m.kind, m.rows, m.bytes, count(*) AS number, bool_or(m.of_now) AS of_now,
           string_agg(m.name, ', ' ORDER BY m.attnum) AS columns,
           array_agg(DISTINCT m.time_zone) AS time_zones,
           string_agg(m.name, ', ' ORDER BY m.attnum) FILTER (WHERE m.place = 'stays') AS staying,
           string_agg(concat_ws(', ', CASE WHEN m.shifted_default THEN format('ALTER COLUMN %s DROP DEFAULT', m.name) END,
                                format('ALTER COLUMN %s TYPE timestamp%s with time zone USING %s AT TIME ZONE %L',
                                       m.name, m.digits, m.name, m.time_zone),
                                CASE WHEN m.shifted_default THEN format('ALTER COLUMN %s SET DEFAULT now()', m.name) END),
                      ', ' ORDER BY m.attnum) FILTER (WHERE m.place = 'changes') AS changes,
           string_agg(concat_ws(', ', CASE WHEN m.shifted_default THEN format('ALTER COLUMN %s DROP DEFAULT', m.name) END,
                                format('ALTER COLUMN %s TYPE timestamp%s without time zone USING %s AT TIME ZONE %L',
                                       m.name, m.digits, m.name, m.time_zone),
                                CASE WHEN m.shifted_default THEN format('ALTER COLUMN %s SET DEFAULT %s', m.name, m.default_value) END),
                      ', ' ORDER BY m.attnum) FILTER (WHERE m.place = 'changes') AS changes_back,
           (SELECT string_agg(DISTINCT v.ev_class::regclass::text, ', ')
            FROM pg_depend AS d JOIN pg_rewrite AS v ON v.oid = d.objid
            WHERE d.classid = 'pg_rewrite'::regclass AND d.refclassid = 'pg_class'::regclass
              AND d.refobjid = m.oid AND d.refobjsubid = ANY (array_agg(m.attnum))) AS views
    FROM meant AS m
    GROUP BY m.oid, m.identity, m.kind, m.rows, m.bytes
)
SELECT f.identity AS object,
       NULL AS subject,
       CASE WHEN z.number > 1 OR cardinality(f.time_zones) > 1 THEN 'medium' ELSE 'low' END AS severity,
       format('%s of %s %s no time zone', f.columns, f.identity, CASE WHEN f.number = 1 THEN 'has' ELSE 'have' END) AS title,
       format('What a value means depends on the session that wrote it; sessions here %s. %sThe fix takes the values as '
              'readings of %s: check that the application writes them so. It writes the about %s rows (%s) anew while nobody '
              'else can use the table.%s%s',
              CASE WHEN z.number > 1 THEN 'have different time zones, ' || array_to_string(z.set_values, ', ') || ' among them'
                   ELSE 'all have ' || z.usual || ' unless they set another' END,
              CASE WHEN f.of_now THEN 'Defaults fill in the present moment, so these are points in time. ' END,
              array_to_string(f.time_zones, ', '), f.rows, pg_size_pretty(f.bytes),
              ' These views must be dropped before and made again: ' || f.views || '.',
              ' ' || f.staying || ' cannot change in place: it is generated, or the table is partitioned by it.') AS detail,
       jsonb_build_object('unit', 'rows', 'rows', f.rows, 'columns', f.columns, 'time_zones', f.time_zones,
                          'usual_time_zone', z.usual, 'time_zones_set', z.set_values, 'filled_with_now', f.of_now,
                          'views', f.views) AS evidence,
       NULL::float8 AS benefit,
       0::bigint AS storage_bytes,
       CASE WHEN f.of_now THEN 0.8 ELSE 0.5 END::float8 AS confidence,
       CASE WHEN f.changes IS NULL THEN '{}' ELSE ARRAY[format('ALTER TABLE %s %s;', f.identity, f.changes)] END AS fix_steps,
       CASE WHEN f.changes IS NULL
            THEN format('-- %s of %s cannot change in place: move the rows to a new table with timestamp with time zone', f.columns, f.identity)
       END AS fix,
       coalesce('ALTER TABLE ' || f.identity || ' ' || f.changes_back || ';', '') AS rollback
FROM finding AS f CROSS JOIN zone AS z
ORDER BY f.identity
