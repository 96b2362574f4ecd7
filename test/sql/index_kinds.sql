-- Advice of the kinds beside b-trees: which is recommended for which condition, and that the built one is used.
SET client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS db_advisor;
SELECT setseed(0.5) IS NOT NULL AS seeded;
CREATE TABLE docs AS
SELECT n AS id, '2024-01-01'::timestamptz + n * interval '10 s' AS at, repeat(md5(n::text), 3) AS token, n % 5 AS state,
       ARRAY[(n * 7919) % 4000, (n * 31) % 700] AS tags, jsonb_build_object('user', (n * 7919) % 9000, 'kind', n % 4) AS doc,
       int4range((n * 7919) % 100000, (n * 7919) % 100000 + 5) AS span, 'text ' || md5((n * 7)::text) AS body,
       to_tsvector('simple', 'w' || (n * 7919) % 5000 || ' x' || n % 9) AS words, repeat('.', 150) AS filler
FROM generate_series(1, 120000) AS n;
VACUUM ANALYZE docs;
-- Without names of candidates that lost: only what is chosen.
CREATE FUNCTION advice(VARIADIC queries text[]) RETURNS SETOF text LANGUAGE sql AS $$
    SELECT definition FROM advisor.recommend_indexes(queries) ORDER BY rank
$$;
SELECT 'array' AS "for", advice('SELECT * FROM docs WHERE tags @> ''{77}''')
UNION ALL SELECT 'any of', advice('SELECT * FROM docs WHERE tags && ''{77,78}''')
UNION ALL SELECT 'json key', advice('SELECT * FROM docs WHERE doc ? ''absent''')
UNION ALL SELECT 'words', advice('SELECT * FROM docs WHERE words @@ ''w77''')
UNION ALL SELECT 'order of rows', advice('SELECT sum(id) FROM docs WHERE at BETWEEN ''2024-01-03'' AND ''2024-01-08''')
UNION ALL SELECT 'plain', advice('SELECT * FROM docs WHERE id = 77');
SELECT definition ~ 'USING gin \(doc' AS json_contains FROM advisor.recommend_indexes(ARRAY['SELECT * FROM docs WHERE doc @> ''{"user": 77}''']);
SELECT definition ~ 'USING (gist|spgist) \(span\)' AS ranges FROM advisor.recommend_indexes(ARRAY['SELECT * FROM docs WHERE span && ''[5,9)''']);
SELECT definition ~ 'USING hash \(token\)' AS wide_key FROM advisor.recommend_indexes(ARRAY['SELECT * FROM docs WHERE token = ''77''']);
SELECT definition !~ 'hash' AS not_when_sorted FROM advisor.recommend_indexes(ARRAY['SELECT * FROM docs WHERE token = ''77''', 'SELECT * FROM docs ORDER BY token LIMIT 3']);
SELECT definition AS with_little_room FROM advisor.recommend_indexes(ARRAY['SELECT sum(id) FROM docs WHERE at BETWEEN ''2024-01-03 00:00'' AND ''2024-01-03 01:00'''], storage_budget => 100000);

-- What is there already is not advised again.
CREATE INDEX docs_tags ON docs USING gin (tags);
SELECT count(*) AS none FROM advice('SELECT * FROM docs WHERE tags @> ''{77}''') AS d;
DROP INDEX docs_tags;

-- A part of a text: nothing without the extension, but a word about it; with it, an index.
SELECT count(*) AS none FROM advice('SELECT * FROM docs WHERE body LIKE ''%abcde%''') AS d;
SELECT advisor.reset() IS NOT NULL AS reset;
DO $$ BEGIN FOR i IN 1 .. 8 LOOP PERFORM * FROM docs WHERE body LIKE '%abcde%'; PERFORM * FROM docs WHERE tags @> '{77}'; END LOOP; END $$;
SELECT count(*) > 0 AS analysed FROM advisor.analyze();
SELECT severity, title, fix FROM advisor.recommendations WHERE object = 'public.docs' AND rule = 'missing-index-filter' AND title !~ 'GIN';
SELECT title, fix ~ 'CREATE INDEX CONCURRENTLY docs_tags_idx ON public.docs USING gin \(tags\);' AS fix, rollback, evidence ->> 'definition' AS definition,
       (evidence ->> 'index_bytes')::bigint BETWEEN (evidence ->> 'index_bytes_low')::bigint AND (evidence ->> 'index_bytes_high')::bigint AS range,
       detail ~ 'takes about .* \(between .* and .*\)\.' AS says_range
FROM advisor.recommendations WHERE object = 'public.docs' AND title ~ 'GIN';
CREATE EXTENSION pg_trgm;
SELECT advice('SELECT * FROM docs WHERE body LIKE ''%abcde%''') ~ 'USING gin \(body public\.gin_trgm_ops\)' AS trigram;
SELECT count(*) > 0 AS analysed FROM advisor.analyze();
SELECT count(*) AS about_the_extension FROM advisor.recommendations WHERE title ~ 'pg_trgm can index';
SELECT unnest(fix_steps) FROM advisor.recommendations WHERE object = 'public.docs' AND rule = 'missing-index-filter' \gexec
SELECT advisor.analyze() IS NOT NULL AS analysed;
SELECT count(*) AS left_to_do FROM advisor.recommendations WHERE object = 'public.docs' AND rule = 'missing-index-filter';

-- A budget counts the error bound as well.
SELECT bool_and((w.indexes -> 0 ->> 'size_high_bytes')::bigint > (w.indexes -> 0 ->> 'size_bytes')::bigint) AS bound,
       (SELECT count(*) FROM advisor.recommend_indexes(ARRAY['SELECT * FROM docs WHERE doc ? ''absent'''], storage_budget => max((w.indexes -> 0 ->> 'size_bytes')::bigint + 8192))) AS within
FROM advisor.what_if('SELECT 1', '{CREATE INDEX ON docs USING gin (doc)}') AS w;
