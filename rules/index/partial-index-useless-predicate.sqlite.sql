-- rule: partial-index-useless-predicate
-- category: index
-- severity: low
-- title: The condition of a partial index is always true, or never
-- why: A condition that each row meets leaves out none, but keeps the index from statements that do not repeat it. One that no row can meet makes an index that stays empty and finds nothing.
-- references: https://www.sqlite.org/partialindex.html
-- minimum version: 3.40
-- examined: SELECT count(*) FROM indexes WHERE partial
WITH judged AS MATERIALIZED (
    SELECT i.*, c.name AS column_name, replace(i.sql, char(10), ' ') AS line,
           i.predicate IN (lower(c.name) || ' is not null', lower(c.name) || ' notnull', lower(c.name) || ' not null') AS always,
           i.predicate IN (lower(c.name) || ' is null', lower(c.name) || ' isnull') AS empty,
           -- NULL is no value to be equal to, whatever the column holds
           i.predicate IN (lower(c.name) || ' = null', lower(c.name) || ' == null', lower(c.name) || ' <> null', lower(c.name) || ' != null') AS nonsense,
           -- declared so, the rowid itself, or a key of a table without one
           c.not_null OR (c.primary_key > 0 AND t.kind = 'without_rowid')
           OR (c.primary_key = 1 AND lower(c.type) = 'integer'
               AND NOT EXISTS (SELECT 1 FROM indexes AS k WHERE k.schema = i.schema AND k.table_name = i.table_name AND k.origin = 'pk')) AS never_null
    FROM indexes AS i
    JOIN tables AS t ON t.schema = i.schema AND t.name = i.table_name
    JOIN columns AS c ON c.schema = i.schema AND c.table_name = i.table_name
    WHERE i.partial AND i.schema <> 'temp'
), found AS (
    SELECT *, quote_name(schema) || '.' || quote_name(name) AS object, substr(line, 1, instr(lower(line), ' where ') - 1) AS head
    FROM judged WHERE nonsense OR (never_null AND (always OR empty))
)
SELECT object,
       predicate AS subject,
       NULL AS severity,
       CASE WHEN always THEN 'the condition of index ' || quote_name(name) || ' leaves out no row' ELSE 'index ' || quote_name(name) || ' is always empty' END AS title,
       'Its condition is ' || predicate || CASE WHEN nonsense THEN ', which is never true.' ELSE ', and ' || quote_name(column_name) || ' is never NULL.' END ||
       ' The table has about ' || counted(table_rows(schema, table_name), 'row') || '.' AS detail,
       json_object('unit', 'rows', 'rows', table_rows(schema, table_name), 'condition', predicate, 'definition', sql) AS evidence,
       NULL AS benefit,
       NULL AS storage_bytes,
       0.95 AS confidence,
       CASE WHEN always AND instr(lower(line), ' where ') > 0
            THEN json_array('DROP INDEX ' || object || ';', create_sql(schema, head)) ELSE json_array('DROP INDEX ' || object || ';') END AS fix_steps,
       NULL AS fix,
       CASE WHEN always AND instr(lower(line), ' where ') > 0 THEN 'DROP INDEX ' || object || ';' || char(10) ELSE '' END || create_sql(schema, sql) AS rollback
FROM found
