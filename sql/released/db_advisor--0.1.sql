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

INSERT INTO advisor.rule (rule, category, severity, title, why, reference, min_version, examined, query)
VALUES ($rule$duplicate-index$rule$, $rule$index$rule$, $rule$medium$rule$, $rule$Two indexes hold the same$rule$, $rule$The second index answers nothing that the first does not, but it takes its space again, in memory too, and is written on every insert and on every update that is not HOT.$rule$, $rule$https://www.postgresql.org/docs/current/indexes-intro.html$rule$, 15, $rule$SELECT count(*) FROM pg_index AS i JOIN pg_class AS t ON t.oid = i.indrelid JOIN pg_namespace AS n ON n.oid = t.relnamespace WHERE n.nspname <> 'information_schema' AND n.nspname !~ '^pg_'$rule$,
$rule$WITH RECURSIVE candidate AS (
    SELECT i.indexrelid, i.indrelid, i.indisunique, i.indimmediate, i.indnullsnotdistinct, x.relname, x.relkind,
           x.relispartition, format('%I.%I', n.nspname, x.relname) AS name,
           format('%I.%I', tn.nspname, t.relname) AS table_name, n.nspname,
           i.indisprimary OR i.indisexclusion OR i.indisreplident OR i.indisclustered
               OR EXISTS (SELECT FROM pg_constraint AS c WHERE c.conindid = i.indexrelid)
               OR EXISTS (SELECT FROM pg_depend AS d WHERE d.classid = 'pg_class'::regclass
                          AND d.objid = i.indexrelid AND d.deptype IN ('e', 'x')) AS protected,
           EXISTS (SELECT FROM pg_constraint AS c WHERE c.conindid = i.indexrelid AND c.contype IN ('p', 'u', 'x'))
               AS is_constraint,
           -- all that makes two indexes answer the same; the order of included columns does not matter
           ROW (i.indrelid, x.relam, (i.indkey::int2[])[0:i.indnkeyatts - 1],
                (SELECT array_agg(k ORDER BY k) FROM unnest((i.indkey::int2[])[i.indnkeyatts:]) AS k),
                i.indclass::oid[], i.indcollation::oid[], i.indoption::int2[],
                CASE WHEN i.indexprs IS NOT NULL THEN pg_get_expr(i.indexprs, i.indrelid) END,
                CASE WHEN i.indpred IS NOT NULL THEN pg_get_expr(i.indpred, i.indrelid) END)::text AS shape
    FROM pg_index AS i
    JOIN pg_class AS x ON x.oid = i.indexrelid
    JOIN pg_namespace AS n ON n.oid = x.relnamespace
    JOIN pg_class AS t ON t.oid = i.indrelid
    JOIN pg_namespace AS tn ON tn.oid = t.relnamespace
    WHERE i.indisvalid AND i.indisready AND i.indislive AND t.relpersistence <> 't'
      AND tn.nspname <> 'information_schema' AND tn.nspname !~ '^pg_'
      AND NOT EXISTS (SELECT FROM pg_depend AS d
                      WHERE d.classid = 'pg_class'::regclass AND d.objid = t.oid AND d.deptype = 'e')
), ranked AS (  -- what may not be dropped stays, then what checks uniqueness, then the oldest
    SELECT c.*, first_value(c.indexrelid) OVER (
               PARTITION BY c.shape
               ORDER BY NOT (c.protected AND c.indisunique), NOT c.indisunique, NOT c.protected, NOT c.relispartition,
                        c.indexrelid) AS kept
    FROM candidate AS c
), duplicate AS (
    SELECT r.*, k.name AS kept_name, k.is_constraint AS kept_constraint, k.relname AS kept_relname
    FROM ranked AS r JOIN candidate AS k ON k.indexrelid = r.kept
    WHERE r.indexrelid <> r.kept AND NOT r.protected
      AND NOT r.relispartition  -- it goes with the index of the partitioned table
      -- uniqueness must be checked as before: as soon, and with NULLs meant alike
      AND (NOT r.indisunique
           OR k.indisunique AND k.indimmediate AND k.indnullsnotdistinct = r.indnullsnotdistinct)
), tree AS (
    SELECT d.indexrelid AS root, d.indexrelid AS part FROM duplicate AS d
    UNION ALL
    SELECT t.root, i.inhrelid FROM tree AS t JOIN pg_inherits AS i ON i.inhparent = t.part
), size AS (
    SELECT t.root, sum(x.relpages)::bigint * current_setting('block_size')::bigint AS bytes,
           sum(CASE WHEN h.reltuples > 0 THEN h.reltuples ELSE pg_stat_get_live_tuples(h.oid) END)::bigint AS rows,
           sum(pg_stat_get_numscans(x.oid))::bigint AS scans
    FROM tree AS t
    JOIN pg_class AS x ON x.oid = t.part AND x.relkind = 'i'
    JOIN pg_index AS i ON i.indexrelid = x.oid
    JOIN pg_class AS h ON h.oid = i.indrelid
    GROUP BY t.root
)
SELECT d.name AS object,
       d.table_name AS subject,
       CASE WHEN coalesce(s.rows, 0) < 1000 THEN 'info' ELSE 'medium' END AS severity,
       format('index %s of %s repeats %s', d.name, d.table_name,
              CASE WHEN d.kept_constraint THEN format('the index of constraint %I', d.kept_relname)
                   ELSE 'index ' || d.kept_name END) AS title,
       format('Both hold the same columns in the same order, with the same operator classes, collations and conditions, '
              'over about %s rows. Dropping it frees %s; its %s scans so far go to %s.', coalesce(s.rows, 0),
              pg_size_pretty(coalesce(s.bytes, 0)), coalesce(s.scans, 0), d.kept_name) AS detail,
       jsonb_build_object('unit', 'bytes', 'window_from', pg_stat_get_db_stat_reset_time(b.oid), 'window_to', now(),
                          'definition', pg_get_indexdef(d.indexrelid), 'kept', d.kept_name,
                          'kept_definition', pg_get_indexdef(d.kept), 'bytes', coalesce(s.bytes, 0),
                          'scans', coalesce(s.scans, 0), 'rows', coalesce(s.rows, 0)) AS evidence,
       NULL::float8 AS benefit,
       -coalesce(s.bytes, 0) AS storage_bytes,
       0.95::float8 AS confidence,
       ARRAY[CASE WHEN d.relkind = 'I' THEN 'DROP INDEX ' ELSE 'DROP INDEX CONCURRENTLY ' END || d.name || ';'] AS fix_steps,
       NULL::text AS fix,
       CASE WHEN d.relkind = 'I' THEN replace(pg_get_indexdef(d.indexrelid), ' ON ONLY ' || d.table_name, ' ON ' || d.table_name)
            ELSE regexp_replace(pg_get_indexdef(d.indexrelid), '^CREATE (UNIQUE )?INDEX ', 'CREATE \1INDEX CONCURRENTLY ')
       END || ';' AS rollback
FROM duplicate AS d
LEFT JOIN size AS s ON s.root = d.indexrelid
JOIN pg_database AS b ON b.datname = current_database()
ORDER BY d.name$rule$);

INSERT INTO advisor.rule (rule, category, severity, title, why, reference, min_version, examined, query)
VALUES ($rule$unindexed-foreign-key$rule$, $rule$index$rule$, $rule$medium$rule$, $rule$A foreign key has no index on the referring table$rule$, $rule$The server looks for referring rows whenever a row of the parent is deleted or its key changes, and joins from the parent do the same: without an index that reads the whole referring table each time, while locks are held.$rule$, $rule$https://www.postgresql.org/docs/current/ddl-constraints.html#DDL-CONSTRAINTS-FK$rule$, 15, $rule$SELECT count(*) FROM pg_constraint WHERE contype = 'f' AND conparentid = 0$rule$,
$rule$WITH RECURSIVE foreign_key AS (  -- keys of several constraints over the same columns need one index
    SELECT c.conrelid AS child,
           (SELECT array_agg(k ORDER BY k) FROM unnest(c.conkey) AS k) AS key_set,
           (SELECT o.conkey FROM pg_constraint AS o WHERE o.oid = min(c.oid)) AS key,
           array_agg(c.conname::text ORDER BY c.oid) AS constraints,
           array_agg(DISTINCT c.confrelid) AS parents,
           bool_or(c.confdeltype IN ('c', 'n', 'd')) AS acts_on_delete
    FROM pg_constraint AS c
    JOIN pg_class AS t ON t.oid = c.conrelid
    JOIN pg_namespace AS n ON n.oid = t.relnamespace
    WHERE c.contype = 'f' AND c.conparentid = 0 AND t.relpersistence <> 't'
      AND n.nspname <> 'information_schema' AND n.nspname !~ '^pg_'
      AND NOT EXISTS (SELECT FROM pg_depend AS d
                      WHERE d.classid = 'pg_class'::regclass AND d.objid = t.oid AND d.deptype = 'e')
    GROUP BY c.conrelid, key_set
), tree AS (  -- each table with all that is below it; pg_inherits needs no lock on them
    SELECT r.root, r.root AS part, 0 AS level
    FROM (SELECT child AS root FROM foreign_key UNION SELECT unnest(parents) FROM foreign_key) AS r
    UNION ALL
    SELECT t.root, i.inhrelid, t.level + 1
    FROM tree AS t JOIN pg_inherits AS i ON i.inhparent = t.part
    JOIN pg_class AS c ON c.oid = i.inhrelid AND c.relispartition
), size AS (
    SELECT t.root,
           sum(CASE WHEN c.reltuples > 0 THEN c.reltuples ELSE pg_stat_get_live_tuples(c.oid) END) AS rows,
           sum(pg_stat_get_tuples_deleted(c.oid)) AS deleted
    FROM tree AS t JOIN pg_class AS c ON c.oid = t.part
    WHERE c.relkind <> 'p'
    GROUP BY t.root
), unserved AS (  -- parts of the table without an index that begins with the columns, in any order
    SELECT f.child, f.key_set, t.part, t.level, c.relkind
    FROM foreign_key AS f
    JOIN tree AS t ON t.root = f.child
    JOIN pg_class AS c ON c.oid = t.part
    CROSS JOIN LATERAL (
        SELECT array_agg(p.attnum ORDER BY p.attnum) AS key_set,
               array_agg(quote_ident(p.attname) || ' IS NOT NULL') AS not_null
        FROM unnest(f.key_set) AS k
        JOIN pg_attribute AS a ON a.attrelid = f.child AND a.attnum = k
        JOIN pg_attribute AS p ON p.attrelid = t.part AND p.attname = a.attname AND NOT p.attisdropped
    ) AS here
    WHERE NOT EXISTS (
        SELECT FROM pg_index AS i
        JOIN pg_class AS x ON x.oid = i.indexrelid
        JOIN pg_am AS m ON m.oid = x.relam
        WHERE i.indrelid = t.part AND i.indisvalid AND i.indisready AND i.indislive
          AND (m.amname = 'btree' OR m.amname = 'hash' AND cardinality(f.key_set) = 1)
          AND i.indnkeyatts >= cardinality(f.key_set)
          AND (SELECT array_agg(k ORDER BY k)
               FROM unnest((i.indkey::int2[])[0:cardinality(f.key_set) - 1]) AS k) = here.key_set
          -- a partial index serves when all that it leaves out is NULL
          AND (i.indpred IS NULL
               OR string_to_array(btrim(pg_get_expr(i.indpred, i.indrelid), '()'), ') AND (') <@ here.not_null))
), finding AS (
    SELECT f.*, c.relname, c.relnamespace, c.relkind,
           format('%I.%I', n.nspname, c.relname) AS object,
           (SELECT string_agg(quote_ident(a.attname), ', ' ORDER BY k.place) FROM unnest(f.key) WITH ORDINALITY AS k (number, place)
            JOIN pg_attribute AS a ON a.attrelid = f.child AND a.attnum = k.number) AS columns,
           (SELECT string_agg(a.attname, '_' ORDER BY k.place) FROM unnest(f.key) WITH ORDINALITY AS k (number, place)
            JOIN pg_attribute AS a ON a.attrelid = f.child AND a.attnum = k.number) AS words,
           (SELECT sum(CASE WHEN a.attlen > 0 THEN a.attlen ELSE 16 END) FROM pg_attribute AS a
            WHERE a.attrelid = f.child AND a.attnum = ANY (f.key)) AS width,
           (SELECT string_agg(p::regclass::text, ', ' ORDER BY p::regclass::text) FROM unnest(f.parents) AS p) AS parent_names,
           coalesce(s.rows, 0)::bigint AS rows,
           coalesce((SELECT sum(p.deleted) FROM size AS p WHERE p.root = ANY (f.parents)), 0)::bigint AS parent_deletes
    FROM foreign_key AS f
    JOIN pg_class AS c ON c.oid = f.child
    JOIN pg_namespace AS n ON n.oid = c.relnamespace
    LEFT JOIN size AS s ON s.root = f.child
    WHERE EXISTS (SELECT FROM unserved AS u
                  WHERE u.child = f.child AND u.key_set = f.key_set AND u.relkind <> 'p')
       -- a partitioned table without partitions: those to come would have no index either
       OR (c.relkind = 'p' AND NOT EXISTS (SELECT FROM tree AS t WHERE t.root = f.child AND t.level > 0)
           AND EXISTS (SELECT FROM unserved AS u WHERE u.child = f.child AND u.key_set = f.key_set))
), part AS (  -- where an index is to be made, and under which name
    SELECT f.child, f.key_set, t.part, t.level, c.relkind, i.inhparent, f.columns,
           format('%I.%I', n.nspname, c.relname) AS name, n.nspname, free.index_name
    FROM finding AS f
    JOIN tree AS t ON t.root = f.child
    JOIN pg_class AS c ON c.oid = t.part
    JOIN pg_namespace AS n ON n.oid = c.relnamespace
    LEFT JOIN pg_inherits AS i ON i.inhrelid = t.part AND t.level > 0
    CROSS JOIN LATERAL (SELECT c.relname || '_' || f.words AS stem) AS s
    CROSS JOIN LATERAL (
        SELECT tried.name AS index_name
        FROM generate_series(0, 99) AS number
        CROSS JOIN LATERAL (
            SELECT CASE WHEN octet_length(s.stem) <= 55 THEN s.stem
                        ELSE left(c.relname, 10) || '_' || left(md5(s.stem), 12) END
                   || '_idx' || CASE number WHEN 0 THEN '' ELSE number::text END AS name) AS tried
        WHERE NOT EXISTS (SELECT FROM pg_class AS x
                          WHERE x.relnamespace = c.relnamespace AND x.relname = tried.name)
        ORDER BY number LIMIT 1
    ) AS free
), step AS (
    SELECT p.child, p.key_set, 1 AS phase, p.level AS place, p.name,
           format(CASE WHEN p.relkind = 'p' THEN 'CREATE INDEX %I ON ONLY %s (%s);'
                       ELSE 'CREATE INDEX CONCURRENTLY %I ON %s (%s);' END,
                  p.index_name, p.name, p.columns) AS statement
    FROM part AS p
    UNION ALL
    SELECT p.child, p.key_set, 2, -p.level, p.name,
           format('ALTER INDEX %I.%I ATTACH PARTITION %I.%I;', above.nspname, above.index_name, p.nspname, p.index_name)
    FROM part AS p
    JOIN part AS above ON above.child = p.child AND above.key_set = p.key_set AND above.part = p.inhparent
)
SELECT f.object,
       f.columns AS subject,
       CASE WHEN f.rows < 1000 THEN 'info' WHEN f.parent_deletes > 0 THEN 'medium' ELSE 'low' END AS severity,
       format('foreign key (%s) of %s to %s has no index', f.columns, f.object, f.parent_names) AS title,
       format('To find the rows that refer to a row of %s, the server reads all %s rows of %s: on each delete or key '
              'change there%s, and on joins from there. Rows deleted from %s since the statistics began: %s.',
              f.parent_names, f.rows, f.object,
              CASE WHEN f.acts_on_delete THEN ' (the constraint then changes or deletes them)' ELSE '' END,
              f.parent_names, f.parent_deletes) AS detail,
       jsonb_build_object('unit', 'rows', 'window_from', pg_stat_get_db_stat_reset_time(d.oid), 'window_to', now(),
                          'constraints', f.constraints, 'columns', f.columns, 'parents', f.parent_names,
                          'rows', f.rows, 'parent_rows_deleted', f.parent_deletes) AS evidence,
       NULL::float8 AS benefit,
       (8192 + ceil(f.rows * (20 + f.width) / 7372) * 8192)::bigint AS storage_bytes,
       CASE WHEN f.parent_deletes > 0 THEN 0.8 ELSE 0.5 END::float8 AS confidence,
       (SELECT array_agg(s.statement ORDER BY s.phase, s.place, s.name) FROM step AS s
        WHERE s.child = f.child AND s.key_set = f.key_set) AS fix_steps,
       NULL::text AS fix,
       (SELECT format(CASE WHEN f.relkind = 'p' THEN 'DROP INDEX %I.%I;' ELSE 'DROP INDEX CONCURRENTLY %I.%I;' END,
                      p.nspname, p.index_name)
        FROM part AS p WHERE p.child = f.child AND p.key_set = f.key_set AND p.level = 0) AS rollback
FROM finding AS f
JOIN pg_database AS d ON d.datname = current_database()
ORDER BY f.object, f.columns$rule$);
