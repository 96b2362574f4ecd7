"""The planted advice: tables, statements before and after, the index that is built, and what it deserves. A seed draws
sizes, skew, widths and how often each statement runs. Each statement carries a word of its own, by which its record is
found; constants are drawn anew for each execution."""
from dataclasses import dataclass, field


@dataclass
class Statement:
    name: str                   # a word in its text
    draw: object                # of the random numbers: an execution
    often: int                  # executions in a round
    later: object = None        # drawn by this after the change, if other things are asked for then


@dataclass
class Shape:
    name: str
    deserves: tuple             # the statuses that are right
    data: list                  # statements that make it
    statements: list
    index: str                  # what is advised …
    built: str                  # … and what is built
    meant: list                 # names of statements that the advice was for
    named: list = field(default_factory=list)   # names that a regression has to tell: one of them


GOOD, HARMFUL, NEUTRAL = ('verified',), ('regressed',), ('applied',)
# Of other tables, so that what happened to the whole server can be told.
ASIDE = ['CREATE TABLE aside (id int PRIMARY KEY, a int, b text)',
         "INSERT INTO aside SELECT i, i % 100, repeat('b', 40) FROM generate_series(1, 5000) AS i",
         'CREATE TABLE elsewhere (id int PRIMARY KEY, n int)',
         'INSERT INTO elsewhere SELECT i, 0 FROM generate_series(1, 2000) AS i']
CONTROLS = [
    Statement('aside_by_id', lambda r: f'SELECT b AS aside_by_id FROM aside WHERE id = {r.randint(1, 5000)}', 20),
    Statement('aside_counted', lambda r: f'SELECT count(*) AS aside_counted FROM aside WHERE a = {r.randint(0, 99)}', 5),
    Statement('aside_summed', lambda r: f'SELECT sum(a) AS aside_summed FROM aside WHERE id < {r.randint(1000, 1200)}', 10),
    Statement('elsewhere_up', lambda r: f'UPDATE elsewhere AS elsewhere_up SET n = n + 1 WHERE id = {r.randint(1, 2000)}', 10),
]


def orders(r):
    rows, customers, width = r.randint(20000, 60000), r.randint(500, 5000), r.randint(20, 200)
    return rows, customers, [
        'CREATE TABLE orders (id int PRIMARY KEY, customer int, state int, placed int, seen int, note text)',
        f"INSERT INTO orders SELECT i, (i::bigint * 7919) % {customers}, i % 5, (i::bigint * 104729) % {rows}, 0, "
        f"repeat('n', {width}) FROM generate_series(1, {rows}) AS i"]


def of_customer(customers, often):
    return Statement('of_customer', lambda r: 'SELECT count(*) AS of_customer FROM orders '
                     f'WHERE customer = {r.randint(0, customers - 1)}', often)


def new_order(rows, customers, often):
    return Statement('new_order', lambda r: 'INSERT INTO orders AS new_order SELECT coalesce(max(id), 0) + 1, '
                     f'{r.randint(0, customers - 1)}, {r.randint(0, 4)}, {r.randint(1, rows)}, 0, '
                     "repeat('n', 60) FROM orders", often)


def note_changed(rows, often):
    return Statement('note_changed', lambda r: f"UPDATE orders AS note_changed SET note = 'changed' WHERE id = {r.randint(1, rows)}",
                     often)


def good_filter(r):
    rows, customers, data = orders(r)
    return Shape('good: filter', GOOD, data, [of_customer(customers, r.randint(1, 6)), note_changed(rows, 3)],
                 'CREATE INDEX ON public.orders (customer)', 'CREATE INDEX by_customer ON orders (customer)', ['of_customer'])


def good_wider(r):
    rows, customers, data = orders(r)
    return Shape('good: built wider, under another name', GOOD, data, [of_customer(customers, 3)],
                 'CREATE INDEX ON public.orders (customer)',
                 'CREATE INDEX "My Own" ON orders (customer DESC, placed) INCLUDE (state)', ['of_customer'])


def good_although_written(r):
    rows, customers, data = orders(r)
    return Shape('good: although writes pay', GOOD, data,
                 [of_customer(customers, 2), new_order(rows, customers, r.randint(10, 40))],
                 'CREATE INDEX ON public.orders (customer)', 'CREATE INDEX by_customer ON orders (customer)', ['of_customer'])


def good_sort(r):
    rows, _, data = orders(r)
    latest = Statement('latest', lambda r: f'SELECT id AS latest FROM orders WHERE state = {r.randint(0, 4)} ORDER BY placed DESC LIMIT 5',
                       r.randint(2, 5))
    return Shape('good: order', GOOD, data, [latest, note_changed(rows, 2)], 'CREATE INDEX ON public.orders (state, placed)',
                 'CREATE INDEX by_state ON orders (state, placed)', ['latest'])


def good_join(r):
    rows, customers, data = orders(r)
    data = data + ['CREATE TABLE customers (id int PRIMARY KEY, town int)',
                   f'INSERT INTO customers SELECT i, i % 400 FROM generate_series(0, {customers - 1}) AS i']
    of_town = Statement('of_town', lambda r: 'SELECT sum(o.placed) AS of_town FROM customers AS c JOIN orders AS o ON o.customer = c.id '
                        f'WHERE c.id = {r.randint(0, customers - 1)}', 3)
    return Shape('good: join', GOOD, data, [of_town, note_changed(rows, 2)], 'CREATE INDEX ON public.orders (customer)',
                 'CREATE INDEX by_customer ON orders (customer)', ['of_town'])


def good_expression(r):
    rows, _, data = orders(r)
    by_half = Statement('by_half', lambda r: f'SELECT count(*) AS by_half FROM orders WHERE abs(placed / 2) = {r.randint(1, rows // 2)}', 3)
    return Shape('good: partial, on an expression', GOOD, data, [by_half],
                 'CREATE INDEX ON public.orders (abs(placed / 2)) WHERE (placed > 0)'.replace(' WHERE (placed > 0)', ''),
                 'CREATE INDEX by_half ON orders (abs(placed / 2))', ['by_half'])


def good_partitioned(r):
    rows, customers, data = orders(r)
    data = ['CREATE TABLE orders (id int, customer int, state int, placed int, seen int, note text) PARTITION BY RANGE (id)',
            f'CREATE TABLE orders_1 PARTITION OF orders FOR VALUES FROM (0) TO ({rows // 2})',
            f'CREATE TABLE orders_2 PARTITION OF orders FOR VALUES FROM ({rows // 2}) TO ({10 * rows})', data[1]]
    return Shape('good: partitioned', GOOD, data, [of_customer(customers, 3)], 'CREATE INDEX ON public.orders (customer)',
                 'CREATE INDEX by_customer ON orders (customer)', ['of_customer'])


def hurts_another(r):
    """The rows that the one wants lie at the end of the order that the index offers to the other."""
    rows = r.randint(40000, 90000)
    share = r.choice([0.97, 0.98, 0.99])
    data = ['CREATE TABLE events (id int, kind int, created int, note text)',
            f"INSERT INTO events SELECT i, CASE WHEN i > {rows * share} THEN 2 ELSE 1 END, i, repeat('x', {r.randint(20, 120)}) "
            f'FROM generate_series(1, {rows}) AS i ORDER BY hashint4(i)',
            'CREATE INDEX events_kind ON events (kind)']
    often = r.randint(4, 8)
    first = Statement('first_of_all', lambda r: f'SELECT id AS first_of_all FROM events ORDER BY created LIMIT {r.randint(1, 3)}', 1)
    rare = Statement('first_rare', lambda r: f'SELECT note AS first_rare FROM events WHERE kind = 2 AND id > {r.randint(1, 9)} '
                     'ORDER BY created LIMIT 5', often)
    return Shape('harmful: helps one, hurts another', HARMFUL, data, [first, rare], 'CREATE INDEX ON public.events (created)',
                 'CREATE INDEX by_created ON events (created)', ['first_of_all'], ['first_rare'])


def hurts_join(r):
    """Conditions that say the same: the planner expects few rows and looks each of many up."""
    rows, values = r.randint(30000, 60000), r.choice([3, 4, 5])
    same = ', '.join([f'i % {values}'] * 6)
    data = ['CREATE TABLE parcels (id int PRIMARY KEY, a int, b int, c int, d int, e int, f int)',
            f'INSERT INTO parcels SELECT i, {same} FROM generate_series(1, {rows}) AS i',
            'CREATE TABLE items (parcel int, price int, note text)',
            f"INSERT INTO items SELECT (i::bigint * 7919) % {rows} + 1, i % 100, repeat('x', 120) FROM generate_series(1, 2 * {rows}) AS i"]
    where = ' AND '.join(f'p.{column} = {{0}}' for column in 'abcdef')
    joined = Statement('joined_all', lambda r: 'SELECT sum(i.price) AS joined_all FROM parcels AS p JOIN items AS i ON i.parcel = p.id WHERE '
                       + where.format(r.randint(0, values - 1)), 6)
    single = Statement('of_parcel', lambda r: f'SELECT sum(price) AS of_parcel FROM items WHERE parcel = {r.randint(1, rows)} AND price = 200', 1)
    return Shape('harmful: a join falls for it', HARMFUL, data, [joined, single], 'CREATE INDEX ON public.items (parcel)',
                 'CREATE INDEX by_parcel ON items (parcel)', ['of_parcel'], ['joined_all'])


def hot_column(r):
    rows = r.randint(3000, 8000)
    data = [f'CREATE TABLE devices (id int PRIMARY KEY, seen bigint, state text) WITH (fillfactor = {r.choice([50, 70])})',
            f"INSERT INTO devices SELECT i, i, repeat('s', {r.randint(10, 60)}) FROM generate_series(1, {rows}) AS i"]
    touch = Statement('touch', lambda r: f'UPDATE devices AS touch SET seen = {r.randint(1, 10**9)} WHERE id = {r.randint(1, rows)}', 150)
    half = Statement('seen_late', lambda r: f'SELECT count(*) AS seen_late FROM devices WHERE seen > {r.randint(1, 1000)}', 1)
    return Shape('harmful: on a hot column', HARMFUL, data, [touch, half], 'CREATE INDEX ON public.devices (seen)',
                 'CREATE INDEX by_seen ON devices (seen)', ['seen_late'], ['touch'])


def useless(r):
    rows, customers, data = orders(r)
    data = data + ['CREATE INDEX known_customer ON orders (customer)']
    by_state = Statement('by_state', lambda r: f'SELECT sum(placed) AS by_state FROM orders WHERE state >= {r.randint(0, 1)}', 2)
    return Shape('harmful: useless, and written', HARMFUL, data, [by_state, of_customer(customers, 5), new_order(rows, customers, 40)],
                 'CREATE INDEX ON public.orders (state)', 'CREATE INDEX by_state_2 ON orders (state)', ['by_state'],
                 ['new_order', 'by_state'])


def wide_useless(r):
    rows, customers, data = orders(r)
    data = data + ['CREATE INDEX known_customer ON orders (customer)']
    return Shape('harmful: a wide one beside one that does', HARMFUL, data, [of_customer(customers, 5), new_order(rows, customers, 60)],
                 'CREATE INDEX ON public.orders (customer, state, placed) INCLUDE (note)',
                 'CREATE INDEX wide ON orders (customer, state, placed) INCLUDE (note)', ['of_customer'], ['new_order', 'of_customer'])


def unused_unwritten(r):
    rows, customers, data = orders(r)
    by_state = Statement('by_state', lambda r: f'SELECT sum(placed) AS by_state FROM orders WHERE state >= {r.randint(0, 1)}', 3)
    return Shape('neither: useless, and not written', NEUTRAL, data, [by_state], 'CREATE INDEX ON public.orders (state)',
                 'CREATE INDEX by_state_2 ON orders (state)', ['by_state'])


def good_and_touched(r):
    """HOT updates of other columns stay HOT."""
    rows, customers, data = orders(r)
    return Shape('good: updates do not meet it', GOOD, data, [of_customer(customers, 2), note_changed(rows, 80)],
                 'CREATE INDEX ON public.orders (customer)', 'CREATE INDEX by_customer ON orders (customer)', ['of_customer'])


def good_but_asked_for_more(r):
    """After the change each execution has to do with some twenty times the rows: it may be found no better, never worse."""
    rows = r.randint(40000, 80000)
    _, _, data = orders(r)
    data = [data[0], 'INSERT INTO orders SELECT i, CASE WHEN i % 2 = 0 THEN i % 2000 ELSE 2000 + i % 100 END, 0, i, 0, '
            f"repeat('n', 60) FROM generate_series(1, {rows}) AS i"]

    def drawn(low, high):
        return lambda r: f'SELECT sum(placed) AS heavier FROM orders WHERE customer = {r.randint(low, high)}'
    return Shape('good or open: asked for more since', ('verified', 'applied'), data, [Statement('heavier', drawn(0, 1999), 6, drawn(2000, 2099))],
                 'CREATE INDEX ON public.orders (customer)', 'CREATE INDEX by_customer ON orders (customer)', ['heavier'])


def good_though_hot(r):
    """Updates lose more than half of their speed, and the reads gain more than that."""
    rows = r.randint(20000, 40000)
    data = ['CREATE TABLE devices (id int PRIMARY KEY, seen bigint, state text) WITH (fillfactor = 70)',
            f"INSERT INTO devices SELECT i, i, repeat('s', {r.randint(10, 60)}) FROM generate_series(1, {rows}) AS i"]
    touch = Statement('touch', lambda r: f'UPDATE devices AS touch SET seen = {r.randint(1, 10**9)} WHERE id = {r.randint(1, rows)}', 30)
    last = Statement('seen_last', lambda r: 'SELECT id AS seen_last FROM devices ORDER BY seen DESC LIMIT 1', r.randint(3, 6))
    return Shape('good: although on a hot column', GOOD, data, [touch, last], 'CREATE INDEX ON public.devices (seen)',
                 'CREATE INDEX by_seen ON devices (seen)', ['seen_last'])


def good_while_growing(r):
    """The table grows by half in the second half."""
    rows, customers, data = orders(r)
    batch = max(rows // 60, 1)

    def grown(r):
        return (f"INSERT INTO orders AS imported SELECT (SELECT max(id) FROM orders) + n, (n * 31) % {customers}, 1, n, 0, 'new' "
                f'FROM generate_series(1, {batch}) AS n')
    imported = Statement('imported', grown, 1, grown)
    return Shape('good: while the table grows', GOOD, data, [of_customer(customers, 4), imported],
                 'CREATE INDEX ON public.orders (customer)', 'CREATE INDEX by_customer ON orders (customer)', ['of_customer'])


def inverted_and_written(r):
    """An inverted index that nothing asks, on rows with many entries."""
    rows, words = r.randint(2000, 5000), r.randint(30, 80)
    array = f'ARRAY(SELECT (random() * 100000)::int FROM generate_series(1, {words}))'
    data = ['CREATE TABLE documents (id int PRIMARY KEY, words int[])',
            f'INSERT INTO documents SELECT i, {array} FROM generate_series(1, {rows}) AS i']
    written = Statement('written', lambda r: f'INSERT INTO documents AS written SELECT coalesce(max(id), 0) + 1, {array} FROM documents', 40)
    read = Statement('by_length', lambda r: f'SELECT count(*) AS by_length FROM documents WHERE cardinality(words) > {r.randint(0, 5)}', 1)
    return Shape('harmful: inverted, not asked', HARMFUL, data, [written, read], 'CREATE INDEX ON public.documents USING gin (words)',
                 'CREATE INDEX by_words ON documents USING gin (words) WITH (fastupdate = off)', ['by_length'], ['written', 'by_length'])


SHAPES = [good_filter, good_wider, good_although_written, good_and_touched, good_sort, good_join, good_expression, good_partitioned,
          hurts_another, hurts_join, hot_column, useless, wide_useless, unused_unwritten,
          good_but_asked_for_more, good_though_hot, good_while_growing, inverted_and_written]
