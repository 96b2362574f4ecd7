"""Damaged database files and random statement texts against the SQLite module, which should be built with sanitizers.
Each round runs in a process of its own with a time limit; what ends by a signal, a sanitizer's report or the limit is
kept with its seed. test/fuzz/run.sh builds the module and calls this.
"""
import argparse
import multiprocessing
import os
import random
import sqlite3
import sys
import tempfile

LIMIT = 5  # seconds for one case
BATCH = 25  # cases in one process: a new one costs more than a case
ASK = ["SELECT count(*) FROM advisor_recommendations", "SELECT count(*) FROM advisor_coverage",
       "SELECT * FROM advisor_what_if('SELECT * FROM t WHERE a = 5 ORDER BY b', 'CREATE INDEX i ON t(a, b)')",
       "SELECT * FROM advisor_recommend_indexes(NULL, NULL, '[\"SELECT c FROM t WHERE b > 5 AND a = 3\"]')",
       "SELECT advisor_report('json')"]
SCHEMA = """
CREATE TABLE t(id INTEGER PRIMARY KEY, a INT, b TEXT, c REAL);
CREATE TABLE u(k TEXT PRIMARY KEY, t_id INT REFERENCES t(id), v BLOB) WITHOUT ROWID;
CREATE INDEX t_a ON t(a); CREATE INDEX t_lower ON t(lower(b)); CREATE INDEX t_part ON t(c) WHERE a > 5;
CREATE VIEW w AS SELECT t.a, u.v FROM t JOIN u ON u.t_id = t.id;
CREATE TRIGGER g AFTER INSERT ON t BEGIN UPDATE u SET v = new.b WHERE t_id = new.a; END;
CREATE VIRTUAL TABLE f USING fts5(x);
WITH RECURSIVE s(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM s WHERE i < 1200)
INSERT INTO t SELECT i, i % 90, 'text ' || i, i / 3.0 FROM s;
INSERT INTO u SELECT 'k' || id, id, zeroblob(id % 40) FROM t; INSERT INTO f SELECT b FROM t WHERE id < 200; ANALYZE;
"""
WORDS = ("SELECT FROM WHERE t u w f a b c id k v t_id x , , ( ) ( ) * = = < > <> IS NULL NOT IN LIKE GLOB BETWEEN AND AND OR "
         "ORDER BY GROUP HAVING LIMIT OFFSET 5 -1 1e999 'x' '%y' \"a\" \"no\" [a] `b` x'00' ?1 :p @q $r ? EXISTS CASE WHEN "
         "THEN ELSE END UNION ALL EXCEPT WITH RECURSIVE AS JOIN LEFT ON USING NATURAL INSERT INTO VALUES UPDATE SET DELETE "
         "REPLACE CONFLICT DO NOTHING RETURNING lower( count( json_extract( max( OVER PARTITION INDEXED t_a COLLATE NOCASE "
         "DISTINCT CAST MATCH -> ->> || + - . ; -- /* */ new.a old.b main. temp. advisor_recommendations").split()
SHAPES = ["SELECT {} FROM t WHERE {}", "SELECT * FROM t JOIN u ON {} WHERE {}", "UPDATE t SET a = {} WHERE {}",
          "INSERT INTO t(a) SELECT {} FROM u WHERE {}", "DELETE FROM t WHERE {} AND {}", "WITH q AS (SELECT {}) {}", "{} {}"]


def main():
    parser = argparse.ArgumentParser(prog="run.sh", description=__doc__)
    parser.add_argument("--files", type=int, default=200)
    parser.add_argument("--statements", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    failures = 0
    with tempfile.TemporaryDirectory(prefix="db_advisor_fuzz_") as folder:
        sound = os.path.join(folder, "sound.db")
        sqlite3.connect(sound).executescript(SCHEMA).connection.close()
        for kind, count in ((damaged_file, options.files), (random_text, options.statements)):
            for first in range(0, count, BATCH):
                seeds = range(options.seed + first, options.seed + min(first + BATCH, count))
                failures += run_batch(kind, seeds, sound, folder)
    print(f"{options.files} damaged files, {options.statements} statements, {failures} failures")
    sys.exit(1 if failures else 0)


def run_batch(kind, seeds, sound, folder):
    """Number of failures; a batch that failed is run again case by case."""
    if run(kind, seeds, sound, folder, LIMIT * len(seeds)) == 0:
        return 0
    failures = 0
    for seed in seeds:
        code = run(kind, [seed], sound, folder, LIMIT)
        if code != 0:
            failures += 1
            print(f"{kind.__name__} --seed {seed}: {'over the time limit' if code is None else f'ended with {code}'}", flush=True)
    return failures


def run(kind, seeds, sound, folder, limit):
    process = multiprocessing.get_context("fork").Process(target=work, args=(kind, seeds, sound, folder))
    process.start()
    process.join(limit)
    if process.exitcode is None:
        process.kill()
        process.join()
        return None
    return process.exitcode


def work(kind, seeds, sound, folder):
    for seed in seeds:
        kind(random.Random(seed), sound, os.path.join(folder, "case.db"))


def damaged_file(rng, sound, path):
    with open(sound, "rb") as file:
        content = bytearray(file.read())
    for _ in range(rng.choice([1, 3, 10, 100])):
        # The first pages hold the schema: they are hit as often as all others together.
        place = rng.randrange(8192 if rng.random() < 0.5 else len(content))
        length = rng.choice([1, 1, 4, 64])
        content[place:place + length] = bytes(rng.randrange(256) for _ in range(length))
    if rng.random() < 0.1:
        del content[rng.randrange(len(content)):]
    with open(path, "wb") as file:
        file.write(content)
    ask(path, ["SELECT a FROM t WHERE b = 'text 5'", "SELECT * FROM w WHERE a = 7", "SELECT x FROM f WHERE f MATCH 'text'"], ASK)


def random_text(rng, sound, _path):
    words = [" ".join(rng.choice(WORDS) for _ in range(rng.randint(1, 9))) for _ in range(2)]
    text = rng.choice(SHAPES).format(*words)
    if rng.random() < 0.1:
        text = "".join(chr(rng.choice([rng.randrange(1, 128), rng.randrange(128, 60000)])) for _ in range(rng.randint(1, 60)))
        text = "".join(c for c in text if not 0xD800 <= ord(c) < 0xE000)
    connection = ask(f"file:{sound}?mode=ro", [text], [])
    for question in ("SELECT advisor_normalize(?)", "SELECT advisor_add(?, 5)", "SELECT * FROM advisor_plan(?)",
                     "SELECT * FROM advisor_what_if(?, 'CREATE INDEX i ON t(b)')",
                     "SELECT * FROM advisor_what_if('SELECT * FROM t WHERE b = 1', ?)"):
        attempt(connection, question, text)
    attempt(connection, ASK[0])
    connection.close()


def ask(path, statements, questions):
    connection = sqlite3.connect(path, uri=path.startswith("file:"), isolation_level=None)
    connection.text_factory = bytes
    connection.enable_load_extension(True)
    try:
        connection.load_extension(os.environ["DB_ADVISOR_MODULE"])
    except sqlite3.Error:
        return connection
    for statement in statements * 5 + questions:
        attempt(connection, statement)
    return connection


def attempt(connection, statement, *values):
    """Errors are answers; only crashes, reports and hangs are not."""
    try:
        connection.execute(statement, values).fetchall()
    except (sqlite3.Error, sqlite3.Warning, UnicodeError):
        pass


main()
