"""Cases of the kinds beside b-trees: tables with documents, arrays, words, ranges, and rows in order; queries on them."""
import dataclasses
import random

from case import Case

METHODS = ('hash', 'brin', 'gin', 'gist', 'spgist')


@dataclasses.dataclass
class Table:
    """How the values are distributed is drawn per table, so that no size model fits by chance."""
    name: str
    rows: int
    words: int          # different words
    skew: float         # of words and tags: 1 is even
    length: int         # words in a document, keys in an array
    users: int
    tags: int
    width: int          # of the filler, so that rows per page differ


def plan_tables(seed, max_rows):
    rng = random.Random(f'kinds {seed}')
    sizes, size = [], max_rows
    while size >= 1e4 and len(sizes) < 4:
        sizes.append(int(size * rng.uniform(0.7, 1)))
        size /= 4
    return [Table(f'k{number}', rows, words=rng.choice((500, 5000, 30000)), skew=rng.choice((1, 2, 4)),
                  length=rng.choice((3, 8, 20)), users=rng.choice((100, 5000, rows)),
                  tags=rng.choice((50, 1000, 20000)), width=rng.choice((0, 60, 250)))
            for number, rows in enumerate(sizes, 1)]


def load(server, table, seed):
    drawn = f'floor({table.words} * random() ^ {table.skew} + 0 * (i + n))::int'
    tag = f'floor({table.tags} * random() ^ {table.skew} + 0 * (i + n))::int'
    server.run(f"SELECT setseed({(seed * 37 + table.rows) % 1000 / 1000.0})")
    server.run(f"""CREATE UNLOGGED TABLE {table.name} WITH (autovacuum_enabled = off) AS
        SELECT n AS id, (n / 40)::int AS batch, '2024-01-01'::timestamptz + n * interval '7 s' AS at,
            n + floor(random() * {table.rows} / 60)::int AS nearly, floor(random() * {table.rows})::int AS anywhere,
            floor({table.users} * random() ^ {table.skew})::int AS owner, md5(n::text) AS token,
            md5(floor({table.users} * random())::text) AS owner_token,
            CASE WHEN random() < 0.3 THEN floor(random() * 1e6)::int END AS sparse, floor(random() * 12)::int AS few,
            'customer ' || floor({table.users} * random())::int || ' of ' || (n % 97) AS name,
            ARRAY(SELECT {tag} FROM generate_series(1, 1 + floor(random() * {table.length})::int) AS i) AS tags,
            jsonb_build_object('user', floor({table.users} * random())::int, 'kind', floor(random() * 5)::int,
                'on', '2024-01-01'::date + (n % 400)::int, 'tags', jsonb_build_array(n % 7, floor(random() * 300)::int)) AS doc,
            (SELECT string_agg(substr(md5(w::text), 1, 3 + w % 7), ' ')
             FROM (SELECT {drawn} AS w FROM generate_series(1, {table.length} + 2) AS i) AS drawn) AS body,
            int4range(p, p + floor(random() * 300)::int) AS span,
            tstzrange('2024-01-01'::timestamptz + n * interval '50 s', '2024-01-01'::timestamptz + n * interval '50 s' + random() * interval '9 h') AS during,
            ('10.' || n % 250 || '.' || floor(random() * 250)::int || '.0/24')::inet AS net,
            point(random() * 1000, random() ^ {table.skew} * 1000) AS place, repeat('.', {table.width}) AS filler
        FROM (SELECT n, floor(random() * 100000)::int AS p FROM generate_series(1, {table.rows}) AS n) AS numbers""")
    server.run(f"ALTER TABLE {table.name} ADD words tsvector GENERATED ALWAYS AS (to_tsvector('simple', body)) STORED")
    server.run(f'VACUUM ANALYZE {table.name}')


def generate(seed, tables, count):
    kinds = []
    rng = random.Random(f'kind cases {seed}')
    while len(kinds) < count:
        deck = list(KINDS)
        rng.shuffle(deck)
        kinds += deck
    return [make(random.Random(f'kind case {seed} {number}'), tables, number, kind)
            for number, kind in enumerate(kinds[:count], 1001)]


def make(rng, tables, number, kind):
    table = rng.choice(tables)
    condition, index, partial, selected = kind(rng, table)
    if partial and rng.random() < 0.15:
        condition, index = f'{condition} AND few = 3', f'{index} WHERE few = 3'
    query = f'SELECT {selected} FROM {table.name} WHERE {condition}'
    if selected.startswith('ORDER'):
        query = f'SELECT * FROM {table.name} {selected}'
    name = 'bench_new_1'
    method = index.split()[0]
    return Case(number, kind.__name__, query, [f'CREATE INDEX {name} ON {table.name} USING {index}'], [name], [],
                tables=[table.name], rows=table.rows, method=method,
                settings={'max_parallel_workers_per_gather': rng.choice((0, 2)),
                          **({'random_page_cost': 1.1} if rng.random() < 0.3 else {})})


def word(rng, table):
    """The expression with which the loader made it, so that it may be there or not."""
    number = int(table.words * rng.random() ** table.skew)
    return f"substr(md5('{number}'), 1, {3 + number % 7})"


# Each gives the condition, the index after USING, whether it may be partial, and what is selected.

def hash_token(rng, table):
    return f"token = md5('{rng.randrange(1, table.rows)}')", 'hash (token)', True, '*'


def hash_repeated(rng, table):
    column = rng.choice(('owner', 'batch', 'few'))
    return f'{column} = {rng.randrange(0, 12)}', f'hash ({column})', True, '*'


def hash_text(rng, table):
    return f"owner_token = md5('{rng.randrange(0, table.users)}')", 'hash (owner_token)', True, 'id'


def hash_nulls(rng, table):
    return f'sparse = {rng.randrange(1, 1000000)}', 'hash (sparse)', False, '*'


def brin_time(rng, table):
    start = rng.randrange(0, table.rows)
    pages = rng.choice(('', '', ' WITH (pages_per_range = 16)', ' WITH (pages_per_range = 4)'))
    return (f"at BETWEEN '2024-01-01'::timestamptz + {start} * interval '7 s'"
            f" AND '2024-01-01'::timestamptz + {start + int(table.rows * rng.choice((0.001, 0.01, 0.1)))} * interval '7 s'",
            'brin (at)' + pages, False, '*')


def brin_number(rng, table):
    column = rng.choice(('id', 'nearly', 'nearly', 'anywhere'))
    start = rng.randrange(0, table.rows)
    return (f'{column} BETWEEN {start} AND {start + rng.choice((10, 1000))}',
            f'brin ({column})' + rng.choice(('', ' WITH (pages_per_range = 8)')), False, '*')


def brin_two(rng, table):
    return f'batch = {rng.randrange(0, table.rows // 40)}', 'brin (batch, at) WITH (pages_per_range = 32)', False, '*'


def brin_text(rng, table):
    return f"token = '{rng.randrange(10 ** 9)}'", 'brin (token, id) WITH (pages_per_range = 2)', False, '*'


def gin_array(rng, table):
    tag = int(table.tags * rng.random() ** table.skew)
    operator = rng.choice((f"@> '{{{tag}}}'", f"@> '{{{tag},{tag // 2}}}'", f"&& '{{{tag},{tag // 3}}}'"))
    return f'tags {operator}', 'gin (tags)', True, '*'


def gin_json(rng, table):
    user = rng.randrange(0, table.users)
    condition = rng.choice((f"""doc @> '{{"user": {user}}}'""", "doc ? 'absent'", f"""doc @> '{{"tags": [{user % 300}], "kind": 2}}'"""))
    opclass = ' jsonb_path_ops' if '@>' in condition and rng.random() < 0.5 else ''
    return condition, f'gin (doc{opclass})', True, '*'


def gin_words(rng, table):
    one, other = word(rng, table), word(rng, table)
    condition = rng.choice((f"words @@ {one}::tsquery", f"words @@ ({one} || ' & ' || {other})::tsquery",
                            f"words @@ ({one} || ':*')::tsquery"))
    return condition, 'gin (words)', True, '*'


def gin_trigram(rng, table):
    column = rng.choice(('body', 'name', 'token'))
    part = f'{rng.randrange(16 ** 4):04x}'
    condition = rng.choice((f"{column} LIKE '%{part}%'", f"{column} ILIKE '%{part.upper()}%'", f"{column} ~ '{part}'"))
    return condition, f'gin ({column} public.gin_trgm_ops)', True, '*'


def gin_two(rng, table):
    tag = int(table.tags * rng.random() ** table.skew)
    return f"""tags @> '{{{tag}}}' AND doc @> '{{"kind": 2}}'""", 'gin (doc, tags)', False, '*'


def gist_range(rng, table):
    start = rng.randrange(0, 100000)
    condition = rng.choice((f"span && '[{start},{start + 20})'", f'span @> {start}'))
    return condition, rng.choice(('gist (span)', 'gist (span) INCLUDE (id)')), True, rng.choice(('*', 'span'))


def gist_time(rng, table):
    return (f"during @> '2024-01-01'::timestamptz + {rng.randrange(0, table.rows)} * interval '50 s'",
            'gist (during)', True, '*')


def gist_net(rng, table):
    return f"net <<= '10.{rng.randrange(250)}.0.0/16'", 'gist (net inet_ops)', True, '*'


def gist_nearest(rng, table):
    return ('', 'gist (place)', False, f"ORDER BY place <-> '({rng.randrange(1000)},{rng.randrange(1000)})' LIMIT 10")


def gist_words(rng, table):
    return f'words @@ {word(rng, table)}::tsquery', 'gist (words)', False, '*'


def gist_trigram(rng, table):
    column = rng.choice(('name', 'token'))
    return f"{column} LIKE '%{rng.randrange(16 ** 4):04x}%'", f'gist ({column} public.gist_trgm_ops)', False, '*'


def spgist_range(rng, table):
    start = rng.randrange(0, 100000)
    return f"span && '[{start},{start + 20})'", 'spgist (span)', True, rng.choice(('*', 'span'))


def spgist_net(rng, table):
    return f"net <<= '10.{rng.randrange(250)}.{rng.randrange(250)}.0/24'", 'spgist (net)', True, '*'


def spgist_point(rng, table):
    x, y = rng.randrange(1000), rng.randrange(1000)
    return f"place <@ box '(({x},{y}),({x + 20},{y + 20}))'", 'spgist (place)', True, '*'


def spgist_text(rng, table):
    column = rng.choice(('name', 'token'))
    prefix = f'customer {rng.randrange(10, 99)}' if column == 'name' else f'{rng.randrange(16 ** 3):03x}'
    return f"{column} ^@ '{prefix}'", f'spgist ({column})', False, '*'


KINDS = (hash_token, hash_repeated, hash_text, hash_nulls, brin_time, brin_number, brin_two, brin_text, gin_array,
         gin_json, gin_words, gin_trigram, gin_two, gist_range, gist_time, gist_net, gist_nearest, gist_words,
         gist_trigram, spgist_range, spgist_net, spgist_point, spgist_text)
