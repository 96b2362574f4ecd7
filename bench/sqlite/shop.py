"""The databases of the development cases, as files in a folder: "shop" with 2.6 million rows and "small"."""
import os
import sqlite3

TABLES = """
CREATE TABLE users(id INTEGER PRIMARY KEY, email TEXT, name TEXT COLLATE NOCASE, country TEXT,
  status TEXT, created_at TEXT, score REAL);
CREATE TABLE orders(id INTEGER PRIMARY KEY, user_id INTEGER REFERENCES users(id), status TEXT, total REAL,
  created_at INTEGER, region TEXT, deleted_at INTEGER, note TEXT);
CREATE TABLE items(id INTEGER PRIMARY KEY, order_id INTEGER REFERENCES orders(id), product_id INTEGER,
  qty INT, price REAL);
CREATE TABLE products(id INTEGER PRIMARY KEY, sku TEXT UNIQUE, category TEXT, name TEXT, meta TEXT);
CREATE VIEW v_orders AS SELECT o.*, u.email, u.country FROM orders o JOIN users u ON u.id=o.user_id;
"""

SERIES = "WITH RECURSIVE s(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM s WHERE i < {rows}) "

FILL = [
    (100_000, """INSERT INTO users SELECT i, 'user'||i||'@example.'||CASE i%3 WHEN 0 THEN 'com' WHEN 1 THEN 'org'
       ELSE 'net' END, 'Name'||(i%5000), CASE WHEN i%100<60 THEN 'US' WHEN i%100<80 THEN 'DE' ELSE 'C'||(i%40) END,
       CASE WHEN i%50=0 THEN 'banned' ELSE 'active' END, date('2020-01-01','+'||(i%2000)||' days'),
       ((i*7919)%1000)/10.0 FROM s"""),
    (1_000_000, """INSERT INTO orders SELECT i, (i*7919)%{users}+1, CASE WHEN i%1000=0 THEN 'pending'
       WHEN i%20=0 THEN 'refunded' ELSE 'done' END, ((i*31)%100000)/100.0, 1600000000+(i*13)%50000000,
       'R'||((i*17)%50), CASE WHEN i%10=0 THEN 1600000000+i END, substr('{x}',1,i%32) FROM s"""),
    (1_500_000, """INSERT INTO items SELECT i, (i*104729)%{orders}+1, (i*31)%20000+1, i%9+1, ((i*3)%1000)/10.0
       FROM s"""),
    (20_000, """INSERT INTO products SELECT i, printf('SKU-%06d',i), 'cat'||(i%30), 'Product '||i,
       json_object('color', CASE i%7 WHEN 0 THEN 'red' WHEN 1 THEN 'blue' ELSE 'c'||(i%500) END, 'w', i%100)
       FROM s"""),
]

# The log's rows are newer than what the trigger removes: it looks for rows and finds none.
SMALL = """
CREATE TABLE t(a INT,b INT,c INT,d INT,e TEXT); CREATE INDEX ta ON t(a); CREATE INDEX tpart ON t(b) WHERE c=1;
CREATE TABLE log(ts INT, msg TEXT);
INSERT INTO t WITH RECURSIVE s(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM s WHERE i < 10000)
  SELECT i%100, i, i%2, i%7, 'e'||i FROM s;
INSERT INTO log SELECT 1000 + b, 'line '||b FROM t;
CREATE TRIGGER tr AFTER INSERT ON t BEGIN DELETE FROM log WHERE ts<new.a; UPDATE t SET d=1 WHERE e=new.e; END;
"""


def make_shop(folder, scale=1.0):
    """Gives the file's path; it is made once and analyzed."""
    path = os.path.join(folder, f"shop_{scale:g}.db")
    if os.path.exists(path):
        return path
    connection = sqlite3.connect(path + ".new", isolation_level=None)
    connection.executescript("PRAGMA journal_mode = off; PRAGMA synchronous = off;" + TABLES)
    sizes = {"users": int(100_000 * scale), "orders": int(1_000_000 * scale), "x": "x" * 32}
    for rows, text in FILL:
        # Products stay as they are, so that the keys of items keep their meaning.
        count = rows if rows == 20_000 else int(rows * scale)
        connection.execute(SERIES.format(rows=count) + text.format(**sizes))
    connection.execute("ANALYZE")
    connection.close()
    os.rename(path + ".new", path)
    return path


def make_small(folder):
    path = os.path.join(folder, "small.db")
    if os.path.exists(path):
        os.remove(path)
    connection = sqlite3.connect(path, isolation_level=None)
    connection.executescript(SMALL + "ANALYZE;")
    connection.close()
    return path


def make_special(folder):
    """Full text beside an ordinary table, and a schema that needs a collation and a function of the application."""
    path = os.path.join(folder, "special.db")
    if os.path.exists(path):
        os.remove(path)
    connection = sqlite3.connect(path, isolation_level=None)
    prepare_special(connection)
    connection.executescript("""
CREATE VIRTUAL TABLE docs USING fts5(title, body);
CREATE TABLE meta(id INTEGER PRIMARY KEY, doc INT, kind TEXT, owner INT);
CREATE TABLE people(id INTEGER PRIMARY KEY, name TEXT COLLATE backwards, town INT, born INT);
CREATE INDEX people_shout ON people(shout(name));
INSERT INTO docs(rowid, title, body) WITH RECURSIVE s(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM s WHERE i < 20000)
  SELECT i, 'title '||i, 'word'||(i%100)||' and word'||(i%7) FROM s;
INSERT INTO meta SELECT rowid, rowid, 'k'||(rowid%5), (rowid*7)%4000 FROM docs;
INSERT INTO people SELECT rowid, 'n'||rowid, (rowid*7919)%3000, rowid%90 FROM docs;
ANALYZE;""")
    connection.close()
    return path


def prepare_special(connection):
    connection.create_collation("backwards", lambda a, b: (a[::-1] > b[::-1]) - (a[::-1] < b[::-1]))
    connection.create_function("shout", 1, lambda text: str(text).upper() + "!", deterministic=True)


def prepare_elsewhere(connection):
    """Tables of an attached and of the temporary schema."""
    connection.execute("ATTACH ':memory:' AS side")
    for schema in ("side", "temp"):
        connection.execute(f"CREATE TABLE {schema}.events_{schema}(id INTEGER PRIMARY KEY, kind INT, at INT, who TEXT)")
        connection.execute(SERIES.format(rows=20000) + f"INSERT INTO {schema}.events_{schema} "
                           "SELECT i, (i * 7919) % 3000, i, 'w'||(i % 50) FROM s")
