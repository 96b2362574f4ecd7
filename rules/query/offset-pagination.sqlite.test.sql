-- A large OFFSET is reported, a small one is not.
CREATE TABLE t(id INTEGER PRIMARY KEY, a INT);
SELECT 'reset', advisor_reset() <> '';
SELECT 'told', advisor_add('SELECT a FROM t ORDER BY id LIMIT 10 OFFSET 5000', 10) <> 0;
SELECT 'fires', count(*) = 1 AND min(title) LIKE '%5000 rows%' FROM advisor_recommendations WHERE rule = 'offset-pagination' AND 1;
SELECT 'small', advisor_reset() <> '' AND advisor_add('SELECT a FROM t ORDER BY id LIMIT 10 OFFSET 20', 10) <> 0;
SELECT 'stays silent', count(*) = 0 FROM advisor_recommendations WHERE rule = 'offset-pagination' AND 1;
SELECT 'the other form', advisor_reset() <> '' AND advisor_add('SELECT a FROM t ORDER BY id LIMIT 9000, 10', 10) <> 0;
SELECT 'LIMIT offset, count', count(*) = 1 AND min(title) LIKE '%9000 rows%' FROM advisor_recommendations WHERE rule = 'offset-pagination' AND 1;
SELECT 'the fix', advisor_reset() <> '' AND advisor_add('SELECT a FROM t WHERE id > 5000 ORDER BY id LIMIT 10', 10) <> 0;
SELECT 'gone with a condition on the key', count(*) = 0 FROM advisor_recommendations WHERE rule = 'offset-pagination' AND 1;
SELECT 'it ran', state = 'ran' FROM advisor_coverage WHERE rule = 'offset-pagination';
