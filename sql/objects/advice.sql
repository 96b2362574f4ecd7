-- Advice

CREATE OR REPLACE FUNCTION advisor.recommendations(
    OUT id text, OUT rule text, OUT category text, OUT severity text, OUT object text, OUT title text,
    OUT detail text, OUT evidence jsonb, OUT benefit double precision, OUT storage_bytes bigint,
    OUT confidence double precision, OUT fix text, OUT fix_steps text[], OUT rollback text, OUT analysis_id bigint,
    OUT status text, OUT first_seen timestamptz, OUT last_seen timestamptz)
RETURNS SETOF record
AS 'MODULE_PATHNAME', 'db_advisor_recommendations'
LANGUAGE C VOLATILE PARALLEL UNSAFE;

CREATE OR REPLACE FUNCTION advisor.recommendation_statements(
    OUT id text, OUT analysis_id bigint, OUT queryid bigint, OUT query text, OUT calls bigint,
    OUT total_ms double precision, OUT share double precision, OUT cost_before double precision,
    OUT cost_after double precision, OUT changed_nodes text[])
RETURNS SETOF record
AS 'MODULE_PATHNAME', 'db_advisor_recommendation_statements'
LANGUAGE C VOLATILE PARALLEL UNSAFE;

CREATE OR REPLACE VIEW advisor.recommendation_statements AS
SELECT s.id, s.analysis_id, s.queryid, s.query, s.calls, s.total_ms, s.share, s.cost_before, s.cost_after,
       s.changed_nodes
FROM advisor.recommendation_statements() AS s;

CREATE OR REPLACE FUNCTION advisor.index_candidates(
    OUT definition text, OUT size_bytes bigint, OUT gain double precision, OUT write_cost double precision,
    OUT verdict text, OUT reason text)
RETURNS SETOF record
AS 'MODULE_PATHNAME', 'db_advisor_index_candidates'
LANGUAGE C VOLATILE PARALLEL UNSAFE;

CREATE OR REPLACE VIEW advisor.index_candidates AS
SELECT c.definition, c.size_bytes, c.gain, c.write_cost, c.verdict, c.reason
FROM advisor.index_candidates() AS c;

CREATE OR REPLACE FUNCTION advisor.coverage(
    OUT rule text, OUT state text, OUT examined bigint, OUT skipped bigint, OUT reason text,
    OUT milliseconds double precision)
RETURNS SETOF record
AS 'MODULE_PATHNAME', 'db_advisor_coverage'
LANGUAGE C VOLATILE PARALLEL UNSAFE;

CREATE OR REPLACE VIEW advisor.coverage AS
SELECT c.rule, c.state, c.examined, c.skipped, c.reason, c.milliseconds
FROM advisor.coverage() AS c;

CREATE OR REPLACE FUNCTION advisor.analyze(
    OUT analysis_id bigint, OUT finished timestamptz, OUT statements bigint, OUT skipped bigint,
    OUT candidates bigint, OUT findings bigint, OUT what_if_calls bigint, OUT milliseconds double precision,
    OUT complete boolean)
RETURNS SETOF record
AS 'MODULE_PATHNAME', 'db_advisor_analyze'
LANGUAGE C VOLATILE PARALLEL UNSAFE ROWS 1;
COMMENT ON FUNCTION advisor.analyze() IS
    'analyses now and writes the state of findings; unlike the views it may read a sample of at most 300 blocks per table';

CREATE OR REPLACE FUNCTION advisor.report(format text DEFAULT 'text') RETURNS text
AS 'MODULE_PATHNAME', 'db_advisor_report'
LANGUAGE C VOLATILE PARALLEL UNSAFE;
COMMENT ON FUNCTION advisor.report(text) IS 'the whole advice as "text" (at most 100 columns wide), "markdown" or "json"';

CREATE OR REPLACE FUNCTION advisor.apply_script(ids text[]) RETURNS text
AS 'MODULE_PATHNAME', 'db_advisor_apply_script'
LANGUAGE C VOLATILE PARALLEL UNSAFE;
COMMENT ON FUNCTION advisor.apply_script(text[]) IS
    'the fixes of these findings as one psql script: new indexes first, each checked, then what can go; it can be run again';
