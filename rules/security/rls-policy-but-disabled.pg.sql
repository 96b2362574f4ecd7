-- rule: rls-policy-but-disabled
-- category: security
-- severity: high
-- title: A table has row policies that are not in force
-- why: Policies do nothing until row level security is switched on for their table: whoever may read the table reads all its rows, though somebody wrote down that they should not.
-- references: https://www.postgresql.org/docs/current/ddl-rowsecurity.html
-- minimum version: 15
-- examined: SELECT count(DISTINCT polrelid) FROM pg_policy
SELECT t.identity AS object,
       NULL AS subject,
       CASE WHEN g.grantees IS NULL THEN 'medium' ELSE 'high' END AS severity,
       format('the policies of %s are not in force', t.identity) AS title,
       format('%s but row level security is off, so each role that may read or write the table does so with all rows%s. '
              'Switched on, policies hold for everybody except superusers, roles with BYPASSRLS and the owner %s; roles '
              'without a policy that fits then see no row.',
              CASE WHEN p.number = 1 THEN format('There is policy %s,', p.names)
                   ELSE format('There are %s policies (%s),', p.number, p.names) END,
              coalesce(': ' || g.grantees, ' (today that is the owner alone)'), pg_get_userbyid(t.owner)) AS detail,
       jsonb_build_object('policies', p.policies, 'granted_to', g.grantees, 'owner', pg_get_userbyid(t.owner),
                          'forced_for_owner', c.relforcerowsecurity) AS evidence,
       NULL::float8 AS benefit,
       NULL::bigint AS storage_bytes,
       0.9::float8 AS confidence,
       ARRAY[format('ALTER TABLE %s ENABLE ROW LEVEL SECURITY;', t.identity)] AS fix_steps,
       NULL::text AS fix,
       format('ALTER TABLE %s DISABLE ROW LEVEL SECURITY;', t.identity) AS rollback
FROM advisor.user_table AS t
JOIN pg_class AS c ON c.oid = t.oid AND NOT c.relrowsecurity
JOIN (SELECT polrelid, count(*) AS number, string_agg(quote_ident(polname), ', ' ORDER BY polname) AS names,
             jsonb_agg(jsonb_build_object('name', polname, 'using', pg_get_expr(polqual, polrelid),
                                          'check', pg_get_expr(polwithcheck, polrelid)) ORDER BY polname) AS policies
      FROM pg_policy GROUP BY polrelid) AS p ON p.polrelid = t.oid
CROSS JOIN LATERAL (
    SELECT string_agg(DISTINCT CASE a.grantee WHEN 0 THEN 'PUBLIC' ELSE quote_ident(pg_get_userbyid(a.grantee)) END, ', ')
               AS grantees
    FROM aclexplode(c.relacl) AS a
    WHERE a.grantee <> t.owner AND a.privilege_type IN ('SELECT', 'INSERT', 'UPDATE', 'DELETE')
) AS g
ORDER BY t.identity
