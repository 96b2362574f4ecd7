-- rule: sqlite-foreign-keys-off
-- category: connection
-- severity: high
-- title: Foreign keys are declared and not enforced
-- why: PRAGMA foreign_keys is off unless each connection switches it on: rows that refer to nothing are taken without an error, and ON DELETE actions do not run.
-- references: https://www.sqlite.org/foreignkeys.html#fk_enable
-- minimum version: 3.40
-- examined: SELECT count(*) FROM foreign_key_columns WHERE position = 0
WITH declared AS (
    SELECT schema, count(*) AS keys, count(DISTINCT table_name) AS tables, sum(on_delete <> 'NO ACTION') AS actions
    FROM foreign_key_columns WHERE position = 0 GROUP BY schema
)
SELECT quote_name(schema) AS object,
       'foreign_keys' AS subject,
       NULL AS severity,
       counted(keys, 'foreign key') || ' of schema ' || quote_name(schema) || CASE keys WHEN 1 THEN ' is' ELSE ' are' END || ' not enforced on this connection' AS title,
       counted(tables, 'table') || CASE tables WHEN 1 THEN ' declares ' ELSE ' declare ' END || CASE keys WHEN 1 THEN 'it, ' ELSE 'them, ' END || actions || ' with an action on delete. Run the pragma on each connection, outside of a transaction, right after it ' ||
       'is opened. PRAGMA foreign_key_check lists rows that break a key already.' AS detail,
       json_object('unit', 'rows', 'keys', keys, 'tables', tables, 'actions', actions) AS evidence,
       NULL AS benefit,
       NULL AS storage_bytes,
       1 AS confidence,
       json_array('PRAGMA foreign_keys = ON;') AS fix_steps,
       NULL AS fix,
       'PRAGMA foreign_keys = OFF;' AS rollback
FROM declared
WHERE (SELECT value FROM settings WHERE name = 'foreign_keys') = 0
