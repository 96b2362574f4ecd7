-- Functions with their owner's rights and without a safe search_path; those that have one, or need none.
SET client_min_messages = warning;
DROP ROLE IF EXISTS rule_test_owner, rule_test_caller;
CREATE ROLE rule_test_owner;
CREATE ROLE rule_test_caller;
CREATE SCHEMA shop AUTHORIZATION rule_test_owner;
CREATE SCHEMA open_to_all;
GRANT CREATE, USAGE ON SCHEMA open_to_all TO PUBLIC;

CREATE FUNCTION shop."Price"(item int, day date) RETURNS int LANGUAGE sql SECURITY DEFINER AS 'SELECT 1';
CREATE PROCEDURE shop.close() LANGUAGE plpgsql SECURITY DEFINER AS 'BEGIN END';
ALTER PROCEDURE shop.close() OWNER TO rule_test_owner;
CREATE FUNCTION shop.by_path() RETURNS int LANGUAGE sql SECURITY DEFINER SET search_path = shop, open_to_all AS 'SELECT 1';
CREATE FUNCTION shop.own() RETURNS int LANGUAGE sql SECURITY DEFINER AS 'SELECT 1';
REVOKE EXECUTE ON FUNCTION shop.own() FROM PUBLIC;
ALTER FUNCTION shop.own() OWNER TO rule_test_owner;
CREATE FUNCTION shop.user_path() RETURNS int LANGUAGE sql SECURITY DEFINER SET search_path = "$user", pg_catalog AS 'SELECT 1';
REVOKE EXECUTE ON FUNCTION shop.user_path() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION shop.user_path() TO rule_test_caller;

-- near misses
CREATE FUNCTION shop.fixed() RETURNS int LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, shop AS 'SELECT 1';
CREATE FUNCTION shop.empty() RETURNS int LANGUAGE sql SECURITY DEFINER SET search_path = '' AS 'SELECT 1';
CREATE FUNCTION shop.invoker() RETURNS int LANGUAGE sql AS 'SELECT 1';
CREATE FUNCTION shop.bound() RETURNS int LANGUAGE sql SECURITY DEFINER BEGIN ATOMIC SELECT 1; END;
CREATE FUNCTION shop.native(text) RETURNS int LANGUAGE internal STRICT SECURITY DEFINER AS 'textlen';

CREATE TEMPORARY VIEW found AS
SELECT * FROM advisor.recommendations WHERE rule = 'security-definer-search-path';

SELECT 'fires, by who may call and as whom',
       (SELECT array_agg(object || ' ' || severity ORDER BY object COLLATE "C") =
               ARRAY['shop."Price"(integer,date) critical', 'shop.by_path() critical', 'shop.close() high', 'shop.own() low',
                     'shop.user_path() high'] FROM found);
SELECT 'says what is wrong with a path',
       (SELECT evidence ->> 'unsafe_entries' = 'open_to_all' AND title ~ 'where others may create' FROM found WHERE object = 'shop.by_path()')
       AND (SELECT evidence ->> 'callers' = 'rule_test_caller' FROM found WHERE object = 'shop.user_path()');
SELECT 'the new path has the own schema, the usual ones and pg_temp last',
       (SELECT fix = 'ALTER ROUTINE shop."Price"(integer,date) SET search_path = pg_catalog, shop, public, pg_temp;'
        FROM found WHERE object ~ 'Price');
SELECT 'coverage counts', (SELECT state = 'ran' AND examined = 9 FROM advisor.coverage WHERE rule = 'security-definer-search-path');

SELECT string_agg(rollback, ' ') AS undo, array_agg(id ORDER BY id) AS old_ids FROM found \gset
SELECT fix FROM found \gexec
SELECT 'fixed', NOT EXISTS (SELECT FROM found);
:undo
SELECT 'rolled back', (SELECT array_agg(id ORDER BY id) = :'old_ids' FROM found);

SELECT 'invoker functions can be asked for', count(*) = 1
FROM advisor.set_rule('security-definer-search-path', thresholds => '{"invoker_functions": true}');
SELECT 'then as info', (SELECT severity = 'info' FROM found WHERE object = 'shop.invoker()');
DROP SCHEMA shop CASCADE;
DROP OWNED BY rule_test_owner, rule_test_caller;
DROP ROLE rule_test_owner, rule_test_caller;
