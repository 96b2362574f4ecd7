-- rule: unused-suppression
-- category: configuration
-- severity: info
-- title: A dismissal or exemption silences nothing
-- why: What it was made for is gone. Left in place, it would hide the same problem when it comes back, for a reason that may not hold any more.
-- references: https://www.postgresql.org/docs/current/ddl-schemas.html
-- minimum version: 15
-- examined: SELECT count(*) FROM advisor.suppressions
SELECT s.kind || ' ' || s.id AS object,
       NULL AS subject,
       'info' AS severity,
       format('the %s of %s silences nothing', s.kind,
              concat_ws(' ', coalesce(s.rule, 'all rules'), 'on ' || s.object, 'in schema ' || quote_ident(s.schema),
                        'for role ' || quote_ident(s.role))) AS title,
       format('%s made it on %s because: %s. %s', s.created_by, s.created_at::date, s.reason,
              CASE WHEN s.until <= now() THEN format('It ended on %s.', s.until::date)
                   ELSE 'The last analysis found nothing that it would hide.' END) AS detail,
       jsonb_build_object('unit', 'rows', 'rows', 0, 'window_from', coalesce(s.matched_at, s.created_at), 'window_to', now(),
                          'reason', s.reason, 'until', s.until) AS evidence,
       NULL::float8 AS benefit,
       NULL::bigint AS storage_bytes,
       0.9::float8 AS confidence,
       ARRAY[format(CASE s.kind WHEN 'dismissal' THEN 'SELECT advisor.undismiss(%L);' ELSE 'SELECT advisor.unexempt(%L);' END,
                    s.id)] AS fix_steps,
       NULL::text AS fix,
       CASE s.kind
           WHEN 'dismissal' THEN format('SELECT advisor.dismiss(%L, %L, %L);', s.id, s.reason, s.until)
           ELSE format('SELECT advisor.exempt(%L, rule => %L, object => %L, schema => %L, role => %L, until => %L);',
                       s.reason, s.rule, s.object, s.schema, s.role, s.until) END AS rollback
FROM advisor.suppressions AS s
WHERE s.unused
