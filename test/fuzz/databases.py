"""The sound databases that are damaged: small, and together with every kind of object that the module looks at."""
import os
import sqlite3

TABLES = """
CREATE TABLE t(id INTEGER PRIMARY KEY, a INT, b TEXT, c REAL);
CREATE TABLE u(k TEXT PRIMARY KEY, t_id INT REFERENCES t(id), v BLOB) WITHOUT ROWID;
WITH RECURSIVE s(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM s WHERE i < 1100)
INSERT INTO t SELECT i, i % 90, 'b' || i % 300, i / 3.0 FROM s;
INSERT INTO u SELECT 'k' || id, id, zeroblob(id % 9) FROM t WHERE id % 3 = 0;
"""
PLAIN = """
CREATE INDEX t_a ON t(a); CREATE INDEX t_a_again ON t(a); CREATE INDEX t_a_b ON t(a, b);
CREATE TABLE x(p PRIMARY KEY, q INTEGER NOT NULL DEFAULT 7 CHECK(q > 0), r REFERENCES missing, UNIQUE(q, r));
CREATE TABLE y(n INTEGER PRIMARY KEY AUTOINCREMENT, x_p REFERENCES x, t_id INT REFERENCES t ON DELETE CASCADE);
INSERT INTO x VALUES('one', 1, NULL), (2, 2, 2), (NULL, 3, 'z'); INSERT INTO y(x_p, t_id) SELECT 2, id FROM t WHERE id < 60;
"""
INDEXES = """
CREATE INDEX t_lower ON t(lower(b)); CREATE INDEX t_part ON t(c) WHERE a > 5; CREATE INDEX t_down ON t(b COLLATE NOCASE, c DESC);
CREATE TABLE x(p INTEGER PRIMARY KEY, q TEXT, g INT GENERATED ALWAYS AS (p % 7) STORED, h TEXT AS (q || 'h')) STRICT;
CREATE INDEX x_h ON x(h); CREATE INDEX x_g ON x(g) WHERE q IS NOT NULL;
CREATE TABLE y(d, e, f, PRIMARY KEY(d, e DESC), UNIQUE(f COLLATE RTRIM)) WITHOUT ROWID;
INSERT INTO x(p, q) SELECT id, b FROM t WHERE id < 99; INSERT INTO y SELECT id, b, 'f' || id FROM t WHERE id < 99;
INSERT INTO x(p) VALUES(-9223372036854775808), (9223372036854775807); INSERT INTO t VALUES(-5, 9e99, CAST(x'fffe0041' AS TEXT), x'00');
CREATE TABLE sparse(z); INSERT INTO sparse(rowid, z)
SELECT id * 8000000000000000, a FROM t; CREATE INDEX sparse_z ON sparse(z);
"""
VIRTUAL = """
CREATE VIEW w AS SELECT t.a, u.v FROM t JOIN u ON u.t_id = t.id; CREATE VIEW w2 AS SELECT * FROM w WHERE a IN (SELECT a FROM t);
CREATE TRIGGER g AFTER INSERT ON t BEGIN UPDATE u SET v = new.b WHERE t_id = new.a; DELETE FROM x WHERE p = new.a; END;
CREATE TRIGGER g2 INSTEAD OF UPDATE ON w BEGIN SELECT raise(IGNORE) WHERE EXISTS (SELECT 1 FROM t WHERE c = new.a); END;
CREATE TABLE x(p, q); INSERT INTO x SELECT a, b FROM t WHERE id < 200;
CREATE VIRTUAL TABLE f USING fts5(s, tokenize = 'porter'); INSERT INTO f SELECT 'text ' || b FROM t WHERE id < 60;
CREATE VIRTUAL TABLE f4 USING fts4(s); INSERT INTO f4 SELECT b FROM t WHERE id < 20;
CREATE VIRTUAL TABLE r USING rtree(id, low, high); INSERT INTO r SELECT id, a, a + 1 FROM t WHERE id < 60;
"""
NAMES = """
CREATE TABLE "select"("a b" INT, "x]y" TEXT, `q``r` REAL, "s""t" REFERENCES "select"("a b"), "" INT);
CREATE INDEX "in dex" ON "select"("a b", `q``r`); CREATE INDEX "ünï" ON t(c); CREATE TABLE "Ünï"("ä" TEXT COLLATE NOCASE, "'" INT);
INSERT INTO "select" SELECT id, b, c, id, a FROM t; INSERT INTO "Ünï" SELECT b, a FROM t WHERE id < 300;
CREATE TABLE parent(m INT, n TEXT, PRIMARY KEY(m, n)); CREATE TABLE child(m INT, n INT, FOREIGN KEY(m, n) REFERENCES parent);
INSERT INTO parent SELECT id, b FROM t WHERE id < 200; INSERT INTO child SELECT id, a FROM t WHERE id < 500;
"""
KINDS = [("page_size = 1024", PLAIN + "ANALYZE"), ("page_size = 512", INDEXES + "ANALYZE"), ("page_size = 4096", VIRTUAL + "ANALYZE"),
         ("page_size = 1024; PRAGMA encoding = 'UTF-16le'; PRAGMA auto_vacuum = 2", NAMES), ("page_size = 2048", VIRTUAL + "CREATE TABLE empty(n); CREATE INDEX empty_n ON empty(n)")]


def sound_databases(folder):
    """Their contents; the files themselves stay in the folder."""
    contents = []
    for number, (pragmas, script) in enumerate(KINDS):
        path = os.path.join(folder, f"sound{number}.db")
        connection = sqlite3.connect(path, isolation_level=None)
        connection.executescript(f"PRAGMA {pragmas}; PRAGMA journal_mode = off; PRAGMA synchronous = off; BEGIN; {TABLES} {script}; COMMIT")
        connection.close()
        with open(path, "rb") as file:
            contents.append(file.read())
    return contents
