"""Random tables with random data, and random statements over them. The same seed gives the same cases."""
import random

ROWS = 20_000


class Column:
    """kind: int, text, real, skewed (one value holds most rows), date, nullable or flag."""

    def __init__(self, name, kind, distinct):
        self.name, self.kind, self.distinct = name, kind, distinct

    def type(self):
        return {"real": "REAL", "text": "TEXT", "date": "TEXT", "skewed": "TEXT"}.get(self.kind, "INT")

    def expression(self):
        """Its value in row i."""
        value = f"(i * {self.factor}) % {self.distinct}"
        return {"int": value, "flag": f"{value} = 0", "real": f"({value}) / 10.0", "text": f"'v' || ({value})",
                "skewed": f"CASE WHEN i % 50 = 0 THEN 's' || ({value}) ELSE 'usual' END",
                "date": f"date('2020-01-01', '+' || ({value}) || ' days')",
                "nullable": f"CASE WHEN i % 10 = 0 THEN {value} END"}[self.kind]

    factor = 7919

    def value(self, rng):
        number = rng.randrange(self.distinct)
        return {"int": f"{number}", "flag": f"{rng.randrange(2)}", "real": f"{number / 10}", "text": f"'v{number}'",
                "skewed": rng.choice(["'usual'", f"'s{number}'"]), "nullable": f"{number}",
                "date": f"date('2020-01-01', '+{number} days')"}[self.kind]


class Table:
    def __init__(self, name, columns, rows):
        self.name, self.columns, self.rows = name, columns, rows

    def create(self):
        columns = ", ".join(f"{column.name} {column.type()}" for column in self.columns)
        return f"CREATE TABLE {self.name}(id INTEGER PRIMARY KEY, {columns}, pad TEXT)"

    def fill(self):
        values = ", ".join(column.expression() for column in self.columns)
        return (f"WITH RECURSIVE s(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM s WHERE i < {self.rows}) INSERT INTO "
                f"{self.name} SELECT i, {values}, substr('{'y' * 60}', 1, i % 60) FROM s")


def make_table(rng, name, rows=ROWS, parent=None):
    kinds = ["int", "int", "text", "real", "skewed", "date", "nullable", "flag"]
    columns = []
    for position in range(rng.randint(4, 6)):
        kind = rng.choice(kinds)
        distinct = 2 if kind == "flag" else rng.choice([5, 30, 200, 1000, 7000])
        column = Column(f"{name[0]}{position}", kind, distinct)
        column.factor = rng.choice([1, 13, 7919, 104729])
        columns.append(column)
    if parent:
        reference = Column(f"{parent.name}_id", "int", parent.rows)
        reference.factor = 7919
        columns.append(reference)
    return Table(name, columns, rows)


def condition(rng, column, alias=""):
    name = alias + column.name
    if column.kind == "nullable" and rng.random() < 0.4:
        return f"{name} IS {rng.choice(['NULL', 'NOT NULL'])}"
    form = rng.choices(["=", "range", "in", "between", "expression", "<>"], [55, 18, 8, 8, 8, 3])[0]
    if column.kind in ("flag", "skewed"):
        form = "="
    if form == "range":
        return f"{name} {rng.choice(['<', '>', '<=', '>='])} {column.value(rng)}"
    if form == "in":
        return f"{name} IN ({', '.join(column.value(rng) for _ in range(3))})"
    if form == "between" and column.kind in ("int", "nullable"):
        low = rng.randrange(column.distinct)
        return f"{name} BETWEEN {low} AND {low + max(1, column.distinct // 20)}"
    if form == "expression" and column.kind == "date":
        return f"substr({name}, 1, 7) = '2020-0{rng.randint(1, 9)}'"
    if form == "expression" and column.kind == "text":
        return f"upper({name}) = upper({column.value(rng)})"
    return f"{name} {'<>' if form == '<>' else '='} {column.value(rng)}"


def single(rng, table):
    columns = rng.sample(table.columns, rng.randint(1, min(3, len(table.columns))))
    where = " AND ".join(condition(rng, column) for column in columns)
    if len(columns) == 2 and rng.random() < 0.08:
        where = where.replace(" AND ", " OR ", 1) if "BETWEEN" not in where else where
    other = rng.choice(table.columns).name
    form = rng.choices(["columns", "all", "count", "sum", "order", "group", "distinct", "max"],
                       [18, 14, 12, 12, 20, 10, 7, 7])[0]
    tail = f" FROM {table.name} WHERE {where}"
    direction = rng.choice(["", " DESC"])
    return {"columns": f"SELECT id, {other}{tail}", "all": f"SELECT *{tail}", "count": f"SELECT count(*){tail}",
            "sum": f"SELECT sum({other}){tail}", "max": f"SELECT max({other}){tail}",
            "order": f"SELECT id, pad{tail} ORDER BY {other}{direction} LIMIT 10",
            "group": f"SELECT {other}, count(*){tail} GROUP BY {other}",
            "distinct": f"SELECT DISTINCT {other}{tail}"}[form]


def join(rng, parent, child):
    where = []
    for table, alias in ((parent, "a."), (child, "b.")):
        if rng.random() < 0.75:
            where.append(condition(rng, rng.choice(table.columns[:-1]), alias))
    if not where:
        where.append(condition(rng, parent.columns[0], "a."))
    wanted = rng.choice(["count(*)", "a.id, b.id", f"sum(b.{child.columns[0].name})"])
    return (f"SELECT {wanted} FROM {parent.name} a JOIN {child.name} b ON b.{parent.name}_id = a.id "
            f"WHERE {' AND '.join(where)}")


def make_database(seed, statements=15):
    """(tables, statements): three of four statements read one table, the others join two."""
    rng = random.Random(seed)
    parent = make_table(rng, "alpha", ROWS // 4)
    child = make_table(rng, "beta", ROWS, parent)
    tables = [parent, child]
    texts = []
    while len(texts) < statements:
        text = single(rng, rng.choice(tables)) if rng.random() < 0.75 else join(rng, parent, child)
        if text not in texts:
            texts.append(text)
    return tables, texts
