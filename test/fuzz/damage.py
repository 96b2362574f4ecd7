"""Ways to damage a database file: bytes, pages, the header, its length, the texts of its schema and its statistics."""
import sqlite3

WORDS = ["(", ")", ",", ";", "'", '"', "[", "`", "--", "/*", "CREATE", "TABLE", "INDEX", "VIEW", "TRIGGER", "VIRTUAL", "USING", "fts5", "AS",
         "SELECT", "FROM", "WHERE", "ON", "COLLATE", "none", "REFERENCES", "GENERATED ALWAYS AS", "DEFAULT", "CHECK", "WITHOUT ROWID", "STRICT",
         "PRIMARY KEY", "UNIQUE", "t", "a", "b", "x", "lower(b)", "DESC", "IF NOT EXISTS", "main.", "temp.", "1e999", "x'00'", "; SELECT 1", "\ufffd",
         "AUTOINCREMENT", "unknown(a)", "BEGIN", "END", "NULL", "'" * 9, "(" * 60, "-" * 3, "CASE", "_rowid_", "sqlite_stat1", "\u00fc"]
STATS = ["", "0", "0 0", "-1 -1", "1100", "1100 1", "9223372036854775807 1 1", "99999999999999999999999 2", "1e300 1", "nan", "1100 12 unordered",
         "1100 5 sz=9999999999", "1100 noskipscan", "x", "1100 1 1 1 1 1 1 1 1 1", "\u00fc 5"]
ROOTS = [0, 1, 2, 3, 5, 9, 100000, -1, 2147483647]


def damaged(rng, content, path, values=()):
    """Writes a damaged copy and says what was done to it. With values these stand in rows of all tables afterwards.
    Damage after which SQLite cannot even read the schema is told by SQLite alone: a second try is often better."""
    kind = damage_once(rng, content, path, values)
    if rng.random() < 0.7 and not readable(path):
        kind = damage_once(rng, content, path, values)
    return kind


def readable(path):
    connection = sqlite3.connect(path)
    try:
        connection.execute("SELECT count(*) FROM sqlite_schema").fetchall()
        return True
    except (sqlite3.Error, UnicodeError, MemoryError):  # messages can quote what is no text
        return False
    finally:
        connection.close()


def damage_once(rng, content, path, values):
    kind = rng.choices(["bytes", "header", "pages", "texts", "values" if values else "statistics"], [9, 1, 3, 6, 9 if values else 2])[0]
    copy = bytearray(content)
    page = int.from_bytes(content[16:18], "big")
    if kind == "bytes":
        spoil_bytes(rng, copy, page)
    elif kind == "header":
        for _ in range(rng.choice([1, 1, 2, 8])):
            copy[rng.randrange(100)] = rng.choice([0, 1, 2, 127, 255, rng.randrange(256)])
    elif kind == "pages":
        for _ in range(rng.choice([1, 3])):
            spoil_page(rng, copy, page)
    if rng.random() < 0.06:
        del copy[rng.randrange(len(copy)):]
    with open(path, "wb") as file:
        file.write(copy)
    if kind in ("texts", "statistics", "values"):
        rewrite(rng, path, {"texts": spoil_schema, "statistics": spoil_statistics, "values": lambda *of: spoil_rows(*of, values)}[kind])
    return kind


def spoil_bytes(rng, copy, page):
    for _ in range(rng.choice([1, 1, 3, 3, 10, 60])):
        # The first pages hold the schema, the first bytes of a page say where its rows are: each is hit as often as the rest.
        place = rng.randrange(min(4096, len(copy)) if rng.random() < 0.25 else len(copy))
        if rng.random() < 0.3:
            place -= place % page - rng.randrange(12)
        length = min(rng.choice([1, 1, 4, 64]), len(copy) - place)
        copy[place:place + length] = bytes(rng.randrange(256) for _ in range(length)) if rng.random() < 0.8 else bytes([rng.choice([0, 255])]) * length


def spoil_page(rng, copy, page):
    first, second = (page * rng.randrange(len(copy) // page) for _ in range(2))
    other = rng.choice([copy[second:second + page], bytes(page), bytes(rng.randrange(256) for _ in range(page))])
    if rng.random() < 0.3:
        copy[second:second + page] = copy[first:first + page]
    copy[first:first + page] = other


def rewrite(rng, path, spoil):
    """Changes rows that SQLite itself trusts; what is written may keep the schema from being read ever after."""
    connection = sqlite3.connect(path, isolation_level=None)
    connection.text_factory = lambda text: text.decode("utf-8", "replace")
    try:
        connection.executescript("PRAGMA journal_mode = off; PRAGMA synchronous = off; PRAGMA ignore_check_constraints = on; BEGIN")
        connection.execute("PRAGMA writable_schema = on")
        spoil(rng, connection)
        connection.execute("COMMIT")
    except (sqlite3.Error, UnicodeError, MemoryError):
        pass  # cut off so that not even SQLite can write to it
    connection.close()


def spoil_schema(rng, connection):
    rows = connection.execute("SELECT rowid, sql FROM sqlite_schema WHERE sql IS NOT NULL").fetchall()
    for rowid, sql in rng.sample(rows, min(len(rows), rng.choice([1, 1, 2, 5]))):
        column, value = rng.choices(
            [("sql", spoiled_text(rng, sql)), ("sql", rng.choice(rows)[1]), ("name", rng.choice(["t", "T", "", "a'b", "sqlite_x", None, "\u00fc"])),
             ("tbl_name", rng.choice(["t", "u", "none", None])), ("type", rng.choice(["table", "index", "view", "trigger", "x", None])),
             ("rootpage", rng.choice(ROOTS)), ("sql", None)], [12, 1, 1, 1, 1, 2, 1])[0]
        connection.execute(f"UPDATE sqlite_schema SET {column} = ? WHERE rowid = ?", (value, rowid))


def spoil_statistics(rng, connection):
    connection.execute("SELECT 1 FROM t")  # reads the schema, or fails
    for rowid, in connection.execute("SELECT rowid FROM sqlite_stat1").fetchall():
        column = rng.choice(["tbl", "idx", "stat", "stat", "stat"])
        value = rng.choice(STATS + [None, 7, 1e300, b"\xff\x00"])
        connection.execute(f"UPDATE sqlite_stat1 SET {column} = ? WHERE rowid = ?", (value, rowid))


def spoil_rows(rng, connection, values):
    columns = connection.execute("SELECT m.name, c.name FROM sqlite_schema AS m, pragma_table_info(m.name) AS c WHERE c.name <> 'database'").fetchall()
    for table, column in rng.sample(columns, rng.choice([1, 3, 9])):
        connection.execute(f"UPDATE OR IGNORE {table} SET {column} = ?", (rng.choice(values),))


def spoiled_text(rng, text):
    """Statements with some words taken out, doubled, replaced, or bytes changed."""
    words = text.split(" ")
    for _ in range(rng.choice([1, 1, 2, 4])):
        place = rng.randrange(len(words))
        words[place:place + 1] = rng.choice([[], [words[place]] * 2, [rng.choice(WORDS)], [words[place], rng.choice(WORDS)], [rng.choice(words)]])
        words = words or [rng.choice(WORDS)]
    text = " ".join(words)
    if rng.random() < 0.25 and text:
        place = rng.randrange(len(text))
        text = text[:place] + rng.choice(WORDS + [chr(rng.randrange(1, 256))]) + text[place + rng.randrange(3):]
    return text if rng.random() < 0.93 else text[:rng.randrange(len(text) + 1)]
