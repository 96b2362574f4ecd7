"""The columns of generated tables: type, how the values are made, and what an index on them is like.

A maker is an SQL expression over `i` (1 .. {rows}); {prime} gives a permutation of 0 .. {rows} - 1.
"""
import dataclasses


@dataclasses.dataclass(frozen=True)
class Column:
    name: str
    type: str
    maker: str
    distinct: str               # unique, high, mid, low: how many different values
    ordered: bool = False       # follows the physical order of the table
    nulls: bool = False
    skewed: bool = False

    @property
    def quoted(self):
        """Whether a constant needs quotes."""
        return self.type not in ('integer', 'bigint', 'numeric')

    @property
    def orderable(self):
        return self.type != 'boolean'


IDENTITY = Column('id', 'bigint', 'i', 'unique', ordered=True)

POOL = (
    Column('code', 'integer', '((i * {prime}) % {rows})::int', 'unique'),
    Column('level', 'integer', 'floor(random() * 10)::int', 'low'),
    Column('grp', 'integer', 'floor(random() * 1000)::int', 'mid'),
    Column('spread', 'integer', 'floor(random() * {rows} / 4)::int', 'high'),
    Column('hits', 'integer', 'floor(exp(random() * ln({rows} / 10.0)))::int', 'mid', skewed=True),
    Column('seq', 'bigint', 'i + floor(random() * {rows} / 50)::bigint', 'high', ordered=True),
    Column('batch', 'integer', '(i / 500)::int', 'mid', ordered=True),
    Column('price', 'numeric', 'round(exp(random() * 8)::numeric, 2)', 'high', skewed=True),
    Column('rate', 'numeric', 'round((random() * 20)::numeric, 0)', 'low'),
    Column('status', 'text', "(ARRAY['delivered','returned','shipped','paid','packed','new'])"
           '[1 + floor(6 * power(random(), 3))::int]', 'low', skewed=True),
    Column('name', 'text', "'customer ' || floor(random() * 5000)::int", 'mid'),
    Column('email', 'text', "md5(((i * {prime}) % {rows})::text) || '@example.org'", 'unique'),
    Column('city', 'text', "'City of ' || floor(exp(random() * ln(3000.0)))::int", 'mid', skewed=True),
    Column('token', 'uuid', 'md5(i::text)::uuid', 'unique'),
    Column('owner', 'uuid', 'md5(floor(random() * 2000)::text)::uuid', 'mid'),
    Column('created', 'timestamptz', "'2024-01-01 00:00+00'::timestamptz"
           " + i * (interval '700 days' / {rows})", 'unique', ordered=True),
    Column('seen', 'timestamptz', "'2022-01-01 00:00+00'::timestamptz"
           " + floor(random() * 1e6) * interval '97 s'", 'high'),
    Column('closed', 'timestamptz', "CASE WHEN random() < 0.7 THEN '2024-01-01 00:00+00'::timestamptz"
           " + i * (interval '700 days' / {rows}) END", 'high', ordered=True, nulls=True),
    Column('day', 'date', "'2023-01-01'::date + floor(random() * 700)::int", 'mid'),
    Column('rare', 'boolean', 'random() < 0.02', 'low', skewed=True),
    Column('half', 'boolean', 'random() < 0.5', 'low'),
    Column('extra', 'integer', 'CASE WHEN random() < 0.1 THEN floor(random() * 500)::int END', 'mid',
           nulls=True),
    Column('note', 'text', "CASE WHEN random() < 0.4 THEN 'note ' || floor(random() * {rows} / 3)::int END",
           'high', nulls=True),
)

# Expressions worth an index, by the column's type; {0} is the column, or a constant of its type.
EXPRESSIONS = {
    'text': ('lower({0})', 'upper({0})', 'substr({0}, 1, 12)', 'length({0})'),
    'integer': ('({0} % 100)', '({0} / 10)', 'abs({0})'),
    'bigint': ('({0} % 1000)', '({0} / 64)'),
    'numeric': ('round({0})', '({0} * 2)'),
    'timestamptz': ("date_trunc('hour', {0} AT TIME ZONE 'UTC')", "(({0} AT TIME ZONE 'UTC')::date)"),
    'date': ('({0} + 7)',),
}


def reference_to(parent, rows, style):
    """A foreign key column: uniform, skewed or following the order of the parent's keys."""
    maker = {'uniform': f'1 + floor(random() * {rows})::bigint',
             'skewed': f'floor(exp(random() * ln({rows}.0)))::bigint',
             'ordered': f'1 + ((i * {rows}) / ({{rows}} + 1))::bigint'}[style]
    return Column(f'{parent}_id', 'bigint', maker, 'high',
                  ordered=style == 'ordered', skewed=style == 'skewed')
