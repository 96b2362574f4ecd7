"""Statements that differ in more than their constants: each number gives another query id."""
SHAPES = 1 << 20


def shape(number, key):
    """A key lookup whose four columns spell the number, five bits each."""
    columns = ', '.join(f'c{(number >> position) & 31}' for position in (0, 5, 10, 15))
    return f'SELECT {columns} FROM bench_wide WHERE id = {key}'
