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
    change text);           -- of index advice that was followed: what was done

-- The story of a finding, in the order of position.
CREATE TABLE advisor.finding_event (
    id text NOT NULL,
    position integer NOT NULL,
    at timestamptz NOT NULL,
    status text NOT NULL,
    reason text,
    PRIMARY KEY (id, position));

-- Indexes as the last analysis saw them, so that the next one knows what was made and dropped.
CREATE TABLE advisor.known_index (
    index text PRIMARY KEY,
    relation text NOT NULL,
    oid oid NOT NULL,           -- asked of the recorder only, which forgets it too
    signature text NOT NULL,
    definition text NOT NULL);

CREATE TABLE advisor.index_change (
    id text PRIMARY KEY,
    action text NOT NULL CHECK (action IN ('created', 'dropped')),
    index text NOT NULL,
    relation text NOT NULL,
    definition text NOT NULL,
    changed_at timestamptz NOT NULL,
    exact boolean NOT NULL,           -- the recorder saw it: executions before and after are told apart
    noticed_at timestamptz NOT NULL,  -- changes of one table that were noticed together are measured together:
    first_at timestamptz NOT NULL,    -- before the first …
    settled_at timestamptz NOT NULL,  -- … and after the last of them
    observed_until timestamptz,
    undone_at timestamptz,
    drift double precision NOT NULL DEFAULT 0,
    drift_spread double precision NOT NULL DEFAULT 0.1,
    status text NOT NULL DEFAULT 'measuring' CHECK (status IN ('measuring', 'verified', 'regressed')),
    reason text,
    saved_ms double precision);

-- What was recorded of the statements on the table before the change, kept when it was noticed, and after it.
CREATE TABLE advisor.index_change_period (
    change text NOT NULL,
    queryid bigint NOT NULL,
    period text NOT NULL CHECK (period IN ('before', 'after')),
    writes boolean NOT NULL,
    inserts boolean NOT NULL,
    calls bigint NOT NULL,
    total_ms double precision NOT NULL,
    squares_ms double precision NOT NULL,
    p95_ms double precision NOT NULL,
    rows bigint NOT NULL,
    blocks bigint NOT NULL,
    wal_bytes bigint NOT NULL,
    histogram bigint[] NOT NULL,
    plans bigint[] NOT NULL,        -- the most frequent first
    plan_calls bigint[] NOT NULL,
    index_calls bigint NOT NULL,    -- with plans that read the index
    found_rows double precision,    -- of an execution: what its scans and joins came to
    PRIMARY KEY (change, queryid, period));

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
SELECT pg_catalog.pg_extension_config_dump('advisor.finding_event', '');
SELECT pg_catalog.pg_extension_config_dump('advisor.known_index', '');
SELECT pg_catalog.pg_extension_config_dump('advisor.index_change', '');
SELECT pg_catalog.pg_extension_config_dump('advisor.index_change_period', '');
