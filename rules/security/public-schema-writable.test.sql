-- Schemas in which others may create objects: searched ones, and near misses that nobody searches.
SET client_min_messages = warning;
DROP ROLE IF EXISTS rule_test_maker, rule_test_user;
CREATE ROLE rule_test_maker;
CREATE ROLE rule_test_user;
CREATE TEMPORARY VIEW found AS
SELECT * FROM advisor.recommendations WHERE rule = 'public-schema-writable';

SELECT 'silent on a new database', NOT EXISTS (SELECT FROM found);

GRANT CREATE ON SCHEMA public TO PUBLIC;
CREATE SCHEMA "Tools";
GRANT CREATE ON SCHEMA "Tools" TO rule_test_maker WITH GRANT OPTION;
ALTER ROLE rule_test_user IN DATABASE rule_test SET search_path = app, "Tools";
CREATE SCHEMA trusted;
GRANT CREATE ON SCHEMA trusted TO PUBLIC;
CREATE FUNCTION trusted() RETURNS int LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, trusted AS 'SELECT 1';

-- near misses: nobody searches it; only its use is granted; its owner alone; a superuser
CREATE SCHEMA drop_box;
GRANT CREATE ON SCHEMA drop_box TO PUBLIC;
CREATE SCHEMA used;
GRANT USAGE ON SCHEMA used TO PUBLIC;
CREATE SCHEMA owned AUTHORIZATION rule_test_maker;
GRANT CREATE ON SCHEMA owned TO rule_test_maker;
ALTER DATABASE rule_test SET search_path = "$user", public, used, owned;

SELECT 'fires on what is searched',
       (SELECT array_agg(object || ' ' || severity ORDER BY object) = ARRAY['"Tools" low', 'public high', 'trusted high'] FROM found);
SELECT 'says who and whose path',
       (SELECT evidence -> 'granted_to' = '["PUBLIC"]' AND evidence ->> 'searched_by' ~ 'usual default' AND title ~ '^everybody'
        FROM found WHERE object = 'public')
       AND (SELECT evidence -> 'granted_to' = '["rule_test_maker"]' AND evidence -> 'searched_by' = '["role rule_test_user in this database"]'
            FROM found WHERE object = '"Tools"')
       AND (SELECT evidence -> 'searched_by' = '["function public.trusted()"]' FROM found WHERE object = 'trusted');
SELECT 'coverage counts', (SELECT state = 'ran' AND examined >= 6 FROM advisor.coverage WHERE rule = 'public-schema-writable');

SELECT rollback AS undo, id AS old_id FROM found WHERE object = 'public' \gset
SELECT fix FROM found WHERE object = 'public' \gexec
SELECT 'fixed', NOT EXISTS (SELECT FROM found WHERE object = 'public')
                AND NOT has_schema_privilege('rule_test_user', 'public', 'CREATE');
:undo
SELECT 'rolled back', (SELECT id = :'old_id' FROM found WHERE object = 'public');

SELECT rollback AS undo, id AS old_id FROM found WHERE object = '"Tools"' \gset
SELECT fix FROM found WHERE object = '"Tools"' \gexec
SELECT 'fixed for a role', NOT EXISTS (SELECT FROM found WHERE object = '"Tools"');
:undo
SELECT 'rolled back for a role', (SELECT id = :'old_id' AND evidence -> 'with_grant_option' = '["rule_test_maker"]'
                                  FROM found WHERE object = '"Tools"');
SELECT 'single roles can be left out', count(*) = 1 FROM advisor.set_rule('public-schema-writable', thresholds => '{"named_roles": false}');
SELECT 'then only everybody''s', (SELECT array_agg(object ORDER BY object) = ARRAY['public', 'trusted'] FROM found);
DROP OWNED BY rule_test_maker, rule_test_user;
DROP ROLE rule_test_maker, rule_test_user;
