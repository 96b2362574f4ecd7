-- 1,000 tables with 5,000 indexes in ten schemas: 800 plain ones and 20 partitioned ones of 9 partitions each, with
-- foreign keys, sequences, views, functions and policies, and a few of each fault. Row counts are claimed, not stored.
SET client_min_messages = warning;
SET synchronous_commit = off;
CREATE EXTENSION db_advisor;
SELECT format('CREATE SCHEMA area_%s', n) FROM generate_series(0, 9) AS n \gexec

-- each fortieth table has no primary key, each tenth has timestamps without time zone
SELECT format('CREATE TABLE area_%s.plain_%s (id %s, parent_id int, code text NOT NULL, state text, amount numeric(12, 2), made %s DEFAULT now(), note text)',
              n % 10, n, CASE WHEN n % 40 = 0 THEN 'int' WHEN n % 30 = 3 THEN 'bigserial PRIMARY KEY' ELSE 'serial PRIMARY KEY' END,
              CASE WHEN n % 10 = 0 THEN 'timestamp' ELSE 'timestamptz' END)
FROM generate_series(1, 800) AS n \gexec
SELECT format('CREATE TABLE area_%s.parted_%s (id bigint NOT NULL, day date NOT NULL, customer_id int, code text, amount numeric, PRIMARY KEY (id, day)) PARTITION BY RANGE (day)', n % 10, n)
FROM generate_series(1, 20) AS n \gexec
SELECT format('CREATE TABLE area_%s.parted_%s_%s PARTITION OF area_%s.parted_%s FOR VALUES FROM (%L) TO (%L)',
              n % 10, n, p, n % 10, n, date '2026-01-01' + 30 * p, date '2026-01-01' + 30 * (p + 1))
FROM generate_series(1, 20) AS n, generate_series(1, 9) AS p \gexec

-- five per plain table with its primary key; of the partitioned ones two, and those of their partitions
SELECT format('CREATE INDEX ON area_%s.plain_%s (%s)', n % 10, n, c.columns)
FROM generate_series(1, 800) AS n,
     unnest(CASE n % 4 WHEN 0 THEN ARRAY[CASE WHEN n % 20 = 0 THEN 'code' ELSE 'note' END, 'code, state', 'made', 'parent_id']
                       WHEN 1 THEN ARRAY['lower(code)', 'parent_id, made', 'made, state', 'state']
                       WHEN 2 THEN ARRAY['parent_id', 'amount', 'code text_pattern_ops', 'made DESC']
                       ELSE ARRAY['parent_id', 'state, made', 'code', 'amount, code'] END) AS c (columns) \gexec
SELECT format('CREATE UNIQUE INDEX ON area_%s.plain_%s (code, id)', n % 10, n) FROM generate_series(1, 800) AS n WHERE n % 2 = 0 \gexec
SELECT format('CREATE INDEX ON area_%s.parted_%s (%s)', n % 10, n, c) FROM generate_series(1, 20) AS n, unnest(ARRAY['customer_id', 'code']) AS c \gexec
SELECT format('CREATE INDEX ON area_%s.plain_%s (id)', n % 10, n) FROM generate_series(1, 60) AS n \gexec

SELECT format('ALTER TABLE area_%s.plain_%s ADD FOREIGN KEY (parent_id) REFERENCES area_%s.plain_%s', n % 10, n, p % 10, p)
FROM generate_series(2, 700) AS n, LATERAL (SELECT n / 2 + (n / 2 % 40 = 0)::int AS p) AS x \gexec
SELECT format('CREATE VIEW area_%s.view_%s AS SELECT p.id, p.code, p.made FROM area_%s.plain_%s AS p WHERE state = ''open''', n % 10, n, n % 10, n)
FROM generate_series(1, 200) AS n \gexec
SELECT format('CREATE FUNCTION area_%s.function_%s(int) RETURNS bigint LANGUAGE sql %s AS ''SELECT count(*) FROM area_%s.plain_%s WHERE parent_id = $1''',
              n % 10, n, CASE WHEN n % 5 = 0 THEN 'SECURITY DEFINER' WHEN n % 5 = 1 THEN 'SECURITY DEFINER SET search_path = pg_catalog' ELSE '' END, n % 10, n)
FROM generate_series(1, 400) AS n \gexec
SELECT format('CREATE POLICY own ON area_%s.plain_%s USING (state = ''open'')', n % 10, n) FROM generate_series(1, 100) AS n \gexec
SELECT format('ALTER TABLE area_%s.plain_%s ENABLE ROW LEVEL SECURITY', n % 10, n) FROM generate_series(1, 90) AS n \gexec
SELECT format('SELECT setval(''area_%s.plain_%s_id_seq'', 2000000000)', n % 10, n) FROM generate_series(1, 20) AS n WHERE n % 30 <> 3 \gexec

SELECT format('INSERT INTO area_%s.plain_%s (id, code, state, amount) SELECT n, ''c'' || n, ''open'', n FROM generate_series(1, 5) AS n', n % 10, n)
FROM generate_series(1, 800) AS n \gexec
SELECT format('INSERT INTO area_%s.parted_%s (id, day) SELECT n, ''2026-02-01''::date + n FROM generate_series(1, 100) AS n', n % 10, n)
FROM generate_series(1, 20) AS n \gexec
VACUUM ANALYZE;
UPDATE pg_class SET reltuples = 1000 * (1 + oid::int % 500), relpages = 10 * (1 + oid::int % 500)
WHERE relkind IN ('r', 'i') AND relnamespace IN (SELECT oid FROM pg_namespace WHERE nspname LIKE 'area%');
UPDATE pg_index SET indisvalid = false WHERE indexrelid IN (SELECT oid FROM pg_class WHERE relname ~ '^plain_1[0-9]_state_idx$');
