-- A buffer that does not fit the memory, which a threshold gives; the server is restarted for the fix and for its rollback.
SET client_min_messages = warning;
CREATE TABLE orders AS SELECT n AS id, repeat('x', 100) AS note FROM generate_series(1, 20000) AS n;
VACUUM ANALYZE orders;
CREATE ROLE rule_test_plain;
CREATE VIEW found AS
SELECT * FROM advisor.recommendations WHERE rule = 'shared-buffers';

SELECT 'silent at a quarter of the memory', count(*) = 1 FROM advisor.set_rule('shared-buffers', thresholds => '{"memory_mb": 512}');
SELECT 'silent', NOT EXISTS (SELECT FROM found);
SELECT 'small, but all fits', count(*) = 1 FROM advisor.set_rule('shared-buffers', thresholds => '{"memory_mb": 16384, "min_blocks": 1, "miss_share": 0}');
SELECT 'silent', NOT EXISTS (SELECT FROM found);
-- as if the table were larger than the buffer
UPDATE pg_class SET relpages = 1000000 WHERE oid = 'orders'::regclass;
SELECT 'fires where blocks are missed',
       (SELECT object = 'shared_buffers' AND title ~ 'is small' AND fix ~ '^ALTER SYSTEM SET shared_buffers = ''4096MB'';' AND severity IN ('low', 'medium')
               AND evidence ->> 'unit' = 'bytes' AND (evidence ->> 'recorded_blocks_missed') IS NOT NULL
               AND (evidence ->> 'blocks_asked')::bigint >= (evidence ->> 'blocks_missed')::bigint
        FROM found);
SELECT 'not for a handful of blocks', count(*) = 1 FROM advisor.set_rule('shared-buffers', thresholds => '{"min_blocks": 1000000000}');
SELECT 'silent', NOT EXISTS (SELECT FROM found);
SELECT 'coverage counts', (SELECT state = 'ran' AND examined = 1 AND skipped = 0 FROM advisor.coverage WHERE rule = 'shared-buffers');

SELECT 'the machine''s own memory', count(*) = 1 FROM advisor.set_rule('shared-buffers', thresholds => '{"memory_mb": 0, "high_share": 0, "min_blocks": 1}');
SELECT 'is read by who may', (SELECT (evidence ->> 'memory')::float8 > 134217728 FROM found);
SET ROLE rule_test_plain;
SELECT 'and is not known to others, who are told',
       (SELECT state = 'ran' AND skipped = 1 AND reason ~ 'memory is not known' FROM advisor.coverage WHERE rule = 'shared-buffers')
       AND (SELECT fix ~ '^-- how much memory' AND rollback IS NULL FROM advisor.recommendations WHERE rule = 'shared-buffers');
RESET ROLE;
DROP ROLE rule_test_plain;

SELECT 'large', count(*) = 1 FROM advisor.set_rule('shared-buffers', thresholds => '{"memory_mb": 200, "high_share": 0.4, "min_blocks": 100000}');
SELECT 'fires where it takes too much', (SELECT severity = 'high' AND title = 'shared_buffers takes 64 % of the memory' FROM found);
SELECT rollback AS undo, id AS old_id FROM found \gset
SELECT fix FROM found \gexec
\! bash -c '. tools/test_server.sh && server_restart'
\c
SELECT 'fixed', NOT EXISTS (SELECT FROM found) AND current_setting('shared_buffers') = '48MB';
:undo
\! bash -c '. tools/test_server.sh && server_restart'
\c
SELECT 'rolled back', (SELECT id = :'old_id' FROM found) AND current_setting('shared_buffers') = '128MB';
