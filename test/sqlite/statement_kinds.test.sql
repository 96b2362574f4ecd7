-- Every kind of statement and schema: advice for what can be advised, no refusal and no error for the rest.
CREATE TABLE t(id INTEGER PRIMARY KEY, a INT, b INT, c TEXT);
CREATE TABLE log(ts INT, msg TEXT);
CREATE TABLE strict_one(id INTEGER PRIMARY KEY, a INT, b TEXT) STRICT;
CREATE TABLE bare(k TEXT PRIMARY KEY, a INT) WITHOUT ROWID;
CREATE TABLE made(id INTEGER PRIMARY KEY, a INT, double INT AS (a * 2), half INT AS (a / 2) STORED);
CREATE TABLE "odd ""name"(id INTEGER PRIMARY KEY, "the key" INT, "group" TEXT);
CREATE VIRTUAL TABLE docs USING fts5(body);
CREATE VIRTUAL TABLE boxes USING rtree(id, x0, x1);
CREATE VIEW v AS SELECT t.id, t.a, log.msg FROM t JOIN log ON log.ts = t.a;
WITH RECURSIVE s(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM s WHERE i < 6000) INSERT INTO t SELECT i, (i * 7919) % 3001, i % 5, 'c' || i FROM s;
INSERT INTO log SELECT id + 10000, c FROM t;
INSERT INTO strict_one SELECT id, a, c FROM t;
INSERT INTO bare SELECT c, a FROM t;
INSERT INTO made(id, a) SELECT id, a FROM t;
INSERT INTO "odd ""name" SELECT id, a, c FROM t;
INSERT INTO docs(rowid, body) SELECT id, 'word' || (id % 50) FROM t;
INSERT INTO boxes SELECT id, a, a + 5 FROM t WHERE id < 2000;
CREATE TRIGGER written AFTER INSERT ON t WHEN new.a > 0 BEGIN
  DELETE FROM log WHERE ts < new.a; UPDATE strict_one SET a = 1 WHERE b = new.c; END;
CREATE TRIGGER upon AFTER UPDATE OF b ON t BEGIN INSERT INTO log SELECT 1, k FROM bare WHERE a = old.b; END;

SELECT 'what a trigger searches', group_concat(definition, ';') LIKE '%ON log (ts%' AND group_concat(definition, ';') LIKE '%ON strict_one (b%'
   AND min(positions) = '[1]' FROM advisor_recommend_indexes(NULL, NULL, json_array('INSERT INTO t VALUES(70000, 2, 3, ''x'')'));
SELECT 'a trigger for the assigned column', definition LIKE '%ON bare (a%' FROM advisor_recommend_indexes(NULL, NULL,
   json_array('UPDATE t SET b = 5 WHERE id = 3'));
SELECT 'not for another column', count(*) = 0 FROM advisor_recommend_indexes(NULL, NULL, json_array('UPDATE t SET c = 5 WHERE id = 3'));
SELECT 'an UPSERT fires the triggers of both', group_concat(definition, ';') LIKE '%ON bare (a%' AND group_concat(definition, ';') LIKE '%ON log (ts%'
FROM advisor_recommend_indexes(NULL, NULL, json_array('INSERT INTO t VALUES(70000, 2, 3, ''x'') ON CONFLICT(id) DO UPDATE SET a = 1, B = excluded.b WHERE a < 5 RETURNING id'));
SELECT 'those of the columns that it assigns', group_concat(definition, ';') NOT LIKE '%ON bare (a%' FROM advisor_recommend_indexes(NULL, NULL,
   json_array('INSERT INTO t VALUES(70000, 2, 3, ''x'') ON CONFLICT(id) DO UPDATE SET a = 1 WHERE b = 5',
              'INSERT INTO t VALUES(70000, 2, 3, ''x'') ON CONFLICT DO NOTHING'));
SELECT 'INDEXED BY and NOT INDEXED', count(*) = 0 FROM advisor_recommend_indexes(NULL, NULL, json_array('SELECT a FROM t NOT INDEXED WHERE a = 5'));
SELECT 'beside full text', definition LIKE '%ON t (a%' FROM advisor_recommend_indexes(NULL, NULL,
   json_array('SELECT count(*) FROM docs JOIN t ON t.id = docs.rowid WHERE docs MATCH ''word5'' AND t.a = 77'));
SELECT 'upsert', count(*) = 0 FROM advisor_recommend_indexes(NULL, NULL,
   json_array('INSERT INTO bare VALUES(''c1'', 1) ON CONFLICT(k) DO UPDATE SET a = excluded.a RETURNING a'));
SELECT 'odd names', definition LIKE '%ON "odd ""name" ("the key"%' FROM advisor_recommend_indexes(NULL, NULL,
   json_array('SELECT "group" FROM "odd ""name" WHERE "the key" = 7'));
SELECT 'a generated column', count(*) = 1 FROM advisor_recommend_indexes(NULL, NULL, json_array('SELECT id FROM made WHERE half = 7'));
SELECT 'WITHOUT ROWID', definition LIKE '%ON bare (a%' FROM advisor_recommend_indexes(NULL, NULL, json_array('SELECT k FROM bare WHERE a = 7'));
SELECT 'what most rows satisfy makes no partial index', count(*) = 1 AND min(definition) NOT LIKE '%WHERE%' FROM advisor_recommend_indexes(NULL, NULL,
   json_array('SELECT c FROM t WHERE a = 7 AND b <> 9'));

-- None of these is refused.
SELECT 'reset', advisor_reset() <> '';
WITH kinds(sql) AS (VALUES
  ('WITH RECURSIVE s(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM s WHERE i < 5) SELECT t.c FROM s JOIN t ON t.a = s.i'),
  ('SELECT a, row_number() OVER (PARTITION BY b ORDER BY a) FROM t WHERE a < 9'), ('SELECT * FROM v WHERE a = 5'),
  ('SELECT a FROM t WHERE a = 5 UNION ALL SELECT ts FROM log WHERE ts = 5 EXCEPT SELECT 3'), ('REPLACE INTO bare VALUES(''x'', 1)'),
  ('UPDATE t SET b = log.ts FROM log WHERE log.msg = t.c RETURNING id'), ('DELETE FROM t WHERE c GLOB ''c9*'' RETURNING *'),
  ('SELECT id FROM boxes WHERE x0 > 5 AND x1 < 50'), ('SELECT body FROM docs WHERE docs MATCH ''word7'' ORDER BY rank'), ('VALUES(1), (2)'),
  ('SELECT * FROM strict_one WHERE (a, b) IN (SELECT a, c FROM t)'), ('SELECT made.double FROM made NATURAL JOIN t'),
  ('INSERT INTO log SELECT a, c FROM t WHERE b = 3'), ('SELECT * FROM json_each(''[1]'') JOIN t ON t.id = value'))
SELECT 'every kind is taken', count(*) = 14 AND min(advisor_add(sql, 10)) <> 0 FROM kinds;
SELECT 'and analyzed', min(state) = 'ran' AND max(skipped) = 0 FROM advisor_coverage WHERE rule LIKE 'missing-index-%';
SELECT 'with plans for the rules', min(state) = 'ran' FROM advisor_coverage WHERE rule LIKE 'sqlite-%' AND rule <> 'unused-index';
