-- A date without quotes is reported; quoted dates and other arithmetic are not.
CREATE TABLE t(id INTEGER PRIMARY KEY, day TEXT, n INT);
SELECT 'told', advisor_reset() <> '' AND
       advisor_add('SELECT id FROM t WHERE day >= 2024-05-17', 10) <> 0;
SELECT 'fires', count(*) = 1 AND min(title) = '2024-05-17 without quotes is the number 2002' AND min(severity) = 'high' FROM advisor_recommendations WHERE rule = 'unquoted-date-literal' AND 1;
SELECT 'the fix', advisor_reset() <> '' AND
       advisor_add('SELECT id FROM t WHERE day >= ''2024-05-17''', 10) <> 0;
SELECT 'gone with the fix', count(*) = 0 FROM advisor_recommendations WHERE rule = 'unquoted-date-literal' AND 1;
SELECT 'near miss', advisor_reset() <> '' AND
       advisor_add('SELECT id FROM t WHERE n = 5000 - 3 - 2', 10) <> 0;
SELECT 'silent in other arithmetic', count(*) = 0 FROM advisor_recommendations WHERE rule = 'unquoted-date-literal' AND 1;
SELECT 'near miss', advisor_reset() <> '' AND
       advisor_add('SELECT 2024 - n - 3 FROM t', 10) <> 0;
SELECT 'silent with a column', count(*) = 0 FROM advisor_recommendations WHERE rule = 'unquoted-date-literal' AND 1;
SELECT 'near miss', advisor_reset() <> '' AND
       advisor_add('SELECT id FROM t WHERE day = ''2024-05-17 or 2024-05-18''', 10) <> 0;
SELECT 'silent in a string', count(*) = 0 FROM advisor_recommendations WHERE rule = 'unquoted-date-literal' AND 1;
SELECT 'near miss', advisor_reset() <> '' AND
       advisor_add('SELECT id FROM t WHERE n = 1 -- 2024-05-17', 10) <> 0;
SELECT 'silent in a comment', count(*) = 0 FROM advisor_recommendations WHERE rule = 'unquoted-date-literal' AND 1;
SELECT 'it ran', state = 'ran' FROM advisor_coverage WHERE rule = 'unquoted-date-literal';
