-- = NULL in a condition is reported; assignments and IS NULL are not.
CREATE TABLE t(id INTEGER PRIMARY KEY, a INT);
SELECT 'reset', advisor_reset() <> '';
SELECT 'told', advisor_add('SELECT id FROM t WHERE id > 5 AND a = NULL', 1) <> 0 AND advisor_add('UPDATE t SET a = NULL WHERE id = 5', 1) <> 0 AND
       advisor_add('SELECT id FROM t WHERE a IS NULL', 1) <> 0;
SELECT 'fires', count(*) = 1 AND min(object) = 'main.t' AND min(title) LIKE '%t.a = NULL%' FROM advisor_recommendations WHERE rule = 'null-comparison' AND 1;
SELECT 'the fix', advisor_reset() <> '' AND advisor_add('SELECT id FROM t WHERE id > 5 AND a IS NULL', 1) <> 0;
SELECT 'gone with IS NULL', count(*) = 0 FROM advisor_recommendations WHERE rule = 'null-comparison' AND 1;
SELECT 'it ran', state = 'ran' FROM advisor_coverage WHERE rule = 'null-comparison';
