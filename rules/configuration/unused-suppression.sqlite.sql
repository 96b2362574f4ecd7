-- rule: unused-suppression
-- category: configuration
-- severity: info
-- title: A dismissal silences nothing
-- why: What it was made for is gone. Left in place, it would hide the same problem when it comes back, for a reason that may not hold any more.
-- references: https://www.sqlite.org/lang.html
-- minimum version: 3.40
-- examined: SELECT count(*) FROM dismissals
SELECT 'dismissal ' || id AS object,
       NULL AS subject,
       'info' AS severity,
       'the dismissal of ' || rule || ' on ' || object || ' silences nothing' AS title,
       'It was made at ' || decided_at || ' because: ' || reason || '. The finding was last seen at ' || last_seen ||
       '; its rule looked again at ' || closed_at || '.' AS detail,
       json_object('unit', 'rows', 'rows', 0, 'window_from', last_seen, 'window_to', closed_at, 'reason', reason,
                   'until', until) AS evidence,
       NULL AS benefit,
       NULL AS storage_bytes,
       0.9 AS confidence,
       json_array('SELECT advisor_undismiss(' || quote(id) || ');') AS fix_steps,
       NULL AS fix,
       'SELECT advisor_dismiss(' || quote(id) || ', ' || quote(reason) || coalesce(', ' || quote(until), '') || ');' AS rollback
FROM dismissals
WHERE closed_at IS NOT NULL
