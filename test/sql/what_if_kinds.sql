-- Hypothetical indexes of the kinds beside b-trees, against the same index really built: size, cost, plan.
SET client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS db_advisor;
CREATE EXTENSION IF NOT EXISTS pg_trgm;
SELECT setseed(0.5) IS NOT NULL AS seeded;
CREATE TABLE things AS
SELECT n AS id, n / 20 AS grp, '2024-01-01'::timestamptz + n * interval '10 s' AS at, (n * 7919) % 3000 AS code,
       (random() * 20)::int AS few, CASE WHEN n % 3 = 0 THEN (n * 7919) % 10000 END AS holes, md5(n::text) AS token,
       'user ' || (n * 7919) % 9000 AS name, ARRAY(SELECT (1000 * random() ^ 3)::int FROM generate_series(1, 3 + n % 6)) AS tags,
       jsonb_build_object('kind', n % 4, 'user', (n * 7919) % 20000, 'tags', jsonb_build_array('x' || (n % 50), n % 3000)) AS doc,
       int4range((n * 7919) % 100000, (n * 7919) % 100000 + n % 500 + 1) AS span,
       ('10.' || (n % 200) || '.' || (n * 7919) % 256 || '.0/24')::inet AS net, point(n % 173, n % 311) AS place,
       to_tsvector('simple', 'w' || (n % 800) || ' x' || (n * 7919) % 5000 || ' y' || n % 90 || ' z' || (n * 31) % 700) AS words
FROM generate_series(1, 40000) AS n;
CREATE TABLE days (id int, day date, tags int[], place point) PARTITION BY RANGE (day);
CREATE TABLE days_1 PARTITION OF days FOR VALUES FROM ('2024-01-01') TO ('2024-02-01');
CREATE TABLE days_2 (tags int[], dropped int, day date, id int, place point);
ALTER TABLE days_2 DROP COLUMN dropped;
ALTER TABLE days ATTACH PARTITION days_2 FOR VALUES FROM ('2024-02-01') TO ('2024-03-01');
INSERT INTO days SELECT n, '2024-01-01'::date + n * 60 / 20001, ARRAY[n % 3000, n % 70], point(n, n) FROM generate_series(1, 20000) AS n;
VACUUM ANALYZE;

-- By kind: how far the size and the cost may be off, and whether both plans look alike.
CREATE FUNCTION shape(plan text) RETURNS text LANGUAGE sql AS $$
    SELECT string_agg(regexp_replace(regexp_replace(line, '\(cost.*', ''), '(on|using) (hypothetical_\S+|real_one)', '\1 it'), E'\n' ORDER BY n)
    FROM regexp_split_to_table(plan, '\n') WITH ORDINALITY AS l (line, n)
$$;
CREATE FUNCTION truth(query text, definition text, size_off float8, cost_off float8) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    w record;
    cost float8;
    size bigint;
    plan text := '';
    line text;
    entry jsonb;
BEGIN
    SELECT * INTO w FROM advisor.what_if(query, ARRAY[definition]);
    entry := w.indexes -> 0;
    EXECUTE replace(definition, 'INDEX ON', 'INDEX real_one ON');
    size := pg_relation_size('real_one');
    FOR line IN EXECUTE 'EXPLAIN ' || query LOOP
        cost := coalesce(cost, (regexp_match(line, '\.\.([0-9.]+) rows'))[1]::float8);
        plan := plan || line || E'\n';
    END LOOP;
    DROP INDEX real_one;
    RETURN concat_ws(', ',
        CASE WHEN (entry ->> 'size_bytes')::float8 / size BETWEEN 1 / size_off AND size_off THEN 'size' ELSE format('size %s for %s', entry ->> 'size_bytes', size) END,
        CASE WHEN entry ? 'size_low_bytes' THEN CASE WHEN size BETWEEN (entry ->> 'size_low_bytes')::bigint AND (entry ->> 'size_high_bytes')::bigint
                                                      THEN 'within its range' ELSE 'out of its range' END END,
        CASE WHEN abs(w.cost_after / cost - 1) <= cost_off THEN 'cost' ELSE format('cost %s for %s', w.cost_after, cost) END,
        CASE WHEN shape(w.plan_after) = shape(rtrim(plan, E'\n')) THEN 'plan' ELSE format(E'another plan:\n%s\nfor\n%s', w.plan_after, plan) END,
        CASE WHEN (entry ->> 'used')::boolean THEN 'used' ELSE 'not used' END);
END $$;

-- Hash: of a hash code, so that the width of the key does not matter.
CREATE FUNCTION hash(query text, definition text) RETURNS text LANGUAGE sql AS $$ SELECT truth(query, definition, 1.15, 0.02) $$;
SELECT hash('SELECT * FROM things WHERE id = 77', 'CREATE INDEX ON things USING hash (id)') AS of_one_each,
       hash('SELECT * FROM things WHERE token = ''77''', 'CREATE INDEX ON things USING hash (token)') AS wide,
       hash('SELECT * FROM things WHERE code = 77', 'CREATE INDEX ON things USING hash (code)') AS repeated,
       hash('SELECT * FROM things WHERE few = 7', 'CREATE INDEX ON things USING hash (few)') AS overflowing;
SELECT hash('SELECT * FROM things WHERE holes = 7', 'CREATE INDEX ON things USING hash (holes)') AS nulls_left_out,
       hash('SELECT * FROM things WHERE id = 77 AND few = 3', 'CREATE INDEX ON things USING hash (id) WHERE few = 3') AS partial,
       hash('SELECT * FROM things WHERE id = 77', 'CREATE INDEX ON things USING hash (id) WITH (fillfactor = 30)') AS loose;

-- BRIN: the server itself would take its default number of pages for a range.
CREATE FUNCTION brin(query text, definition text) RETURNS text LANGUAGE sql AS $$ SELECT truth(query, definition, 1.15, 0.1) $$;
SELECT brin('SELECT * FROM things WHERE at BETWEEN ''2024-01-01 01:00'' AND ''2024-01-01 02:00''', 'CREATE INDEX ON things USING brin (at)') AS in_order,
       brin('SELECT * FROM things WHERE grp = 300', 'CREATE INDEX ON things USING brin (grp, at) WITH (pages_per_range = 8)') AS finer,
       brin('SELECT * FROM things WHERE grp = 300', 'CREATE INDEX ON things USING brin (grp) WITH (pages_per_range = 1)') AS finest,
       brin('SELECT * FROM things WHERE code = 300', 'CREATE INDEX ON things USING brin (code)') AS out_of_order,
       brin('SELECT * FROM things WHERE span && ''[5,6)''', 'CREATE INDEX ON things USING brin (span)') AS ranges;

-- GIN: keys are made by the operator class, from sampled rows and from the query.
CREATE FUNCTION gin(query text, definition text) RETURNS text LANGUAGE sql AS $$ SELECT truth(query, definition, 2, 0.3) $$;
SELECT gin('SELECT * FROM things WHERE tags @> ''{998}''', 'CREATE INDEX ON things USING gin (tags)') AS array_contains,
       gin('SELECT * FROM things WHERE tags && ''{998,7}''', 'CREATE INDEX ON things USING gin (tags)') AS array_overlaps,
       gin('SELECT * FROM things WHERE doc @> ''{"user": 17}''', 'CREATE INDEX ON things USING gin (doc)') AS json,
       gin('SELECT * FROM things WHERE doc @> ''{"user": 17}''', 'CREATE INDEX ON things USING gin (doc jsonb_path_ops)') AS json_paths;
SELECT gin('SELECT * FROM things WHERE words @@ ''w5 & y5''', 'CREATE INDEX ON things USING gin (words)') AS words,
       gin('SELECT * FROM things WHERE words @@ ''x49:*''', 'CREATE INDEX ON things USING gin (words)') AS word_prefix,
       gin('SELECT * FROM things WHERE token LIKE ''%abcd%''', 'CREATE INDEX ON things USING gin (token gin_trgm_ops)') AS trigrams,
       gin('SELECT * FROM things WHERE name ILIKE ''%R 77%''', 'CREATE INDEX ON things USING gin (name gin_trgm_ops)') AS short_trigrams,
       gin('SELECT * FROM things WHERE name LIKE ANY (''{%r 77%,%r 78%}'')', 'CREATE INDEX ON things USING gin (name gin_trgm_ops)') AS any_of;
SELECT gin('SELECT * FROM things WHERE tags @> ''{998}'' AND few = 3', 'CREATE INDEX ON things USING gin (tags) WHERE few = 3') AS partial,
       gin('SELECT * FROM things WHERE tags @> ''{998}'' AND doc ? ''kind''', 'CREATE INDEX ON things USING gin (tags, doc)') AS two_columns,
       gin('SELECT * FROM things WHERE tags @> ''{}''', 'CREATE INDEX ON things USING gin (tags)') AS everything,
       gin('SELECT * FROM things a JOIN things b ON b.tags @> ARRAY[a.code] WHERE a.id < 9', 'CREATE INDEX ON things USING gin (tags)') AS in_a_loop;

-- GiST and SP-GiST.
CREATE FUNCTION tree(query text, definition text) RETURNS text LANGUAGE sql AS $$ SELECT truth(query, definition, 2, 0.3) $$;
SELECT tree('SELECT * FROM things WHERE span && ''[5,6)''', 'CREATE INDEX ON things USING gist (span)') AS ranges,
       tree('SELECT span FROM things WHERE span && ''[5,6)''', 'CREATE INDEX ON things USING gist (span) INCLUDE (id)') AS included,
       tree('SELECT * FROM things WHERE net <<= ''10.3.0.0/16''', 'CREATE INDEX ON things USING gist (net inet_ops)') AS networks,
       tree('SELECT * FROM things ORDER BY place <-> ''(5,5)'' LIMIT 5', 'CREATE INDEX ON things USING gist (place)') AS nearest;
SELECT tree('SELECT * FROM things WHERE words @@ ''w5''', 'CREATE INDEX ON things USING gist (words)') AS words,
       tree('SELECT * FROM things WHERE token LIKE ''%abcd%''', 'CREATE INDEX ON things USING gist (token gist_trgm_ops)') AS trigrams,
       tree('SELECT * FROM things WHERE span && ''[5,6)''', 'CREATE INDEX ON things USING spgist (span)') AS quad_ranges,
       tree('SELECT * FROM things WHERE net <<= ''10.3.0.0/16''', 'CREATE INDEX ON things USING spgist (net)') AS quad_networks;
SELECT tree('SELECT place FROM things WHERE place <@ box ''(5,5),(1,1)''', 'CREATE INDEX ON things USING spgist (place)') AS points,
       tree('SELECT name FROM things WHERE name ^@ ''user 12''', 'CREATE INDEX ON things USING spgist (name) INCLUDE (id)') AS text_prefix;

-- An index-only scan where the operator class gives values back, and only there.
SELECT definition, w.plan_after ~ 'Index Only Scan' AS index_only
FROM (VALUES ('CREATE INDEX ON things USING gist (span)'), ('CREATE INDEX ON things USING spgist (span)'), ('CREATE INDEX ON things USING brin (span)')) AS d (definition),
     advisor.what_if('SELECT span FROM things WHERE span && ''[5,6)''', ARRAY[definition]) AS w;

-- Definitions as the server would write them.
SELECT i ->> 'definition' AS definition
FROM advisor.what_if('SELECT 1', ARRAY['CREATE INDEX ON things USING hash (token)', 'CREATE INDEX ON things USING hash (token) WITH (fillfactor = 50)', 'CREATE INDEX ON things USING brin (at, grp) WITH (pages_per_range = 32)',
    'CREATE INDEX ON things USING gin (doc jsonb_path_ops, tags) WHERE few = 3', 'CREATE INDEX ON things USING gin (to_tsvector(''simple'', name))', 'CREATE INDEX ON things USING gist (span) INCLUDE (id)',
    'CREATE INDEX ON things USING gist (net inet_ops)', 'CREATE INDEX ON things USING spgist (net)', 'CREATE INDEX ON things USING gin (token gin_trgm_ops)']) AS w,
     jsonb_array_elements(w.indexes) AS i;

-- Partitions: one index per leaf, whose columns may lie elsewhere.
SELECT definition, (w.indexes -> 0 ->> 'used')::boolean AS used, w.plan_after ~ 'days_1' AND w.plan_after ~ 'days_2' AS both
FROM (VALUES ('tags @> ''{7,77}''', 'CREATE INDEX ON days USING gin (tags)'), ('id = 7', 'CREATE INDEX ON days USING hash (id)'),
             ('id BETWEEN 50 AND 60 OR id > 19990', 'CREATE INDEX ON days USING brin (id) WITH (pages_per_range = 4)'),
             ('place <@ box ''(5,5),(1,1)''', 'CREATE INDEX ON days USING gist (place)')) AS d (condition, definition),
     LATERAL (SELECT * FROM advisor.what_if('SELECT * FROM days WHERE ' || condition, ARRAY[definition])) AS w;

-- Where rows may not be read, the server's statistics have to do.
ALTER TABLE things FORCE ROW LEVEL SECURITY;
SELECT hash('SELECT * FROM things WHERE token = ''77''', 'CREATE INDEX ON things USING hash (token)') AS hash,
       hash('SELECT * FROM things WHERE holes = 7', 'CREATE INDEX ON things USING hash (holes)') AS hash_with_nulls,
       tree('SELECT * FROM things WHERE span && ''[5,6)''', 'CREATE INDEX ON things USING gist (span)') AS gist;
SELECT truth('SELECT * FROM things WHERE tags @> ''{998}''', 'CREATE INDEX ON things USING gin (tags)', 3, 0.3) AS arrays,
       truth('SELECT * FROM things WHERE words @@ ''w5 & y5''', 'CREATE INDEX ON things USING gin (words)', 3, 0.3) AS words,
       truth('SELECT * FROM things WHERE doc @> ''{"user": 17}''', 'CREATE INDEX ON things USING gin (doc)', 3, 0.3) AS json,
       truth('SELECT * FROM things WHERE token LIKE ''%abcd%''', 'CREATE INDEX ON things USING gin (token gin_trgm_ops)', 3, 0.3) AS trigrams;
ALTER TABLE things NO FORCE ROW LEVEL SECURITY;

-- Empty tables and values.
CREATE TABLE nothing (id int, tags int[], span int4range);
SELECT i ->> 'definition' AS definition, (i ->> 'size_bytes')::bigint BETWEEN 8192 AND 65536 AS small
FROM advisor.what_if('SELECT * FROM nothing WHERE tags @> ''{1}'' AND id = 1', ARRAY['CREATE INDEX ON nothing USING hash (id)', 'CREATE INDEX ON nothing USING brin (id)',
    'CREATE INDEX ON nothing USING gin (tags)', 'CREATE INDEX ON nothing USING gist (span)', 'CREATE INDEX ON nothing USING spgist (span)']) AS w,
     jsonb_array_elements(w.indexes) AS i;
INSERT INTO nothing SELECT NULL, CASE WHEN n % 2 = 0 THEN '{}'::int[] END, 'empty' FROM generate_series(1, 5000) AS n;
ANALYZE nothing;
SELECT i ->> 'definition' AS definition, (i ->> 'size_bytes')::bigint BETWEEN 8192 AND 1048576 AS small
FROM advisor.what_if('SELECT * FROM nothing WHERE tags @> ''{1}'' AND id = 1', ARRAY['CREATE INDEX ON nothing USING hash (id)', 'CREATE INDEX ON nothing USING brin (id)',
    'CREATE INDEX ON nothing USING gin (tags)', 'CREATE INDEX ON nothing USING gist (span)', 'CREATE INDEX ON nothing USING spgist (span)']) AS w,
     jsonb_array_elements(w.indexes) AS i;
