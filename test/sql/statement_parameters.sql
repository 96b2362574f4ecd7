-- What is kept of constants and parameters: whether they are always the same, how many there were, some of them.
SET client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS db_advisor;
CREATE TABLE item (id int PRIMARY KEY, kind int, name text, day date, price numeric);
CREATE TYPE mood AS ENUM ('fine', 'dire');
CREATE FUNCTION positions(pattern text, OUT "position" int, OUT type text, OUT kind text, OUT "values" text,
                          OUT distinct_values bigint, OUT compared bigint, OUT stable bool)
RETURNS SETOF record LANGUAGE sql AS $$
    SELECT p.position, p.type, p.kind,
           (SELECT string_agg(DISTINCT coalesce(left(v, 20), 'NULL'), ' ' ORDER BY coalesce(left(v, 20), 'NULL'))
            FROM unnest(p.values) AS v WHERE cardinality(p.values) < 8 OR p.stable),
           p.distinct_values, p.compared, p.stable
    FROM advisor.statement_parameters AS p JOIN advisor.statements AS s USING (queryid)
    WHERE s.query ~ $1 AND s.query !~ 'advisor|positions' AND s.database = pg_catalog.current_database()
    ORDER BY 1
$$;
SET db_advisor.sample_rate = 1;
SELECT advisor.reset() IS NOT NULL AS reset;

-- Every execution after the first is compared.
SELECT count(*) FROM item WHERE kind = 7 AND id = -1 AND name <> 'it''s' \g /dev/null
SELECT count(*) FROM item WHERE kind = 7 AND id = -2 AND name <> 'it''s' \g /dev/null
SELECT count(*) FROM item WHERE kind = 7 AND id = +3 AND name <> 'it''s' \g /dev/null
SELECT count(*) FROM item WHERE kind = 7 AND id = NULL AND name <> 'it''s' \g /dev/null
SELECT * FROM positions('kind = 7');

-- More than sixteen values are no longer told apart; of lists the first element stands for all.
\o /dev/null
SELECT format('SELECT %s + %s AS many, price FROM item WHERE price IN (%s, %s, NULL) AND %L > name', n, n % 16, 1.5, n, 'a')
FROM generate_series(1, 18) AS n \gexec
\o
SELECT "position", type, kind, cardinality(v) AS kept, distinct_values, compared, stable
FROM (SELECT p.*, p.values AS v FROM advisor.statement_parameters AS p JOIN advisor.statements AS s USING (queryid)
      WHERE s.query ~ 'AS many' AND s.query !~ 'advisor|format') AS p ORDER BY 1;

-- Parameters of prepared statements; what is long or stored elsewhere is not kept.
PREPARE typed(int, text, date, numeric, mood, int[], bool) AS
    SELECT count(*) FROM item WHERE id = $1 AND name <> $2 AND day = $3 AND price > $4 AND $5 = 'fine' AND kind = ANY ($6) AND $7;
EXECUTE typed(0, 'a', '2020-02-01', 1.50, 'fine', '{1}', true) \g /dev/null
EXECUTE typed(1, 'a', '2020-02-01', 1.50, 'fine', '{1}', true) \g /dev/null
EXECUTE typed(2, 'a', '2020-02-02', 2.50, 'fine', '{1,2}', true) \g /dev/null
SET DateStyle = 'ISO, DMY';
EXECUTE typed(2, 'a', '2020-02-02', 2.50, 'fine', '{1,2}', true) \g /dev/null
RESET DateStyle;
EXECUTE typed(3, NULL, '2020-02-03', 3.5, 'fine', '{1,2,3}', true) \g /dev/null
SELECT * FROM positions('FROM item WHERE id = \$1');
PREPARE long(text, text) AS SELECT count(*) FROM item WHERE name = $1 OR name = $2;
EXECUTE long('short', 'short') \g /dev/null
EXECUTE long(repeat('x', 300), repeat('y', 256)) \g /dev/null
EXECUTE long(repeat('x', 301), repeat('y', 256)) \g /dev/null
SELECT * FROM positions('name = \$1 OR');
SELECT max(length(v)) AS longest FROM advisor.statement_parameters AS p, unnest(p.values) AS v;
SELECT format('SELECT count(*) FROM item WHERE name = %L AND kind = 1', repeat('z', 300)) AS once \gset
:once \g /dev/null
:once \g /dev/null
SELECT * FROM positions('name = ''zzz');

-- Lists of parameters do not move what is behind them.
PREPARE two(int, int, int) AS SELECT 1 AS listed FROM item WHERE id IN ($1, $2) AND kind = $3 AND price > 9;
PREPARE three(int, int, int, int) AS SELECT 1 AS listed FROM item WHERE id IN ($1, $2, $3) AND kind = $4 AND price > 9;
EXECUTE two(1, 2, 5);
EXECUTE two(1, 2, 5);
EXECUTE three(1, 3, 4, 5);
SELECT * FROM positions('AS listed');

-- Variables of functions.
CREATE FUNCTION look(wanted int, named text) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
    n bigint;
    list int[] := '{1,2}';
BEGIN
    SELECT count(*) INTO n FROM item WHERE kind = wanted AND name <> named AND id > 4;
    list[2] := (SELECT max(id) FROM item WHERE id < 99 AND kind = wanted);
    RETURN n;
END $$;
SELECT look(1, 'a'), look(2, 'a'), look(3, 'a');
SELECT * FROM positions('kind = wanted AND name');
SELECT * FROM positions('max\(id\)');

-- Without capture nothing is kept, neither values nor their hashes.
SET db_advisor.capture_parameters = off;
SELECT name FROM item WHERE name = 'xyzzy' AND kind = 4711;
SELECT name FROM item WHERE name = 'xyzzy' AND kind = 4711;
SET db_advisor.capture_parameters = redacted;
SELECT day FROM item WHERE name = 'xyzzy' AND kind = 4711;
SELECT day FROM item WHERE name = 'xyzzy' AND kind = 4711;
RESET db_advisor.capture_parameters;
SELECT * FROM positions('SELECT (name|day) FROM item');
SELECT count(*) AS secrets FROM advisor.statement_parameters AS p WHERE p.values && '{xyzzy,4711}';
SELECT value AS observer_failures FROM advisor.status WHERE name = 'observer_failures';

-- Many long values do not fit: some are left out, all are compared.
SELECT format('SELECT %s AS wide', string_agg(format('%L', repeat(chr(97 + n % 26), 250)), ', ')) AS wide
FROM generate_series(1, 60) AS n \gset
:wide \g /dev/null
:wide \g /dev/null
:wide \g /dev/null
:wide \g /dev/null
SELECT count(*) AS positions, min(compared) AS compared, bool_and(stable) AS stable,
       sum(cardinality(p.values)) BETWEEN 50 AND 62 AS as_many_values_as_fit
FROM advisor.statement_parameters AS p JOIN advisor.statements AS s USING (queryid) WHERE s.query ~ 'SELECT ''bbb';
SELECT column_name, data_type FROM information_schema.columns
WHERE table_schema = 'advisor' AND table_name = 'statement_parameters' ORDER BY ordinal_position;
DROP TABLE item;
DROP TYPE mood;
