-- What the shell's statements leave in advisor_statements and advisor_status.
CREATE TABLE t(a INT, b TEXT);
INSERT INTO t VALUES(1, 'x'), (2, 'y');
INSERT INTO t VALUES(3, 'z'), (4, 'v'), (5, 'w');
SELECT * FROM t WHERE a = 1;
select *  from T where A = 2 -- spelled otherwise
;
SELECT * FROM t WHERE a IN (1, 2, 3);
SELECT * FROM t WHERE a IN (4);
UPDATE t SET b = 'u' WHERE a < 3;
SELECT * FROM t ORDER BY b;

SELECT 'spelling, literals and comments fold', calls = 2 FROM advisor_statements
WHERE query = 'select * from t where a = ?';
SELECT 'lists of any length are one statement', calls = 2 FROM advisor_statements
WHERE query = 'select * from t where a in (?)';
SELECT 'rows of VALUES fold and changed rows are counted', calls = 2 AND rows = 5 AND kind = 'insert'
FROM advisor_statements WHERE query = 'insert into t values (?, ?)';
SELECT 'changed rows of an update', rows = 2 AND kind = 'update' FROM advisor_statements WHERE kind = 'update';
SELECT 'returned rows are not counted', rows IS NULL FROM advisor_statements WHERE query LIKE 'select % order by b';
SELECT 'sorts are counted', sorts = 1 AND calls = 1 FROM advisor_statements WHERE query LIKE 'select % order by b';
SELECT 'scans and steps are counted', fullscan_steps > 0 AND vm_steps > fullscan_steps
FROM advisor_statements WHERE query = 'select * from t where a = ?';
SELECT 'the example is as it was run', example = 'SELECT * FROM t WHERE a = 1;' FROM advisor_statements
WHERE query = 'select * from t where a = ?';
SELECT 'times are there', total_ms >= max_ms AND max_ms >= mean_ms AND first_seen <= last_seen AND last_seen LIKE '2%Z'
FROM advisor_statements WHERE query = 'select * from t where a = ?';
SELECT 'a schema change is of another kind', kind = 'other' FROM advisor_statements WHERE query LIKE 'create table%';
SELECT 'statements on the advisor are not recorded', count(*) = 0 FROM advisor_statements WHERE query LIKE '%advisor%';
SELECT 'normalize is the same function',
       advisor_normalize('SELECT  * FROM t WHERE a=5 AND b=''q''') = 'select * from t where a = ? and b = ?';
SELECT 'column numbers and document paths stay',
       advisor_normalize('SELECT j->>''$.a'', 7 FROM t ORDER BY 2') = 'select j ->> ''$.a'', ? from t order by 2';
SELECT 'status says that all is well', count(*) = 0 FROM advisor_status WHERE state <> 'ok';

SELECT 'off', advisor_record('off') = 'off';
SELECT count(*) FROM t;
SELECT 'nothing is recorded while off', count(*) = 0 FROM advisor_statements WHERE query LIKE 'select count%from t';
SELECT 'status says so, with the line that mends it', state = 'missing' AND fix = 'SELECT advisor_record(''on'');'
FROM advisor_status WHERE name = 'recording';
SELECT 'so do the recommendations', count(*) = 1 FROM advisor_recommendations
WHERE rule = 'advisor-not-ready' AND severity = 'info' AND fix = 'SELECT advisor_record(''on'');';
SELECT 'counters', advisor_record('counters') = 'counters';
SELECT count(*) FROM t WHERE b = 'secret';
SELECT 'counters keep no text of a value', example IS NULL AND calls = 1 FROM advisor_statements
WHERE query = 'select count(*) from t where b = ?';
SELECT 'on', advisor_record('on') = 'full';

-- .trace takes the slot
.trace stdout
.trace off
SELECT 'a lost trace is told', value = 'trace_lost' AND state = 'missing' FROM advisor_status WHERE name = 'trace';
SELECT 'and recommended to be mended', count(*) = 1 FROM advisor_recommendations WHERE rule = 'advisor-not-ready'
   AND json_extract(evidence, '$.reason') = 'trace lost';
SELECT 'only advisor_record arms it again', advisor_record('on') = 'full';
SELECT 'armed', value = 'armed' FROM advisor_status WHERE name = 'trace';

SELECT 'reset gives the time', advisor_reset() LIKE '20%Z';
SELECT 'reset forgets', count(*) = 0 FROM advisor_statements;
SELECT 'an empty workload is told with a line to paste', count(*) = 1 FROM advisor_recommendations
WHERE rule = 'advisor-not-ready' AND fix LIKE 'SELECT load_extension(''/%db_advisor.so'');';
CREATE TRIGGER tr AFTER INSERT ON t BEGIN DELETE FROM t WHERE a < 0; END;
INSERT INTO t VALUES(9, 'w');
SELECT 'steps of a trigger are no statements', count(*) = 0 FROM advisor_statements WHERE kind = 'delete';
