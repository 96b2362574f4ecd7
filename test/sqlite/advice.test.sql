-- From statements to indexes: the right candidates, none where none helps, and the loop closed.
CREATE TABLE customers(id INTEGER PRIMARY KEY, email TEXT, name TEXT, country TEXT);
CREATE TABLE orders(id INTEGER PRIMARY KEY, customer_id INTEGER, status TEXT, total INTEGER, created_at INTEGER,
                    deleted_at INTEGER, meta TEXT);
CREATE TABLE tiny(id INTEGER PRIMARY KEY, x INT);
WITH RECURSIVE s(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM s WHERE i < 5000)
INSERT INTO customers SELECT i, 'c' || i || '@example.org', 'Name ' || (i % 50), 'C' || (i % 7) FROM s;
WITH RECURSIVE s(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM s WHERE i < 40000)
INSERT INTO orders SELECT i, (i * 7919) % 5000 + 1, CASE WHEN i % 500 = 0 THEN 'open' ELSE 'done' END, i % 1000,
       1700000000 + (i * 13) % 1000000, CASE WHEN i % 3 = 0 THEN i END, json_object('color', 'c' || (i % 300)) FROM s;
INSERT INTO tiny SELECT id, id % 5 FROM customers LIMIT 500;
SELECT 'a full recorder', advisor_reset() <> '';

SELECT sum(total) FROM orders WHERE customer_id = 5;
SELECT sum(total) FROM orders WHERE customer_id = 6;
SELECT sum(total) FROM orders WHERE customer_id = 7;
SELECT sum(total) FROM orders WHERE customer_id = 8;
SELECT sum(total) FROM orders WHERE customer_id = 9;
SELECT 'one finding for the filter', count(*) = 1 AND min(rule) = 'missing-index-filter' AND min(object) = 'main.orders'
   AND min(severity) = 'high' AND min(status) = 'open' AND min(category) = 'query'
FROM advisor_recommendations WHERE rule LIKE 'missing-index-%';
SELECT 'the fix leads with the column', fix LIKE 'CREATE INDEX main.orders_customer_id%ON orders (customer_id%'
FROM advisor_recommendations WHERE rule LIKE 'missing-index-%';
SELECT 'it has benefit, size, confidence, evidence in steps',
       benefit > 0.9 AND storage_bytes > 100000 AND confidence > 0.8 AND json_extract(evidence, '$.unit') = 'steps'
       AND json_extract(evidence, '$.calls') = 5 AND json_extract(evidence, '$.table_rows') = 40000
FROM advisor_recommendations WHERE rule LIKE 'missing-index-%';
SELECT 'the statement that it helps', s.calls = 5 AND s.cost_after * 2 < s.cost_before AND
       s.changed_nodes LIKE 'SCAN orders => SEARCH orders USING %INDEX orders_customer_id%'
FROM advisor_recommendation_statements s JOIN advisor_recommendations r ON r.id = s.id AND r.analysis_id = s.analysis_id;
SELECT 'reading again gives the same analysis', min(analysis_id) =
       (SELECT max(analysis_id) FROM advisor_recommendation_statements) FROM advisor_recommendations WHERE analysis_id IS NOT NULL;

.once fix.sql
SELECT fix FROM advisor_recommendations WHERE rule LIKE 'missing-index-%';
CREATE TABLE undo AS SELECT id, rollback FROM advisor_recommendations WHERE rule LIKE 'missing-index-%';
.read fix.sql
SELECT 'the plan uses the index', detail LIKE '%orders_customer_id%'
FROM advisor_plan('SELECT sum(total) FROM orders WHERE customer_id = 5');
SELECT 'the finding is gone', count(*) = 0 FROM advisor_recommendations WHERE rule LIKE 'missing-index-%';
.once rollback.sql
SELECT rollback FROM undo;
.read rollback.sql
SELECT 'after the rollback it is back with its id', count(*) = 1
FROM advisor_recommendations WHERE id IN (SELECT id FROM undo);

-- One statement at a time: what is asked for, what is proposed.
SELECT 'reset', advisor_reset() <> '';
SELECT 'expression', definition LIKE '%ON customers (lower(email))'
FROM advisor_recommend_indexes(NULL, NULL, json_array('SELECT * FROM customers WHERE lower(email) = ''c7@example.org'''));
SELECT 'document path', definition LIKE '%ON orders (json_extract(meta, ''$.color''))'
FROM advisor_recommend_indexes(NULL, NULL, json_array('SELECT id FROM orders WHERE json_extract(meta,''$.color'') = ''c77'''));
SELECT 'order and limit', definition LIKE '%ON orders (created_at%'
FROM advisor_recommend_indexes(NULL, NULL, json_array('SELECT * FROM orders ORDER BY created_at DESC LIMIT 10'));
SELECT 'equality before range', definition LIKE '%ON orders (customer_id%'
FROM advisor_recommend_indexes(NULL, NULL,
     json_array('SELECT id FROM orders WHERE created_at > 1700500000 AND customer_id = 77'));
SELECT 'parameters without values', definition LIKE '%ON orders (customer_id%'
FROM advisor_recommend_indexes(NULL, NULL, json_array('SELECT total FROM orders WHERE customer_id = ?'));
SELECT 'prefix search ignores case', definition LIKE '%ON customers (email COLLATE %NOCASE%'
FROM advisor_recommend_indexes(NULL, NULL, json_array('SELECT id FROM customers WHERE email LIKE ''c77%'''));
SELECT 'the WHERE of an update', definition LIKE '%ON orders (customer_id)%'
FROM advisor_recommend_indexes(NULL, NULL, json_array('UPDATE orders SET total = 0 WHERE customer_id = 3 RETURNING id'));
SELECT 'a rare state that never varies', definition LIKE '%WHERE %status = ''open''%'
FROM advisor_recommend_indexes(NULL, NULL, json_array('SELECT count(total) FROM orders WHERE status = ''open'''));
SELECT 'a join', group_concat(definition) LIKE '%ON orders (customer_id%' AND group_concat(definition) LIKE '%ON customers (email%'
FROM advisor_recommend_indexes(NULL, NULL, json_array(
     'SELECT o.total FROM customers c JOIN orders o ON o.customer_id = c.id WHERE c.email = ''c5@example.org'''));
SELECT 'positions and a falling cost', positions = '[1]' AND queryids IS NULL AND rank = 1 AND relative_cost < 0.5 AND benefit > 0.5
FROM advisor_recommend_indexes(NULL, NULL, json_array('SELECT total FROM orders WHERE customer_id = ?'));
SELECT 'a storage budget of nothing gives nothing', count(*) = 0
FROM advisor_recommend_indexes(1, NULL, json_array('SELECT total FROM orders WHERE customer_id = ?'));
SELECT 'one column at most', definition LIKE '%ON orders (customer_id)'
FROM advisor_recommend_indexes(NULL, 1, json_array('SELECT total FROM orders WHERE customer_id = ?'));
SELECT 'nothing for the primary key', count(*) = 0
FROM advisor_recommend_indexes(NULL, NULL, json_array('SELECT * FROM orders WHERE id = 5'));
SELECT 'nothing for a small table', count(*) = 0
FROM advisor_recommend_indexes(NULL, NULL, json_array('SELECT * FROM tiny WHERE x = 5'));
SELECT 'nothing for a condition that most rows satisfy', count(*) = 0
FROM advisor_recommend_indexes(NULL, NULL, json_array('SELECT * FROM orders WHERE status = ''done'''));
SELECT 'nothing for <> and IS NOT NULL', count(*) = 0
FROM advisor_recommend_indexes(NULL, NULL, json_array('SELECT * FROM orders WHERE total <> 5 AND customer_id IS NOT NULL'));
CREATE INDEX orders_customer ON orders(customer_id);
SELECT 'nothing where an index serves already', count(*) = 0
FROM advisor_recommend_indexes(NULL, NULL, json_array('SELECT * FROM orders WHERE customer_id = 5'));
DROP INDEX orders_customer;

SELECT 'what it would cost', cost_after * 10 < cost_before AND plan_before = 'SCAN orders' AND
       plan_after = 'SEARCH orders USING INDEX oc (customer_id=?)' AND json_extract(indexes, '$[0].used') = 1 AND
       json_extract(indexes, '$[0].size_bytes') BETWEEN 400000 AND 700000
FROM advisor_what_if('SELECT * FROM orders WHERE customer_id = 5', 'CREATE INDEX oc ON orders(customer_id)');
CREATE INDEX real ON orders(customer_id);
SELECT 'what a drop would cost', cost_after > 10 * cost_before AND plan_before LIKE 'SEARCH%real%' AND plan_after = 'SCAN orders' AND indexes = '[]'
FROM advisor_what_if('SELECT * FROM orders WHERE customer_id = 5', 'DROP INDEX real;');
SELECT 'nothing was dropped', count(*) = 1 FROM sqlite_schema WHERE name = 'real';
SELECT 'a partial index for a value that the sample lacks', plan_after LIKE 'SEARCH orders USING%pi (total=?)' OR plan_after LIKE 'SCAN orders USING%pi'
FROM advisor_what_if('SELECT created_at FROM orders WHERE total = 7 AND customer_id = 4999', 'CREATE INDEX pi ON orders(total) WHERE customer_id = 4999');
SELECT 'without a change the costs are equal', cost_before = cost_after FROM advisor_what_if('SELECT * FROM orders WHERE total = 5');

-- An index that the new one makes superfluous.
DROP INDEX real;
CREATE INDEX orders_total ON orders(total);
SELECT 'told', advisor_reset() <> '' AND advisor_add('SELECT id FROM orders WHERE total = 7 AND created_at > 1700900000', 100) <> 0
   AND advisor_add('SELECT id FROM orders WHERE total = 7', 5) <> 0;
SELECT 'a new index replaces an old one', json_extract(evidence, '$.replaces') = '["main.orders_total"]' AND detail LIKE '%main.orders_total begins the same%'
FROM advisor_recommendations WHERE fix LIKE '%ON orders (total, created_at%';
DROP INDEX orders_total;
SELECT 'a told statement counts its calls', advisor_add('SELECT * FROM customers WHERE name = ''Name 5''', 100) <> 0;
SELECT 'and gets advice', count(*) = 1 FROM advisor_recommendations WHERE object = 'main.customers' AND fix LIKE '%(name%';
SELECT 'coverage says what ran', min(state) = 'ran' AND min(examined) >= 1 AND count(*) = 3
FROM advisor_coverage WHERE rule LIKE 'missing-index-%';
SELECT 'rules are listed', count(*) > 6 AND min(enabled) = 1 AND count(*) = count(DISTINCT rule) FROM advisor_rules;
SELECT 'the report names the fix', advisor_report() LIKE '%CREATE INDEX%customers%' AND advisor_report('markdown') LIKE '%CREATE INDEX%';
SELECT 'a table behind a view', count(*) >= 1 FROM advisor_recommend_indexes(NULL, NULL,
       json_array('SELECT * FROM (SELECT * FROM orders) WHERE total = 5'));
ATTACH ':memory:' AS side;
CREATE TABLE side.events(id INTEGER PRIMARY KEY, kind INT, at INT);
WITH RECURSIVE s(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM s WHERE i < 5000) INSERT INTO side.events SELECT i, i % 900, i FROM s;
SELECT 'an attached database', definition LIKE 'CREATE INDEX side.events_kind%ON events (kind%'
FROM advisor_recommend_indexes(NULL, NULL, json_array('SELECT * FROM side.events WHERE kind = 5'));
CREATE TEMP TABLE scratch AS SELECT * FROM orders;
SELECT 'a temporary table', definition LIKE 'CREATE INDEX %temp%.scratch_total%ON scratch (total%'
FROM advisor_recommend_indexes(NULL, NULL, json_array('SELECT * FROM scratch WHERE total = 5'));
