"""Statements that differ in more than their constants: each number gives another query id."""
SHAPE_BITS = 20


def shape(number, aid):
    """A key lookup whose target list spells the number, two bits a column."""
    columns = []
    for position in range(0, SHAPE_BITS, 2):
        column = ('aid', 'bid', 'abalance', 'aid + bid')[(number >> position) & 3]
        columns.append(column)
    return f"SELECT {', '.join(columns)} FROM pgbench_accounts WHERE aid = {aid}"
