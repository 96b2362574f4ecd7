-- rule: index-regression
-- category: index
-- severity: high
-- title: A change of an index costs more than it gains
-- why: What the planner expects of an index is an estimate; the executions before and after tell what it did.
-- references: https://www.postgresql.org/docs/current/sql-dropindex.html
-- minimum version: 15
-- threshold: min_lost_ms = 0: changes that cost less time so far are left out
-- examined: SELECT count(*) FROM advisor.index_changes WHERE undone_at IS NULL
WITH loss AS (
    SELECT c.*, i.oid, c.way_back AS fix,
           coalesce(s.create_statement, format('DROP INDEX CONCURRENTLY %s;', c.index)) AS rollback
    FROM advisor.index_changes AS c
    CROSS JOIN threshold AS h
    LEFT JOIN advisor.user_index AS i ON i.identity = c.index AND c.action = 'created'
    LEFT JOIN LATERAL (SELECT x.* FROM advisor.index_statement AS x WHERE x.oid = i.oid OFFSET 0) AS s ON true
    WHERE c.status = 'regressed' AND c.undone_at IS NULL AND -c.saved_ms >= h.min_lost_ms
      AND CASE c.action WHEN 'created' THEN i.oid IS NOT NULL AND NOT i.is_unique AND NOT i.is_protected
               ELSE to_regclass(c.index) IS NULL AND to_regclass(c.relation) IS NOT NULL END
), told AS (
    SELECT e.change,
           count(*) FILTER (WHERE e.effect = 'slower') AS slower,
           string_agg(format('%s (%s ms, before %s ms)', e.queryid, round(e.mean_ms_after::numeric, 3), round(e.mean_ms_before::numeric, 3)), ', '
                      ORDER BY e.saved_ms, e.queryid) FILTER (WHERE e.effect = 'slower') AS slower_statements,
           string_agg(e.queryid::text, ', ' ORDER BY e.queryid) FILTER (WHERE e.meant AND e.effect <> 'faster') AS unmoved,
           jsonb_agg(jsonb_build_object(
               'queryid', e.queryid, 'effect', e.effect, 'meant', e.meant, 'writes', e.writes, 'plan_changed', e.plan_changed,
               'calls_before', e.calls_before, 'calls_after', e.calls_after, 'mean_ms_before', e.mean_ms_before,
               'mean_ms_after', e.mean_ms_after, 'p95_ms_before', e.p95_ms_before, 'p95_ms_after', e.p95_ms_after,
               'blocks_before', e.blocks_before, 'blocks_after', e.blocks_after, 'probability', e.probability,
               'saved_ms', e.saved_ms) ORDER BY e.saved_ms, e.queryid)
               FILTER (WHERE e.meant OR e.effect IN ('faster', 'slower')
                       OR e.other_writes) AS statements
    FROM advisor.index_change_effect AS e
    GROUP BY e.change
)
SELECT l.index AS object,
       l.action AS subject,
       'high' AS severity,
       CASE WHEN t.slower > 0
            THEN format('since index %s was %s, %s of the statements on %s %s slower', l.index, l.action, t.slower, l.relation,
                        CASE WHEN t.slower = 1 THEN 'is' ELSE 'are' END)
            ELSE format('index %s on %s helps no statement and is written all the same', l.index, l.relation) END AS title,
       concat_ws(' ', upper(left(l.reason, 1)) || substr(l.reason, 2) || '.', 'Slower: ' || t.slower_statements || '.',
                 'Not helped though meant to be: ' || t.unmoved || '.') AS detail,
       jsonb_build_object('unit', 'ms', 'window_from', l.measured_from, 'window_to', l.measured_until, 'index', l.index,
                          'definition', l.definition, 'action', l.action, 'saved_ms', l.saved_ms, 'saved_ms_per_day', l.saved_ms_per_day,
                          'statements', coalesce(t.statements, '[]'), 'findings', to_jsonb(l.findings)) AS evidence,
       NULL::float8 AS benefit,
       CASE WHEN l.oid IS NOT NULL THEN -pg_table_size(l.oid) END AS storage_bytes,
       0.9::float8 AS confidence,
       ARRAY[l.fix] AS fix_steps,
       NULL AS fix,
       l.rollback AS rollback
FROM loss AS l LEFT JOIN told AS t ON t.change = l.id
