-- What-if planning

CREATE OR REPLACE FUNCTION advisor.what_if(
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

CREATE OR REPLACE FUNCTION advisor.recommend_indexes(
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
