PRAGMA foreign_keys = OFF;
PRAGMA legacy_alter_table = ON; -- views that name the table are left as they are
BEGIN IMMEDIATE;
CREATE TABLE main.w_new(k INT PRIMARY KEY, "long text" TEXT) WITHOUT ROWID;
INSERT INTO main.w_new (k, "long text") SELECT k, "long text" FROM main.w;
DROP TABLE main.w;
ALTER TABLE main.w_new RENAME TO w;
CREATE INDEX "w_long text_start" ON w (substr("long text", 1, 32));
PRAGMA foreign_key_check; -- ROLLBACK if this gives rows that it did not give before
COMMIT;
PRAGMA legacy_alter_table = OFF;
PRAGMA foreign_keys = ON; -- if it was on: see the value of PRAGMA foreign_keys before
