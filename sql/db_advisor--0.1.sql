-- db_advisor 0.1: the schema advisor. Rules are appended by the build.
\echo Use "CREATE EXTENSION db_advisor" to load this file. \quit

-- A schema that another role owns could be made to hold what that role wants our users to call.
DO $$
BEGIN
    IF NOT EXISTS (SELECT FROM pg_catalog.pg_namespace AS n JOIN pg_catalog.pg_roles AS r ON r.oid = n.nspowner
                   WHERE n.nspname = 'advisor' AND r.rolname = current_user) THEN
        RAISE EXCEPTION 'schema "advisor" belongs to another role'
            USING ERRCODE = 'insufficient_privilege', HINT = 'Rename or drop that schema first.';
    END IF;
END $$;

GRANT USAGE ON SCHEMA advisor TO PUBLIC;

-- What-if planning

CREATE FUNCTION advisor.what_if(
    query text,
    create_indexes text[] DEFAULT '{}',
    drop_indexes text[] DEFAULT '{}',
    parameters text[] DEFAULT NULL,
    generic boolean DEFAULT NULL,
    OUT cost_before double precision,
    OUT cost_after double precision,
    OUT plan_before text,
    OUT plan_after text,
    OUT indexes jsonb)
RETURNS record
LANGUAGE c VOLATILE PARALLEL UNSAFE
AS 'MODULE_PATHNAME', 'db_advisor_what_if';
COMMENT ON FUNCTION advisor.what_if(text, text[], text[], text[], boolean) IS
    'planner''s cost and plan of one statement, today and with indexes added or hidden; nothing is created';

CREATE FUNCTION advisor.recommend_indexes(
    statements text[] DEFAULT NULL,
    weights double precision[] DEFAULT NULL,
    storage_budget bigint DEFAULT NULL,
    max_columns int DEFAULT NULL,
    time_budget interval DEFAULT NULL)
RETURNS TABLE (
    rank int,
    definition text,
    size_bytes bigint,
    benefit double precision,
    relative_cost double precision,
    positions int[],
    queryids bigint[])
LANGUAGE c VOLATILE PARALLEL UNSAFE
AS 'MODULE_PATHNAME', 'db_advisor_recommend_indexes';
COMMENT ON FUNCTION advisor.recommend_indexes(text[], double precision[], bigint, int, interval) IS
    'the best index set for the given statements, or for the recorded workload when none are given';

-- Recorded workload

CREATE FUNCTION advisor.statements(
    OUT queryid bigint, OUT username text, OUT toplevel boolean, OUT server_queryid bigint, OUT query text,
    OUT database text, OUT calls bigint, OUT total_ms double precision, OUT self_ms double precision,
    OUT mean_ms double precision, OUT min_ms double precision, OUT max_ms double precision,
    OUT stddev_ms double precision, OUT p50_ms double precision, OUT p95_ms double precision,
    OUT p99_ms double precision, OUT plan_ms double precision, OUT rows bigint, OUT shared_blks_hit bigint,
    OUT shared_blks_read bigint, OUT shared_blks_dirtied bigint, OUT shared_blks_written bigint,
    OUT local_blks_hit bigint, OUT local_blks_read bigint, OUT temp_blks_read bigint,
    OUT temp_blks_written bigint, OUT wal_bytes bigint, OUT jit_ms double precision, OUT workers_planned bigint,
    OUT workers_launched bigint, OUT generic_plans bigint, OUT custom_plans bigint, OUT plans bigint,
    OUT failed bigint, OUT cancelled bigint, OUT nested_in bigint, OUT tags jsonb, OUT first_seen timestamptz,
    OUT last_seen timestamptz, OUT failed_ms double precision, OUT integrity boolean)
RETURNS SETOF record
AS 'MODULE_PATHNAME', 'db_advisor_statements'
LANGUAGE C VOLATILE PARALLEL UNSAFE;

CREATE VIEW advisor.statements AS
SELECT s.queryid, s.username, s.toplevel, s.server_queryid, s.query, s.database, s.calls, s.total_ms, s.self_ms,
       s.mean_ms, s.min_ms, s.max_ms, s.stddev_ms, s.p50_ms, s.p95_ms, s.p99_ms, s.plan_ms, s.rows,
       s.shared_blks_hit, s.shared_blks_read, s.shared_blks_dirtied, s.shared_blks_written, s.local_blks_hit,
       s.local_blks_read, s.temp_blks_read, s.temp_blks_written, s.wal_bytes, s.jit_ms, s.workers_planned,
       s.workers_launched, s.generic_plans, s.custom_plans, s.plans, s.failed, s.cancelled, s.nested_in, s.tags,
       s.first_seen, s.last_seen, s.failed_ms, s.integrity
FROM advisor.statements() AS s;

CREATE FUNCTION advisor.statement_history(
    OUT queryid bigint, OUT planid bigint, OUT span text, OUT slice_start timestamptz, OUT after_change boolean,
    OUT calls bigint, OUT total_ms double precision, OUT mean_ms double precision, OUT stddev_ms double precision,
    OUT p50_ms double precision, OUT p95_ms double precision, OUT rows bigint)
RETURNS SETOF record
AS 'MODULE_PATHNAME', 'db_advisor_statement_history'
LANGUAGE C VOLATILE PARALLEL UNSAFE;

CREATE VIEW advisor.statement_history AS
SELECT h.queryid, h.planid, h.span, h.slice_start, h.after_change, h.calls, h.total_ms, h.mean_ms, h.stddev_ms,
       h.p50_ms, h.p95_ms, h.rows
FROM advisor.statement_history() AS h;
COMMENT ON VIEW advisor.statement_history IS
    'executions by hour for a day and by day for two weeks, apart before and after a change of an index or table';

CREATE FUNCTION advisor.plans(
    OUT queryid bigint, OUT planid bigint, OUT calls bigint, OUT total_ms double precision,
    OUT mean_ms double precision, OUT max_ms double precision, OUT plan text, OUT worst_node text,
    OUT estimated_rows double precision, OUT actual_rows double precision, OUT change text,
    OUT first_seen timestamptz, OUT last_seen timestamptz)
RETURNS SETOF record
AS 'MODULE_PATHNAME', 'db_advisor_plans'
LANGUAGE C VOLATILE PARALLEL UNSAFE;

CREATE VIEW advisor.plans AS
SELECT p.queryid, p.planid, p.calls, p.total_ms, p.mean_ms, p.max_ms, p.plan, p.worst_node, p.estimated_rows,
       p.actual_rows, p.change, p.first_seen, p.last_seen
FROM advisor.plans() AS p;

CREATE FUNCTION advisor.plan_nodes(
    OUT queryid bigint, OUT planid bigint, OUT node integer, OUT parent integer, OUT type text,
    OUT relation text, OUT index text, OUT condition text, OUT estimated_rows double precision,
    OUT actual_rows double precision, OUT loops double precision, OUT removed_rows double precision,
    OUT heap_fetches double precision, OUT spilled_bytes bigint, OUT samples bigint)
RETURNS SETOF record
AS 'MODULE_PATHNAME', 'db_advisor_plan_nodes'
LANGUAGE C VOLATILE PARALLEL UNSAFE;

CREATE VIEW advisor.plan_nodes AS
SELECT n.queryid, n.planid, n.node, n.parent, n.type, n.relation, n.index, n.condition, n.estimated_rows,
       n.actual_rows, n.loops, n.removed_rows, n.heap_fetches, n.spilled_bytes, n.samples
FROM advisor.plan_nodes() AS n;

CREATE FUNCTION advisor.relation_writes(
    OUT relation oid, OUT inserted bigint, OUT updated bigint, OUT hot_updated bigint, OUT deleted bigint,
    OUT since timestamptz)
RETURNS SETOF record
AS 'MODULE_PATHNAME', 'db_advisor_relation_writes'
LANGUAGE C VOLATILE PARALLEL UNSAFE;

-- A statistics reset in between makes the server's counts smaller than they were.
CREATE VIEW advisor.relation_writes AS
SELECT s.relid::pg_catalog.regclass AS relation,
       s.n_tup_ins - CASE WHEN s.n_tup_ins < w.inserted THEN 0 ELSE w.inserted END AS inserted_rows,
       s.n_tup_upd - CASE WHEN s.n_tup_upd < w.updated THEN 0 ELSE w.updated END AS updated_rows,
       s.n_tup_hot_upd - CASE WHEN s.n_tup_hot_upd < w.hot_updated THEN 0 ELSE w.hot_updated END AS hot_updated_rows,
       s.n_tup_del - CASE WHEN s.n_tup_del < w.deleted THEN 0 ELSE w.deleted END AS deleted_rows,
       w.since
FROM advisor.relation_writes() AS w JOIN pg_catalog.pg_stat_all_tables AS s ON s.relid = w.relation;
COMMENT ON VIEW advisor.relation_writes IS
    'rows written per table since the first recorded write, from the server''s table statistics';

CREATE FUNCTION advisor.predicates(
    OUT relation text, OUT columns text[], OUT operators text[], OUT kind text, OUT queryid bigint,
    OUT calls bigint, OUT estimated_selectivity double precision, OUT actual_selectivity double precision)
RETURNS SETOF record
AS 'MODULE_PATHNAME', 'db_advisor_predicates'
LANGUAGE C VOLATILE PARALLEL UNSAFE;

CREATE VIEW advisor.predicates AS
SELECT p.relation, p.columns, p.operators, p.kind, p.queryid, p.calls, p.estimated_selectivity,
       p.actual_selectivity
FROM advisor.predicates() AS p;

CREATE FUNCTION advisor.status(
    OUT name text, OUT value text, OUT state text, OUT note text, OUT fix text)
RETURNS SETOF record
AS 'MODULE_PATHNAME', 'db_advisor_status'
LANGUAGE C VOLATILE PARALLEL UNSAFE;

CREATE VIEW advisor.status AS
SELECT s.name, s.value, s.state, s.note, s.fix
FROM advisor.status() AS s;

CREATE FUNCTION advisor.reset(what text DEFAULT 'all', queryid bigint DEFAULT NULL)
RETURNS timestamptz
AS 'MODULE_PATHNAME', 'db_advisor_reset'
LANGUAGE C VOLATILE PARALLEL UNSAFE;

REVOKE EXECUTE ON FUNCTION advisor.reset(text, bigint) FROM PUBLIC;

CREATE FUNCTION advisor.record_session()
RETURNS boolean
AS 'MODULE_PATHNAME', 'db_advisor_record_session'
LANGUAGE C VOLATILE PARALLEL UNSAFE;

CREATE FUNCTION advisor.statement_parameters(
    OUT queryid bigint, OUT "position" integer, OUT type text, OUT kind text, OUT "values" text[],
    OUT distinct_values bigint, OUT compared bigint, OUT stable boolean)
RETURNS SETOF record
AS 'MODULE_PATHNAME', 'db_advisor_statement_parameters'
LANGUAGE C VOLATILE PARALLEL UNSAFE;

CREATE VIEW advisor.statement_parameters AS
SELECT p.queryid, p."position", p.type, p.kind, p."values", p.distinct_values, p.compared, p.stable
FROM advisor.statement_parameters() AS p;

GRANT SELECT ON advisor.statements, advisor.statement_history, advisor.statement_parameters, advisor.relation_writes,
    advisor.plans, advisor.plan_nodes, advisor.predicates, advisor.status TO PUBLIC;

CREATE FUNCTION advisor.examples(
    OUT queryid bigint, OUT query text, OUT parse_mode bigint, OUT parameter_types text,
    OUT parameter_values text, OUT has_values boolean, OUT search_path text, OUT slowest boolean)
RETURNS SETOF record
AS 'MODULE_PATHNAME', 'db_advisor_examples'
LANGUAGE C VOLATILE PARALLEL UNSAFE;

REVOKE EXECUTE ON FUNCTION advisor.examples() FROM PUBLIC;

-- Advice

-- Filled by the build with one row per rule file; rules of the library have no query.
CREATE TABLE advisor.rule (
    rule text PRIMARY KEY,
    category text NOT NULL,
    severity text NOT NULL,
    title text NOT NULL,
    why text NOT NULL,
    reference text,
    min_version int NOT NULL DEFAULT 15,
    examined text,
    query text);
REVOKE ALL ON advisor.rule FROM PUBLIC;
GRANT SELECT ON advisor.rule TO PUBLIC;

CREATE FUNCTION advisor.recommendations(
    OUT id text, OUT rule text, OUT category text, OUT severity text, OUT object text, OUT title text,
    OUT detail text, OUT evidence jsonb, OUT benefit double precision, OUT storage_bytes bigint,
    OUT confidence double precision, OUT fix text, OUT fix_steps text[], OUT rollback text, OUT analysis_id bigint,
    OUT status text, OUT first_seen timestamptz, OUT last_seen timestamptz)
RETURNS SETOF record
AS 'MODULE_PATHNAME', 'db_advisor_recommendations'
LANGUAGE C VOLATILE PARALLEL UNSAFE;

CREATE VIEW advisor.recommendations AS
SELECT r.id, r.rule, r.category, r.severity, r.object, r.title, r.detail, r.evidence, r.benefit, r.storage_bytes,
       r.confidence, r.fix, r.fix_steps, r.rollback, r.analysis_id, r.status, r.first_seen, r.last_seen
FROM advisor.recommendations() AS r;
COMMENT ON VIEW advisor.recommendations IS
    'what to do about this database, with evidence, a ready fix and its rollback; the most severe first';

CREATE FUNCTION advisor.recommendation_statements(
    OUT id text, OUT analysis_id bigint, OUT queryid bigint, OUT query text, OUT calls bigint,
    OUT total_ms double precision, OUT share double precision, OUT cost_before double precision,
    OUT cost_after double precision, OUT changed_nodes text[])
RETURNS SETOF record
AS 'MODULE_PATHNAME', 'db_advisor_recommendation_statements'
LANGUAGE C VOLATILE PARALLEL UNSAFE;

CREATE VIEW advisor.recommendation_statements AS
SELECT s.id, s.analysis_id, s.queryid, s.query, s.calls, s.total_ms, s.share, s.cost_before, s.cost_after,
       s.changed_nodes
FROM advisor.recommendation_statements() AS s;

CREATE FUNCTION advisor.index_candidates(
    OUT definition text, OUT size_bytes bigint, OUT gain double precision, OUT write_cost double precision,
    OUT verdict text, OUT reason text)
RETURNS SETOF record
AS 'MODULE_PATHNAME', 'db_advisor_index_candidates'
LANGUAGE C VOLATILE PARALLEL UNSAFE;

CREATE VIEW advisor.index_candidates AS
SELECT c.definition, c.size_bytes, c.gain, c.write_cost, c.verdict, c.reason
FROM advisor.index_candidates() AS c;

CREATE FUNCTION advisor.coverage(
    OUT rule text, OUT state text, OUT examined bigint, OUT skipped bigint, OUT reason text,
    OUT milliseconds double precision)
RETURNS SETOF record
AS 'MODULE_PATHNAME', 'db_advisor_coverage'
LANGUAGE C VOLATILE PARALLEL UNSAFE;

CREATE VIEW advisor.coverage AS
SELECT c.rule, c.state, c.examined, c.skipped, c.reason, c.milliseconds
FROM advisor.coverage() AS c;

CREATE VIEW advisor.rules AS
SELECT r.rule, r.category, r.severity, r.title, ARRAY['pg', 'sqlite'] AS engines, true AS enabled,
       '{}'::pg_catalog.jsonb AS thresholds
FROM advisor.rule AS r;

INSERT INTO advisor.rule (rule, category, severity, title, why, reference) VALUES
    ('missing-index-filter', 'query', 'high', 'A table is searched without an index that would at least halve the cost',
     'The planner reads rows only to throw them away; an index on the filtered columns finds them directly.',
     'https://www.postgresql.org/docs/current/indexes.html'),
    ('missing-index-join', 'query', 'high', 'A join reads a whole table since its join column has no index',
     'With an index on the join column the planner can look up matching rows instead.',
     'https://www.postgresql.org/docs/current/indexes.html'),
    ('missing-index-sort', 'query', 'medium', 'Rows are sorted though an index could give the order',
     'An index in the order of the sort key lets the planner stop after the rows that are wanted.',
     'https://www.postgresql.org/docs/current/indexes-ordering.html'),
    ('advisor-not-ready', 'configuration', 'info', 'The advisor cannot see the workload',
     'Without recorded statements there is no advice on queries and indexes.', NULL);

CREATE FUNCTION advisor.analyze(
    OUT analysis_id bigint, OUT finished timestamptz, OUT statements bigint, OUT skipped bigint,
    OUT candidates bigint, OUT findings bigint, OUT what_if_calls bigint, OUT milliseconds double precision,
    OUT complete boolean)
RETURNS SETOF record
AS 'MODULE_PATHNAME', 'db_advisor_analyze'
LANGUAGE C VOLATILE PARALLEL UNSAFE ROWS 1;
REVOKE ALL ON FUNCTION advisor.analyze() FROM PUBLIC;
COMMENT ON FUNCTION advisor.analyze() IS
    'analyses the recorded workload now; unlike the views it may read a sample of at most 300 blocks per table';

CREATE FUNCTION advisor.report(format text DEFAULT 'text') RETURNS text
AS 'MODULE_PATHNAME', 'db_advisor_report'
LANGUAGE C VOLATILE STRICT PARALLEL UNSAFE;
COMMENT ON FUNCTION advisor.report(text) IS 'the whole advice as "text" (at most 100 columns wide) or "markdown"';

GRANT SELECT ON advisor.recommendations, advisor.recommendation_statements, advisor.index_candidates,
    advisor.coverage, advisor.rules TO PUBLIC;
