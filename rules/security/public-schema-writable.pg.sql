-- rule: public-schema-writable
-- category: security
-- severity: high
-- title: Others may create objects in a schema that is searched
-- why: Who may create functions, operators and tables in a schema on somebody's search_path can make that one's statements call them, with that one's rights; a superuser's too.
-- references: https://www.postgresql.org/docs/current/ddl-schemas.html#DDL-SCHEMAS-PATTERNS
-- minimum version: 15
-- threshold: named_roles = true: also schemas in which single roles, not everybody, may create
-- examined: SELECT count(*) FROM pg_namespace WHERE nspname <> 'information_schema' AND nspname !~ '^pg_'
WITH path AS (  -- each search_path that is set somewhere, and where
    SELECT reset_val AS schemas, 'the server''s default' AS place FROM pg_settings WHERE name = 'search_path'
    UNION
    SELECT 'public', 'the usual default'
    UNION
    SELECT substr(c.setting, 13),
           concat_ws(' in ', CASE WHEN s.setrole <> 0 THEN 'role ' || quote_ident(pg_get_userbyid(s.setrole)) END,
                     CASE WHEN s.setdatabase <> 0 THEN 'this database' END)
    FROM pg_db_role_setting AS s CROSS JOIN LATERAL unnest(s.setconfig) AS c (setting)
    WHERE c.setting LIKE 'search\_path=%'
      AND s.setdatabase IN (0, (SELECT oid FROM pg_database WHERE datname = current_database()))
    UNION
    SELECT substr(c.setting, 13), 'function ' || f.oid::regprocedure
    FROM pg_proc AS f CROSS JOIN LATERAL unnest(f.proconfig) AS c (setting)
    WHERE f.prosecdef AND c.setting LIKE 'search\_path=%'
), searched AS (
    SELECT trim(both '"' from trim(e.name)) AS schema, array_agg(DISTINCT p.place) AS places
    FROM path AS p CROSS JOIN LATERAL string_to_table(p.schemas, ',') AS e (name)
    GROUP BY 1
), granted AS (
    SELECT n.oid, n.nspname, n.nspowner, a.grantee, bool_or(a.is_grantable) AS grantable
    FROM pg_namespace AS n CROSS JOIN LATERAL aclexplode(n.nspacl) AS a
    WHERE a.privilege_type = 'CREATE' AND n.nspname <> 'information_schema' AND n.nspname !~ '^pg_'
      AND a.grantee <> n.nspowner
      AND (a.grantee = 0
           OR (SELECT t.named_roles FROM threshold AS t)
              AND NOT (SELECT r.rolsuper FROM pg_roles AS r WHERE r.oid = a.grantee)
              AND a.grantee <> (SELECT d.datdba FROM pg_database AS d WHERE d.datname = current_database()))
      AND NOT EXISTS (SELECT FROM pg_depend AS d WHERE d.classid = 'pg_namespace'::regclass
                      AND d.objid = n.oid AND d.deptype = 'e')
    GROUP BY n.oid, n.nspname, n.nspowner, a.grantee
), finding AS (
    SELECT g.oid, quote_ident(g.nspname) AS name, g.nspowner, s.places, bool_or(g.grantee = 0) AS everybody,
           array_agg(r.name ORDER BY g.grantee <> 0, r.name) AS grantees,
           array_agg(r.name ORDER BY g.grantee <> 0, r.name) FILTER (WHERE g.grantable) AS grantors
    FROM granted AS g
    JOIN searched AS s ON s.schema = g.nspname
    CROSS JOIN LATERAL (SELECT CASE g.grantee WHEN 0 THEN 'PUBLIC' ELSE quote_ident(pg_get_userbyid(g.grantee)) END AS name) AS r
    GROUP BY g.oid, g.nspname, g.nspowner, s.places
)
SELECT f.name AS object,
       NULL AS subject,
       CASE WHEN f.everybody THEN 'high' ELSE 'low' END AS severity,
       format('%s may create objects in schema %s, which is searched for names',
              CASE WHEN f.everybody THEN 'everybody' ELSE array_to_string(f.grantees, ', ') END, f.name) AS title,
       format('The schema is on the search_path of %s. What %s creates there can stand in for a function, operator or '
              'table that another one''s statement names without its schema. %s of the %s objects in it belong to others '
              'than its owner; they stay, and their owners can then create no more.',
              array_to_string(f.places, ', '), array_to_string(f.grantees, ', '), o.others, o.objects) AS detail,
       jsonb_build_object('granted_to', f.grantees, 'with_grant_option', f.grantors, 'searched_by', f.places,
                          'owner', pg_get_userbyid(f.nspowner), 'objects', o.objects, 'objects_of_others', o.others) AS evidence,
       NULL::float8 AS benefit,
       NULL::bigint AS storage_bytes,
       CASE WHEN f.everybody THEN 0.95 ELSE 0.5 END::float8 AS confidence,
       (SELECT array_agg(format('REVOKE CREATE ON SCHEMA %s FROM %s;', f.name, g)) FROM unnest(f.grantees) AS g) AS fix_steps,
       NULL::text AS fix,
       (SELECT string_agg(format('GRANT CREATE ON SCHEMA %s TO %s%s;', f.name, g,
                                 CASE WHEN g = ANY (f.grantors) THEN ' WITH GRANT OPTION' END), E'\n')
        FROM unnest(f.grantees) AS g) AS rollback
FROM finding AS f
CROSS JOIN LATERAL (
    SELECT count(*) AS objects, count(*) FILTER (WHERE b.owner <> f.nspowner) AS others
    FROM (SELECT relowner AS owner FROM pg_class WHERE relnamespace = f.oid AND relkind IN ('r', 'p', 'v', 'm', 'S', 'f')
          UNION ALL
          SELECT proowner FROM pg_proc WHERE pronamespace = f.oid) AS b
) AS o
ORDER BY f.name
