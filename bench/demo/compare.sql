\pset footer off
SELECT left(regexp_replace(b.query, '\s+', ' ', 'g'), 60) AS statement,
       b.calls,
       round(b.mean_ms::numeric, 2) AS ms_before,
       round(a.mean_ms::numeric, 2) AS ms_after,
       round((b.mean_ms / nullif(a.mean_ms, 0))::numeric, 1) AS times_faster,
       string_agg(DISTINCT x.index_name, ', ') AS index
FROM demo.before b
JOIN advisor.statements a ON a.queryid = b.queryid AND a.toplevel = b.toplevel AND a.database = current_database()
LEFT JOIN demo.promised p ON p.queryid = b.queryid
LEFT JOIN demo.built x ON x.id = p.id
WHERE b.calls >= 5 AND (p.id IS NOT NULL OR greatest(b.mean_ms, a.mean_ms) > 0.1)
GROUP BY b.query, b.calls, b.mean_ms, a.mean_ms
ORDER BY b.mean_ms DESC;
