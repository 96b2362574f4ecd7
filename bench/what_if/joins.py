"""Case kinds on two or three tables; the table with the new index stands first or later in FROM."""
from case import coarse, orderable, ranged, selective


def pair(draft):
    """A child, its reference column and the parent."""
    child = draft.table(parents=True)
    name = draft.rng.choice(sorted(child.parents))
    return child, name, child.parents[name]


def from_clause(draft, child, parent, name):
    """Both orders and both spellings of an inner join; gives FROM … WHERE, open for more conditions."""
    on = f'c.{name} = p.id'
    sides = [f'{child.name} c', f'{parent.name} p']
    draft.rng.shuffle(sides)
    if draft.chance(0.5):
        return f'FROM {sides[0]}, {sides[1]} WHERE {on}'
    return f'FROM {sides[0]} JOIN {sides[1]} ON {on} WHERE true'


def children_of_parent(draft):
    """A selective condition on the parent, the index on the child's reference."""
    child, name, parent = pair(draft)
    draft.index(child, [name])
    condition = draft.equality(parent, draft.column(parent, selective), 'p.')
    return f'SELECT c.*, p.id {from_clause(draft, child, parent, name)} AND {condition}'


def parents_of_child(draft):
    """A selective condition on the child and an index on it, the parent through its (perhaps new) key."""
    child, name, parent = pair(draft)
    column = draft.column(child, selective)
    draft.index(child, [column.name])
    if not parent.primary_key:
        draft.index(parent, ['id'], unique=draft.chance(0.5))
    condition = draft.equality(child, column, 'c.')
    return f'SELECT c.id, p.* {from_clause(draft, child, parent, name)} AND {condition}'


def parent_key(draft):
    """An index on the parent's key alone: inner side of nested loops and of memoize, or merged."""
    child, name, parent = pair(draft)
    included = [draft.column(parent, without=['id']).name] if draft.chance(0.4) else []
    draft.index(parent, ['id'], include=included)
    share = draft.rng.choice((0.001, 0.01, 0.1))
    condition = draft.range(child, draft.column(child, ranged), 'c.', share)
    joined = from_clause(draft, child, parent, name)
    return f'SELECT c.id, p.{(included or ["id"])[0]} {joined} AND {condition}'


def reference_and_filter(draft):
    """Join column and filter column in one index on the child."""
    child, name, parent = pair(draft)
    column = draft.column(child, orderable, [name])
    keys = [name, column.name]
    draft.rng.shuffle(keys)
    draft.index(child, keys)
    conditions = (f'{draft.equality(parent, draft.column(parent, selective), "p.")}'
                  f' AND {draft.equality(child, column, "c.")}')
    return f'SELECT c.id, p.id {from_clause(draft, child, parent, name)} AND {conditions}'


def partial_child(draft):
    """A partial index on the child: the predicate must be recognised wherever the table stands in FROM."""
    child, name, parent = pair(draft)
    draft.index(child, [name], where='rare')
    condition = draft.equality(parent, draft.column(parent, coarse), 'p.')
    return f'SELECT c.*, p.id {from_clause(draft, child, parent, name)} AND c.rare AND {condition}'


def both_sides(draft):
    """Two new indexes at once, one on each table."""
    child, name, parent = pair(draft)
    column = draft.column(parent, selective)
    draft.index(parent, [column.name])
    draft.index(child, [name])
    condition = (draft.range(parent, column, 'p.', share=0.002) if ranged(column)
                 else draft.equality(parent, column, 'p.'))
    return f'SELECT count(*) {from_clause(draft, child, parent, name)} AND {condition}'


def outer_join(draft):
    child, name, parent = pair(draft)
    if draft.chance(0.5):
        draft.index(child, [name])
        condition = draft.equality(parent, draft.column(parent, selective), 'p.')
        return (f'SELECT p.id, c.id FROM {parent.name} p LEFT JOIN {child.name} c ON c.{name} = p.id'
                f' WHERE {condition}')
    column = draft.column(child, selective)
    draft.index(child, [column.name])
    condition = draft.equality(child, column, 'c.')
    return (f'SELECT p.id, c.* FROM {child.name} c LEFT JOIN {parent.name} p ON c.{name} = p.id'
            f' WHERE {condition}')


def exists(draft):
    """Semi and anti joins."""
    child, name, parent = pair(draft)
    draft.index(child, [name])
    condition = draft.equality(parent, draft.column(parent, selective), 'p.')
    no = draft.rng.choice(('', 'NOT '))
    return (f'SELECT p.* FROM {parent.name} p WHERE {condition} AND {no}EXISTS'
            f' (SELECT 1 FROM {child.name} c WHERE c.{name} = p.id)')


def in_subquery(draft):
    child, name, parent = pair(draft)
    column = draft.column(child, selective)
    draft.index(child, [column.name], include=[name] if name != column.name else [])
    return (f'SELECT p.id FROM {parent.name} p WHERE p.id IN (SELECT c.{name} FROM {child.name} c'
            f' WHERE {draft.equality(child, column, "c.")})')


def correlated_subquery(draft):
    child, name, parent = pair(draft)
    column = draft.column(child, ranged)
    draft.index(child, dict.fromkeys([name, column.name]))
    condition = draft.equality(parent, draft.column(parent, selective), 'p.')
    return (f'SELECT p.id, (SELECT max(c.{column.name}) FROM {child.name} c WHERE c.{name} = p.id)'
            f' FROM {parent.name} p WHERE {condition}')


def join_order_limit(draft):
    child, name, parent = pair(draft)
    column = draft.column(child, ranged)
    draft.index(child, [draft.key(column)])
    direction = draft.rng.choice(('', ' DESC'))
    condition = draft.equality(parent, draft.column(parent, coarse), 'p.')
    return (f'SELECT c.id, p.id {from_clause(draft, child, parent, name)} AND {condition}'
            f' ORDER BY c.{column.name}{direction} LIMIT {draft.rng.choice((1, 10, 100))}')


def three_tables(draft):
    """Two parents and their child, or grandparent, parent and child; the new index on one of them."""
    child = draft.table(parents=True)
    name = draft.rng.choice(sorted(child.parents))
    parent = child.parents[name]
    if parent.parents and draft.chance(0.5):
        link = draft.rng.choice(sorted(parent.parents))
        third, on = parent.parents[link], f'p.{link} = g.id'
    else:
        others = [other for other in sorted(child.parents) if other != name] or [name]
        third, on = child.parents[others[0]], f'c.{others[0]} = g.id'
    where = draft.rng.choice(('child', 'reference', 'third'))
    if where == 'child':
        column = draft.column(child, selective)
        draft.index(child, [column.name])
        condition = draft.equality(child, column, 'c.')
    elif where == 'reference':
        draft.index(child, [name])
        condition = draft.equality(parent, draft.column(parent, selective), 'p.')
    else:
        column = draft.column(third, selective)
        draft.index(third, [column.name])
        draft.index(child, [name])
        condition = draft.equality(third, column, 'g.')
    sides = [f'{child.name} c', f'{parent.name} p', f'{third.name} g']
    draft.rng.shuffle(sides)
    return f'SELECT c.id, p.id, g.id FROM {", ".join(sides)} WHERE c.{name} = p.id AND {on} AND {condition}'


KINDS = (children_of_parent, parents_of_child, parent_key, reference_and_filter, partial_child, both_sides,
         outer_join, exists, in_subquery, correlated_subquery, join_order_limit, three_tables, three_tables)
