-- Three equalities of one column are reported; two, other columns and other comparisons are not.
CREATE TABLE t(id INTEGER PRIMARY KEY, a INT, name TEXT);
SELECT 'told', advisor_reset() <> '' AND
       advisor_add('SELECT id FROM t WHERE (a = 1 OR 2 = t.a OR "a" = 3) AND name = ''x''', 10) <> 0;
SELECT 'fires', count(*) = 1 AND min(json_extract(evidence, '$.instead')) = 'IN (1, 2, 3)' AND min(severity) = 'info' FROM advisor_recommendations WHERE rule = 'or-chain-to-in' AND 1;
SELECT 'the fix', advisor_reset() <> '' AND
       advisor_add('SELECT id FROM t WHERE a IN (1, 2, 3) AND name = ''x''', 10) <> 0;
SELECT 'gone with the fix', count(*) = 0 FROM advisor_recommendations WHERE rule = 'or-chain-to-in' AND 1;
SELECT 'near miss', advisor_reset() <> '' AND
       advisor_add('SELECT id FROM t WHERE a = 1 OR a = 2', 10) <> 0;
SELECT 'silent with two', count(*) = 0 FROM advisor_recommendations WHERE rule = 'or-chain-to-in' AND 1;
SELECT 'near miss', advisor_reset() <> '' AND
       advisor_add('SELECT id FROM t WHERE a = 1 OR a = 2 OR name = ''x''', 10) <> 0;
SELECT 'silent with another column', count(*) = 0 FROM advisor_recommendations WHERE rule = 'or-chain-to-in' AND 1;
SELECT 'near miss', advisor_reset() <> '' AND
       advisor_add('SELECT id FROM t WHERE a = 1 OR a = 2 OR a > 7', 10) <> 0;
SELECT 'silent with another comparison', count(*) = 0 FROM advisor_recommendations WHERE rule = 'or-chain-to-in' AND 1;
SELECT 'near miss', advisor_reset() <> '' AND
       advisor_add('SELECT id FROM t WHERE a = 1 OR a = 2 OR a = 3 OR lower(name) = ''x''', 10) <> 0;
SELECT 'silent with another condition', count(*) = 0 FROM advisor_recommendations WHERE rule = 'or-chain-to-in' AND 1;
SELECT 'near miss', advisor_reset() <> '' AND
       advisor_add('SELECT id FROM t WHERE name = ''a = 1 OR a = 2 OR a = 3''', 10) <> 0;
SELECT 'silent in strings', count(*) = 0 FROM advisor_recommendations WHERE rule = 'or-chain-to-in' AND 1;
SELECT 'it ran', state = 'ran' FROM advisor_coverage WHERE rule = 'or-chain-to-in';
