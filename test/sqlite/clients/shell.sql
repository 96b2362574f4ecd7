-- A gate in the shell: sqlite3 -bail shop.db < shell.sql ends with an error when a statement scans too much.
.load db_advisor
SELECT advisor_reset();
SELECT name FROM customers WHERE id = 7;
SELECT advisor_assert('full_scan_rows', 1000);
SELECT advisor_check('critical');
