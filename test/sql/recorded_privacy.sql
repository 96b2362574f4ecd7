-- Who sees which statements, and that constants are not kept where the settings say so.
SET client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS db_advisor;
CREATE ROLE regress_advised LOGIN;
CREATE ROLE regress_neighbour LOGIN;
CREATE ROLE regress_monitor LOGIN IN ROLE pg_read_all_stats;
CREATE ROLE regress_boss LOGIN IN ROLE regress_advised;
CREATE TABLE secret (word text);
INSERT INTO secret VALUES ('open sesame');
GRANT SELECT ON secret TO regress_advised, regress_neighbour;
SELECT advisor.reset() IS NOT NULL AS reset;

SET ROLE regress_advised;
SELECT count(*) FROM secret WHERE word = 'of the advised';
SELECT count(*) FROM secret WHERE word = 'of the advised';
SET ROLE regress_neighbour;
SELECT length(word) FROM secret WHERE word = 'of the neighbour';
-- Without rights one sees one's own statements only, in all views.
SELECT username, query FROM advisor.statements WHERE query ~ 'secret' AND query !~ 'advisor';
SELECT count(*) FROM advisor.plans WHERE plan ~ 'of the advised';
SET ROLE regress_boss;
SELECT username, query FROM advisor.statements WHERE query ~ 'secret' AND query !~ 'advisor';
SET ROLE regress_monitor;
SELECT username, query FROM advisor.statements WHERE query ~ 'FROM secret' AND query !~ 'advisor' ORDER BY 1;
SELECT count(*) FROM advisor.plans WHERE plan ~ 'of the advised';
-- Forgetting and the planning examples are the owner's; the status is for all.
SELECT advisor.reset();
SELECT * FROM advisor.examples();
SELECT count(*) > 5 AS rows_of_status FROM advisor.status;
SET ROLE regress_neighbour;
SELECT count(*) > 5 AS rows_of_status FROM advisor.status;
SELECT advisor.reset('all', 1);
SET db_advisor.enabled = off;
SET db_advisor.track = 'none';
SET db_advisor.capture_parameters = 'on';
RESET ROLE;
GRANT EXECUTE ON FUNCTION advisor.reset(text, bigint) TO regress_neighbour;
SET ROLE regress_neighbour;
SELECT advisor.reset() IS NOT NULL AS reset;
RESET ROLE;

-- Without capture of parameters no constant is kept: not in texts, plans, examples.
SET db_advisor.capture_parameters = off;
SELECT count(*) FROM secret WHERE word = 'xyzzy' AND length(word) < 4711;
SELECT count(*) FROM secret WHERE word = 'xyzzy' AND length(word) < 4711;
PREPARE hidden(text) AS SELECT word FROM secret WHERE word = $1 OR word = 'plugh';
EXECUTE hidden('xyzzy');
EXECUTE hidden('xyzzy');
EXECUTE hidden('xyzzy');
COPY (SELECT 'xyzzy' FROM secret) TO STDOUT;
SET db_advisor.capture_parameters = redacted;
SELECT word = $$xyzzy$$ FROM secret WHERE word <> E'xy\'zzy';
SELECT word = $$xyzzy$$ FROM secret WHERE word <> E'xy\'zzy';
RESET db_advisor.capture_parameters;
SELECT query FROM advisor.statements WHERE query ~ 'secret|COPY' AND query !~ 'advisor' ORDER BY query COLLATE "C";
SELECT plan FROM (SELECT regexp_replace(p.plan, '  \(cost=[^\n]*|\n *Rows Removed[^\n]*', '', 'g') AS plan, s.query
                  FROM advisor.plans AS p JOIN advisor.statements AS s USING (queryid)) AS p
WHERE query ~ 'secret' AND query !~ 'advisor' AND plan IS NOT NULL ORDER BY plan COLLATE "C";
SELECT query, parameter_types, parameter_values FROM advisor.examples() WHERE query ~ 'secret' AND NOT slowest ORDER BY query COLLATE "C";
SELECT count(*) FROM advisor.statements WHERE query ~ 'xyzzy|plugh|4711' AND query !~ 'advisor';

-- Passwords are never kept.
ALTER ROLE regress_neighbour PASSWORD 'swordfish';
CREATE ROLE regress_other PASSWORD 'swordfish';
SELECT query FROM advisor.statements WHERE query ~ 'PASSWORD' AND query !~ 'advisor' ORDER BY query COLLATE "C";

-- Values of types whose output function is a user's are not rendered.
CREATE TYPE mood AS ENUM ('fine');
CREATE TYPE pair AS (a int, b mood);
PREPARE typed(pair, mood, mood[]) AS SELECT count(*) FROM secret WHERE $1 IS NULL OR $2 = ANY ($3);
EXECUTE typed((1, 'fine'), 'fine', '{fine}');
EXECUTE typed(NULL, 'fine', '{fine}');
PREPARE enum_only(mood, mood[]) AS SELECT count(*) FROM secret WHERE $1 = ANY ($2);
EXECUTE enum_only('fine', '{fine}');
EXECUTE enum_only('fine', '{fine}');
SELECT query, parameter_types, parameter_values FROM advisor.examples() WHERE query ~ 'ANY' AND NOT slowest ORDER BY query COLLATE "C";

-- A role that is gone leaves its statements without a name.
DROP OWNED BY regress_advised, regress_neighbour;
DROP ROLE regress_neighbour, regress_boss, regress_monitor, regress_other;
SET ROLE regress_advised;
SELECT 'last words';
RESET ROLE;
DROP ROLE regress_advised;
SELECT username, query FROM advisor.statements WHERE query ~ 'last words' AND query !~ 'advisor';
DROP TABLE secret;
DROP TYPE pair, mood;
