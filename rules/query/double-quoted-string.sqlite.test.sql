-- A double-quoted text that is no column is reported; columns, aliases and quoted tables are not.
.dbconfig dqs_dml on
CREATE TABLE t(id INTEGER PRIMARY KEY, "the name" TEXT, state TEXT);
SELECT 'reset', advisor_reset() <> '';
SELECT 'told', advisor_add('SELECT id FROM t WHERE state = "open"', 1) <> 0;
SELECT 'fires', count(*) = 1 AND min(title) LIKE '%"open"%' AND min(fix) LIKE '-- ''open'' instead%' FROM advisor_recommendations WHERE rule = 'double-quoted-string' AND 1;
SELECT 'near misses', advisor_reset() <> '' AND advisor_add('SELECT "the name" AS "label" FROM "t" ORDER BY "label"', 1) <> 0 AND
       advisor_add('SELECT "x"."state" FROM t AS "x" WHERE "x".id = 5', 1) <> 0 AND advisor_add('SELECT id AS a FROM t WHERE state = ''open''', 1) <> 0;
SELECT 'stays silent', count(*) = 0 FROM advisor_recommendations WHERE rule = 'double-quoted-string' AND 1;
SELECT 'it ran', state = 'ran' FROM advisor_coverage WHERE rule = 'double-quoted-string';
