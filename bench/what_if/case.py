"""One case: a query, the indexes that it is planned with (hypothetical, then real), and how to plan it."""
import dataclasses

from server import quote


@dataclasses.dataclass
class Case:
    number: int
    kind: str
    query: str
    creates: list                   # CREATE INDEX statements; the names are in `names`
    names: list
    drops: list                     # names of existing indexes
    tables: list                    # names of the tables that get or lose an index
    rows: int                       # of the largest of these
    parameters: list = None         # values as text for $1 ...; None: the text has constants
    generic: bool = False
    expression: bool = False
    apart: bool = False             # rests on the true end of a column, which only a real index shows
    settings: dict = dataclasses.field(default_factory=dict)
    method: str = 'btree'


class Draft:
    """A case in the making. Constants become literals or `$n`, as the case's style asks."""

    def __init__(self, rng, tables, style):
        self.rng = rng
        self.tables = tables
        self.style = style          # literal, values, generic
        self.values = []
        self.creates = []
        self.names = []
        self.drops = []
        self.touched = []
        self.duplicate = False      # of an existing index
        self.expression = False
        self.apart = False

    # --- tables and columns

    def table(self, columns=(), parents=False):
        """A table with columns that the given conditions hold for; big ones a little more often."""
        fitting = [table for table in self.tables
                   if all(any(wanted(column) for column in table.columns) for wanted in columns)
                   and (table.parents or not parents)]
        weights = [table.rows ** 0.05 for table in fitting]
        return self.rng.choices(fitting, weights)[0]

    def column(self, table, wanted=lambda column: True, without=()):
        fitting = [column for column in table.columns if wanted(column) and column.name not in without]
        return self.rng.choice(fitting) if fitting else None

    def chance(self, share):
        return self.rng.random() < share

    # --- constants

    def constant(self, column, value, cast=''):
        if self.style != 'literal':
            self.values.append(str(value))
            return f'${len(self.values)}' + (f'::{cast}' if cast else '')
        return (quote(value) if column.quoted else str(value)) + (f'::{cast}' if cast else '')

    def equality(self, table, column, prefix=''):
        name = prefix + column.name
        if column.type == 'boolean':
            return name if self.chance(0.7) else f'NOT {name}'
        return f'{name} = {self.constant(column, self.rng.choice(table.samples[column.name]))}'

    def span(self, table, column, share=None):
        """Two constants with about the share of the rows between them, off the histogram's ends."""
        values = table.inner[column.name]
        share = share or self.rng.choice((0.002, 0.01, 0.05, 0.2))
        width = max(1, int(len(values) * share))
        start = self.rng.randrange(max(1, len(values) - width))
        return values[start], values[min(start + width, len(values) - 1)]

    def range(self, table, column, prefix='', share=None):
        name = prefix + column.name
        low, high = self.span(table, column, share)
        form = self.rng.randrange(3)
        if form == 0:
            return f'{name} BETWEEN {self.constant(column, low)} AND {self.constant(column, high)}'
        return (f'{name} >{"=" if form == 1 else ""} {self.constant(column, low)}'
                f' AND {name} < {self.constant(column, high)}')

    # --- indexes

    def index(self, table, keys, include=(), where=None, unique=False):
        name = f'bench_new_{len(self.names) + 1}'
        keys = ', '.join(keys)
        self.creates.append(
            f'CREATE {"UNIQUE " if unique else ""}INDEX {name} ON {table.name} ({keys})'
            + (f' INCLUDE ({", ".join(include)})' if include else '') + (f' WHERE {where}' if where else ''))
        self.names.append(name)
        if '(' in keys:
            self.expression = True
        if where is None and not include and keys.split(' DESC')[0] in table.secondary:
            self.duplicate = True   # a backward scan of the other does the same
        self.touch(table)

    def drop(self, table, index):
        self.drops.append(index)
        self.touch(table)

    def touch(self, table):
        if table not in self.touched:
            self.touched.append(table)

    def key(self, column):
        """A key column, now and then in an order other than the default."""
        return column.name + self.rng.choice(('', '', '', ' DESC', ' DESC NULLS LAST'))

    def finish(self, number, kind, query, settings):
        parameters = None if self.style == 'literal' or not self.values else self.values
        return Case(number, kind, query, self.creates, self.names, self.drops,
                    tables=[table.name for table in self.touched],
                    rows=max(table.rows for table in self.touched), parameters=parameters,
                    generic=parameters is not None and self.style == 'generic',
                    expression=self.expression, apart=self.apart, settings=settings)


# Conditions on columns.

def orderable(column):
    return column.orderable


def ranged(column):
    return column.orderable and column.type != 'uuid' and column.distinct != 'low'


def selective(column):
    return column.distinct in ('unique', 'high', 'mid') and column.orderable


def coarse(column):
    return column.distinct in ('low', 'mid') and column.orderable


def boolean(column):
    return column.type == 'boolean'


def nullable(column):
    return column.nulls


def text(column):
    return column.type == 'text'
