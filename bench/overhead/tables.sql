-- Tables of the benchmark beside pgbench's own: one to join in a second, and one with columns enough for many
-- different statements.
CREATE EXTENSION pg_prewarm;
CREATE TABLE bench_sale (product integer, amount integer);
INSERT INTO bench_sale SELECT n % 97, n FROM generate_series(1, 10000) AS n;
CREATE TABLE bench_product (product integer, category integer);
INSERT INTO bench_product SELECT n, n % 7 FROM generate_series(0, 96) AS n;
SELECT format('CREATE TABLE bench_wide (id integer PRIMARY KEY, %s)',
              string_agg(format('c%s integer', n), ', ' ORDER BY n))
FROM generate_series(0, 31) AS n \gexec
INSERT INTO bench_wide SELECT n FROM generate_series(1, 1000) AS n;
VACUUM ANALYZE;
