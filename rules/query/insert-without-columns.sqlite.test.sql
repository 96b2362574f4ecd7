-- A frequent INSERT without columns is reported; with columns, seldom, or with DEFAULT VALUES it is not.
CREATE TABLE a(id INTEGER PRIMARY KEY, b_id INT, x INT);
CREATE TABLE b(id INTEGER PRIMARY KEY, x INT, name TEXT);
CREATE TABLE setting(id INTEGER PRIMARY KEY, rate INT);
INSERT INTO setting VALUES(1, 5);
CREATE VIEW v AS SELECT id FROM b;
SELECT 'told', advisor_reset() <> '' AND
       advisor_add('INSERT INTO b VALUES(?, ?, ?)', 10) <> 0 AND
       advisor_add('INSERT OR REPLACE INTO main."setting" SELECT id, x FROM a', 10) <> 0;
SELECT 'fires', count(*) = 2 AND min(object) = 'main.b' AND max(fix) LIKE '%(id, rate)%' FROM advisor_recommendations WHERE rule = 'insert-without-columns' AND 1;
SELECT 'the fix', advisor_reset() <> '' AND
       advisor_add('INSERT INTO b (id, x, name) VALUES(?, ?, ?)', 10) <> 0 AND
       advisor_add('INSERT OR REPLACE INTO main."setting" (id, rate) SELECT id, x FROM a', 10) <> 0;
SELECT 'gone with the fix', count(*) = 0 FROM advisor_recommendations WHERE rule = 'insert-without-columns' AND 1;
SELECT 'near miss', advisor_reset() <> '' AND
       advisor_add('INSERT INTO b DEFAULT VALUES', 10) <> 0;
SELECT 'silent with defaults', count(*) = 0 FROM advisor_recommendations WHERE rule = 'insert-without-columns' AND 1;
SELECT 'near miss', advisor_reset() <> '' AND
       advisor_add('INSERT INTO b AS new (id) VALUES(1) ON CONFLICT DO NOTHING', 10) <> 0;
SELECT 'silent with an alias and columns', count(*) = 0 FROM advisor_recommendations WHERE rule = 'insert-without-columns' AND 1;
SELECT 'told', advisor_reset() <> '' AND advisor_add('INSERT INTO b VALUES(1, 2, 3)', 1) <> 0;
SELECT 'silent when it is seldom', count(*) = 0 FROM advisor_recommendations WHERE rule = 'insert-without-columns' AND 1;
SELECT 'it ran', state = 'ran' FROM advisor_coverage WHERE rule = 'insert-without-columns';
