"""Generated tables: which columns each has, loading them, and the constants that queries on them may use."""
import dataclasses
import math
import random

from columns import IDENTITY, POOL, reference_to

SCHEMA = 'bench_what_if'
PRIME = 2654435761
SAMPLE_ROWS = 2000


@dataclasses.dataclass
class Table:
    name: str
    rows: int
    columns: list
    parents: dict                       # column name -> parent Table
    primary_key: bool
    secondary: list                     # names of columns with an ordinary index from the start
    samples: dict = dataclasses.field(default_factory=dict)
    inner: dict = dataclasses.field(default_factory=dict)    # sorted values between the outermost bins
    outer: dict = dataclasses.field(default_factory=dict)    # (smallest, largest) value of the sample

    def column(self, name):
        return next(column for column in self.columns if column.name == name)

    def secondary_index(self, column):
        return f'{self.name}_{column}_idx'


def plan_tables(seed, max_rows):
    """Table sizes fall from max_rows to 1e4 in steps; each table refers to smaller ones only."""
    rng = random.Random(f'tables {seed}')
    sizes = [int(max_rows)]
    size = max_rows / 3
    while size > 1.2e4:
        sizes += [int(size * rng.uniform(0.8, 1.2)), int(size * rng.uniform(0.5, 0.9))]
        size /= 3.2
    sizes = sorted((max(10000, rows) for rows in sizes + [10000, 10000]), reverse=True)
    tables = []
    for number in reversed(range(len(sizes))):      # parents before children
        tables.append(plan_table(rng, f't{number + 1}', sizes[number], tables))
    return tables[::-1]


def plan_table(rng, name, rows, smaller):
    budget = 7 if rows > 4e6 else 9 if rows > 1.5e6 else 14     # width costs loading time
    kinds = rng.sample(POOL, budget)
    must = [column for column in POOL if column.name in ('level', 'rare', 'seq')]
    kinds = must + [column for column in kinds if column not in must][:budget - len(must)]
    parents = {}
    for parent in rng.sample(smaller, min(len(smaller), 2)):
        style = rng.choice(('uniform', 'uniform', 'skewed', 'ordered'))
        column = reference_to(parent.name, parent.rows, style)
        kinds.append(column)
        parents[column.name] = parent
    rng.shuffle(kinds)
    primary_key = rng.random() < 0.7
    secondary = rng.sample([column.name for column in kinds if column.orderable], 1 if rows > 4e6 else 2)
    return Table(name, rows, [IDENTITY] + kinds, parents, primary_key, secondary)


def load(server, table, seed):
    server.run(f"SELECT setseed({math.modf(math.sin(seed * 100 + table.rows))[0]:.6f})")
    items = ', '.join(f'{column.maker.format(rows=table.rows, prime=PRIME)} AS {column.name}'
                      for column in table.columns)
    server.run(f'CREATE UNLOGGED TABLE {table.name} WITH (autovacuum_enabled = off) AS '
               f'SELECT {items} FROM generate_series(1::bigint, {table.rows}) AS i')
    if table.primary_key:
        server.run(f'ALTER TABLE {table.name} ADD PRIMARY KEY (id)')
    for column in table.secondary:
        server.run(f'CREATE INDEX {table.secondary_index(column)} ON {table.name} ({column})')
    server.run(f'VACUUM ANALYZE {table.name}')


def read_constants(server, table, seed):
    """Takes a sample of rows and, per column, those values that are off the histogram's ends."""
    percent = min(100.0, 100.0 * 1.5 * SAMPLE_ROWS / table.rows)
    server.run(f'CREATE TEMP TABLE sampled AS SELECT * FROM {table.name}'
               f' TABLESAMPLE bernoulli ({percent:.6f}) REPEATABLE ({seed})')
    for column in table.columns:
        name = column.name
        table.samples[name] = server.values(f'SELECT {name}::text FROM sampled WHERE {name} IS NOT NULL')
        if not column.orderable or column.type == 'uuid':
            continue
        condition = 'true'
        bounds = histogram_ends(server, table.name, column)
        if bounds:
            condition = f"{name} BETWEEN '{bounds[0]}' AND '{bounds[1]}'"
        table.inner[name] = server.values(
            f'SELECT {name}::text FROM sampled WHERE {name} IS NOT NULL AND {condition} ORDER BY {name}')
        table.outer[name] = server.row(f'SELECT min({name})::text, max({name})::text FROM sampled')
    server.run('DROP TABLE sampled')


def histogram_ends(server, table, column):
    """The inner borders of the first and the last bin, or None without a histogram.

    A constant outside of them makes the planner look into a real index for the column's true end.
    """
    return server.row(
        'SELECT bounds[3]::text, bounds[cardinality(bounds) - 2]::text FROM ('
        f' SELECT histogram_bounds::text::{column.type}[] AS bounds FROM pg_catalog.pg_stats'
        f" WHERE schemaname = '{SCHEMA}' AND tablename = '{table}' AND attname = '{column.name}') AS ends"
        ' WHERE cardinality(bounds) > 6')
