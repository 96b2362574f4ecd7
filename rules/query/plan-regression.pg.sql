-- rule: plan-regression
-- category: query
-- severity: high
-- title: A statement got another plan by a change of an index, and not a better one
-- why: A new index is offered to every statement on its table, and a dropped one is missed by others than those that were looked at.
-- references: https://www.postgresql.org/docs/current/planner-stats.html
-- minimum version: 15
-- threshold: min_ratio = 2: mean time after by mean time before from which on it is severe
-- threshold: harmless = false: also tell of plans that changed without the statement getting slower
-- examined: SELECT count(*) FROM advisor.index_changes WHERE undone_at IS NULL
WITH flipped AS (
    SELECT e.*, c.definition, i.oid, s.drop_statement, s.create_statement
    FROM advisor.index_change_effect AS e
    CROSS JOIN threshold AS h
    JOIN advisor.index_changes AS c ON c.id = e.change AND c.undone_at IS NULL
    LEFT JOIN advisor.user_index AS i ON i.identity = e.index AND e.action = 'created'
    LEFT JOIN LATERAL (SELECT x.* FROM advisor.index_statement AS x WHERE x.oid = i.oid OFFSET 0) AS s ON true
    WHERE e.plan_changed AND e.calls_after >= 5 AND e.calls_before >= 5
      AND (e.effect = 'slower' OR h.harmless AND NOT e.meant AND e.effect <> 'faster')
      AND (e.effect = 'slower' OR e.reads_index)
      AND CASE e.action WHEN 'created' THEN i.oid IS NOT NULL
               ELSE to_regclass(e.index) IS NULL AND to_regclass(e.relation) IS NOT NULL END
)
SELECT f.relation AS object,
       format('%s %s %s', f.queryid, f.action, f.index) AS subject,
       CASE WHEN f.effect <> 'slower' THEN 'info' WHEN f.mean_ratio >= h.min_ratio THEN 'high' ELSE 'medium' END AS severity,
       CASE WHEN f.effect = 'slower'
            THEN format('statement %s on %s takes %s times as long since index %s was %s', f.queryid, f.relation,
                        round(f.mean_ratio::numeric, 1), f.index, f.action)
            ELSE format('statement %s on %s has another plan since index %s was %s', f.queryid, f.relation, f.index, f.action) END AS title,
       format('Before: %s executions of %s ms (95 %% within %s ms) and %s blocks. After: %s executions of %s ms (95 %% within %s ms) and %s blocks. '
              '%s advisor.plans shows both plans.%s', f.calls_before,
              round(f.mean_ms_before::numeric, 3), round(f.p95_ms_before::numeric, 3), round(f.blocks_before::numeric), f.calls_after,
              round(f.mean_ms_after::numeric, 3), round(f.p95_ms_after::numeric, 3), round(f.blocks_after::numeric),
              CASE WHEN f.action = 'dropped' THEN 'Its plan read the index that is gone.' WHEN f.reads_index THEN 'Its plan reads the index now.'
                   ELSE 'Its plan does not read the index.' END,
              CASE WHEN f.action = 'created' AND f.effect = 'slower'
                   THEN ' ANALYZE first: the planner expected less work of this plan. Where that does not help, this drops the index, which others may need: '
                        || f.drop_statement END) AS detail,
       jsonb_build_object('unit', 'ms', 'window_from', f.settled_at, 'window_to', f.observed_until, 'index', f.index, 'definition', f.definition,
                          'action', f.action, 'queryid', f.queryid, 'effect', f.effect, 'reads_index', f.reads_index, 'meant', f.meant,
                          'plans_before', to_jsonb(f.plans_before), 'plans_after', to_jsonb(f.plans_after),
                          'calls_before', f.calls_before, 'calls_after', f.calls_after, 'mean_ms_before', f.mean_ms_before,
                          'mean_ms_after', f.mean_ms_after, 'p95_ms_before', f.p95_ms_before, 'p95_ms_after', f.p95_ms_after,
                          'blocks_before', f.blocks_before, 'blocks_after', f.blocks_after, 'probability', f.probability) AS evidence,
       NULL::float8 AS benefit,
       NULL::bigint AS storage_bytes,
       CASE WHEN f.effect = 'slower' THEN 0.9 ELSE 0.5 END::float8 AS confidence,
       ARRAY[CASE WHEN f.action = 'dropped'
                  THEN regexp_replace(f.definition, '^CREATE (UNIQUE )?INDEX ', 'CREATE \1INDEX CONCURRENTLY ') || ';'
                  ELSE format('ANALYZE %s;', f.relation) END] AS fix_steps,
       NULL AS fix,
       CASE WHEN f.action = 'dropped' THEN format('DROP INDEX CONCURRENTLY %s;', f.index) END AS rollback
FROM flipped AS f CROSS JOIN threshold AS h
