-- What writes the state. Called by the library as the extension's owner, by nobody else.

-- After an analysis: what was found is open, what is gone is closed. What was followed is keep_index_changes' side.
CREATE OR REPLACE FUNCTION advisor.keep_findings(caller text, index_analysis_complete boolean) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    moment timestamptz := clock_timestamp();
BEGIN
    PERFORM advisor.keep_open_findings(moment);

    UPDATE advisor.finding AS f
    SET status = 'resolved', closed_at = moment,
        reason = CASE WHEN EXISTS (SELECT FROM advisor.rule AS r WHERE r.rule = f.rule) THEN 'no longer found'
                      ELSE 'the rule is gone' END
    WHERE f.status = 'open'
      AND NOT EXISTS (SELECT FROM advisor.recommendations() AS r WHERE r.id = f.id)
      AND (NOT EXISTS (SELECT FROM advisor.rule AS r WHERE r.rule = f.rule)
           OR EXISTS (SELECT FROM advisor.coverage() AS c WHERE c.rule = f.rule AND c.state = 'ran'
                      AND (f.statements IS NULL OR index_analysis_complete)))
      AND NOT EXISTS (SELECT FROM advisor.covering_index(f.evidence ->> 'definition') AS i  -- busy: its statements were passed over
                      WHERE f.statements IS NOT NULL AND NOT i.looked);
    UPDATE advisor.finding AS f
    SET status = 'resolved'
    WHERE f.status = 'verified'
      AND f.closed_at < moment - current_setting('db_advisor.observation_window')::interval;
    PERFORM advisor.keep_events(moment);

    UPDATE advisor.dismissal AS d SET matched_at = moment
    WHERE (d.until IS NULL OR d.until > now())
      AND EXISTS (SELECT FROM advisor.recommendations() AS r WHERE r.id = d.id);
    UPDATE advisor.exemption AS e SET matched_at = moment
    WHERE EXISTS (SELECT FROM advisor.recommendations() AS r WHERE advisor.exempts(e, r.rule, r.object));
    INSERT INTO advisor.last_analysis AS l (finished, not_run, undecided)
    SELECT moment, coalesce(array_agg(c.rule) FILTER (WHERE c.state <> 'ran'), '{}'),
           coalesce(bool_or(c.state IN ('failed', 'waiting')), true)
    FROM advisor.coverage() AS c
    ON CONFLICT ON CONSTRAINT last_analysis_pkey DO UPDATE
    SET finished = excluded.finished, not_run = excluded.not_run, undecided = excluded.undecided;
END $$;

CREATE OR REPLACE FUNCTION advisor.was_regressed(f advisor.finding) RETURNS boolean
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
    SELECT f.status = 'regressed'
        OR EXISTS (SELECT FROM advisor.index_change AS c WHERE c.id = f.change AND c.status = 'regressed');
$$;

CREATE OR REPLACE FUNCTION advisor.keep_open_findings(moment timestamptz) RETURNS void
LANGUAGE sql SET search_path = pg_catalog, pg_temp AS $$
    INSERT INTO advisor.finding AS f
        (id, rule, category, severity, object, title, detail, evidence, benefit, storage_bytes, confidence, fix,
         fix_steps, rollback, analysis_id, status, first_seen, last_seen, statements)
    SELECT r.id, r.rule, r.category, r.severity, r.object, r.title, r.detail, r.evidence, r.benefit, r.storage_bytes,
           r.confidence, r.fix, r.fix_steps, r.rollback, r.analysis_id, 'open', r.first_seen, moment, s.statements
    FROM advisor.recommendations() AS r
    LEFT JOIN (
        SELECT h.id, jsonb_agg(jsonb_build_object('queryid', h.queryid, 'calls', h.calls,
                                                  'mean_ms', h.total_ms / greatest(h.calls, 1))) AS statements
        FROM advisor.recommendation_statements() AS h
        GROUP BY h.id) AS s ON s.id = r.id
    ON CONFLICT ON CONSTRAINT finding_pkey DO UPDATE
    SET severity = excluded.severity, title = excluded.title, detail = excluded.detail, evidence = excluded.evidence,
        benefit = excluded.benefit, storage_bytes = excluded.storage_bytes, confidence = excluded.confidence,
        fix = excluded.fix, fix_steps = excluded.fix_steps, rollback = excluded.rollback,
        analysis_id = excluded.analysis_id, last_seen = moment, statements = excluded.statements, closed_at = NULL,
        -- what made things worse once is shown as such when it is advised again
        status = CASE WHEN advisor.was_regressed(f) THEN 'regressed' ELSE 'open' END,
        reason = CASE WHEN advisor.was_regressed(f) THEN f.reason END;
$$;

-- A line in the story of each finding whose status is another one than at the end of it.
CREATE OR REPLACE FUNCTION advisor.keep_events(moment timestamptz) RETURNS void
LANGUAGE sql SET search_path = pg_catalog, pg_temp AS $$
    INSERT INTO advisor.finding_event (id, position, at, status, reason)
    SELECT f.id, coalesce(e.position, 0) + 1, moment, f.status, f.reason
    FROM advisor.finding AS f
    LEFT JOIN LATERAL (SELECT v.position, v.status FROM advisor.finding_event AS v
                       WHERE v.id = f.id AND v.status NOT IN ('dismissed', 'undismissed')
                       ORDER BY v.position DESC LIMIT 1) AS t ON true
    LEFT JOIN LATERAL (SELECT max(v.position) AS position FROM advisor.finding_event AS v WHERE v.id = f.id) AS e ON true
    WHERE t.status IS DISTINCT FROM f.status
    ON CONFLICT DO NOTHING;
$$;

CREATE OR REPLACE FUNCTION advisor.keep_event(id text, status text, reason text) RETURNS void
LANGUAGE sql SET search_path = pg_catalog, pg_temp AS $$
    INSERT INTO advisor.finding_event (id, position, at, status, reason)
    SELECT $1, coalesce(max(e.position), 0) + 1, clock_timestamp(), $2, $3
    FROM advisor.finding_event AS e WHERE e.id = $1;
$$;

CREATE OR REPLACE FUNCTION advisor.keep_dismissal(caller text, id text, reason text, until timestamptz) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF coalesce(btrim(reason), '') = '' THEN
        RAISE EXCEPTION 'a dismissal needs a reason' USING ERRCODE = 'invalid_parameter_value';
    ELSIF until <= now() THEN
        RAISE EXCEPTION 'the end of the dismissal has passed' USING ERRCODE = 'invalid_parameter_value';
    END IF;
    -- so that advisor.history can say what was dismissed, and the id is known
    INSERT INTO advisor.finding (id, rule, category, severity, object, title, detail, evidence, benefit, storage_bytes,
                                 confidence, fix, fix_steps, rollback, analysis_id, status, first_seen, last_seen)
    SELECT r.id, r.rule, r.category, r.severity, r.object, r.title, r.detail, r.evidence, r.benefit, r.storage_bytes,
           r.confidence, r.fix, r.fix_steps, r.rollback, r.analysis_id, 'open', r.first_seen, r.last_seen
    FROM advisor.recommendations() AS r
    WHERE r.id = keep_dismissal.id AND NOT EXISTS (SELECT FROM advisor.finding AS f WHERE f.id = keep_dismissal.id);
    IF NOT EXISTS (SELECT FROM advisor.finding AS f WHERE f.id = keep_dismissal.id) THEN
        RAISE EXCEPTION 'there is no finding "%"', id
            USING ERRCODE = 'undefined_object', HINT = 'Ids are in advisor.recommendations and advisor.history.';
    END IF;
    INSERT INTO advisor.dismissal AS d (id, reason, until, created_by) VALUES (id, reason, until, caller)
    ON CONFLICT ON CONSTRAINT dismissal_pkey DO UPDATE
    SET reason = excluded.reason, until = excluded.until, created_at = excluded.created_at, created_by = excluded.created_by;
    PERFORM advisor.keep_events(clock_timestamp());
    PERFORM advisor.keep_event(id, 'dismissed', reason);
END $$;

CREATE OR REPLACE FUNCTION advisor.forget_dismissal(caller text, id text) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    DELETE FROM advisor.dismissal AS d WHERE d.id = forget_dismissal.id;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'the finding "%" is not dismissed', id
            USING ERRCODE = 'undefined_object', HINT = 'Dismissals are in advisor.suppressions.';
    END IF;
    PERFORM advisor.keep_event(id, 'undismissed', NULL);
END $$;

CREATE OR REPLACE FUNCTION advisor.keep_exemption(
    caller text, reason text, rule text, object text, schema text, role text, until timestamptz)
RETURNS text
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    new_id text := left(md5(jsonb_build_array(rule, object, schema, role)::text), 16);
BEGIN
    IF coalesce(btrim(reason), '') = '' THEN
        RAISE EXCEPTION 'an exemption needs a reason' USING ERRCODE = 'invalid_parameter_value';
    ELSIF until <= now() THEN
        RAISE EXCEPTION 'the end of the exemption has passed' USING ERRCODE = 'invalid_parameter_value';
    ELSIF num_nonnulls(rule, object, schema, role) = 0 THEN
        RAISE EXCEPTION 'an exemption needs a rule, an object, a schema or a role'
            USING ERRCODE = 'invalid_parameter_value', HINT = 'advisor.set_rule(rule, enabled => false) switches a rule off.';
    END IF;
    PERFORM advisor.known_rule(rule);
    INSERT INTO advisor.exemption (id, rule, object, schema, role, reason, until, created_by)
    VALUES (new_id, rule, object, schema, role, reason, until, caller)
    ON CONFLICT ON CONSTRAINT exemption_pkey DO UPDATE
    SET reason = excluded.reason, until = excluded.until, created_at = excluded.created_at, created_by = excluded.created_by;
    IF NOT EXISTS (SELECT FROM advisor.recommendations() AS r JOIN advisor.exemption AS e ON e.id = new_id
                   WHERE advisor.exempts(e, r.rule, r.object)) THEN
        RAISE NOTICE 'nothing is found at the moment that this exemption would hide'
            USING HINT = 'An object is written as in advisor.recommendations, schemas and roles by their bare names.';
    END IF;
    RETURN new_id;
END $$;

CREATE OR REPLACE FUNCTION advisor.forget_exemption(caller text, id text) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    DELETE FROM advisor.exemption AS e WHERE e.id = forget_exemption.id;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'there is no exemption "%"', id
            USING ERRCODE = 'undefined_object', HINT = 'Exemptions are in advisor.suppressions.';
    END IF;
END $$;

-- Raises where there is no such rule; null is no rule in particular.
CREATE OR REPLACE FUNCTION advisor.known_rule(rule text) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF rule IS NOT NULL AND NOT EXISTS (SELECT FROM advisor.rule AS r WHERE r.rule = known_rule.rule) THEN
        RAISE EXCEPTION 'there is no rule "%"', rule
            USING ERRCODE = 'undefined_object', HINT = 'Rules are in advisor.rules.';
    END IF;
END $$;

CREATE OR REPLACE FUNCTION advisor.keep_rule_setting(
    caller text, rule text, enabled boolean, severity text, thresholds jsonb)
RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    defaults jsonb;
    name text;
BEGIN
    IF rule IS NULL THEN
        RAISE EXCEPTION 'a rule is needed' USING ERRCODE = 'invalid_parameter_value', HINT = 'Rules are in advisor.rules.';
    END IF;
    PERFORM advisor.known_rule(rule);
    IF severity <> ALL ('{default,critical,high,medium,low,info}') THEN
        RAISE EXCEPTION 'unknown severity "%"', severity
            USING ERRCODE = 'invalid_parameter_value', HINT = 'Use critical, high, medium, low, info or default.';
    ELSIF jsonb_typeof(thresholds) <> 'object' THEN
        RAISE EXCEPTION 'thresholds are a JSON object, not %', jsonb_typeof(thresholds)
            USING ERRCODE = 'invalid_parameter_value', HINT = 'For example {"min_rows": 1000}.';
    ELSIF num_nonnulls(enabled, severity, thresholds) = 0 THEN
        RAISE EXCEPTION 'there is nothing to set'
            USING ERRCODE = 'invalid_parameter_value', HINT = 'Give enabled, severity or thresholds.';
    END IF;
    SELECT r.thresholds INTO defaults FROM advisor.rule AS r WHERE r.rule = keep_rule_setting.rule;
    FOR name IN SELECT jsonb_object_keys(thresholds) LOOP
        IF NOT defaults ? name THEN
            RAISE EXCEPTION 'rule "%" has no threshold "%"', rule, name
                USING ERRCODE = 'invalid_parameter_value',
                      HINT = coalesce('It has ' || (SELECT string_agg(k, ', ') FROM jsonb_object_keys(defaults) AS k) || '.',
                                      'It has none.');
        ELSIF jsonb_typeof(thresholds -> name) NOT IN (jsonb_typeof(defaults -> name), 'null') THEN
            RAISE EXCEPTION 'threshold "%" of rule "%" is a %, not a %', name, rule, jsonb_typeof(defaults -> name),
                            jsonb_typeof(thresholds -> name)
                USING ERRCODE = 'invalid_parameter_value', HINT = format('Its default is %s.', defaults -> name);
        ELSIF jsonb_typeof(thresholds -> name) = 'number' THEN
            PERFORM (thresholds ->> name)::double precision;  -- raises where it is out of range
        END IF;
    END LOOP;
    INSERT INTO advisor.rule_setting AS s (rule, enabled, severity, thresholds)
    VALUES (rule, coalesce(enabled, true), nullif(severity, 'default'), jsonb_strip_nulls(coalesce(thresholds, '{}')))
    ON CONFLICT ON CONSTRAINT rule_setting_pkey DO UPDATE
    SET enabled = coalesce(keep_rule_setting.enabled, s.enabled),
        severity = CASE WHEN keep_rule_setting.severity IS NULL THEN s.severity ELSE excluded.severity END,
        thresholds = jsonb_strip_nulls(s.thresholds || coalesce(keep_rule_setting.thresholds, '{}'));
END $$;
