-- A condition with another argument than the index has is reported; the same in other case and spaces is not.
CREATE TABLE t(id INTEGER PRIMARY KEY, at TEXT);
CREATE INDEX t_year ON t(substr(at, 1, 4));
SELECT 'reset', advisor_reset() <> '';
SELECT 'told', advisor_add('SELECT id FROM t WHERE substr(at, 0, 5) = ''2020''', 10) <> 0 AND advisor_add('SELECT id FROM t WHERE SUBSTR( at,1 ,4) = ''2020''', 10) <> 0 AND
       advisor_add('SELECT id FROM t WHERE upper(at) = ''2020''', 10) <> 0;
SELECT 'fires', count(*) = 1 AND min(object) = 'main.t_year' AND min(title) LIKE '%substr(at, 0, 5)%' FROM advisor_recommendations WHERE rule = 'expression-index-unmatched' AND 1;
SELECT 'the fix', advisor_reset() <> '' AND advisor_add('SELECT id FROM t WHERE substr(at, 1, 4) = ''2020''', 10) <> 0;
SELECT 'gone with the same words', count(*) = 0 FROM advisor_recommendations WHERE rule = 'expression-index-unmatched' AND 1;
SELECT 'it ran', state = 'ran' FROM advisor_coverage WHERE rule = 'expression-index-unmatched';
