-- What became of changes of indexes: each compared by what was recorded of the statements on its table before and
-- after. The comparison is the library's; what is compared lies in tables of the extension.

CREATE OR REPLACE FUNCTION advisor.compare_executions(
    before_calls bigint, before_ms double precision, before_squares double precision, before_histogram bigint[],
    after_calls bigint, after_ms double precision, after_squares double precision, after_histogram bigint[],
    drift double precision, drift_spread double precision, rows_ratio double precision,
    OUT effect text, OUT mean_ratio double precision, OUT typical_ratio double precision,
    OUT typical_ratio_low double precision, OUT typical_ratio_high double precision, OUT probability double precision)
RETURNS SETOF record
AS 'MODULE_PATHNAME', 'db_advisor_compare_executions'
LANGUAGE C STABLE STRICT PARALLEL UNSAFE ROWS 1;

CREATE OR REPLACE FUNCTION advisor.executions_around(
    relations oid[], indexes oid[], index_schema text, index_name text, since timestamptz, changed timestamptz,
    settled timestamptz, until timestamptz, exact boolean,
    OUT queryid bigint, OUT period text, OUT writes boolean, OUT inserts boolean, OUT calls bigint, OUT total_ms double precision,
    OUT squares_ms double precision, OUT p95_ms double precision, OUT rows bigint, OUT blocks bigint,
    OUT wal_bytes bigint, OUT histogram bigint[], OUT plans bigint[], OUT plan_calls bigint[], OUT index_calls bigint,
    OUT found_rows double precision, OUT drift double precision, OUT drift_spread double precision)
RETURNS SETOF record
AS 'MODULE_PATHNAME', 'db_advisor_executions_around'
LANGUAGE C VOLATILE STRICT PARALLEL UNSAFE;

CREATE OR REPLACE FUNCTION advisor.covering_index(definition text, OUT index oid, OUT looked boolean) RETURNS SETOF record
AS 'MODULE_PATHNAME', 'db_advisor_covering_index'
LANGUAGE C VOLATILE STRICT PARALLEL UNSAFE ROWS 1;

CREATE OR REPLACE FUNCTION advisor.index_changed_at(index oid) RETURNS timestamptz
AS 'MODULE_PATHNAME', 'db_advisor_index_changed_at'
LANGUAGE C VOLATILE STRICT PARALLEL UNSAFE;

-- A statement on the table before and after. It is the change's doing only where the plan, or what a write has to
-- do, became another: a read that goes the way that it went is faster or slower for another reason.
CREATE OR REPLACE VIEW advisor.index_change_effect WITH (security_barrier) AS
WITH compared AS (
    SELECT c.id AS change, c.action, c.index, c.relation, c.changed_at, c.settled_at, c.observed_until, b.queryid, a.writes,
           EXISTS (SELECT FROM advisor.finding AS f CROSS JOIN jsonb_array_elements(f.statements) AS s
                   WHERE f.change = c.id AND (s ->> 'queryid')::bigint = b.queryid) AS meant,
           b.calls AS calls_before, a.calls AS calls_after, b.total_ms / b.calls AS mean_ms_before,
           a.total_ms / a.calls AS mean_ms_after, b.p95_ms AS p95_ms_before, a.p95_ms AS p95_ms_after,
           b.blocks::float8 / b.calls AS blocks_before, a.blocks::float8 / a.calls AS blocks_after,
           b.wal_bytes::float8 / b.calls AS wal_bytes_before, a.wal_bytes::float8 / a.calls AS wal_bytes_after,
           b.plans AS plans_before, a.plans AS plans_after, a.total_ms AS total_ms_after, r.ratio AS rows_ratio,
           EXISTS (SELECT FROM unnest(a.plans, a.plan_calls) AS p (id, calls)
                   WHERE p.id <> ALL (b.plans) AND p.calls >= 0.1 * a.calls) AS plan_changed,
           CASE c.action WHEN 'created' THEN a.index_calls >= 0.1 * a.calls ELSE b.index_calls >= 0.1 * b.calls END AS reads_index,
           a.rows AS rows_after,
           a.writes AND CASE c.action
               WHEN 'created' THEN a.blocks::float8 / a.calls > 1.02 * r.ratio * b.blocks / b.calls OR a.inserts AND i.whole
               ELSE a.blocks::float8 / a.calls < 0.98 * r.ratio * b.blocks / b.calls OR a.inserts AND i.whole END AS other_writes,
           x.effect AS measured, x.mean_ratio, x.typical_ratio, x.typical_ratio_low, x.typical_ratio_high, x.probability
    FROM advisor.index_change AS c
    JOIN advisor.index_change_period AS b ON b.change = c.id AND b.period = 'before'
    JOIN advisor.index_change_period AS a ON a.change = c.id AND a.period = 'after' AND a.queryid = b.queryid
    CROSS JOIN LATERAL (
        SELECT coalesce(a.found_rows / nullif(b.found_rows, 0),
                        (a.rows::float8 / a.calls) / nullif(b.rows::float8 / b.calls, 0), 1) AS ratio) AS r
    CROSS JOIN LATERAL (SELECT c.definition !~ ' WHERE ' AS whole) AS i  -- a row inserted is surely taken in
    CROSS JOIN LATERAL advisor.compare_executions(
        b.calls, b.total_ms, b.squares_ms, b.histogram, a.calls, a.total_ms, a.squares_ms, a.histogram,
        c.drift, c.drift_spread, r.ratio) AS x
), caused AS (
    SELECT m.*,
           CASE WHEN m.measured NOT IN ('faster', 'slower') THEN m.measured
                WHEN m.plan_changed AND m.reads_index OR m.other_writes AND (m.action = 'created') = (m.measured = 'slower')
                THEN m.measured ELSE 'unrelated' END AS effect
    FROM compared AS m
)
SELECT e.*,
       CASE WHEN e.effect IN ('faster', 'slower')  -- shared where several changes were made at once
            THEN e.total_ms_after * (1 / e.mean_ratio - 1)
                 / count(*) FILTER (WHERE e.effect IN ('faster', 'slower')) OVER (PARTITION BY e.relation, e.settled_at, e.queryid)
            END AS saved_ms
FROM caused AS e
WHERE pg_has_role('pg_read_all_stats', 'USAGE')
   OR EXISTS (SELECT FROM pg_class AS t JOIN pg_namespace AS n ON n.oid = t.relnamespace
              WHERE pg_has_role(t.relowner, 'USAGE') AND format('%I.%I', n.nspname, t.relname) = e.relation);

CREATE OR REPLACE VIEW advisor.index_change_statements AS
SELECT e.change, e.action, e.index, e.relation, e.queryid, s.query, e.effect, e.meant, e.writes, e.plan_changed, e.reads_index,
       e.other_writes,
       e.calls_before, e.calls_after, e.mean_ms_before, e.mean_ms_after, e.p95_ms_before, e.p95_ms_after, e.blocks_before,
       e.blocks_after, e.wal_bytes_before, e.wal_bytes_after, e.plans_before, e.plans_after, e.rows_ratio, e.mean_ratio,
       e.typical_ratio, e.typical_ratio_low, e.typical_ratio_high, e.probability, e.saved_ms, e.settled_at, e.observed_until
FROM advisor.index_change_effect AS e
LEFT JOIN (SELECT t.queryid, max(t.query) AS query FROM advisor.statements() AS t
           WHERE t.database = current_database() GROUP BY t.queryid) AS s ON s.queryid = e.queryid;
COMMENT ON VIEW advisor.index_change_statements IS
    'statements before and after an index was made or dropped: faster, slower, alike, unclear, or unrelated to it; means are of one execution';

CREATE OR REPLACE VIEW advisor.index_changes WITH (security_barrier) AS
SELECT c.id, c.action, c.index, c.relation, c.definition, c.changed_at, c.status, c.reason, c.saved_ms,
       CASE WHEN c.observed_until - c.settled_at >= interval '1 hour'
            THEN c.saved_ms * 86400 / extract(epoch FROM c.observed_until - c.settled_at)::float8 END AS saved_ms_per_day,
       c.undone_at, c.settled_at AS measured_from, c.observed_until AS measured_until,
       (SELECT array_agg(f.id ORDER BY f.id) FROM advisor.finding AS f WHERE f.change = c.id) AS findings,
       CASE WHEN c.status = 'regressed' AND c.undone_at IS NULL
            THEN CASE c.action WHEN 'created' THEN format('DROP INDEX %s%s;', p.concurrently, c.index)
                      ELSE regexp_replace(c.definition, '^CREATE (UNIQUE )?INDEX ', 'CREATE \1INDEX ' || p.concurrently) || ';' END
            END AS way_back
FROM advisor.index_change AS c
CROSS JOIN LATERAL (SELECT CASE WHEN EXISTS (SELECT FROM pg_class AS t WHERE t.oid = to_regclass(c.relation) AND t.relkind = 'p')
                                THEN '' ELSE 'CONCURRENTLY ' END AS concurrently) AS p
WHERE pg_has_role('pg_read_all_stats', 'USAGE')
   OR EXISTS (SELECT FROM pg_class AS t JOIN pg_namespace AS n ON n.oid = t.relnamespace
              WHERE pg_has_role(t.relowner, 'USAGE') AND format('%I.%I', n.nspname, t.relname) = c.relation);
COMMENT ON VIEW advisor.index_changes IS
    'indexes that were made or dropped, and what the statements on their tables gained or lost by it';
