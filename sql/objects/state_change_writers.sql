-- What writes down changes of indexes and their effects. Called by the library before each analysis, as the
-- extension's owner.

CREATE OR REPLACE FUNCTION advisor.keep_index_changes(caller text) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    moment timestamptz := clock_timestamp();
BEGIN
    PERFORM advisor.keep_new_changes(moment);
    PERFORM advisor.keep_known_indexes(moment);
    PERFORM advisor.keep_followed(moment);
    PERFORM advisor.keep_events(moment);
    PERFORM advisor.keep_periods(moment);
    PERFORM advisor.keep_verdicts(moment);
    PERFORM advisor.keep_events(moment);
    DELETE FROM advisor.index_change AS c WHERE c.noticed_at < moment - interval '1 year';
    DELETE FROM advisor.index_change_period AS p  -- a verdict stays, and what speaks against an index that is in place
    WHERE NOT EXISTS (SELECT FROM advisor.index_change AS c
                      WHERE c.id = p.change
                        AND (c.noticed_at > moment - interval '30 days' OR c.status = 'regressed' AND c.undone_at IS NULL));
END $$;

-- Null where the table is locked: then the next analysis sees the index. The error gives the lock back at once.
CREATE OR REPLACE FUNCTION advisor.index_definition(index oid) RETURNS text
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp SET lock_timeout = '1ms' AS $$
DECLARE
    definition text;
BEGIN
    definition := pg_get_indexdef(index);
    RAISE SQLSTATE 'DA001';
EXCEPTION
    WHEN lock_not_available THEN RETURN NULL;
    WHEN SQLSTATE 'DA001' THEN RETURN definition;
END $$;

-- A table or index with its partitions, without locks.
CREATE OR REPLACE FUNCTION advisor.with_partitions(relation text) RETURNS oid[]
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
    WITH RECURSIVE tree AS (
        SELECT t.oid FROM to_regclass(relation) AS t (oid) WHERE t.oid IS NOT NULL
        UNION ALL
        SELECT i.inhrelid::regclass FROM tree AS t JOIN pg_inherits AS i ON i.inhparent = t.oid
    )
    SELECT coalesce(array_agg(t.oid::oid), '{}') FROM tree AS t;
$$;

-- The user's indexes as they are, without locks.
CREATE OR REPLACE VIEW advisor.present_index AS
SELECT i.oid, i.identity AS index, i.table_identity AS relation,
       md5(concat_ws('|', i.method, i.is_unique, i.key_columns, i.included_columns, i.classes, i.collations, i.options,
                     i.expressions, i.predicate)) AS signature
FROM advisor.user_index AS i
WHERE i.is_usable AND NOT i.is_partition;

-- The first analysis takes all indexes as known. An index with another name is the same one.
CREATE OR REPLACE FUNCTION advisor.keep_new_changes(moment timestamptz) RETURNS void
LANGUAGE sql SET search_path = pg_catalog, pg_temp AS $$
    WITH present AS MATERIALIZED (
        SELECT * FROM advisor.present_index
    ), changed AS (
        SELECT 'created' AS action, p.index, p.relation, advisor.index_definition(p.oid) AS definition,
               advisor.index_changed_at(p.oid) AS changed_at
        FROM present AS p
        LEFT JOIN advisor.known_index AS k ON k.index = p.index
        WHERE k.signature IS DISTINCT FROM p.signature
          AND k.definition IS DISTINCT FROM advisor.index_definition(p.oid)  -- after a restore operator classes have other OIDs
          AND NOT EXISTS (SELECT FROM advisor.known_index AS r WHERE r.relation = p.relation AND r.signature = p.signature
                          AND NOT EXISTS (SELECT FROM present AS q WHERE q.index = r.index))
        UNION ALL
        SELECT 'dropped', k.index, k.relation, k.definition, advisor.index_changed_at(k.oid)
        FROM advisor.known_index AS k
        WHERE to_regclass(k.relation) IS NOT NULL
          AND to_regclass(k.index) IS NULL  -- neither attached to a partitioned one, nor invalid for the time being
          AND NOT EXISTS (SELECT FROM present AS q WHERE q.relation = k.relation AND q.signature = k.signature
                          AND NOT EXISTS (SELECT FROM advisor.known_index AS r WHERE r.index = q.index))
    ), dated AS (
        SELECT c.*, coalesce(c.changed_at, moment) AS at,
               min(coalesce(c.changed_at, l.finished)) OVER (PARTITION BY c.relation) AS first_at,
               max(coalesce(c.changed_at, moment)) OVER (PARTITION BY c.relation) AS settled_at
        FROM changed AS c CROSS JOIN advisor.last_analysis AS l  -- none before the first
        WHERE c.definition IS NOT NULL
    )
    INSERT INTO advisor.index_change (id, action, index, relation, definition, changed_at, exact, noticed_at, first_at, settled_at)
    SELECT left(md5(jsonb_build_array(d.action, d.index, d.definition, d.at)::text), 16), d.action, d.index, d.relation,
           d.definition, d.at, d.changed_at IS NOT NULL, moment, d.first_at, d.settled_at
    FROM dated AS d
    ON CONFLICT DO NOTHING;
$$;

CREATE OR REPLACE FUNCTION advisor.keep_known_indexes(moment timestamptz) RETURNS void
LANGUAGE sql SET search_path = pg_catalog, pg_temp AS $$
    UPDATE advisor.index_change AS c  -- renamed
    SET index = p.index
    FROM advisor.known_index AS k
    JOIN advisor.present_index AS p ON p.relation = k.relation AND p.signature = k.signature
    WHERE c.index = k.index AND c.undone_at IS NULL AND c.action = 'created'
      AND NOT EXISTS (SELECT FROM advisor.present_index AS q WHERE q.index = k.index)
      AND NOT EXISTS (SELECT FROM advisor.known_index AS r WHERE r.index = p.index);

    UPDATE advisor.index_change AS c
    SET undone_at = moment
    WHERE c.undone_at IS NULL AND c.noticed_at < moment
      AND EXISTS (SELECT FROM advisor.index_change AS o
                  WHERE o.noticed_at = moment AND o.action <> c.action AND o.relation = c.relation
                    AND CASE c.action WHEN 'created' THEN o.index = c.index
                             ELSE regexp_replace(o.definition, ' INDEX .*? ON ', ' ON ')
                                  = regexp_replace(c.definition, ' INDEX .*? ON ', ' ON ') END);

    DELETE FROM advisor.known_index AS k
    WHERE NOT EXISTS (SELECT FROM advisor.present_index AS p
                      WHERE p.index = k.index AND p.signature = k.signature AND p.relation = k.relation AND p.oid = k.oid);
    INSERT INTO advisor.known_index (index, relation, oid, signature, definition)
    SELECT d.index, d.relation, d.oid, d.signature, d.definition
    FROM (SELECT p.*, advisor.index_definition(p.oid) AS definition
          FROM advisor.present_index AS p
          WHERE NOT EXISTS (SELECT FROM advisor.known_index AS k WHERE k.index = p.index)) AS d
    WHERE d.definition IS NOT NULL
    ON CONFLICT DO NOTHING;
$$;

-- Index advice whose index is there, or is gone again. A table that is busy tells nothing.
CREATE OR REPLACE FUNCTION advisor.keep_followed(moment timestamptz) RETURNS void
LANGUAGE sql SET search_path = pg_catalog, pg_temp AS $$
    WITH sought AS MATERIALIZED (
        SELECT f.id, c.index, c.looked
        FROM advisor.finding AS f
        CROSS JOIN LATERAL advisor.covering_index(f.evidence ->> 'definition') AS c
        WHERE f.statements IS NOT NULL
          AND (f.status IN ('open', 'applied', 'verified', 'regressed') OR f.status = 'resolved' AND f.change IS NULL)
    ), found AS (
        SELECT s.id, s.looked, h.id AS change, h.index, d.drop_statement,
               quote_ident(n.nspname) || '.' || quote_ident(x.relname) AS name, h.noticed_at
        FROM sought AS s
        LEFT JOIN pg_class AS x ON x.oid = CASE WHEN pg_partition_root(s.index) IS NULL THEN s.index ELSE pg_partition_root(s.index)::oid END
        LEFT JOIN pg_namespace AS n ON n.oid = x.relnamespace
        LEFT JOIN LATERAL (SELECT c.id, c.index, c.noticed_at FROM advisor.index_change AS c
                           WHERE c.action = 'created' AND c.undone_at IS NULL AND c.index = quote_ident(n.nspname) || '.' || quote_ident(x.relname)
                           ORDER BY c.changed_at DESC LIMIT 1) AS h ON true
        LEFT JOIN LATERAL (SELECT i.drop_statement FROM advisor.index_statement AS i WHERE i.oid = x.oid AND h.id IS NOT NULL
                           OFFSET 0) AS d ON true
    )
    UPDATE advisor.finding AS f
    SET status = CASE WHEN s.name IS NOT NULL THEN 'applied' WHEN f.status = 'regressed' THEN 'resolved' ELSE 'open' END,
        closed_at = CASE WHEN s.name IS NOT NULL OR f.status = 'regressed' THEN moment END,
        change = CASE WHEN s.name IS NOT NULL THEN s.change WHEN f.status = 'regressed' THEN f.change END,
        rollback = coalesce(s.drop_statement, f.rollback),
        reason = CASE WHEN s.name IS NOT NULL THEN format('index %s does what it asks for; not measured yet', s.name)
                      WHEN f.status = 'regressed' THEN 'undone: ' || f.reason
                      ELSE 'its index is gone again' END
    FROM found AS s
    WHERE s.id = f.id AND s.looked
      AND CASE f.status WHEN 'open' THEN s.name IS NOT NULL
               WHEN 'resolved' THEN s.noticed_at = moment  -- its statements had ceased already
               WHEN 'regressed' THEN s.name IS NULL OR s.change IS DISTINCT FROM f.change
               ELSE s.name IS NULL END;
$$;

-- "Before" is kept as it was when the change was noticed; "after" grows until the table's indexes change again.
CREATE OR REPLACE FUNCTION advisor.keep_periods(moment timestamptz) RETURNS void
LANGUAGE sql SET search_path = pg_catalog, pg_temp AS $$
    WITH open AS MATERIALIZED (
        SELECT c.*, parse_ident(c.index) AS parts,
               greatest((SELECT max(p.settled_at) FROM advisor.index_change AS p
                         WHERE p.relation = c.relation AND p.settled_at < c.first_at), c.first_at - interval '14 days') AS since,
               coalesce((SELECT min(n.first_at) FROM advisor.index_change AS n
                         WHERE n.relation = c.relation AND n.first_at > c.settled_at), 'infinity') AS until
        FROM advisor.index_change AS c
        WHERE c.undone_at IS NULL AND to_regclass(c.relation) IS NOT NULL
          AND c.noticed_at > moment - current_setting('db_advisor.observation_window')::interval
        ORDER BY c.noticed_at DESC
        LIMIT 30
    ), seen AS MATERIALIZED (
        SELECT o.id AS change, least(o.until, moment) AS observed_until, e.*
        FROM open AS o
        CROSS JOIN LATERAL advisor.executions_around(
            advisor.with_partitions(o.relation), advisor.with_partitions(o.index),
            quote_ident(o.parts[1]), quote_ident(o.parts[2]), o.since, o.first_at, o.settled_at, o.until, o.exact) AS e
    ), noted AS (
        UPDATE advisor.index_change AS c
        SET drift = s.drift, drift_spread = s.drift_spread, observed_until = s.observed_until
        FROM (SELECT DISTINCT change, observed_until, drift, drift_spread FROM seen) AS s
        WHERE s.change = c.id
    )
    INSERT INTO advisor.index_change_period AS p
        (change, queryid, period, writes, inserts, calls, total_ms, squares_ms, p95_ms, rows, blocks, wal_bytes, histogram, plans,
         plan_calls, index_calls, found_rows)
    SELECT s.change, s.queryid, s.period, s.writes, s.inserts, s.calls, s.total_ms, s.squares_ms, s.p95_ms, s.rows, s.blocks, s.wal_bytes,
           s.histogram, s.plans, s.plan_calls, s.index_calls, s.found_rows
    FROM seen AS s
    ON CONFLICT ON CONSTRAINT index_change_period_pkey DO UPDATE
    SET writes = excluded.writes, inserts = excluded.inserts, calls = excluded.calls, total_ms = excluded.total_ms, squares_ms = excluded.squares_ms,
        p95_ms = excluded.p95_ms, rows = excluded.rows, blocks = excluded.blocks, wal_bytes = excluded.wal_bytes,
        histogram = excluded.histogram, plans = excluded.plans, plan_calls = excluded.plan_calls,
        index_calls = excluded.index_calls, found_rows = excluded.found_rows
    WHERE p.period = 'after' AND excluded.calls >= p.calls;  -- less: it was forgotten in between
$$;

-- Gains against losses. Nothing is lost by an index before the statements that it is meant for had their chance, a
-- day at most. One that they do not use, while writes pay for it, is a loss too.
CREATE OR REPLACE FUNCTION advisor.keep_verdicts(moment timestamptz) RETURNS void
LANGUAGE sql SET search_path = pg_catalog, pg_temp AS $$
    WITH summed AS (
        SELECT c.id, c.action, c.settled_at, c.observed_until,
               coalesce(sum(e.saved_ms) FILTER (WHERE e.saved_ms > 0), 0) AS gain,
               coalesce(-sum(e.saved_ms) FILTER (WHERE e.saved_ms < 0), 0) AS loss,
               count(*) FILTER (WHERE e.effect = 'faster') AS faster, count(*) FILTER (WHERE e.effect = 'slower') AS slower,
               (array_agg(e.queryid ORDER BY e.saved_ms) FILTER (WHERE e.effect = 'slower'))[1] AS worst,
               (array_agg(format('%s ms to %s ms', round(e.mean_ms_before::numeric, 3), round(e.mean_ms_after::numeric, 3))
                          ORDER BY e.saved_ms) FILTER (WHERE e.effect = 'slower'))[1] AS worst_change,
               count(*) FILTER (WHERE e.meant AND e.calls_before >= 5 AND e.calls_after >= 5) AS meant_ran,
               coalesce(sum(e.rows_after) FILTER (WHERE e.other_writes AND e.calls_after >= 5), 0) AS paid_rows,
               EXISTS (SELECT FROM advisor.finding AS f CROSS JOIN jsonb_array_elements(f.statements) AS s
                       JOIN advisor.index_change_period AS b ON b.change = c.id AND b.period = 'before' AND b.calls >= 5
                            AND b.queryid = (s ->> 'queryid')::bigint
                       LEFT JOIN advisor.index_change_period AS a ON a.change = c.id AND a.period = 'after' AND a.queryid = b.queryid
                       WHERE f.change = c.id AND coalesce(a.calls, 0) < 5) AS waiting
        FROM advisor.index_change AS c
        LEFT JOIN advisor.index_change_effect AS e ON e.change = c.id
        WHERE c.undone_at IS NULL AND c.observed_until IS NOT NULL
        GROUP BY c.id
    ), judged AS (
        SELECT s.*,
               CASE WHEN s.gain > s.loss THEN 'verified'
                    WHEN s.waiting AND moment - s.settled_at < interval '1 day' THEN 'measuring'
                    WHEN s.loss > 0 THEN 'regressed'
                    WHEN s.action = 'created' AND s.faster = 0 AND s.meant_ran > 0 AND NOT s.waiting AND s.paid_rows > 0
                    THEN 'regressed' ELSE 'measuring' END AS verdict
        FROM summed AS s
    )
    UPDATE advisor.index_change AS c
    SET status = j.verdict,
        saved_ms = j.gain - j.loss,
        reason = CASE WHEN j.faster + j.slower > 0
                      THEN format('faster: %s, slower: %s; %s ms saved and %s ms lost in %s%s', j.faster, j.slower,
                                  round(j.gain::numeric, 1), round(j.loss::numeric, 1),
                                  round(extract(epoch FROM j.observed_until - j.settled_at)) || ' s',
                                  '; the worst is statement ' || j.worst || ', from ' || j.worst_change)
                      WHEN j.verdict = 'regressed'
                      THEN format('no statement got faster, while %s rows written since had to go into it', j.paid_rows)
                      WHEN j.meant_ran > 0 THEN 'no statement got faster or slower by it so far' END
    FROM judged AS j
    WHERE j.id = c.id AND (c.status = 'measuring' OR j.verdict <> 'measuring');

    UPDATE advisor.finding AS f
    SET status = CASE c.status WHEN 'measuring' THEN f.status ELSE c.status END,
        reason = coalesce(c.reason, f.reason),
        evidence = f.evidence || jsonb_build_object('verification', jsonb_strip_nulls(jsonb_build_object(
            'unit', 'ms', 'window_from', v.measured_from, 'window_to', v.measured_until, 'index', v.index,
            'gained_ms', v.saved_ms, 'gained_ms_per_day', v.saved_ms_per_day,
            'statements', (
                SELECT jsonb_agg(jsonb_build_object(
                           'queryid', e.queryid, 'effect', e.effect, 'meant', e.meant, 'writes', e.writes,
                           'plan_changed', e.plan_changed, 'calls_before', e.calls_before, 'calls_after', e.calls_after,
                           'mean_ms_before', e.mean_ms_before, 'mean_ms_after', e.mean_ms_after,
                           'p95_ms_before', e.p95_ms_before, 'p95_ms_after', e.p95_ms_after,
                           'blocks_before', e.blocks_before, 'blocks_after', e.blocks_after,
                           'probability', e.probability, 'saved_ms', e.saved_ms) ORDER BY abs(e.saved_ms) DESC NULLS LAST, e.queryid)
                FROM advisor.index_change_effect AS e
                WHERE e.change = c.id AND (e.meant OR e.effect IN ('faster', 'slower'))))))
    FROM advisor.index_change AS c
    JOIN advisor.index_changes AS v ON v.id = c.id
    WHERE c.id = f.change AND c.undone_at IS NULL AND c.observed_until IS NOT NULL
      AND f.status IN ('applied', 'verified', 'regressed');
$$;
