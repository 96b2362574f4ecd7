-- Policies on a table without row level security; tables where it is on, or that have no policy.
SET client_min_messages = warning;
CREATE SCHEMA shop;
CREATE ROLE rule_test_reader;
CREATE TABLE shop."Notes" (id int PRIMARY KEY, owner text);
CREATE POLICY own_rows ON shop."Notes" USING (owner = current_user);
CREATE POLICY new_rows ON shop."Notes" FOR INSERT WITH CHECK (owner = current_user);
GRANT SELECT ON shop."Notes" TO rule_test_reader;
CREATE TABLE shop.private (id int);
CREATE POLICY nobody ON shop.private USING (false);
CREATE TABLE shop.parted (id int) PARTITION BY LIST (id);
CREATE TABLE shop.parted_1 PARTITION OF shop.parted DEFAULT;
CREATE POLICY rows_above_0 ON shop.parted USING (id > 0);

-- near misses
CREATE TABLE shop.enabled (id int);
CREATE POLICY rows_above_0 ON shop.enabled USING (id > 0);
ALTER TABLE shop.enabled ENABLE ROW LEVEL SECURITY;
CREATE TABLE shop.no_policy (id int);
CREATE TEMPORARY TABLE passing (id int);
CREATE POLICY rows_above_0 ON passing USING (id > 0);

CREATE TEMPORARY VIEW found AS
SELECT * FROM advisor.recommendations WHERE rule = 'rls-policy-but-disabled';

SELECT 'fires where policies do nothing, on partitioned tables once',
       (SELECT array_agg(object ORDER BY object) = ARRAY['shop."Notes"', 'shop.parted', 'shop.private'] FROM found);
SELECT 'graver where others may read the table',
       (SELECT severity = 'high' AND detail LIKE '%: rule_test_reader.%' AND detail LIKE '%2 policies (new_rows, own_rows)%'
               AND evidence ->> 'granted_to' = 'rule_test_reader' AND jsonb_array_length(evidence -> 'policies') = 2
        FROM found WHERE object = 'shop."Notes"');
SELECT 'less so with the owner alone', (SELECT severity = 'medium' FROM found WHERE object = 'shop.private');
SELECT 'coverage counts', (SELECT state = 'ran' AND examined = 5 FROM advisor.coverage WHERE rule = 'rls-policy-but-disabled');

SELECT rollback AS undo, id AS old_id FROM found WHERE object = 'shop."Notes"' \gset
SELECT fix FROM found WHERE object = 'shop."Notes"' \gexec
SELECT 'fixed', NOT EXISTS (SELECT FROM found WHERE object ~ 'Notes')
                AND (SELECT relrowsecurity FROM pg_class WHERE oid = 'shop."Notes"'::regclass);
:undo
SELECT 'rolled back', (SELECT id = :'old_id' FROM found WHERE object ~ 'Notes');
SELECT fix FROM found WHERE object = 'shop.parted' \gexec
SELECT 'fixed on the partitioned table', NOT EXISTS (SELECT FROM found WHERE object ~ 'parted');
DROP OWNED BY rule_test_reader;
DROP ROLE rule_test_reader;
