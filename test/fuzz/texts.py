"""Statement texts: valid ones, and random ones from a small grammar, from spoiled valid ones and from nothing at all."""
from damage import spoiled_text

VALID = [
    "SELECT a FROM t WHERE b = 'b5'", "SELECT * FROM t WHERE a = 5 ORDER BY c", "SELECT c FROM t WHERE b > 'b5' AND a = 3 LIMIT 5 OFFSET 20",
    "SELECT t.a, u.v FROM t JOIN u ON u.t_id = t.id WHERE t.b LIKE 'b1%'", "SELECT b, count(*) FROM t GROUP BY b HAVING count(*) > 2 ORDER BY 2 DESC",
    "SELECT * FROM t WHERE a IN (1, 2, 3) OR b IN (SELECT k FROM u)", "SELECT id FROM t WHERE lower(b) = 'b7'", "SELECT * FROM t WHERE b LIKE '%5'",
    "SELECT DISTINCT a FROM t WHERE c BETWEEN 1 AND 5 ORDER BY a DESC, b COLLATE NOCASE", "SELECT max(c) FROM t WHERE a = ?1 AND b <> :name",
    "SELECT a, sum(c) OVER (PARTITION BY a ORDER BY b) FROM t WHERE id < 50", "SELECT * FROM t WHERE a NOT IN (SELECT t_id FROM u)",
    "WITH q AS (SELECT a, c FROM t WHERE b = 'b1') SELECT * FROM q JOIN t USING (a) WHERE t.c > 5",
    "WITH RECURSIVE q(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM q WHERE i < 9) SELECT * FROM q, t WHERE t.a = i",
    "SELECT * FROM w WHERE a = 7", "SELECT s FROM f WHERE f MATCH 'text'", "SELECT * FROM r WHERE low > 5 AND high < 9", "SELECT * FROM x WHERE q = 3",
    "SELECT * FROM y WHERE e = 'b5'", "SELECT \"s\"\"t\" FROM \"select\" WHERE \"x]y\" = 'b2' AND \"a b\" > 4", "SELECT z FROM sparse WHERE z = 5 AND rowid > 9",
    "SELECT * FROM child JOIN parent USING (m) WHERE child.n = 5", "SELECT 1 FROM t WHERE EXISTS (SELECT 1 FROM u WHERE t_id = a AND v IS NOT NULL)",
    "INSERT INTO t(a, b) VALUES(5, 'x'), (6, 'y') ON CONFLICT(id) DO UPDATE SET a = excluded.a", "UPDATE t SET c = 1 WHERE a = 5 RETURNING id",
    "DELETE FROM u WHERE t_id = 9", "REPLACE INTO u VALUES('k', 1, x'00')", "UPDATE t SET b = u.k FROM u WHERE u.t_id = t.a AND u.v = x'01'",
    "SELECT CASE WHEN a > 5 THEN 'x' ELSE json_extract(b, '$.a') END FROM t WHERE a = NULL", "SELECT * FROM t ORDER BY random() LIMIT 1",
    "SELECT a FROM t UNION SELECT t_id FROM u EXCEPT SELECT 5 ORDER BY 1", "SELECT * FROM t INDEXED BY t_a WHERE a = 5", "VALUES(1, 2), (3, 4)"]
INDEXES = ["CREATE INDEX i ON t(a, b)", "CREATE INDEX i ON t(b COLLATE NOCASE, c DESC)", "CREATE UNIQUE INDEX IF NOT EXISTS main.i ON t(c) WHERE a > 5",
           "CREATE INDEX i ON t(lower(b)); CREATE INDEX j ON u(t_id)", "DROP INDEX t_a", "DROP INDEX IF EXISTS main.t_part; CREATE INDEX [i j] ON x(q)"]
WORDS = ("SELECT FROM WHERE t u w f r x y a b c id k v t_id s q , , ( ) ( ) * = = < > <> IS NULL NOT IN LIKE GLOB BETWEEN AND AND OR "
         "ORDER BY GROUP HAVING LIMIT OFFSET 5 -1 1e999 9223372036854775808 'x' '%y' \"a\" \"no\" [a] `b` x'00' ?1 ?999 :p @q $r $r::s(a) ? EXISTS CASE "
         "WHEN THEN ELSE END UNION ALL EXCEPT WITH RECURSIVE AS JOIN LEFT FULL ON USING NATURAL INSERT INTO VALUES UPDATE SET DELETE "
         "REPLACE CONFLICT DO NOTHING RETURNING lower( count( json_extract( max( OVER PARTITION INDEXED t_a COLLATE NOCASE unknown( "
         "DISTINCT CAST MATCH ESCAPE -> ->> || + - . ; -- /* */ new.a old.b main. temp. sqlite_schema pragma_table_info( json_each( "
         "advisor_recommendations zeroblob(99999999) randomblob( CREATE INDEX UNIQUE ON DROP ATTACH PRAGMA EXPLAIN ANALYZE").split()
VALUES = [None, 0, 1, -1, 5, 2.5, 9223372036854775807, -9223372036854775808, 1e308, float("inf"), "", "x", "5", "-1", "7d", "99999999999999999999d",
          "0s", "[]", "{}", "[1, [2]]", "{\"a\": ", "full", "high", "json", "default", "2999-12-31", "-4713-01-01", "9999-99-99", b"", b"\xff\xfe\x00", "\x00",
          "x" * 5000, "\u00fc" * 300, "[" * 1200, "{\"min_rows\": -1e400}", "{\"ignored_names\": \"%\\\\\"}", "{\"min_columns\": null}"]
SHAPES = ["SELECT {} FROM t WHERE {}", "SELECT * FROM t JOIN u ON {} WHERE {}", "UPDATE t SET a = {} WHERE {}", "SELECT a FROM t WHERE a = 5 AND {} ORDER BY {}",
          "INSERT INTO t(a) SELECT {} FROM u WHERE {}", "DELETE FROM t WHERE {} AND {}", "WITH q AS (SELECT {}) {}", "{} {}"]


def random_statement(rng):
    kind = rng.choices(["valid", "composed", "spoiled", "words", "nested", "characters"], [1, 6, 5, 4, 1, 2])[0]
    if kind == "valid":
        return rng.choice(VALID)
    if kind == "composed":
        return composed(rng)
    if kind == "spoiled":
        return spoiled_text(rng, rng.choice(VALID))
    if kind == "words":
        return rng.choice(SHAPES).format(*(" ".join(rng.choice(WORDS) for _ in range(rng.randint(1, 9))) for _ in range(2)))
    if kind == "nested":
        return nested(rng)
    text = "".join(chr(rng.choice([rng.randrange(1, 128), rng.randrange(128, 60000)])) for _ in range(rng.randint(1, 60)))
    return "".join(character for character in text if not 0xD800 <= ord(character) < 0xE000)


def composed(rng):
    """A statement that SQLite accepts, more often than not."""
    tables = rng.choice(["t", "t", "t JOIN u ON " + condition(rng, 1), "t LEFT JOIN u ON t.id = u.t_id", "t, u", "(SELECT * FROM t) AS t", "u CROSS JOIN t"])
    select = f"SELECT {', '.join(rng.choice([value(rng), value(rng), 'count(*)', '*']) for _ in range(rng.randint(1, 3)))} FROM {tables} WHERE {condition(rng, 3)}"
    select += rng.choice(["", "", f" GROUP BY {value(rng)} HAVING {condition(rng, 1)}", f" ORDER BY {value(rng)} DESC, {value(rng)}", f" LIMIT {value(rng)} OFFSET 5"])
    return rng.choice([select, select, select, f"UPDATE t SET b = {value(rng)}, a = {value(rng)} WHERE {condition(rng, 2)}", f"DELETE FROM t WHERE {condition(rng, 2)}",
                       f"INSERT OR IGNORE INTO t(a, b) {select}", f"{select} UNION ALL {select}", f"WITH q(m) AS ({select}) SELECT * FROM q, t WHERE t.a = q.m",
                       f"SELECT (SELECT count(*) FROM u WHERE t_id = t.a) FROM t WHERE {condition(rng, 2)}", f"EXPLAIN {select}", f"{select}; {select}"])


def value(rng):
    return rng.choice(["a", "b", "c", "id", "t.a", "t.b", "lower(b)", "a + 1", "c / 0", "b || 'x'", "-a", "CAST(b AS INT)", "max(a, 5)", "5", "NULL", "?1", ":p", "'b5'",
                       "1e300", "9223372036854775807", "x'00'", "0x7fffffffffffffff", "b COLLATE NOCASE", "unknown(a)", "random()", "CASE a WHEN 5 THEN b END", "'b%'", "''", "1"])


def condition(rng, depth):
    if depth and rng.random() < 0.5:
        return rng.choice(["{} AND {}", "({} OR {})", "NOT ({} AND {})"]).format(condition(rng, depth - 1), condition(rng, depth - 1))
    left, right, third = value(rng), value(rng), value(rng)
    return rng.choice([f"{left} {operator} {right}" for operator in ("=", "=", "<", ">=", "<>", "LIKE", "GLOB", "IS", "IS NOT")] +
                      [f"{left} IN ({right}, {third})", f"{left} BETWEEN {right} AND {third}", f"{left} IN (SELECT t_id FROM u)", f"{left} IS NULL", f"{left} NOT NULL"])


def nested(rng):
    depth = rng.choice([3, 30, 99, 400, 3000])
    around, inside = rng.choice([("({})", "a = 5"), ("NOT {}", "a = 5"), ("-{}", "a"), ("a IN (SELECT {} FROM t)", "a"), ("{} OR a = 7", "a = 5"),
                                 ("{} AND b = 'x'", "a = 5"), ("CASE WHEN {} THEN 1 END", "a"), ("lower({})", "b"), ("{}, 5", "5"), ("/*{}", "a"), ("{} || b", "b")])
    before, after = around.split("{}")
    return "SELECT * FROM t WHERE " + ("a IN (" if inside == "5" else "") + before * depth + inside + after * depth + (")" if inside == "5" else "")


def random_definition(rng):
    return rng.choice(INDEXES) if rng.random() < 0.3 else spoiled_text(rng, rng.choice(INDEXES))


def random_value(rng):
    """What stands where another argument is expected."""
    return rng.choice(VALUES)
