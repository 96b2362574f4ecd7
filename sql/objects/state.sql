-- The life of a finding: what stays of it between two readings. The functions that users call are entry points of
-- the library: whoever may execute them acts on the tables as the extension's owner does, through the "keep_…"
-- functions here, which nobody else may call. Their first argument is the role that called.

CREATE OR REPLACE FUNCTION advisor.dismiss(id text, reason text, until timestamptz DEFAULT NULL) RETURNS void
AS 'MODULE_PATHNAME', 'db_advisor_dismiss'
LANGUAGE C VOLATILE PARALLEL UNSAFE;
COMMENT ON FUNCTION advisor.dismiss(text, text, timestamptz) IS
    'hides one finding, for ever or until a time; advisor.history shows it with the reason';

CREATE OR REPLACE FUNCTION advisor.undismiss(id text) RETURNS void
AS 'MODULE_PATHNAME', 'db_advisor_undismiss'
LANGUAGE C VOLATILE PARALLEL UNSAFE;

CREATE OR REPLACE FUNCTION advisor.exempt(
    reason text, rule text DEFAULT NULL, object text DEFAULT NULL, schema text DEFAULT NULL, role text DEFAULT NULL,
    until timestamptz DEFAULT NULL)
RETURNS text
AS 'MODULE_PATHNAME', 'db_advisor_exempt'
LANGUAGE C VOLATILE PARALLEL UNSAFE;
COMMENT ON FUNCTION advisor.exempt(text, text, text, text, text, timestamptz) IS
    'hides what a rule (or every rule) finds on an object, in a schema, or on what a role owns; gives the exemption''s id';

CREATE OR REPLACE FUNCTION advisor.unexempt(id text) RETURNS void
AS 'MODULE_PATHNAME', 'db_advisor_unexempt'
LANGUAGE C VOLATILE PARALLEL UNSAFE;

CREATE OR REPLACE FUNCTION advisor.set_rule(
    rule text, enabled boolean DEFAULT NULL, severity text DEFAULT NULL, thresholds jsonb DEFAULT NULL)
RETURNS void
AS 'MODULE_PATHNAME', 'db_advisor_set_rule'
LANGUAGE C VOLATILE PARALLEL UNSAFE;
COMMENT ON FUNCTION advisor.set_rule(text, boolean, text, jsonb) IS
    'switches a rule, fixes its severity ("default" gives it back) and sets thresholds (null gives the default back)';

CREATE OR REPLACE FUNCTION advisor.check(min_severity text DEFAULT 'high') RETURNS text
AS 'MODULE_PATHNAME', 'db_advisor_check'
LANGUAGE C VOLATILE PARALLEL UNSAFE;
COMMENT ON FUNCTION advisor.check(text) IS
    'raises an error that lists the findings at or above a severity; says what was looked at when there is none';

CREATE OR REPLACE FUNCTION advisor.exempts(e advisor.exemption, rule text, object text) RETURNS boolean
LANGUAGE sql STABLE PARALLEL UNSAFE
RETURN (e.until IS NULL OR e.until > now())
   AND (e.rule IS NULL OR e.rule = exempts.rule)
   AND (e.object IS NULL OR e.object = exempts.object)
   AND (e.schema IS NULL OR exempts.object = quote_ident(e.schema)
        OR starts_with(exempts.object, quote_ident(e.schema) || '.'))
   AND (e.role IS NULL OR exempts.object = quote_ident(e.role)
        OR EXISTS (SELECT FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace
                   WHERE pg_get_userbyid(c.relowner) = e.role
                     AND format('%I.%I', n.nspname, c.relname) = exempts.object));

CREATE OR REPLACE VIEW advisor.suppressions AS
SELECT 'dismissal' AS kind, d.id, f.rule, f.object, NULL AS schema, NULL AS role, d.reason, d.until, d.created_at,
       d.created_by, d.matched_at,
       coalesce(d.until <= now(), false)
           OR d.created_at < l.finished AND d.matched_at IS DISTINCT FROM l.finished AND f.rule <> ALL (l.not_run) AS unused
FROM advisor.dismissal AS d
LEFT JOIN advisor.finding AS f ON f.id = d.id
LEFT JOIN advisor.last_analysis AS l ON true
UNION ALL
SELECT 'exemption', e.id, e.rule, e.object, e.schema, e.role, e.reason, e.until, e.created_at, e.created_by,
       e.matched_at,
       coalesce(e.until <= now(), false)
           OR e.created_at < l.finished AND e.matched_at IS DISTINCT FROM l.finished
              AND CASE WHEN e.rule IS NULL THEN NOT l.undecided ELSE e.rule <> ALL (l.not_run) END
FROM advisor.exemption AS e LEFT JOIN advisor.last_analysis AS l ON true;
COMMENT ON VIEW advisor.suppressions IS
    'what is dismissed or exempt, why and until when; "unused": it has ended, or the last analysis found nothing of it though its rules ran';

-- Texts of findings may hold constants of recorded statements: the same rights as for those.
CREATE OR REPLACE VIEW advisor.readable_finding WITH (security_barrier) AS
SELECT f.*
FROM advisor.finding AS f
WHERE pg_has_role('pg_read_all_stats', 'USAGE')
   OR EXISTS (SELECT FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace
              WHERE pg_has_role(c.relowner, 'USAGE') AND format('%I.%I', n.nspname, c.relname) = f.object);

CREATE OR REPLACE VIEW advisor.recommendations WITH (security_barrier) AS
WITH found AS MATERIALIZED (
    SELECT r.* FROM advisor.recommendations() AS r
), shown AS (
    SELECT r.id, r.rule, r.category, r.severity, r.object, r.title,
           -- advised again though it was tried
           CASE WHEN f.status = 'regressed' THEN concat_ws(' ', 'It was tried and undone: ' || f.reason || '.', r.detail)
                ELSE r.detail END AS detail,
           r.evidence, r.benefit, r.storage_bytes,
           CASE WHEN f.status = 'regressed' THEN least(r.confidence, 0.3) ELSE r.confidence END AS confidence,
           r.fix, r.fix_steps, r.rollback, r.analysis_id,
           CASE WHEN f.status = 'regressed' THEN f.status ELSE 'open' END AS status,
           coalesce(f.first_seen, r.first_seen) AS first_seen, r.last_seen
    FROM found AS r LEFT JOIN advisor.finding AS f ON f.id = r.id
    UNION ALL  -- a fix that made things worse: the way back is the fix now
    SELECT f.id, f.rule, f.category, f.severity, f.object, f.title, concat_ws(' ', f.reason || '.', f.detail), f.evidence,
           f.benefit, f.storage_bytes, f.confidence, f.rollback, ARRAY[f.rollback], f.fix, f.analysis_id, f.status,
           f.first_seen, f.last_seen
    FROM advisor.readable_finding AS f
    WHERE f.status = 'regressed' AND NOT EXISTS (SELECT FROM found AS r WHERE r.id = f.id)
)
SELECT s.*
FROM shown AS s
WHERE NOT EXISTS (SELECT FROM advisor.dismissal AS d WHERE d.id = s.id AND (d.until IS NULL OR d.until > now()))
  AND NOT EXISTS (SELECT FROM advisor.exemption AS e WHERE advisor.exempts(e, s.rule, s.object))
ORDER BY array_position(ARRAY['critical', 'high', 'medium', 'low', 'info'], s.severity), s.benefit DESC NULLS LAST,
         s.confidence DESC, s.id;
COMMENT ON VIEW advisor.recommendations IS
    'what to do about this database, with evidence, a ready fix and its rollback; the most severe first';

CREATE OR REPLACE VIEW advisor.history WITH (security_barrier) AS
SELECT f.id, f.rule, f.category, f.severity, f.object, f.title, f.detail, f.evidence, f.benefit, f.storage_bytes,
       f.confidence, f.fix, f.fix_steps, f.rollback, f.analysis_id,
       CASE WHEN s.reason IS NULL THEN f.status ELSE 'dismissed' END AS status, f.first_seen, f.last_seen,
       coalesce(s.created_at, f.closed_at) AS closed_at, coalesce(s.reason, f.reason) AS reason,
       (SELECT jsonb_agg(jsonb_strip_nulls(jsonb_build_object('at', e.at, 'status', e.status, 'reason', e.reason))
                         ORDER BY e.position)
        FROM advisor.finding_event AS e WHERE e.id = f.id) AS story
FROM advisor.readable_finding AS f
LEFT JOIN LATERAL (
    SELECT d.reason, d.created_at FROM advisor.dismissal AS d
    WHERE d.id = f.id AND (d.until IS NULL OR d.until > now())
    UNION ALL
    SELECT e.reason, e.created_at FROM advisor.exemption AS e WHERE advisor.exempts(e, f.rule, f.object)
    LIMIT 1) AS s ON true
WHERE s.reason IS NOT NULL OR f.status IN ('applied', 'verified', 'regressed', 'resolved')
ORDER BY 19 DESC NULLS LAST, f.id;
COMMENT ON VIEW advisor.history IS 'findings that are applied, verified, regressed, resolved or dismissed, since when, and how it came to it';

CREATE OR REPLACE VIEW advisor.finding_story WITH (security_barrier) AS
SELECT e.id, f.rule, f.object, e.position, e.at, e.status, e.reason
FROM advisor.finding_event AS e JOIN advisor.readable_finding AS f ON f.id = e.id
ORDER BY e.id, e.position;
COMMENT ON VIEW advisor.finding_story IS 'what became of each finding, in order';

CREATE OR REPLACE VIEW advisor.status AS
SELECT s.name, s.value, s.state, s.note, s.fix
FROM advisor.status() AS s
UNION ALL
SELECT 'findings',
       CASE WHEN l.finished IS NOT NULL
            THEN (SELECT count(*) FROM advisor.finding AS f WHERE f.status IN ('open', 'regressed'))::text END,
       CASE WHEN l.finished IS NULL THEN 'missing' ELSE 'ok' END,
       CASE WHEN l.finished IS NULL
            THEN 'no analysis has written down what it found: every finding is "open" and first seen when it is read'
            ELSE 'open when advisor.analyze() last wrote them down, at ' || l.finished END,
       CASE WHEN l.finished IS NULL
            THEN 'SELECT * FROM advisor.analyze(); -- or ALTER SYSTEM SET db_advisor.analyze_interval = ''1h'';' END
FROM (SELECT max(a.finished) AS finished FROM advisor.last_analysis AS a) AS l;
