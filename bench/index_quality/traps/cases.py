"""The traps: data that makes the planner's estimate wrong, the statement, the index that tempts, and a twin with
the same shape in which the estimate is right. Data are the same in each run; {n} is the number of rows."""
from dataclasses import dataclass, field


@dataclass
class Case:
    name: str
    why: str
    table: str                  # that the tempting index is on …
    key: str                    # … and its first column
    statement: str
    trap: list                  # data, as statements
    twin: list
    more: list = field(default_factory=list)    # statements that are run too
    prepare: str = ''           # the statement is an execution of this

    @property
    def index(self):
        return f'CREATE INDEX tempting ON {self.table} ({self.key})'


# Six columns with the same quarter of the rows each: the planner takes them as independent.
SAME = ', '.join(['i % 4'] * 6)
INDEPENDENT = ', '.join(f'i / {4 ** place} % 4' for place in range(6))
ALL_SIX = ' AND '.join(f'p.{column} = 1' for column in 'abcdef')
NOTHING = ', 1, 1, 1, 1'


def parcels(columns):
    return ['CREATE TABLE parcels (id int PRIMARY KEY, a int, b int, c int, d int, e int, f int)',
            f'INSERT INTO parcels SELECT i, {columns} FROM generate_series(1, {{n}}) AS i', 'ANALYZE parcels']


def items(key='parcel', order='(i::bigint * 7919) % {n} + 1'):
    """Two for each parcel, in another physical order."""
    return [f'CREATE TABLE items ({key} int, price int, note text)',
            f"INSERT INTO items SELECT {order}, i % 100, repeat('x', 120) FROM generate_series(1, 2 * {{n}}) AS i",
            'ANALYZE items']


JOIN = 'SELECT sum(i.price) FROM parcels AS p JOIN items AS i ON i.parcel = p.id WHERE '


def joined(name, why, statement, trap, twin, **more):
    return Case(name, why, 'items', 'parcel', statement, trap + items(), twin + items(), **more)


def function_of(number):
    return [f'CREATE FUNCTION {name}(int) RETURNS int LANGUAGE plpgsql STABLE COST 1 AS $$ BEGIN RETURN {result}; END $$'
            for name, result in (('class_of', number), ('level_of', number))]


def wanted(count):
    return ['CREATE FUNCTION wanted() RETURNS SETOF int ROWS 10 LANGUAGE sql VOLATILE AS '
            f"'SELECT i FROM generate_series(1, {count}) AS i'"]


def documents(value):
    return ['CREATE TABLE parcels (id int PRIMARY KEY, doc jsonb)',
            f"INSERT INTO parcels SELECT i, jsonb_build_object('kind', {value}, 'area', {value}) "
            'FROM generate_series(1, {n}) AS i', 'ANALYZE parcels']


def grown(rows):
    return ['CREATE TABLE parcels (id int PRIMARY KEY, state int)',
            'INSERT INTO parcels SELECT i, i % 1000 FROM generate_series(1, {n} / 2) AS i', 'ANALYZE parcels',
            f'UPDATE parcels SET state = 5000 WHERE id <= {rows}']


def chains(share):
    """Three tables; how many facts the one dimension has decides."""
    return ['CREATE TABLE dims (id int PRIMARY KEY, name text)',
            "INSERT INTO dims SELECT i, 'name ' || i FROM generate_series(1, {n} / 4) AS i",
            'CREATE TABLE facts (dim int, item int, amount int)',
            f'INSERT INTO facts SELECT CASE WHEN {share} THEN 77 ELSE i % ({{n}} / 4) + 1 END, i, i % 100 '
            'FROM generate_series(1, {n}) AS i', 'ANALYZE dims', 'ANALYZE facts']


def events(a, b, order='(i::bigint * 7919) % {n}'):
    return ['CREATE TABLE events (id int, a int, b int, created int, note text)',
            f"INSERT INTO events SELECT i, {a}, {b}, {order}, repeat('x', 60) FROM generate_series(1, {{n}}) AS i",
            'ANALYZE events']


FAR = 'CASE WHEN (i::bigint * 7919) % {n} >= {n} * 0.995 THEN 2 ELSE 1 END'
SPREAD = 'CASE WHEN i % 200 = 7 THEN 2 ELSE 1 END'

CASES = [
    joined('correlated_columns', 'four conditions that say the same',
           JOIN + ALL_SIX, parcels(SAME), parcels(INDEPENDENT)),
    joined('or_of_conditions', 'two groups of conditions that say the same',
           JOIN + f'({ALL_SIX}) OR ({ALL_SIX.replace("= 1", "= 2")})', parcels(SAME), parcels(INDEPENDENT)),
    joined('function_condition', 'functions of which nothing is known',
           JOIN + 'class_of(p.a) = 1 AND level_of(p.b) = 1',
           function_of(1) + parcels(SAME), function_of('CASE WHEN $1 = 9 THEN 1 ELSE 0 END')
           + parcels("CASE WHEN i % 20000 = 0 THEN 9 ELSE 1 END, CASE WHEN i % 20000 = 0 THEN 9 ELSE 1 END" + NOTHING)),
    joined('json_condition', 'values within a document',
           JOIN + "p.doc ->> 'kind' = '1' AND p.doc ->> 'area' = '1'", documents('i % 2'), documents('i % 20000')),
    joined('stale_statistics', 'rows came after the last ANALYZE',
           JOIN + 'p.state = 5000', grown('{n} / 3'), grown('10')),
    joined('in_subquery', 'IN with conditions that say the same',
           'SELECT sum(i.price) FROM items AS i WHERE i.parcel IN (SELECT p.id FROM parcels AS p WHERE ' + ALL_SIX + ')',
           parcels(SAME), parcels(INDEPENDENT)),
    joined('exists', 'EXISTS after conditions that say the same',
           'SELECT count(*) FROM parcels AS p WHERE ' + ALL_SIX
           + ' AND EXISTS (SELECT FROM items AS i WHERE i.parcel = p.id AND i.price <> 1)',
           parcels(SAME), parcels(INDEPENDENT)),
    joined('outer_join', 'a left join after conditions that say the same',
           'SELECT sum(i.price) FROM parcels AS p LEFT JOIN items AS i ON i.parcel = p.id WHERE ' + ALL_SIX,
           parcels(SAME), parcels(INDEPENDENT)),
    joined('generic_parameter', 'a generic plan for a value that is everywhere',
           'EXECUTE of_kind(0)', parcels('CASE WHEN i % 2 = 0 THEN 0 ELSE i END, 1' + NOTHING), parcels('i - 1, 1' + NOTHING),
           prepare='PREPARE of_kind(int) AS ' + JOIN + 'p.a = $1'),
    Case('set_returning_function', 'a function that gives more rows than it says', 'items', 'parcel',
         'SELECT sum(i.price) FROM wanted() AS w JOIN items AS i ON i.parcel = w',
         wanted('{n} / 2') + items(), wanted('10') + items()),
    Case('skewed_join', 'a join of which one value has most of the rows', 'items', 'item',
         "SELECT sum(i.price) FROM dims AS d JOIN facts AS f ON f.dim = d.id JOIN items AS i ON i.item = f.item "
         "WHERE d.name = 'name 77'",
         chains('i % 2 = 0') + items('item'), chains('i % 50000 = 0') + items('item')),
    Case('flips_another', 'good for one statement, bad for another', 'items', 'parcel', JOIN + ALL_SIX,
         parcels(SAME) + items(), parcels(INDEPENDENT) + items(),
         more=['SELECT price FROM items WHERE parcel = 4711']),
    Case('limit_without_match', 'the first rows in an order, of which there are none', 'events', 'created',
         'EXECUTE first_events(1, 1)',
         events('CASE WHEN i % 10 < 9 THEN 1 ELSE 2 END', 'CASE WHEN i % 10 > 0 THEN 1 ELSE 2 END'),
         events('CASE WHEN i % 10 < 9 THEN 1 ELSE 2 END', 'CASE WHEN i / 10 % 10 < 9 THEN 1 ELSE 2 END'),
         prepare='PREPARE first_events(int, int) AS SELECT id, note FROM events WHERE a <> $1 AND b <> $2 '
                 'ORDER BY created LIMIT 2'),
    Case('limit_far_end', 'the first rows in an order, all at its end', 'events', 'created',
         'EXECUTE first_event(1)', events(FAR, '1'), events(SPREAD, '1'),
         prepare='PREPARE first_event(int) AS SELECT id, note FROM events WHERE a <> $1 ORDER BY created LIMIT 10'),
    Case('least_of_a_few', 'the least of rows that all lie at the end', 'events', 'created',
         'EXECUTE least_of(1)', events(FAR, '1'), events(SPREAD, '1'),
         prepare='PREPARE least_of(int) AS SELECT min(created) FROM events WHERE a <> $1'),
]
