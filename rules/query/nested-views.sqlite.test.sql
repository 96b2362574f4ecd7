-- Views that rest on views that rest on views are reported at the outermost; short chains and mere mentions are not.
CREATE TABLE t(id INTEGER PRIMARY KEY, a INT, v2 INT);
CREATE VIEW v1 AS SELECT id, a FROM t;
CREATE VIEW "v 2" AS SELECT id, a FROM v1;
CREATE VIEW v3 AS SELECT t.id FROM t LEFT JOIN "v 2" AS x ON x.id = t.a;
CREATE VIEW v4 AS WITH c AS (SELECT id FROM (SELECT * FROM v3)) SELECT id FROM c;
CREATE VIEW short AS SELECT id FROM "v 2";
CREATE VIEW mentions AS SELECT id AS v4, v2, 'FROM v4' AS text /* FROM v4 */ FROM t;
SELECT 'fires', count(*) = 1 AND min(object) = 'main.v4' AND min(json_extract(evidence, '$.depth')) = 4 AND min(json_extract(evidence, '$.chain')) = 'v4 > v3 > "v 2" > v1' AND
       min(title) LIKE '%rests on 3 views%' FROM advisor_recommendations WHERE rule = 'nested-views' AND 1;
SELECT 'chosen', advisor_set_rule('nested-views', NULL, NULL, '{"max_depth": 2}') <> '';
SELECT 'the threshold counts', group_concat(object) = 'main.short,main.v4' FROM (SELECT object FROM advisor_recommendations WHERE rule = 'nested-views' AND 1 ORDER BY object);
SELECT 'chosen', advisor_set_rule('nested-views', NULL, NULL, '{"max_depth": 3}') <> '';
DROP VIEW v4;
CREATE VIEW v4 AS SELECT t.id FROM t LEFT JOIN t AS x ON x.id = t.a;
SELECT 'gone with a view of the table', count(*) = 0 FROM advisor_recommendations WHERE rule = 'nested-views' AND 1;
SELECT 'it ran', state = 'ran' AND examined = 6 FROM advisor_coverage WHERE rule = 'nested-views';
