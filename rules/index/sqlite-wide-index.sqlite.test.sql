-- An index on long texts is reported by what the values take; short values, unique indexes and small tables are not.
CREATE TABLE t(id INTEGER PRIMARY KEY, long TEXT, short TEXT, picture BLOB, n INT);
CREATE TABLE small(id INTEGER PRIMARY KEY, long TEXT);
CREATE TABLE w(k INT PRIMARY KEY, "long text" TEXT) WITHOUT ROWID;
WITH RECURSIVE s(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM s WHERE i < 2000) INSERT INTO t SELECT i * 3, printf('%0400d', i), 's' || i, x'00', i FROM s;
INSERT INTO small SELECT id, long FROM t LIMIT 50;
INSERT INTO w SELECT id, long FROM t;
CREATE INDEX t_long ON t(long);
CREATE INDEX t_n_long ON t(n, long);
CREATE INDEX w_long ON w("long text");
-- near misses
CREATE INDEX t_short ON t(short);
CREATE INDEX t_picture ON t(picture);
CREATE UNIQUE INDEX t_unique ON t(long, id);
CREATE INDEX t_start ON t(substr(long, 1, 16));
CREATE INDEX small_long ON small(long);
SELECT 'fires', group_concat(object || ' ' || severity || ' ' || json_extract(evidence, '$.bytes'), ', ') = 'main.t_long low 400, main.t_n_long info 400, main.w_long low 400'
FROM (SELECT * FROM advisor_recommendations WHERE rule = 'sqlite-wide-index' AND 1 ORDER BY object);
SELECT 'the unit', min(json_extract(evidence, '$.unit')) = 'bytes' FROM advisor_recommendations WHERE rule = 'sqlite-wide-index';
.once fix.sql
SELECT replace(replace(fix, '-- once the statements use it: ', ''), '-- ', '') FROM advisor_recommendations WHERE rule = 'sqlite-wide-index' AND severity = 'low';
.read fix.sql
SELECT 'the fix makes it go away', group_concat(object) = 'main.t_n_long' FROM advisor_recommendations WHERE rule = 'sqlite-wide-index' AND 1;
SELECT 'the new index serves', detail LIKE '%w_long text_start%' FROM advisor_plan('SELECT k FROM w WHERE substr("long text", 1, 32) = substr(?, 1, 32) AND "long text" = ?') WHERE detail LIKE 'SEARCH%';
SELECT 'it ran', state = 'ran' FROM advisor_coverage WHERE rule = 'sqlite-wide-index';
