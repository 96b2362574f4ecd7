-- All columns of a wide table, often, are reported; narrow tables, rare statements and EXISTS are not.
CREATE TABLE wide(id INTEGER PRIMARY KEY, a, b, c, d, e, f, g, h, i, j, k, l);
CREATE TABLE narrow(id INTEGER PRIMARY KEY, a);
SELECT 'reset', advisor_reset() <> '';
SELECT 'told', advisor_add('SELECT * FROM wide WHERE id = 5', 500) <> 0 AND advisor_add('SELECT * FROM narrow WHERE id = 5', 500) <> 0 AND
       advisor_add('SELECT * FROM wide WHERE id = 5 AND a = 1', 50) <> 0 AND
       advisor_add('SELECT a FROM narrow WHERE EXISTS (SELECT * FROM wide WHERE wide.id = narrow.a)', 500) <> 0;
SELECT 'fires', count(*) = 1 AND min(object) = 'main.wide' AND min(fix) LIKE '-- SELECT id, a, b,%' FROM advisor_recommendations WHERE rule = 'select-star' AND 1;
SELECT 'the fix', advisor_reset() <> '' AND advisor_add('SELECT a, b FROM wide WHERE id = 5', 500) <> 0;
SELECT 'gone with names', count(*) = 0 FROM advisor_recommendations WHERE rule = 'select-star' AND 1;
SELECT 'it ran', state = 'ran' FROM advisor_coverage WHERE rule = 'select-star';
