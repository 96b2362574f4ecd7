"""Case kinds on one table. Each takes a draft, adds indexes to it and gives the query."""
from case import boolean, coarse, nullable, orderable, ranged, selective, text
from columns import EXPRESSIONS


def payload(draft, table):
    """What the query returns: everything, or a few columns."""
    form = draft.rng.randrange(3)
    if form == 0:
        return '*'
    return ', '.join(column.name for column in draft.rng.sample(table.columns, form))


def equality(draft):
    table = draft.table([selective])
    column = draft.column(table, selective)
    draft.index(table, [draft.key(column)])
    return f'SELECT {payload(draft, table)} FROM {table.name} WHERE {draft.equality(table, column)}'


def equality_low(draft):
    table = draft.table([coarse])
    column = draft.column(table, coarse)
    draft.index(table, [column.name])
    other = draft.column(table, orderable, [column.name])
    return (f'SELECT {payload(draft, table)} FROM {table.name} WHERE {draft.equality(table, column)}'
            f' AND {other.name} IS NOT NULL')


def multicolumn(draft):
    """Two or three key columns, all or only some of them in conditions."""
    table = draft.table([selective, coarse])
    columns = [draft.column(table, coarse)]
    for _ in range(draft.rng.choice((1, 1, 2))):
        columns.append(draft.column(table, orderable, [column.name for column in columns]))
    draft.rng.shuffle(columns)
    draft.index(table, [draft.key(column) for column in columns])
    used = columns if draft.chance(0.7) else columns[:-1]
    conditions = ' AND '.join(draft.equality(table, column) for column in used)
    return f'SELECT {payload(draft, table)} FROM {table.name} WHERE {conditions}'


def between(draft):
    table = draft.table([ranged])
    column = draft.column(table, ranged)
    draft.index(table, [draft.key(column)])
    return f'SELECT {payload(draft, table)} FROM {table.name} WHERE {draft.range(table, column)}'


def equality_and_range(draft):
    table = draft.table([coarse, ranged])
    first = draft.column(table, coarse)
    second = draft.column(table, ranged, [first.name]) or first
    keys = [first.name, second.name] if draft.chance(0.75) else [second.name, first.name]
    draft.index(table, dict.fromkeys(keys))
    return (f'SELECT {payload(draft, table)} FROM {table.name} WHERE {draft.equality(table, first)}'
            f' AND {draft.range(table, second)}')


def in_list(draft):
    table = draft.table([selective])
    column = draft.column(table, selective)
    draft.index(table, [column.name])
    items = ', '.join(draft.constant(column, value)
                      for value in draft.rng.sample(table.samples[column.name], draft.rng.choice((2, 5, 12))))
    return f'SELECT {payload(draft, table)} FROM {table.name} WHERE {column.name} IN ({items})'


def null_test(draft):
    table = draft.table([nullable])
    column = draft.column(table, nullable)
    second = draft.column(table, selective, [column.name])
    draft.index(table, [column.name, second.name] if draft.chance(0.5) else [draft.key(column)])
    test = draft.rng.choice(('IS NULL', 'IS NOT NULL'))
    return (f'SELECT {payload(draft, table)} FROM {table.name} WHERE {column.name} {test}'
            f' AND {draft.equality(table, second)}')


def order_limit(draft):
    table = draft.table([orderable])
    column = draft.column(table, orderable)
    direction = draft.rng.choice(('', ' DESC'))
    draft.index(table, [column.name + draft.rng.choice(('', direction))])
    return (f'SELECT {payload(draft, table)} FROM {table.name} ORDER BY {column.name}{direction}'
            f' LIMIT {draft.rng.choice((1, 10, 100, 1000))}')


def filter_order_limit(draft):
    table = draft.table([coarse, ranged])
    first = draft.column(table, coarse)
    second = draft.column(table, ranged, [first.name]) or first
    direction = draft.rng.choice(('', ' DESC'))
    draft.index(table, dict.fromkeys([first.name, second.name + direction]))
    return (f'SELECT {payload(draft, table)} FROM {table.name} WHERE {draft.equality(table, first)}'
            f' ORDER BY {second.name}{direction} LIMIT {draft.rng.choice((1, 20, 200))}')


def mixed_order(draft):
    """ORDER BY a, b DESC: only an index with the same mix of directions gives it."""
    table = draft.table([coarse, selective])
    first = draft.column(table, coarse)
    second = draft.column(table, selective, [first.name])
    draft.index(table, [first.name, second.name + ' DESC'])
    return (f'SELECT {payload(draft, table)} FROM {table.name} ORDER BY {first.name}, {second.name} DESC'
            f' LIMIT {draft.rng.choice((10, 100))}')


def group_by(draft):
    table = draft.table([coarse])
    column = draft.column(table, coarse)
    second = draft.column(table, orderable, [column.name])
    draft.index(table, [column.name] if draft.chance(0.5) else [column.name, second.name])
    total = draft.rng.choice(('count(*)', f'max({second.name}::text)', f'count({column.name})'))
    return f'SELECT {column.name}, {total} FROM {table.name} GROUP BY {column.name}'


def distinct(draft):
    table = draft.table([orderable])
    column = draft.column(table, orderable)
    draft.index(table, [column.name])
    return f'SELECT DISTINCT {column.name} FROM {table.name}'


def extremes(draft):
    table = draft.table([ranged, coarse])
    column = draft.column(table, ranged)
    if draft.chance(0.5):
        draft.index(table, [column.name])
        return f'SELECT min({column.name}), max({column.name}) FROM {table.name}'
    first = draft.column(table, coarse, [column.name])
    draft.index(table, [first.name, column.name])
    return f'SELECT max({column.name}) FROM {table.name} WHERE {draft.equality(table, first)}'


def counting(draft):
    table = draft.table([ranged])
    column = draft.column(table, ranged)
    draft.index(table, [column.name])
    return f'SELECT count(*) FROM {table.name} WHERE {draft.range(table, column)}'


def covering(draft):
    table = draft.table([selective])
    column = draft.column(table, selective)
    included = draft.rng.sample([other.name for other in table.columns if other is not column],
                                draft.rng.choice((1, 2, 3)))
    draft.index(table, [column.name], include=included)
    by_range = ranged(column) and draft.chance(0.6)
    condition = draft.range(table, column) if by_range else draft.equality(table, column)
    return f'SELECT {", ".join(included)} FROM {table.name} WHERE {condition}'


def partial_boolean(draft):
    table = draft.table([boolean, ranged])
    flag = draft.column(table, boolean)
    column = draft.column(table, ranged)
    predicate = draft.rng.choice((flag.name, flag.name, f'NOT {flag.name}'))
    draft.index(table, [column.name], where=predicate)
    tail = f'ORDER BY {column.name} LIMIT 50' if draft.chance(0.4) else f'AND {draft.range(table, column)}'
    return f'SELECT {payload(draft, table)} FROM {table.name} WHERE {predicate} {tail}'


def partial_equality(draft):
    table = draft.table([text, coarse])
    column = draft.column(table, coarse)
    value = draft.rng.choice(table.samples[column.name])
    literal = f"'{value}'" if column.quoted else value
    second = draft.column(table, orderable, [column.name])
    draft.index(table, [draft.key(second)], where=f'{column.name} = {literal}')
    return (f'SELECT {payload(draft, table)} FROM {table.name} WHERE {column.name} ='
            f' {draft.constant(column, value)} AND {draft.equality(table, second)}')


def partial_implied(draft):
    """The query implies the predicate without repeating it; or it does not, and the index must stay out."""
    table = draft.table([ranged, selective])
    column = draft.column(table, ranged)
    values = table.inner[column.name]
    border = values[int(len(values) * draft.rng.uniform(0.3, 0.7))]
    literal = f"'{border}'" if column.quoted else border
    share = draft.rng.choice((0.75, 0.85, 0.95, 0.2))
    limit = values[int(len(values) * share)]
    second = draft.column(table, selective, [column.name])
    key = column if draft.chance(0.6) else second
    draft.index(table, [key.name], where=f'{column.name} > {literal}')
    return (f'SELECT {payload(draft, table)} FROM {table.name} WHERE {column.name} >'
            f' {draft.constant(column, limit)}')


def partial_not_null(draft):
    table = draft.table([nullable])
    column = draft.column(table, nullable)
    draft.index(table, [column.name], where=f'{column.name} IS NOT NULL')
    return f'SELECT {payload(draft, table)} FROM {table.name} WHERE {draft.equality(table, column)}'


def expression(draft):
    table = draft.table([lambda column: column.type in EXPRESSIONS])
    column = draft.column(table, lambda candidate: candidate.type in EXPRESSIONS)
    form = draft.rng.choice(EXPRESSIONS[column.type])
    on_column = form.format(column.name)
    value = draft.rng.choice(table.samples[column.name])
    on_value = form.format(f"'{value}'::{column.type}")
    if draft.chance(0.25):
        second = draft.column(table, orderable, [column.name])
        draft.index(table, [f'({on_column})', second.name])
    else:
        draft.index(table, [f'({on_column})'])
    style = draft.rng.randrange(4)
    if style == 0:
        return f'SELECT {payload(draft, table)} FROM {table.name} ORDER BY {on_column} LIMIT 50'
    if style == 1:
        return f'SELECT {on_column}, count(*) FROM {table.name} GROUP BY 1'
    return f'SELECT {payload(draft, table)} FROM {table.name} WHERE {on_column} = {on_value}'


def pattern(draft):
    """A prefix search with the operator class that supports it in any collation."""
    table = draft.table([lambda column: text(column) and column.distinct != 'low'])
    column = draft.column(table, lambda candidate: text(candidate) and candidate.distinct != 'low')
    draft.index(table, [f'{column.name} text_pattern_ops'])
    values = table.inner[column.name]
    value = values[len(values) // 10 + draft.rng.randrange(len(values) * 8 // 10)]
    prefix = value[:max(4, len(value) - draft.rng.choice((0, 1, 2)))]
    return (f'SELECT {payload(draft, table)} FROM {table.name} WHERE {column.name} LIKE'
            f" {draft.constant(column, prefix + '%')}")


def either_or(draft):
    """OR of two columns: two indexes at once in a BitmapOr."""
    table = draft.table([selective, selective])
    first = draft.column(table, selective)
    second = draft.column(table, selective, [first.name])
    draft.index(table, [first.name])
    draft.index(table, [second.name])
    return (f'SELECT {payload(draft, table)} FROM {table.name} WHERE {draft.equality(table, first)}'
            f' OR {draft.equality(table, second)}')


def rivals(draft):
    """Several indexes for the same query: the planner must choose as it does among real ones."""
    table = draft.table([coarse, ranged])
    first = draft.column(table, coarse)
    second = draft.column(table, ranged, [first.name]) or first
    draft.index(table, [first.name])
    draft.index(table, dict.fromkeys([second.name, first.name]))
    if draft.chance(0.5):
        draft.index(table, dict.fromkeys([first.name, second.name]))
    return (f'SELECT {payload(draft, table)} FROM {table.name} WHERE {draft.equality(table, first)}'
            f' AND {draft.range(table, second)}')


def unique(draft):
    table = draft.table([lambda column: column.distinct == 'unique'])
    column = draft.column(table, lambda candidate: candidate.distinct == 'unique')
    draft.index(table, [column.name], unique=True)
    return f'SELECT {payload(draft, table)} FROM {table.name} WHERE {draft.equality(table, column)}'


def change(draft):
    table = draft.table([selective])
    column = draft.column(table, selective)
    draft.index(table, [column.name])
    if draft.chance(0.5):
        return f'DELETE FROM {table.name} WHERE {draft.equality(table, column)}'
    return f'UPDATE {table.name} SET rare = NOT rare WHERE {draft.equality(table, column)}'


def drop(draft):
    """An existing index is hidden; sometimes a wider one takes its place."""
    table = draft.table([lambda column: True])
    column = table.column(draft.rng.choice(table.secondary))
    draft.drop(table, table.secondary_index(column.name))
    if draft.chance(0.4):
        other = draft.column(table, orderable, [column.name])
        draft.index(table, [column.name, other.name])
    return f'SELECT {payload(draft, table)} FROM {table.name} WHERE {draft.equality(table, column)}'


def histogram_end(draft):
    """Beyond the histogram the server asks a real index for the column's true end; a what-if has none."""
    draft.apart = True
    draft.style = 'literal'

    def sortable(column):
        return column.type in ('integer', 'bigint', 'timestamptz') and column.distinct in ('unique', 'high')

    table = draft.table([sortable])
    column = draft.column(table, sortable)
    draft.index(table, [column.name])
    low, high = (draft.constant(column, value) for value in table.outer[column.name])
    in_time = column.type == 'timestamptz'
    shift = ("interval '%d days'" if in_time else '%d') % draft.rng.choice((0, 1, 30))
    cast = '::timestamptz' if in_time else ''
    condition = draft.rng.choice((f'> {high}{cast} + {shift}', f'> {high}{cast} - {shift}',
                                  f'< {low}{cast} + {shift}'))
    return f'SELECT {payload(draft, table)} FROM {table.name} WHERE {column.name} {condition}'


KINDS = (equality, equality_low, multicolumn, between, equality_and_range, in_list, null_test, order_limit,
         filter_order_limit, mixed_order, group_by, distinct, extremes, counting, covering, partial_boolean,
         partial_equality, partial_implied, partial_not_null, expression, expression, pattern, either_or,
         rivals, unique, change, drop)
APART = histogram_end
