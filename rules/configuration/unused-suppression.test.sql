-- Suppressions of what is there and of what is gone; those newer than the last analysis are left alone.
SET client_min_messages = warning;
SET db_advisor.observation_window = 0;
CREATE SCHEMA shop;
CREATE TABLE shop.orders (id int PRIMARY KEY, customer int);
CREATE INDEX orders_customer ON shop.orders (customer);
CREATE INDEX orders_customer_again ON shop.orders (customer);
CREATE UNIQUE INDEX orders_id ON shop.orders (id);
CREATE TEMPORARY VIEW found AS SELECT * FROM advisor.recommendations WHERE rule = 'unused-suppression';
CREATE TEMPORARY TABLE was AS SELECT id, object FROM advisor.recommendations WHERE rule = 'duplicate-index';

SELECT advisor.dismiss(id, 'it''s needed') FROM was WHERE object ~ 'again' \g /dev/null
SELECT advisor.exempt('a plan', rule => 'duplicate-index', object => 'shop.orders_id') AS of_orders \gset
SELECT advisor.exempt('elsewhere', schema => 'No Such') AS of_nothing \gset
SET db_advisor.observation_window = '3650d';
SELECT FROM advisor.analyze() \g /dev/null
SELECT 'while a rule waits, what is for all rules is not judged', NOT EXISTS (SELECT FROM found);
DELETE FROM advisor.last_analysis;
SET db_advisor.observation_window = 0;
SELECT 'nothing is said before an analysis', NOT EXISTS (SELECT FROM found);
SELECT FROM advisor.analyze() \g /dev/null
SELECT 'what silences something is left alone', (SELECT count(*) = 1 FROM found);
SELECT 'the one that silences nothing', (SELECT object = 'exemption ' || :'of_nothing' AND title ~ 'in schema "No Such"'
        AND severity = 'info' AND evidence ->> 'unit' = 'rows' FROM found);
DROP INDEX shop.orders_customer_again, shop.orders_id;
SELECT FROM advisor.analyze() \g /dev/null
SELECT 'all three silence nothing now', (SELECT count(*) = 3 FROM found);
SELECT advisor.exempt('new', schema => 'later') AS newer \gset
SELECT 'a new one has its time', (SELECT count(*) = 3 FROM found);
SELECT advisor.unexempt(:'newer') \g /dev/null

CREATE TEMPORARY TABLE undo AS SELECT id, rollback FROM found;
SELECT fix FROM found \gexec
SELECT 'fixed', NOT EXISTS (SELECT FROM found) AND NOT EXISTS (SELECT FROM advisor.suppressions);
SELECT rollback FROM undo \gexec
SELECT FROM advisor.analyze() \g /dev/null
SELECT 'rolled back', (SELECT count(*) = 3 FROM found WHERE id IN (SELECT id FROM undo));
SELECT 'with their reasons', (SELECT bool_or(reason = 'it''s needed') FROM advisor.suppressions);
