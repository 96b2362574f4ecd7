-- A search that finds a large part of the table by sqlite_stat1 is reported; selective and covering ones are not.
CREATE TABLE t(id INTEGER PRIMARY KEY, half INT, code INT, pad TEXT);
WITH RECURSIVE s(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM s WHERE i < 6000) INSERT INTO t SELECT i, i % 4, i, i FROM s;
CREATE INDEX t_half ON t(half);
CREATE INDEX t_code ON t(code);
ANALYZE;
SELECT 'reset', advisor_reset() <> '';
SELECT 'told', advisor_add('SELECT sum(length(pad)) FROM t INDEXED BY t_half WHERE half = 1', 10) <> 0 AND
       advisor_add('SELECT pad FROM t WHERE code = 5', 10) <> 0 AND advisor_add('SELECT count(*) FROM t WHERE half = 2', 10) <> 0;
SELECT 'fires', count(*) = 1 AND min(object) = 'main.t_half' AND min(json_extract(evidence, '$.per_search')) = 1500 AND min(title) LIKE '%25 %%' FROM advisor_recommendations WHERE rule = 'low-selectivity-index' AND 1;
SELECT 'with the plus sign', advisor_reset() <> '' AND advisor_add('SELECT sum(length(pad)) FROM t WHERE +half = 1', 10) <> 0;
SELECT 'gone with the plus sign', count(*) = 0 FROM advisor_recommendations WHERE rule = 'low-selectivity-index' AND 1;
SELECT 'it ran', state = 'ran' FROM advisor_coverage WHERE rule = 'low-selectivity-index';
