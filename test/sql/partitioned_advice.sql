-- The fix of an index on a partitioned table: no statement of it may be one that the server refuses.
SET client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS db_advisor;
CREATE TABLE readings (id bigint, day date NOT NULL, kind text) PARTITION BY RANGE (day);
CREATE TABLE readings_1 PARTITION OF readings FOR VALUES FROM ('2026-01-01') TO ('2026-02-01');
CREATE TABLE readings_2 PARTITION OF readings FOR VALUES FROM ('2026-02-01') TO ('2026-03-01') PARTITION BY LIST (kind);
CREATE TABLE readings_2_a PARTITION OF readings_2 FOR VALUES IN ('a');
CREATE TABLE readings_2_b PARTITION OF readings_2 DEFAULT;
INSERT INTO readings SELECT n, date '2026-01-01' + n % 59, chr(97 + n % 2) FROM generate_series(1, 40000) AS n;
VACUUM ANALYZE readings;
SELECT advisor.reset() IS NOT NULL AS reset;
DO $$ BEGIN FOR n IN 1 .. 6 LOOP PERFORM * FROM readings WHERE id = 77; END LOOP; END $$;
SELECT rule, object, cardinality(fix_steps) > 1 AS in_steps FROM advisor.recommendations WHERE rule = 'missing-index-filter' AND object = 'public.readings';
SELECT step FROM advisor.recommendations, unnest(fix_steps) WITH ORDINALITY AS s (step, place)
WHERE rule = 'missing-index-filter' AND object = 'public.readings' ORDER BY place \gexec
SELECT count(*) AS partitions, bool_and(i.indisvalid) AS valid
FROM pg_partition_tree('readings') AS t JOIN pg_index AS i ON i.indrelid = t.relid;
SELECT count(*) AS left_to_do FROM advisor.recommendations WHERE rule = 'missing-index-filter' AND object = 'public.readings';
DROP TABLE readings;

-- Planning locks each partition: more than 900 are not looked at, and coverage says so.
CREATE TABLE ticks (id bigint, hour int) PARTITION BY RANGE (hour);
DO $$ BEGIN FOR n IN 1 .. 901 LOOP
    EXECUTE format('CREATE TABLE ticks_%s PARTITION OF ticks FOR VALUES FROM (%s) TO (%s)', n, n, n + 1);
END LOOP; END $$;
SELECT advisor.reset() IS NOT NULL AS reset;
DO $$ BEGIN FOR n IN 1 .. 6 LOOP PERFORM * FROM ticks WHERE id = 77 AND hour = 3; END LOOP; END $$;
SELECT advisor.analyze() IS NOT NULL AS analysed;
SELECT state, skipped > 0 AS skipped, reason ~ 'more than 900 partitions' AS told FROM advisor.coverage WHERE rule = 'missing-index-filter';
DROP TABLE ticks;
