-- Input that makes no sense is refused with an error of its kind; a workload that cannot be planned any more is counted
-- as skipped. Nothing crashes.
SET client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS db_advisor;
CREATE TABLE orders (id int PRIMARY KEY, customer int NOT NULL, tags int[], note text);
INSERT INTO orders SELECT n, (n * 7919) % 5000, ARRAY[n % 10], 'note ' || n FROM generate_series(1, 20000) AS n;
VACUUM ANALYZE orders;
CREATE VIEW shown AS SELECT * FROM orders;
CREATE FUNCTION attempt(statement text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    rows bigint;
BEGIN
    EXECUTE 'SELECT count(*) FROM ' || statement INTO rows;
    RETURN 'rows: ' || rows;
EXCEPTION WHEN OTHERS THEN
    RETURN SQLSTATE;
END $$;

CREATE ACCESS METHOD outside TYPE INDEX HANDLER bthandler;
CREATE TABLE definitions (n int GENERATED ALWAYS AS IDENTITY, definition text);
INSERT INTO definitions (definition) VALUES ('CREATE INDEX ON orders'), ('nonsense'), (''), (';'), ('CREATE TABLE x ()'), ('SELECT 1'),
    ('CREATE INDEX ON orders (customer); DROP TABLE orders'), ('CREATE INDEX ON orders ()'), ('CREATE INDEX ON missing (id)'),
    ('CREATE INDEX ON orders (missing)'), ('CREATE INDEX ON shown (id)'), ('CREATE INDEX ON pg_class_oid_index (oid)'),
    ('CREATE INDEX ON orders (customer no_such_ops)'), ('CREATE INDEX ON orders (customer text_ops)'),
    ('CREATE INDEX ON orders USING outside (id)'), ('CREATE INDEX ON orders USING no_such_method (id)'), ('CREATE INDEX ON orders USING hash (id, customer)'),
    ('CREATE INDEX ON orders USING hash (id DESC)'), ('CREATE INDEX ON orders USING brin (id NULLS FIRST)'), ('CREATE UNIQUE INDEX ON orders USING hash (id)'), ('CREATE UNIQUE INDEX ON orders USING gin (tags)'),
    ('CREATE INDEX ON orders USING gin (tags) INCLUDE (id)'), ('CREATE INDEX ON orders USING gin (customer)'), ('CREATE INDEX ON orders USING gist (customer)'), ('CREATE INDEX ON orders USING spgist (note, id)'),
    ('CREATE INDEX ON orders USING brin (id int4_bloom_ops)'), ('CREATE INDEX ON orders USING brin (id int4_minmax_ops(x = 1))'), ('CREATE INDEX ON orders USING brin (id) WITH (pages_per_range = 0)'),
    ('CREATE INDEX ON orders USING gin (tags) WITH (fillfactor = 50)'), ('CREATE INDEX ON orders USING hash (id) WITH (pages_per_range = 8)'), ('CREATE INDEX ON orders (customer) WITH (fillfactor = 5)'),
    ('CREATE INDEX ON orders (customer) WITH (fillfactor = 101)'), ('CREATE INDEX ON orders (customer) WITH (no_such_option = 1)'),
    ('CREATE INDEX ON orders (customer) TABLESPACE no_such_space'), ('CREATE INDEX ON orders ((random()))'), ('CREATE INDEX ON orders ((count(*)))'),
    ('CREATE INDEX ON orders ((SELECT 1))'), ('CREATE INDEX ON orders (id) WHERE customer'), ('CREATE INDEX ON orders (id) WHERE random() > 0.5'),
    ('CREATE INDEX ON orders (note COLLATE "no such")'), ('CREATE INDEX ON orders (id COLLATE "C")'), ('CREATE INDEX ON orders (ctid)'), ('CREATE INDEX ON orders (tableoid)'),
    ('CREATE INDEX ON orders (id) INCLUDE ((id + 1))'), ('CREATE INDEX ON orders USING hash (id) INCLUDE (customer)'),
    ('CREATE INDEX ON orders (' || (SELECT string_agg('id', ',') FROM generate_series(1, 33)) || ')'), ('CREATE INDEX ON ONLY orders (id)'),
    ('CREATE INDEX ON pg_class (relname)'), ('CREATE INDEX orders_pkey ON orders (customer)'), ('CREATE INDEX ON orders ((generate_series(1, id)))'),
    ('CREATE INDEX ON orders (id) WHERE id = $1'), ('CREATE INDEX ON orders ((orders))'), ('CREATE INDEX ON no_such_schema.orders (id)'), (NULL);
SELECT left(definition, 75) AS definition, attempt(format('advisor.what_if(''SELECT * FROM orders WHERE id = 1'', ARRAY[%L])', definition)) AS result
FROM definitions ORDER BY n;

CREATE TABLE queries (n int GENERATED ALWAYS AS IDENTITY, query text);
INSERT INTO queries (query) VALUES ('SELEC 1'), ('SELECT * FROM'), ('SELECT ''open'), ('SELECT 1; SELECT 2'), (''), ('  '), ('-- nothing'), (';'),
    ('VACUUM'), ('CREATE TABLE x (id int)'), ('BEGIN'), ('SET work_mem = 1'), ('COPY orders TO STDOUT'), ('DROP TABLE orders'), ('EXECUTE nothing'), ('TRUNCATE orders'),
    ('NOTIFY x'), ('DO $x$ BEGIN DELETE FROM orders; END $x$'), ('CALL nothing()'), ('SELECT * FROM missing'), ('SELECT missing FROM orders'), ('SELECT no_such_function(1)'),
    ('SELECT 1 + ''a'''), ('SELECT 1/0'), ('SELECT $1'), ('SELECT $0'), ('SELECT $2::int'), ('SELECT $99999'), ('SELECT $1 FROM orders WHERE id = $1 AND note = $1'),
    ('SELECT id, count(*) FROM orders'), ('EXPLAIN VACUUM'), ('EXPLAIN EXPLAIN SELECT 1'), ('SELECT * FROM orders WHERE id = 1 INTO x'), ('SELECT * INTO x FROM orders'),
    ('VALUES (1), (2)'), ('TABLE orders'), ('INSERT INTO orders VALUES (1)'), ('INSERT INTO shown SELECT * FROM orders'), (NULL),
    ('SELECT * FROM advisor.recommendations'), ('SELECT * FROM advisor.what_if(''SELECT 1'')'), ('SELECT 1 WHERE false'), ('SELECT');
SELECT left(query, 60) AS query, attempt(format('advisor.what_if(%L)', query)) AS what_if, attempt(format('advisor.recommend_indexes(ARRAY[%L])', query)) AS recommend
FROM queries ORDER BY n;

-- Names of indexes to hide.
SELECT name, attempt(format('advisor.what_if(''SELECT 1'', ''{}'', ARRAY[%L])', name)) AS result
FROM unnest('{missing,orders,shown,"",a.b.c.d,no_such_schema.orders_pkey,orders_pkey,public.orders_pkey,"\"orders_pkey\"",NULL}'::text[]) AS name;

-- Arrays in odd forms, NULL for each argument.
SELECT attempt('advisor.what_if(NULL)') AS query, attempt('advisor.what_if(''SELECT 1'', NULL)') AS creates, attempt('advisor.what_if(''SELECT 1'', ''{}'', NULL)') AS drops,
       attempt('advisor.what_if(''SELECT 1'', ''{{a,b},{c,d}}'')') AS two_dimensions, attempt('advisor.recommend_indexes(''{}'')') AS nothing,
       attempt('advisor.recommend_indexes(ARRAY[NULL])') AS of_null;
CREATE TABLE calls (n int GENERATED ALWAYS AS IDENTITY, arguments text);
INSERT INTO calls (arguments) VALUES ('weights => ''{1}'''), ('weights => ''{}'''), ('weights => ''{1,2}'''), ('weights => ''{-1}'''), ('weights => ''{NaN}'''), ('weights => ''{Infinity}'''),
    ('weights => ''{NULL}'''), ('weights => ''{0}'''), ('weights => ''{1e300}'''), ('storage_budget => -1'), ('storage_budget => 0'), ('storage_budget => 1'), ('storage_budget => 9223372036854775807'), ('max_columns => 0'),
    ('max_columns => -1'), ('max_columns => 33'), ('max_columns => 1'), ('max_columns => 32'), ('time_budget => ''-1 s'''), ('time_budget => ''0'''), ('time_budget => ''178000000 years'''), ('time_budget => NULL');
SELECT arguments, attempt(format('advisor.recommend_indexes(''{SELECT * FROM orders WHERE customer = 1}'', %s)', arguments)) AS result FROM calls ORDER BY n;
SELECT attempt('advisor.reset(''nonsense'')') AS reset, attempt('advisor.reset(NULL, NULL)') AS of_null, attempt('advisor.report(''nonsense'')') AS report,
       attempt('advisor.report(NULL)') AS of_null;

-- A megabyte of query text; very many parameters and very deep nesting.
SELECT cost_after < cost_before AS cheaper
FROM advisor.what_if('SELECT * FROM orders WHERE customer = 1 /* ' || repeat('x', 1000000) || ' */', '{CREATE INDEX ON orders (customer)}');
SELECT attempt(format('advisor.what_if(%L)', 'SELECT * FROM orders WHERE note = ''' || repeat('x', 1000000) || '''')) AS long_constant,
       attempt(format('advisor.what_if(%L)', 'SELECT * FROM orders WHERE id IN (' || (SELECT string_agg(n::text, ',') FROM generate_series(1, 100000) AS n) || ')')) AS long_list,
       attempt(format('advisor.what_if(%L)', 'SELECT ' || repeat('(', 100000) || '1' || repeat(')', 100000))) AS deep,
       attempt(format('advisor.recommend_indexes(ARRAY[%L])', 'SELECT * FROM orders WHERE customer = 1 /* ' || repeat('x', 1000000) || ' */')) AS recommended;
SELECT advisor.reset() IS NOT NULL AS reset;
SELECT 'SELECT count(*) FROM orders WHERE customer = 1 AND note <> ''' || repeat('x', 1000000) || '''' AS long \gset
:long \g (format=unaligned tuples_only=on)
:long \g (format=unaligned tuples_only=on)
:long \g (format=unaligned tuples_only=on)
:long \g (format=unaligned tuples_only=on)
:long \g (format=unaligned tuples_only=on)
SELECT attempt('advisor.recommendations') ~ 'rows' AS recommendations, attempt('advisor.statements') ~ 'rows' AS statements, attempt('advisor.plans') ~ 'rows' AS plans;

-- Tables, columns, functions and roles that are gone since the statement was recorded.
SELECT advisor.reset() IS NOT NULL AS reset;
CREATE ROLE regress_leaver;
CREATE TABLE gone (id int, customer int);
CREATE TABLE changed (id int, customer int, other int);
CREATE TABLE retyped (id int, customer int);
INSERT INTO gone SELECT n, n FROM generate_series(1, 2000) AS n;
INSERT INTO changed SELECT n, n, n FROM generate_series(1, 2000) AS n;
INSERT INTO retyped SELECT n, n FROM generate_series(1, 2000) AS n;
GRANT SELECT ON orders, gone TO regress_leaver;
CREATE PROCEDURE run_often(statement text) LANGUAGE plpgsql AS $$ BEGIN FOR n IN 1 .. 6 LOOP EXECUTE statement; END LOOP; END $$;
CALL run_often('SELECT count(*) FROM orders WHERE customer = 1');
CALL run_often('SELECT count(*) FROM gone WHERE customer = 1');
CALL run_often('SELECT count(*) FROM changed WHERE customer = 1');
CALL run_often('SELECT count(*) FROM retyped WHERE customer = 1');
SET ROLE regress_leaver;
SELECT count(*) FROM orders WHERE note = 'x' AND customer > 0;
SELECT count(*) FROM orders WHERE note = 'x' AND customer > 0;
SELECT count(*) FROM orders WHERE note = 'x' AND customer > 0;
SELECT count(*) FROM orders WHERE note = 'x' AND customer > 0;
SELECT count(*) FROM orders WHERE note = 'x' AND customer > 0;
SELECT count(*) FROM orders WHERE note = 'x' AND customer > 0;
RESET ROLE;
SELECT count(*) AS for_gone FROM advisor.recommendations WHERE rule ~ 'missing-index' AND object IN ('public.gone', 'public.changed', 'public.retyped');
SELECT skipped AS skipped_before FROM advisor.coverage WHERE rule = 'missing-index-filter' \gset
DROP TABLE gone;
ALTER TABLE changed DROP COLUMN customer;
ALTER TABLE retyped ALTER customer TYPE point USING point(customer, 0);
DROP OWNED BY regress_leaver;
DROP ROLE regress_leaver;
SELECT count(*) > 0 AS others_stay, count(*) FILTER (WHERE object <> 'public.orders') AS for_gone
FROM advisor.recommendations WHERE rule = 'missing-index-filter';
SELECT state, skipped - :skipped_before AS more_skipped, reason <> '' AS says_why FROM advisor.coverage WHERE rule = 'missing-index-filter';
SELECT count(*) > 0 AS others_stay FROM advisor.recommend_indexes() WHERE definition ~ 'orders';
SELECT count(*) > 0 AS statements_stay FROM advisor.statements WHERE query ~ 'gone';

-- A second database of the same server, which knows nothing of this one's workload.
CREATE DATABASE contrib_regression_second TEMPLATE template0;
\c contrib_regression_second
CREATE EXTENSION db_advisor;
SELECT count(*) AS index_findings FROM advisor.recommendations WHERE rule ~ 'missing-index';
SELECT count(*) AS candidates FROM advisor.index_candidates WHERE definition ~ 'orders';
CREATE TABLE orders (id int, customer int);
INSERT INTO orders SELECT n, n FROM generate_series(1, 5000) AS n;
VACUUM ANALYZE orders;
SELECT cost_after < cost_before AS cheaper FROM advisor.what_if('SELECT * FROM orders WHERE customer = 1', '{CREATE INDEX ON orders (customer)}');
SELECT count(*) AS advised FROM advisor.recommend_indexes() WHERE definition ~ 'orders';
\c contrib_regression
SELECT count(*) > 0 AS advised_here FROM advisor.recommendations WHERE rule = 'missing-index-filter';
DROP DATABASE contrib_regression_second;
