-- A pattern without a wildcard in the text is reported; wildcards, parameters and ESCAPE are not.
CREATE TABLE t(id INTEGER PRIMARY KEY, name TEXT);
SELECT 'told', advisor_reset() <> '' AND
       advisor_add('SELECT id FROM t WHERE name LIKE ''anna'' AND id > 5', 10) <> 0;
SELECT 'fires', count(*) = 1 AND min(object) = 'main.t' AND min(fix) LIKE '-- write name = ''anna''%' FROM advisor_recommendations WHERE rule = 'like-without-wildcard' AND 1;
SELECT 'the fix', advisor_reset() <> '' AND
       advisor_add('SELECT id FROM t WHERE name = ''anna'' AND id > 5', 10) <> 0;
SELECT 'gone with the fix', count(*) = 0 FROM advisor_recommendations WHERE rule = 'like-without-wildcard' AND 1;
SELECT 'near miss', advisor_reset() <> '' AND
       advisor_add('SELECT id FROM t WHERE name LIKE ''ann_''', 10) <> 0;
SELECT 'silent with a wildcard', count(*) = 0 FROM advisor_recommendations WHERE rule = 'like-without-wildcard' AND 1;
SELECT 'near miss', advisor_reset() <> '' AND
       advisor_add('SELECT id FROM t WHERE name LIKE ?', 10) <> 0;
SELECT 'silent with a parameter', count(*) = 0 FROM advisor_recommendations WHERE rule = 'like-without-wildcard' AND 1;
SELECT 'near miss', advisor_reset() <> '' AND
       advisor_add('SELECT id FROM t WHERE name LIKE ''an!%'' ESCAPE ''!''', 10) <> 0;
SELECT 'silent with ESCAPE', count(*) = 0 FROM advisor_recommendations WHERE rule = 'like-without-wildcard' AND 1;
SELECT 'near miss', advisor_reset() <> '' AND
       advisor_add('SELECT id FROM t WHERE name GLOB ''ann[ae]''', 10) <> 0;
SELECT 'silent with GLOB and a set', count(*) = 0 FROM advisor_recommendations WHERE rule = 'like-without-wildcard' AND 1;
SELECT 'near miss', advisor_reset() <> '' AND
       advisor_add('SELECT id FROM t WHERE name = ''x LIKE ''''y''''''', 10) <> 0;
SELECT 'silent in strings', count(*) = 0 FROM advisor_recommendations WHERE rule = 'like-without-wildcard' AND 1;
SELECT 'near miss', advisor_reset() <> '' AND
       advisor_add('SELECT id FROM t WHERE name LIKE ''a%'' OR id = 3', 10) <> 0;
SELECT 'silent under OR', count(*) = 0 FROM advisor_recommendations WHERE rule = 'like-without-wildcard' AND 1;
SELECT 'it ran', state = 'ran' FROM advisor_coverage WHERE rule = 'like-without-wildcard';
