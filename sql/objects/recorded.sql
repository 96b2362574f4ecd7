-- Recorded workload

CREATE OR REPLACE FUNCTION advisor.statements(
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

CREATE OR REPLACE VIEW advisor.statements AS
SELECT s.queryid, s.username, s.toplevel, s.server_queryid, s.query, s.database, s.calls, s.total_ms, s.self_ms,
       s.mean_ms, s.min_ms, s.max_ms, s.stddev_ms, s.p50_ms, s.p95_ms, s.p99_ms, s.plan_ms, s.rows,
       s.shared_blks_hit, s.shared_blks_read, s.shared_blks_dirtied, s.shared_blks_written, s.local_blks_hit,
       s.local_blks_read, s.temp_blks_read, s.temp_blks_written, s.wal_bytes, s.jit_ms, s.workers_planned,
       s.workers_launched, s.generic_plans, s.custom_plans, s.plans, s.failed, s.cancelled, s.nested_in, s.tags,
       s.first_seen, s.last_seen, s.failed_ms, s.integrity
FROM advisor.statements() AS s;

CREATE OR REPLACE FUNCTION advisor.statement_history(
    OUT queryid bigint, OUT planid bigint, OUT span text, OUT slice_start timestamptz, OUT after_change boolean,
    OUT calls bigint, OUT total_ms double precision, OUT mean_ms double precision, OUT stddev_ms double precision,
    OUT p50_ms double precision, OUT p95_ms double precision, OUT rows bigint)
RETURNS SETOF record
AS 'MODULE_PATHNAME', 'db_advisor_statement_history'
LANGUAGE C VOLATILE PARALLEL UNSAFE;

CREATE OR REPLACE VIEW advisor.statement_history AS
SELECT h.queryid, h.planid, h.span, h.slice_start, h.after_change, h.calls, h.total_ms, h.mean_ms, h.stddev_ms,
       h.p50_ms, h.p95_ms, h.rows
FROM advisor.statement_history() AS h;
COMMENT ON VIEW advisor.statement_history IS
    'executions by hour for a day and by day for two weeks, apart before and after a change of an index or table';

CREATE OR REPLACE FUNCTION advisor.plans(
    OUT queryid bigint, OUT planid bigint, OUT calls bigint, OUT total_ms double precision,
    OUT mean_ms double precision, OUT max_ms double precision, OUT plan text, OUT worst_node text,
    OUT estimated_rows double precision, OUT actual_rows double precision, OUT change text,
    OUT first_seen timestamptz, OUT last_seen timestamptz)
RETURNS SETOF record
AS 'MODULE_PATHNAME', 'db_advisor_plans'
LANGUAGE C VOLATILE PARALLEL UNSAFE;

CREATE OR REPLACE VIEW advisor.plans AS
SELECT p.queryid, p.planid, p.calls, p.total_ms, p.mean_ms, p.max_ms, p.plan, p.worst_node, p.estimated_rows,
       p.actual_rows, p.change, p.first_seen, p.last_seen
FROM advisor.plans() AS p;

CREATE OR REPLACE FUNCTION advisor.plan_nodes(
    OUT queryid bigint, OUT planid bigint, OUT node integer, OUT parent integer, OUT type text,
    OUT relation text, OUT index text, OUT condition text, OUT estimated_rows double precision,
    OUT actual_rows double precision, OUT loops double precision, OUT removed_rows double precision,
    OUT heap_fetches double precision, OUT spilled_bytes bigint, OUT samples bigint)
RETURNS SETOF record
AS 'MODULE_PATHNAME', 'db_advisor_plan_nodes'
LANGUAGE C VOLATILE PARALLEL UNSAFE;

CREATE OR REPLACE VIEW advisor.plan_nodes AS
SELECT n.queryid, n.planid, n.node, n.parent, n.type, n.relation, n.index, n.condition, n.estimated_rows,
       n.actual_rows, n.loops, n.removed_rows, n.heap_fetches, n.spilled_bytes, n.samples
FROM advisor.plan_nodes() AS n;

CREATE OR REPLACE FUNCTION advisor.relation_writes(
    OUT relation oid, OUT inserted bigint, OUT updated bigint, OUT hot_updated bigint, OUT deleted bigint,
    OUT since timestamptz)
RETURNS SETOF record
AS 'MODULE_PATHNAME', 'db_advisor_relation_writes'
LANGUAGE C VOLATILE PARALLEL UNSAFE;

-- A statistics reset in between makes the server's counts smaller than they were.
CREATE OR REPLACE VIEW advisor.relation_writes AS
SELECT s.relid::pg_catalog.regclass AS relation,
       s.n_tup_ins - CASE WHEN s.n_tup_ins < w.inserted THEN 0 ELSE w.inserted END AS inserted_rows,
       s.n_tup_upd - CASE WHEN s.n_tup_upd < w.updated THEN 0 ELSE w.updated END AS updated_rows,
       s.n_tup_hot_upd - CASE WHEN s.n_tup_hot_upd < w.hot_updated THEN 0 ELSE w.hot_updated END AS hot_updated_rows,
       s.n_tup_del - CASE WHEN s.n_tup_del < w.deleted THEN 0 ELSE w.deleted END AS deleted_rows,
       w.since
FROM advisor.relation_writes() AS w JOIN pg_catalog.pg_stat_all_tables AS s ON s.relid = w.relation;
COMMENT ON VIEW advisor.relation_writes IS
    'rows written per table since the first recorded write, from the server''s table statistics';

CREATE OR REPLACE FUNCTION advisor.predicates(
    OUT relation text, OUT columns text[], OUT operators text[], OUT kind text, OUT queryid bigint,
    OUT calls bigint, OUT estimated_selectivity double precision, OUT actual_selectivity double precision)
RETURNS SETOF record
AS 'MODULE_PATHNAME', 'db_advisor_predicates'
LANGUAGE C VOLATILE PARALLEL UNSAFE;

CREATE OR REPLACE VIEW advisor.predicates AS
SELECT p.relation, p.columns, p.operators, p.kind, p.queryid, p.calls, p.estimated_selectivity,
       p.actual_selectivity
FROM advisor.predicates() AS p;

CREATE OR REPLACE FUNCTION advisor.status(
    OUT name text, OUT value text, OUT state text, OUT note text, OUT fix text)
RETURNS SETOF record
AS 'MODULE_PATHNAME', 'db_advisor_status'
LANGUAGE C VOLATILE PARALLEL UNSAFE;

CREATE OR REPLACE FUNCTION advisor.reset(what text DEFAULT 'all', queryid bigint DEFAULT NULL)
RETURNS timestamptz
AS 'MODULE_PATHNAME', 'db_advisor_reset'
LANGUAGE C VOLATILE PARALLEL UNSAFE;

CREATE OR REPLACE FUNCTION advisor.record_session()
RETURNS boolean
AS 'MODULE_PATHNAME', 'db_advisor_record_session'
LANGUAGE C VOLATILE PARALLEL UNSAFE;

CREATE OR REPLACE FUNCTION advisor.statement_parameters(
    OUT queryid bigint, OUT "position" integer, OUT type text, OUT kind text, OUT "values" text[],
    OUT distinct_values bigint, OUT compared bigint, OUT stable boolean)
RETURNS SETOF record
AS 'MODULE_PATHNAME', 'db_advisor_statement_parameters'
LANGUAGE C VOLATILE PARALLEL UNSAFE;

CREATE OR REPLACE VIEW advisor.statement_parameters AS
SELECT p.queryid, p."position", p.type, p.kind, p."values", p.distinct_values, p.compared, p.stable
FROM advisor.statement_parameters() AS p;

CREATE OR REPLACE FUNCTION advisor.examples(
    OUT queryid bigint, OUT query text, OUT parse_mode bigint, OUT parameter_types text,
    OUT parameter_values text, OUT has_values boolean, OUT search_path text, OUT slowest boolean)
RETURNS SETOF record
AS 'MODULE_PATHNAME', 'db_advisor_examples'
LANGUAGE C VOLATILE PARALLEL UNSAFE;
