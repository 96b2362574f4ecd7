-- Before anything is changed: which recommendations are taken, which statements they promise to help, and how
-- long each statement takes now.
CREATE SCHEMA demo;
CREATE TABLE demo.picked AS
SELECT row_number() OVER () AS position, id, fix
FROM (SELECT id, fix FROM advisor.recommendations WHERE rule LIKE 'missing-index-%' LIMIT :fixes) first;
CREATE TABLE demo.promised AS
SELECT s.id, s.queryid, s.query FROM advisor.recommendation_statements s JOIN demo.picked USING (id);
CREATE TABLE demo.before AS
SELECT queryid, toplevel, query, calls, mean_ms FROM advisor.statements WHERE database = current_database();
CREATE TABLE demo.old_indexes AS SELECT indexrelid AS oid FROM pg_index;
CREATE TABLE demo.built (id text, oid oid, index_name text);
