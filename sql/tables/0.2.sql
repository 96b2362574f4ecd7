-- Settings of rules, and the life of findings. Kept by pg_dump; an id of a finding holds no OID.

ALTER TABLE advisor.rule
    ADD COLUMN engines text[] NOT NULL DEFAULT '{pg}',
    ADD COLUMN thresholds jsonb NOT NULL DEFAULT '{}',  -- the defaults
    ADD COLUMN waits text,
    ADD COLUMN privileges text;

CREATE TABLE advisor.rule_setting (
    rule text PRIMARY KEY,
    enabled boolean NOT NULL DEFAULT true,
    severity text CHECK (severity IN ('critical', 'high', 'medium', 'low', 'info')),
    thresholds jsonb NOT NULL DEFAULT '{}');

CREATE TABLE advisor.finding (
    id text PRIMARY KEY,
    rule text NOT NULL,
    category text NOT NULL,
    severity text NOT NULL,
    object text NOT NULL,
    title text NOT NULL,
    detail text,
    evidence jsonb,
    benefit double precision,
    storage_bytes bigint,
    confidence double precision NOT NULL,
    fix text,
    fix_steps text[],
    rollback text,
    analysis_id bigint,
    status text NOT NULL CHECK (status IN ('open', 'applied', 'verified', 'regressed', 'resolved')),
    first_seen timestamptz NOT NULL,
    last_seen timestamptz NOT NULL,
    closed_at timestamptz,
    reason text,
    statements jsonb,       -- of index advice: queryid, calls and mean_ms of what it helps, when last seen
    indexes text[]);        -- of index advice: the definitions on the table when last seen

CREATE TABLE advisor.dismissal (
    id text PRIMARY KEY,
    reason text NOT NULL,
    until timestamptz,
    created_at timestamptz NOT NULL DEFAULT now(),
    created_by text NOT NULL,
    matched_at timestamptz);  -- when an analysis last found what it silences

CREATE TABLE advisor.exemption (
    id text PRIMARY KEY,
    rule text,              -- null: every rule, and so on
    object text,
    schema text,
    role text,
    reason text NOT NULL,
    until timestamptz,
    created_at timestamptz NOT NULL DEFAULT now(),
    created_by text NOT NULL,
    matched_at timestamptz,
    CHECK (num_nonnulls(rule, object, schema, role) > 0));

-- One row, so that suppressions and figures can be told from those before the last analysis.
CREATE TABLE advisor.last_analysis (
    finished timestamptz NOT NULL,
    not_run text[] NOT NULL,     -- rules that failed, waited or were skipped
    undecided boolean NOT NULL,  -- one of them failed or waited: it may find something next time
    only_row boolean PRIMARY KEY DEFAULT true CHECK (only_row));

SELECT pg_catalog.pg_extension_config_dump('advisor.rule_setting', '');
SELECT pg_catalog.pg_extension_config_dump('advisor.finding', '');
SELECT pg_catalog.pg_extension_config_dump('advisor.dismissal', '');
SELECT pg_catalog.pg_extension_config_dump('advisor.exemption', '');
SELECT pg_catalog.pg_extension_config_dump('advisor.last_analysis', '');
