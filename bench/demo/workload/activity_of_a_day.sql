\set day random(0, 180)
SELECT kind, count(*) FROM events WHERE occurred_at >= timestamptz '2024-06-01' + :day * interval '1 day' AND occurred_at < timestamptz '2024-06-01' + (:day + 1) * interval '1 day' GROUP BY kind;
