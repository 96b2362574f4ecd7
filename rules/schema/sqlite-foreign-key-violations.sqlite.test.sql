-- Rows that refer to nothing are reported once that is asked for; NULL, sound rows and broken declarations are not.
CREATE TABLE p(id INTEGER PRIMARY KEY, code TEXT UNIQUE);
CREATE TABLE p2(a, b, PRIMARY KEY(a, b));
CREATE TABLE c(id INTEGER PRIMARY KEY, x INT REFERENCES p, "the code" TEXT REFERENCES p(code));
CREATE TABLE pair(a, b, FOREIGN KEY(a, b) REFERENCES p2);
CREATE TABLE keyed(k TEXT PRIMARY KEY, x INT REFERENCES p(id)) WITHOUT ROWID;
CREATE TABLE lost(x INT REFERENCES missing(id));
CREATE TABLE vague(x INT REFERENCES p2(a));
CREATE TABLE large(x INT REFERENCES p(id));
INSERT INTO p VALUES(1, 'one'), (2, 'two');
INSERT INTO p2 VALUES(1, 1);
INSERT INTO c VALUES(1, 1, 'one'), (2, 7, 'two'), (3, 8, NULL), (4, NULL, 'none');
INSERT INTO pair VALUES(1, 1), (1, 2), (NULL, 2);
INSERT INTO keyed VALUES('a', 1), ('b', 99);
INSERT INTO lost VALUES(1);
INSERT INTO vague VALUES(5);
WITH RECURSIVE s(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM s WHERE i < 200) INSERT INTO large SELECT 77 FROM s;
SELECT 'silent unless asked for', count(*) = 0 FROM advisor_recommendations WHERE rule = 'sqlite-foreign-key-violations' AND 1;
SELECT 'and it says so', state = 'ran' AND examined = 0 AND skipped = 6 AND reason = 'on request only: set check_rows' FROM advisor_coverage WHERE rule = 'sqlite-foreign-key-violations';
SELECT 'chosen', advisor_set_rule('sqlite-foreign-key-violations', NULL, NULL, '{"check_rows": 100}') <> '';
SELECT 'fires', group_concat(title, ';') = '1 row of main.c refers by ("the code") to no row of p;1 row of main.keyed refers by (x) to no row of p;' ||
       '1 row of main.pair refers by (a, b) to no row of p2;2 rows of main.c refer by (x) to no row of p' AND min(severity) = 'high'
FROM (SELECT * FROM advisor_recommendations WHERE rule = 'sqlite-foreign-key-violations' AND 1 ORDER BY title);
SELECT 'it names rows', json_extract(evidence, '$.rowids') = '["2","3"]' FROM advisor_recommendations WHERE rule = 'sqlite-foreign-key-violations' AND title LIKE '2 rows%';
SELECT 'larger tables are skipped', examined = 5 AND skipped = 1 AND reason = 'more rows than check_rows' FROM advisor_coverage WHERE rule = 'sqlite-foreign-key-violations';
SELECT 'nothing changed', (SELECT count(*) FROM c WHERE x IN (7, 8)) = 2;
-- The second line of each fix empties the references, the third deletes the rows; the key of p2 has none to empty.
.once fix.sql
SELECT substr(value, 4) FROM advisor_recommendations, json_each(json_array(substr(fix, instr(fix, '-- UPDATE'), instr(fix, '-- DELETE') - instr(fix, '-- UPDATE')))) WHERE rule = 'sqlite-foreign-key-violations' AND object <> 'main.pair';
.read fix.sql
SELECT 'the references are empty, the others stay', (SELECT group_concat(coalesce(x, '-') || coalesce("the code", '-'), ' ') FROM (SELECT * FROM c ORDER BY id)) = '1one -two -- --';
SELECT 'the first finding is left', group_concat(object) = 'main.pair' FROM advisor_recommendations WHERE rule = 'sqlite-foreign-key-violations' AND 1;
.once fix.sql
SELECT substr(fix, instr(fix, '-- DELETE') + 3) FROM advisor_recommendations WHERE rule = 'sqlite-foreign-key-violations' AND 1;
.read fix.sql
SELECT 'the fix makes it go away', count(*) = 0 FROM advisor_recommendations WHERE rule = 'sqlite-foreign-key-violations' AND 1;
SELECT 'sound rows stay', (SELECT count(*) FROM pair) = 2;
SELECT 'it ran', state = 'ran' FROM advisor_coverage WHERE rule = 'sqlite-foreign-key-violations';
