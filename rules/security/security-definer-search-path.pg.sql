-- rule: security-definer-search-path
-- category: security
-- severity: high
-- title: A function with its owner's rights looks names up where its caller says
-- why: A SECURITY DEFINER function without a fixed search_path uses that of its caller, who can put an own function, operator or table before the meant one and so act with the owner's rights.
-- references: https://www.postgresql.org/docs/current/sql-createfunction.html#SQL-CREATEFUNCTION-SECURITY
-- minimum version: 15
-- threshold: invoker_functions = false: also functions that run with their caller's rights, as severity info
-- examined: SELECT count(*) FILTER (WHERE prosecdef) FROM pg_proc AS f JOIN pg_namespace AS n ON n.oid = f.pronamespace WHERE n.nspname <> 'information_schema' AND n.nspname !~ '^pg_'
WITH writable AS (  -- schemas in which everybody may create
    SELECT n.nspname FROM pg_namespace AS n CROSS JOIN LATERAL aclexplode(n.nspacl) AS a
    WHERE a.grantee = 0 AND a.privilege_type = 'CREATE'
), candidate AS (
    SELECT f.oid, f.prosecdef, f.proowner, n.nspname, f.oid::regprocedure::text AS identity,
           (SELECT substr(c.setting, 13) FROM unnest(f.proconfig) AS c (setting) WHERE c.setting LIKE 'search\_path=%') AS path,
           (SELECT string_agg(DISTINCT CASE a.grantee WHEN 0 THEN 'PUBLIC' ELSE quote_ident(pg_get_userbyid(a.grantee)) END, ', ')
            FROM aclexplode(coalesce(f.proacl, acldefault('f', f.proowner))) AS a
            WHERE a.grantee <> f.proowner AND a.privilege_type = 'EXECUTE') AS callers,
           EXISTS (SELECT FROM aclexplode(coalesce(f.proacl, acldefault('f', f.proowner))) AS a WHERE a.grantee = 0) AS everybody
    FROM pg_proc AS f
    JOIN pg_namespace AS n ON n.oid = f.pronamespace
    JOIN pg_language AS l ON l.oid = f.prolang
    WHERE f.prokind IN ('f', 'p') AND n.nspname <> 'information_schema' AND n.nspname !~ '^pg_'
      AND (f.prosecdef OR (SELECT t.invoker_functions FROM threshold AS t))
      AND l.lanname NOT IN ('internal', 'c')
      AND f.prosqlbody IS NULL  -- its names were looked up when it was made
      AND NOT EXISTS (SELECT FROM pg_depend AS d
                      WHERE d.classid = 'pg_proc'::regclass AND d.objid = f.oid AND d.deptype = 'e')
), finding AS (
    SELECT c.*, u.entries AS unsafe, r.rolsuper
    FROM candidate AS c
    CROSS JOIN LATERAL (
        SELECT string_agg(e.name, ', ') AS entries
        FROM (SELECT trim(both '"' from trim(part)) AS name FROM string_to_table(c.path, ',') AS part) AS e
        WHERE e.name = '$user' OR e.name IN (SELECT w.nspname FROM writable AS w)
    ) AS u
    JOIN pg_roles AS r ON r.oid = c.proowner
    WHERE c.path IS NULL OR u.entries IS NOT NULL
), usual AS (  -- what sessions search by default, for names that the function took from there
    SELECT string_agg(', ' || quote_ident(e.name), '' ORDER BY e.place) AS schemas
    FROM (SELECT trim(both '"' from trim(part)) AS name, place
          FROM pg_settings AS s CROSS JOIN LATERAL string_to_table(s.reset_val, ',') WITH ORDINALITY AS p (part, place)
          WHERE s.name = 'search_path') AS e
    WHERE e.name IN (SELECT nspname FROM pg_namespace) AND e.name NOT IN (SELECT nspname FROM writable)
      AND e.name !~ '^pg_'
)
SELECT f.identity AS object,
       NULL AS subject,
       CASE WHEN NOT f.prosecdef THEN 'info' WHEN f.callers IS NULL THEN 'low'
            WHEN f.rolsuper AND f.everybody THEN 'critical' ELSE 'high' END AS severity,
       CASE WHEN NOT f.prosecdef THEN format('function %s searches names where its caller says', f.identity)
            WHEN f.path IS NULL THEN format('function %s runs as %I and searches names where its caller says',
                                            f.identity, pg_get_userbyid(f.proowner))
            ELSE format('function %s runs as %I and searches names where others may create them',
                        f.identity, pg_get_userbyid(f.proowner)) END AS title,
       format('%s It may be called by %s%s. Objects that it names without a schema must be in %s; where they are elsewhere, '
              'add that schema to the list.',
              CASE WHEN f.path IS NULL THEN 'It has no search_path of its own.'
                   ELSE format('Its search_path (%s) holds %s.', f.path, f.unsafe) END,
              coalesce(f.callers, 'its owner alone'),
              CASE WHEN f.prosecdef AND f.rolsuper THEN '; its owner is a superuser' END, w.schemas) AS detail,
       jsonb_build_object('owner', pg_get_userbyid(f.proowner), 'owner_is_superuser', f.rolsuper, 'callers', f.callers,
                          'search_path', f.path, 'unsafe_entries', f.unsafe, 'security_definer', f.prosecdef) AS evidence,
       NULL::float8 AS benefit,
       NULL::bigint AS storage_bytes,
       0.9::float8 AS confidence,
       ARRAY[format('ALTER ROUTINE %s SET search_path = %s;', f.identity, w.schemas)] AS fix_steps,
       NULL::text AS fix,
       CASE WHEN f.path IS NULL THEN format('ALTER ROUTINE %s RESET search_path;', f.identity)
            ELSE format('ALTER ROUTINE %s SET search_path = %s;', f.identity, f.path) END AS rollback
FROM finding AS f
CROSS JOIN usual AS u
CROSS JOIN LATERAL (
    -- pg_temp last: it would be searched first otherwise
    SELECT 'pg_catalog'
           || CASE WHEN f.nspname NOT IN (SELECT nspname FROM writable)
                        AND position(', ' || quote_ident(f.nspname) || ',' IN coalesce(u.schemas, '') || ',') = 0
                   THEN ', ' || quote_ident(f.nspname) ELSE '' END
           || coalesce(u.schemas, '') || ', pg_temp' AS schemas
) AS w
ORDER BY f.identity
