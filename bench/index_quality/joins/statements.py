"""Statements of 5 to 15 joins along declared references: chains, stars and snowflakes, drawn with a seed."""
import random


def generate(seed, tables, count, shortest=5, longest=15):
    rng = random.Random(f'join statements {seed}')
    found = {}
    while len(found) < count:
        joins = shortest + len(found) % (longest - shortest + 1)
        statement = draw(rng, tables, joins)
        if statement:
            found.setdefault(statement, None)
    return list(found)


def draw(rng, tables, joins):
    """Grows a connected graph from a fact."""
    style = rng.choice(('chain', 'star', 'snowflake'))
    aliases = [rng.choice(('item', 'orders', 'parcel', 'review', 'visit', 'stock'))]
    conditions = []
    downs = 0
    for _ in range(joins):
        steps = next_steps(rng, tables, aliases, style, downs < 2)
        if not steps:
            return None
        table, condition, down = rng.choice(steps)
        downs += down
        aliases.append(table)
        conditions.append(condition)
    conditions += filters(rng, tables, aliases)
    return text_of(rng, aliases, conditions)


def next_steps(rng, tables, aliases, style, may_descend):
    """References of a table that is there: mostly of the newest in a chain, of the first in a star. Up to two steps
    go down to a table that refers to it, or the results would be astronomical. A table may come twice."""
    places = list(range(len(aliases)))
    rng.shuffle(places)
    if style == 'chain':
        places.sort(reverse=True)
    elif style == 'star':
        places.sort()
    for twice in (False, True):
        for place in places:
            steps = [(column.parent, f'x{len(aliases)}.id = x{place}.{column.name}', False)
                     for column in tables[aliases[place]].of_kind('reference')]
            if may_descend and rng.random() < 0.3:
                steps += [(other.name, f'x{len(aliases)}.{column.name} = x{place}.id', True)
                          for other in tables.values() for column in other.of_kind('reference')
                          if column.parent == aliases[place]]
            steps = [step for step in steps if twice or step[0] not in aliases]
            if steps:
                return steps
    return []


def filters(rng, tables, aliases):
    """1 to 4 conditions, the first of them selective on a big table."""
    big = [place for place, name in enumerate(aliases) if tables[name].rows >= 50000]
    conditions = [condition(rng, tables, aliases, rng.choice(big), ('code', 'category', 'date'))]
    for _ in range(rng.randrange(4)):
        conditions.append(condition(rng, tables, aliases, rng.randrange(len(aliases)),
                                    ('category', 'category', 'date', 'flag', 'number')))
    return conditions


def condition(rng, tables, aliases, place, kinds):
    kind = rng.choice(kinds)
    column = rng.choice(tables[aliases[place]].of_kind(kind))
    name = f'x{place}.{column.name}'
    if kind == 'code':
        return f"{name} = 'c{rng.randrange(column.values)}'"
    if kind == 'category':
        value = int(column.values * rng.random() ** 2)
        return f'{name} = {value}' if rng.random() < 0.7 else f'{name} IN ({value}, {value // 2}, {value // 3})'
    if kind == 'date':
        day = rng.randrange(700)
        return (f"{name} BETWEEN date '2024-01-01' + {day} AND date '2024-01-01' + {day + rng.choice((1, 7, 30))}")
    if kind == 'flag':
        return f"{name} = '{rng.choice(('new', 'busy', 'held', 'done'))}'"
    return f'{name} > {rng.choice((9000, 9900))}'


def text_of(rng, aliases, conditions):
    source = ', '.join(f'{table} AS x{place}' for place, table in enumerate(aliases))
    where = ' AND '.join(conditions)
    form = rng.choice(('rows', 'count', 'group', 'order'))
    last = len(aliases) - 1
    if form == 'count':
        return f'SELECT count(*), sum(x0.price) FROM {source} WHERE {where}'
    if form == 'group':
        return (f'SELECT x{last}.grp, x0.state, sum(x0.price) AS total FROM {source} WHERE {where}'
                f' GROUP BY x{last}.grp, x0.state ORDER BY total DESC')
    if form == 'order':
        return (f'SELECT x0.id, x0.day, x{last}.code FROM {source} WHERE {where}'
                ' ORDER BY x0.day DESC, x0.id LIMIT 20')
    return f'SELECT x0.id, x0.price, x{last}.grp FROM {source} WHERE {where}'
