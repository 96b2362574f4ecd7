-- Who may call what, and whose statements are seen: each role against each function and view of the extension.
SET client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS db_advisor;
CREATE ROLE regress_super SUPERUSER;
CREATE ROLE regress_stats IN ROLE pg_read_all_stats;
CREATE ROLE regress_plain;
CREATE ROLE regress_owner;
GRANT CREATE ON SCHEMA public TO regress_owner;
GRANT CREATE ON DATABASE contrib_regression TO regress_plain;
SET ROLE regress_owner;
CREATE TABLE accounts (id int PRIMARY KEY, holder int NOT NULL, balance int);
INSERT INTO accounts SELECT n, (n * 7919) % 5000, n FROM generate_series(1, 20000) AS n;
CREATE VIEW balances AS SELECT holder, balance FROM accounts;
GRANT SELECT ON balances TO regress_plain;
GRANT SELECT (id), UPDATE (balance) ON accounts TO regress_plain;
RESET ROLE;
VACUUM ANALYZE accounts;
SELECT advisor.reset() IS NOT NULL AS reset;

-- The owner's workload, which deserves an index and holds a constant that nobody else should see.
SET ROLE regress_owner;
SELECT count(*) FROM accounts WHERE holder = 4711;
SELECT count(*) FROM accounts WHERE holder = 4711;
SELECT count(*) FROM accounts WHERE holder = 4711;
SELECT count(*) FROM accounts WHERE holder = 4711;
SELECT count(*) FROM accounts WHERE holder = 4711;
SELECT count(*) FROM accounts WHERE holder = 4711;
RESET ROLE;

CREATE FUNCTION attempt(role text, statement text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    result text;
BEGIN
    PERFORM set_config('role', role, true);
    EXECUTE statement INTO result;
    PERFORM set_config('role', 'none', true);
    RETURN coalesce(result, 'allowed');
EXCEPTION WHEN OTHERS THEN
    RETURN SQLSTATE;
END $$;

-- One row per function and view. A new object without a row here fails the test.
CREATE TABLE objects (n int GENERATED ALWAYS AS IDENTITY, object text, use text);
INSERT INTO objects (object, use)
SELECT relname, 'SELECT ''allowed'' FROM (SELECT count(*) FROM advisor.' || quote_ident(relname) || ') AS x'
FROM pg_class WHERE relnamespace = 'advisor'::regnamespace AND relkind IN ('r', 'v') ORDER BY relname COLLATE "C";
INSERT INTO objects (object, use) VALUES
    ('compare_executions(bigint,double precision,double precision,bigint[],bigint,double precision,double precision,bigint[],double precision,double precision,double precision)',
     'SELECT ''allowed'' FROM advisor.compare_executions(5, 5, 5, ''{5}'', 5, 5, 5, ''{5}'', 0, 0.1, 1)'),
    ('candidates of the catalog rules', 'INSERT INTO advisor.rule SELECT * FROM advisor.rule LIMIT 0 RETURNING ''x'''),
    ('"analyze"()', 'SELECT ''allowed'' FROM (SELECT count(*) FROM advisor."analyze"()) AS x'),
    ('apply_script(text[])', 'SELECT ''allowed'' FROM advisor.apply_script(''{no such finding}'')'),
    ('coverage()', 'SELECT ''allowed'' FROM (SELECT count(*) FROM advisor.coverage()) AS x'),
    ('examples()', 'SELECT ''allowed'' FROM (SELECT count(*) FROM advisor.examples()) AS x'),
    ('index_candidates()', 'SELECT ''allowed'' FROM (SELECT count(*) FROM advisor.index_candidates()) AS x'),
    ('plan_nodes()', 'SELECT ''allowed'' FROM (SELECT count(*) FROM advisor.plan_nodes()) AS x'),
    ('relation_writes()', 'SELECT ''allowed'' FROM (SELECT count(*) FROM advisor.relation_writes()) AS x'),
    ('statement_history()', 'SELECT ''allowed'' FROM (SELECT count(*) FROM advisor.statement_history()) AS x'),
    ('plans()', 'SELECT ''allowed'' FROM (SELECT count(*) FROM advisor.plans()) AS x'),
    ('predicates()', 'SELECT ''allowed'' FROM (SELECT count(*) FROM advisor.predicates()) AS x'),
    ('recommend_indexes(text[],double precision[],bigint,integer,interval)',
     'SELECT ''allowed'' FROM (SELECT count(*) FROM advisor.recommend_indexes(ARRAY[''SELECT 1''])) AS x'),
    ('recommendation_statements()', 'SELECT ''allowed'' FROM (SELECT count(*) FROM advisor.recommendation_statements()) AS x'),
    ('recommendations()', 'SELECT ''allowed'' FROM (SELECT count(*) FROM advisor.recommendations()) AS x'),
    ('recorder_marks()', 'SELECT ''allowed'' FROM (SELECT count(*) FROM advisor.recorder_marks()) AS x'),
    ('standby_query(text)', 'SELECT ''allowed'' FROM advisor.standby_query(''x'')'),
    ('record_session()', 'SELECT ''allowed'' FROM advisor.record_session()'),
    ('report(text)', 'SELECT ''allowed'' FROM advisor.report()'),
    ('reset(text,bigint)', 'SELECT ''allowed'' FROM advisor.reset(''all'', 0)'),
    ('statement_parameters()', 'SELECT ''allowed'' FROM (SELECT count(*) FROM advisor.statement_parameters()) AS x'),
    ('statements()', 'SELECT ''allowed'' FROM (SELECT count(*) FROM advisor.statements()) AS x'),
    ('status()', 'SELECT ''allowed'' FROM (SELECT count(*) FROM advisor.status()) AS x'),
    ('what_if(text,text[],text[],text[],boolean)', 'SELECT ''allowed'' FROM advisor.what_if(''SELECT 1'')'),
    ('"check"(text)', 'SELECT ''allowed'' FROM advisor.check(''critical'')'),
    ('dismiss(text,text,timestamp with time zone)', 'SELECT ''allowed'' FROM advisor.dismiss(''no such finding'', ''a reason'')'),
    ('undismiss(text)', 'SELECT ''allowed'' FROM advisor.undismiss(''no such finding'')'),
    ('exempt(text,text,text,text,text,timestamp with time zone)',
     'SELECT ''allowed'' FROM advisor.exempt(''a reason'', object => ''no such object'')'),
    ('unexempt(text)', 'SELECT ''allowed'' FROM advisor.unexempt(''no such exemption'')'),
    ('exempts(exemption,text,text)', 'SELECT ''allowed'' FROM advisor.exempts(NULL, ''x'', ''y'')'),
    ('set_rule(text,boolean,text,jsonb)', 'SELECT ''allowed'' FROM advisor.set_rule(''duplicate-index'', enabled => true)');
-- What writes the state is called by the library only.
INSERT INTO objects (object, use)
SELECT replace(p.oid::regprocedure::text, 'advisor.', ''),
       format('SELECT CASE WHEN has_function_privilege(%L, ''EXECUTE'') THEN ''allowed'' ELSE ''42501'' END', p.oid::regprocedure)
FROM pg_proc AS p
WHERE pronamespace = 'advisor'::regnamespace AND proname ~ '^(keep|forget)_|^(known_rule|was_regressed|index_definition|with_partitions|covering_index|index_changed_at|executions_around)$'
ORDER BY proname COLLATE "C";
UPDATE objects SET object = 'rule, writing' WHERE object ~ '^candidates';
SELECT replace(p.oid::regprocedure::text, 'advisor.', '') AS not_in_this_test FROM pg_proc AS p
WHERE pronamespace = 'advisor'::regnamespace
EXCEPT SELECT object FROM objects ORDER BY 1;
SELECT object, attempt('regress_super', use) AS super, attempt('regress_stats', use) AS stats, attempt('regress_plain', use) AS plain,
       attempt('regress_owner', use) AS owner
FROM objects ORDER BY n;
SELECT attempt('regress_plain', 'SELECT coalesce(string_agg(rule || '': '' || reason, ''; ''), ''none'') FROM advisor.coverage WHERE state = ''failed''') AS failed_rules;
SELECT count(*) AS security_definer_functions FROM pg_proc WHERE pronamespace = 'advisor'::regnamespace AND prosecdef;
SELECT count(*) AS parallel_safe_functions FROM pg_proc WHERE pronamespace = 'advisor'::regnamespace AND proparallel <> 'u';
SELECT has_schema_privilege('regress_plain', 'advisor', 'CREATE') AS may_create_in_schema;

-- Whose statements, plans, constants and advice are seen.
CREATE TABLE sights (n int GENERATED ALWAYS AS IDENTITY, sight text, use text);
INSERT INTO sights (sight, use) VALUES
    ('statement', 'SELECT count(*) > 0 FROM advisor.statements WHERE query ~ ''FROM accounts WHERE holder'' AND query !~ ''advisor'''),
    ('plan', 'SELECT count(*) > 0 FROM advisor.plans WHERE plan ~ ''accounts'''),
    ('plan node', 'SELECT count(*) > 0 FROM advisor.plan_nodes WHERE relation ~ ''accounts'''),
    ('predicate', 'SELECT count(*) > 0 FROM advisor.predicates WHERE relation ~ ''accounts'''),
    ('advice', 'SELECT count(*) > 0 FROM advisor.recommendations WHERE rule = ''missing-index-filter'' AND object ~ ''accounts'''),
    ('report', 'SELECT advisor.report() ~ ''searches public.accounts'''),
    ('statement of advice', 'SELECT count(*) > 0 FROM advisor.recommendation_statements WHERE query ~ ''holder'''),
    ('index candidate', 'SELECT count(*) > 0 FROM advisor.index_candidates WHERE definition ~ ''accounts'''),
    ('index advised now', 'SELECT count(*) > 0 FROM advisor.recommend_indexes() WHERE definition ~ ''accounts'''),
    ('constant', 'SELECT (SELECT count(*) FROM advisor.statements AS s WHERE s::text ~ ''\m4711\M'' AND query !~ ''advisor'') +
                         (SELECT count(*) FROM advisor.plans AS p WHERE p::text ~ ''\m4711\M'') +
                         (SELECT count(*) FROM advisor.plan_nodes AS n WHERE n.condition ~ ''\m4711\M'') +
                         (SELECT count(*) FROM advisor.predicates AS p WHERE p::text ~ ''\m4711\M'') +
                         (SELECT count(*) FROM advisor.statement_parameters AS p WHERE p::text ~ ''\m4711\M'') +
                         (SELECT count(*) FROM advisor.recommendations AS r WHERE r::text ~ ''\m4711\M'') +
                         (SELECT count(*) FROM advisor.recommendation_statements AS s WHERE s::text ~ ''\m4711\M'') +
                         (SELECT count(*) FROM advisor.index_candidates AS c WHERE c::text ~ ''\m4711\M'') > 0');
SELECT sight, attempt('regress_super', use) AS super, attempt('regress_stats', use) AS stats, attempt('regress_plain', use) AS plain,
       attempt('regress_owner', use) AS owner
FROM sights ORDER BY n;
-- A table's owner sees advice on it that rests on others' statements, without those statements.
SELECT advisor.reset() IS NOT NULL AS reset;
GRANT SELECT ON accounts TO regress_super;
SET ROLE regress_super;
SELECT count(*) FROM accounts WHERE holder = 4711;
SELECT count(*) FROM accounts WHERE holder = 4711;
SELECT count(*) FROM accounts WHERE holder = 4711;
SELECT count(*) FROM accounts WHERE holder = 4711;
SELECT count(*) FROM accounts WHERE holder = 4711;
SELECT count(*) FROM accounts WHERE holder = 4711;
RESET ROLE;
SELECT sight, attempt('regress_super', use) AS super, attempt('regress_stats', use) AS stats, attempt('regress_plain', use) AS plain,
       attempt('regress_owner', use) AS owner
FROM sights ORDER BY n;

-- Planning needs the privileges that running would need.
CREATE TABLE questions (n int GENERATED ALWAYS AS IDENTITY, query text);
INSERT INTO questions (query) VALUES ('SELECT * FROM accounts'), ('SELECT holder FROM accounts'), ('SELECT id FROM accounts'),
    ('SELECT id FROM accounts WHERE holder = 1'), ('SELECT * FROM balances WHERE holder = 1'), ('SELECT count(*) FROM accounts'),
    ('UPDATE accounts SET balance = 0'), ('UPDATE accounts SET balance = balance + 1'), ('UPDATE accounts SET holder = 0'),
    ('DELETE FROM accounts'), ('INSERT INTO accounts VALUES (0, 0, 0)'), ('WITH w AS (DELETE FROM accounts RETURNING 1) SELECT 1'),
    ('SELECT (SELECT max(balance) FROM accounts)'), ('SELECT id FROM accounts FOR UPDATE'), ('SELECT * FROM pg_authid'),
    ('MERGE INTO accounts USING balances AS b ON id = b.holder WHEN MATCHED THEN DELETE'),
    ('EXPLAIN SELECT * FROM accounts'), ('SELECT 1 WHERE EXISTS (SELECT holder FROM accounts)');
SELECT query, attempt('regress_plain', format('SELECT ''allowed'' FROM advisor.what_if(%L)', query)) AS what_if,
       attempt('regress_plain', format('SELECT ''allowed'' FROM (SELECT count(*) FROM advisor.recommend_indexes(ARRAY[%L])) AS x', query)) AS recommend,
       attempt('regress_owner', format('SELECT ''allowed'' FROM advisor.what_if(%L)', query)) AS owner
FROM questions ORDER BY n;
-- Neither does a definition or a name tell about a table that the caller cannot read.
SELECT attempt('regress_plain', 'SELECT indexes -> 0 ->> ''definition'' FROM advisor.what_if(''SELECT 1'', ''{CREATE INDEX ON accounts (abs(holder))}'')')
       AS added, attempt('regress_stats', 'SELECT ''allowed'' FROM advisor.what_if(''SELECT 1'', ''{CREATE INDEX ON accounts (holder)}'')') AS plain_column;

-- The schema must not be another's, who could have put anything there. Versions word the context in other ways.
\set SHOW_CONTEXT never
DROP EXTENSION db_advisor;
DROP SCHEMA advisor;
CREATE SCHEMA advisor AUTHORIZATION regress_plain;
CREATE EXTENSION db_advisor;
DROP SCHEMA advisor;
SELECT attempt('regress_plain', 'CREATE EXTENSION db_advisor') AS plain;
CREATE SCHEMA advisor;
CREATE EXTENSION db_advisor;
SELECT count(*) AS extensions FROM pg_extension WHERE extname = 'db_advisor';
DROP OWNED BY regress_super, regress_stats, regress_plain, regress_owner CASCADE;
DROP ROLE regress_super, regress_stats, regress_plain, regress_owner;
