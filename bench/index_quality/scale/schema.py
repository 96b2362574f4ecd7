"""Many small tables of one pattern, and any number of distinct statements over them."""
import dataclasses
import random

SCHEMA = 'bench_scale'

# Name, type, value of row i (of rows), number of distinct values as far as conditions need one.
COLUMNS = (
    ('parent', 'int', '1 + (i * 7919) % {rows}', 'int'),
    ('owner', 'int', '(i * 104729) % ({rows} / 20)', 'int'),
    ('kind', 'int', '((i * 31) % 12)::int', 'int'),
    ('status', 'text', "(ARRAY['open', 'paid', 'sent', 'done'])[1 + (i % 17)::int / 5]", 'status'),
    ('created', 'timestamptz', "timestamptz '2026-01-01' + i * interval '37 minutes'", 'time'),
    ('amount', 'numeric(10, 2)', '((i * 7907) % 90001) / 100.0', 'number'),
    ('code', 'text', "'c' || (i * 15485863) % ({rows} / 3)", 'code'),
    ('note', 'text', "repeat('n', 40)", None),
)
CONDITIONS = {
    'int': ('{column} = {integer}', '{column} IN ({integer}, {integer} + 1)'),
    'status': ("{column} = 'open'", "{column} = 'sent'"),
    'time': ("{column} >= timestamptz '2026-02-01' AND {column} < timestamptz '2026-02-02'",
             "{column} > timestamptz '2026-02-10'"),
    'number': ('{column} > 890', '{column} BETWEEN 10 AND 12'),
    'code': ("{column} = 'c{integer}'",),
}
KINDS = {name: kind for name, _, _, kind in COLUMNS if kind}


@dataclasses.dataclass(frozen=True)
class Statement:
    text: str
    weight: float


def load(session, tables, rows):
    """One column list for all; a table's parent is the table before it."""
    items = ', '.join(f'({value.format(rows=rows)})::{kind} AS {name}' for name, kind, value, _ in COLUMNS)
    for number in range(tables):
        session.run(f'CREATE TABLE t{number} AS SELECT i::int AS id, {items}'
                    f' FROM generate_series(1::bigint, {rows}) AS i')
        session.run(f'ALTER TABLE t{number} ADD PRIMARY KEY (id)')
        session.run(f'ANALYZE t{number}')


def drop(session):
    """Table by table: one transaction could not hold the locks of a thousand."""
    for (name,) in session.rows('SELECT oid::regclass::text FROM pg_class WHERE relkind = %s AND'
                                ' relnamespace = %s::regnamespace', ('r', SCHEMA)):
        session.run(f'DROP TABLE {name}')
    session.run(f'DROP SCHEMA {SCHEMA}')


def statements(seed, count, tables):
    """Distinct in what they ask, not only in their constants; weights fall as those of real workloads do."""
    rng = random.Random(f'scale {seed} {count} {tables}')
    found = {}
    while len(found) < count:
        shape, text = one_statement(rng, rng.randrange(tables), tables)
        found.setdefault(shape, text)
    ranks = list(range(1, count + 1))
    rng.shuffle(ranks)
    return [Statement(text, round(10000.0 / rank, 3)) for text, rank in zip(found.values(), ranks, strict=True)]


def one_statement(rng, table, tables):
    conditions, shape = [], [table]
    for column in rng.sample(sorted(KINDS), rng.choice((1, 1, 2, 2, 3))):
        form = rng.choice(CONDITIONS[KINDS[column]])
        conditions.append(form.format(column=f'a.{column}', integer=rng.randrange(3, 90)))
        shape.append((column, form))
    source = f't{table} AS a'
    joined = rng.random() < 0.35
    if joined:
        source += f' JOIN t{(table + 1) % tables} AS b ON b.parent = a.id'
        shape.append('join')
    wanted = rng.choice((('*',), ('id', 'amount'), ('count',), ('order',), ('group',)))
    shape.append(wanted)
    where = ' AND '.join(conditions)
    if wanted == ('count',):
        text = f'SELECT count(*) FROM {source} WHERE {where}'
    elif wanted == ('order',):
        key = rng.choice(('created', 'amount', 'id'))
        shape.append(key)
        text = f'SELECT a.* FROM {source} WHERE {where} ORDER BY a.{key} DESC LIMIT 10'
    elif wanted == ('group',):
        key = rng.choice(('owner', 'kind', 'status'))
        shape.append(key)
        text = f'SELECT a.{key}, sum(a.amount) FROM {source} WHERE {where} GROUP BY a.{key}'
    else:
        text = f'SELECT {", ".join(f"a.{column}" for column in wanted)} FROM {source} WHERE {where}'
    return tuple(sorted(map(str, shape))), text
