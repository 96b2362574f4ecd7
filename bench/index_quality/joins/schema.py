"""Twenty tables in a tree of references: three facts, their dimensions, and the dimensions' dimensions."""
import dataclasses
import random

SCHEMA = 'bench_joins'


@dataclasses.dataclass
class Column:
    name: str
    maker: str          # value of row i
    kind: str           # reference, category, date, number, flag, code
    values: int = 0     # distinct values of a category or code
    parent: str = ''    # of a reference


@dataclasses.dataclass
class Table:
    name: str
    rows: int
    columns: list

    def of_kind(self, *kinds):
        return [column for column in self.columns if column.kind in kinds]


# name: (rows, parents)
SHAPE = {
    'region': (10000, ()), 'brand': (10000, ()), 'campaign': (10000, ()), 'carrier': (10000, ()),
    'tax_rule': (10000, ()), 'channel': (12000, ()),
    'city': (20000, ('region',)), 'category': (15000, ()), 'warehouse': (20000, ('city',)),
    'supplier': (30000, ('city', 'brand')), 'product': (100000, ('category', 'brand', 'supplier')),
    'customer': (200000, ('city', 'channel')), 'address': (300000, ('customer', 'city')),
    'coupon': (50000, ('campaign',)), 'stock': (400000, ('product', 'warehouse')),
    'orders': (800000, ('customer', 'address', 'channel', 'coupon')),
    'item': (1000000, ('orders', 'product', 'tax_rule')),
    'parcel': (600000, ('orders', 'carrier', 'warehouse')),
    'review': (400000, ('product', 'customer')), 'visit': (1000000, ('customer', 'campaign', 'channel')),
}


def plan_tables(seed, scale):
    rng = random.Random(f'joins {seed}')
    sizes = {name: max(10000, int(rows * scale)) for name, (rows, _) in SHAPE.items()}
    return {name: Table(name, sizes[name], columns_of(rng, name, parents, sizes))
            for name, (_, parents) in SHAPE.items()}


def columns_of(rng, name, parents, sizes):
    """Zipf references, a category and one that follows from it, a date that grows with the row."""
    columns = []
    for parent in parents:
        exponent = rng.choice((1, 2, 3))
        columns.append(Column(f'{parent}_id', f'1 + floor({sizes[parent]} * random() ^ {exponent})::int',
                              'reference', parent=parent))
    groups = rng.choice((40, 200, 1000))
    columns.append(Column('grp', f'floor({groups} * random() ^ 2)::int', 'category', groups))
    columns.append(Column('sub', '0', 'category', groups * 5))        # set from grp below
    columns.append(Column('state', "(ARRAY['new', 'busy', 'held', 'done'])[4 - floor(4 * random() ^ 3)::int]",
                          'flag'))
    columns.append(Column('day', f"date '2024-01-01' + (i * 730.0 / {sizes[name]} + 20 * random())::int", 'date'))
    columns.append(Column('price', '(10000 * random() ^ 4)::numeric(12, 2)', 'number'))
    columns.append(Column('code', f"'c' || floor({sizes[name]} / 4 * random())::int", 'code', sizes[name] // 4))
    return columns


def load(session, tables, seed):
    for number, table in enumerate(tables.values()):
        session.run(f'SELECT setseed({(seed * 37 + number) % 1000 / 1000})')
        items = ', '.join(f'{column.maker} AS {column.name}' for column in table.columns)
        inner = f'SELECT i::int AS id, {items} FROM generate_series(1::bigint, {table.rows}) AS i'
        outer = ', '.join('grp * 5 + floor(5 * random() ^ 2)::int AS sub' if column.name == 'sub' else column.name
                          for column in table.columns)
        session.run(f'CREATE UNLOGGED TABLE {table.name} AS SELECT id, {outer} FROM ({inner}) AS made')
        session.run(f'ALTER TABLE {table.name} ADD PRIMARY KEY (id)')
        session.run(f'VACUUM ANALYZE {table.name}')
