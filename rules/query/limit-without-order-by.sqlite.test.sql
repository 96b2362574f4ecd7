-- LIMIT without an order is reported, with OFFSET also under a condition; ORDER BY, LIMIT 1 and queues are not.
CREATE TABLE t(id INTEGER PRIMARY KEY, a INT, name TEXT);
CREATE TABLE few(id INTEGER PRIMARY KEY);
INSERT INTO few VALUES(1), (2);
WITH RECURSIVE s(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM s WHERE i < 3000) INSERT INTO t SELECT i, i % 7, 'n' || i FROM s;
SELECT 'told', advisor_reset() <> '' AND
       advisor_add('SELECT name FROM t LIMIT 50', 10) <> 0 AND
       advisor_add('SELECT name FROM t WHERE a = 3 LIMIT 20 OFFSET 40', 10) <> 0;
SELECT 'fires', count(*) = 2 AND group_concat(severity, ' ') = 'medium low' AND min(fix) LIKE '-- add ORDER BY id %' FROM advisor_recommendations WHERE rule = 'limit-without-order-by' AND 1;
SELECT 'the fix', advisor_reset() <> '' AND
       advisor_add('SELECT name FROM t ORDER BY id LIMIT 50', 10) <> 0 AND
       advisor_add('SELECT name FROM t WHERE a = 3 ORDER BY id LIMIT 20 OFFSET 40', 10) <> 0;
SELECT 'gone with the fix', count(*) = 0 FROM advisor_recommendations WHERE rule = 'limit-without-order-by' AND 1;
SELECT 'near miss', advisor_reset() <> '' AND
       advisor_add('SELECT 1 FROM t LIMIT 1', 10) <> 0;
SELECT 'silent where one is enough', count(*) = 0 FROM advisor_recommendations WHERE rule = 'limit-without-order-by' AND 1;
SELECT 'near miss', advisor_reset() <> '' AND
       advisor_add('SELECT id FROM t WHERE a = 2 LIMIT 10', 10) <> 0;
SELECT 'silent where conditions narrow, as in a queue', count(*) = 0 FROM advisor_recommendations WHERE rule = 'limit-without-order-by' AND 1;
SELECT 'near miss', advisor_reset() <> '' AND
       advisor_add('SELECT count(*) FROM t LIMIT 10', 10) <> 0;
SELECT 'silent of a group', count(*) = 0 FROM advisor_recommendations WHERE rule = 'limit-without-order-by' AND 1;
SELECT 'near miss', advisor_reset() <> '' AND
       advisor_add('SELECT id FROM few LIMIT 10', 10) <> 0;
SELECT 'silent where fewer rows are there', count(*) = 0 FROM advisor_recommendations WHERE rule = 'limit-without-order-by' AND 1;
SELECT 'near miss', advisor_reset() <> '' AND
       advisor_add('SELECT id FROM t WHERE id IN (SELECT id FROM t LIMIT 10) ORDER BY id', 10) <> 0;
SELECT 'silent in a subquery', count(*) = 0 FROM advisor_recommendations WHERE rule = 'limit-without-order-by' AND 1;
SELECT 'near miss', advisor_reset() <> '' AND
       advisor_add('SELECT id AS "limit 5" FROM t -- LIMIT 5', 10) <> 0;
SELECT 'silent in comments and names', count(*) = 0 FROM advisor_recommendations WHERE rule = 'limit-without-order-by' AND 1;
SELECT 'near miss', advisor_reset() <> '' AND
       advisor_add('SELECT 1 LIMIT 5', 10) <> 0;
SELECT 'silent without a table', count(*) = 0 FROM advisor_recommendations WHERE rule = 'limit-without-order-by' AND 1;
SELECT 'it ran', state = 'ran' FROM advisor_coverage WHERE rule = 'limit-without-order-by';
