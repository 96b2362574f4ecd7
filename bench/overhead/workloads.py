"""The workloads: what is run between two counts, and how the count becomes a figure per transaction.
Each gives a list of (column name, instructions) when it runs on a server under callgrind."""
import random
import statistics

from shapes import SHAPES, shape

TOUCHED_ROWS = 20000        # few enough that their pages are in memory after the warm-up
SELECT = 'SELECT abalance FROM pgbench_accounts WHERE aid = $1'
TPCB = [
    ('begin', 'BEGIN', ()),
    ('update', 'UPDATE pgbench_accounts SET abalance = abalance + $1 WHERE aid = $2', ('delta', 'aid')),
    ('select', SELECT, ('aid',)),
    ('tellers', 'UPDATE pgbench_tellers SET tbalance = tbalance + $1 WHERE tid = $2', ('delta', 'tid')),
    ('branches', 'UPDATE pgbench_branches SET bbalance = bbalance + $1 WHERE bid = $2', ('delta', 'bid')),
    ('history', 'INSERT INTO pgbench_history (tid, bid, aid, delta, mtime)'
                ' VALUES ($1, $2, $3, $4, CURRENT_TIMESTAMP)', ('tid', 'bid', 'aid', 'delta')),
    ('end', 'END', ()),
]
NESTED = """
CREATE FUNCTION bench_nested(first integer) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE v integer; total bigint := 0;
BEGIN
    SELECT abalance INTO v FROM pgbench_accounts WHERE aid = first; total := total + v;
    SELECT abalance + 1 INTO v FROM pgbench_accounts WHERE aid = first + 1; total := total + v;
    SELECT bid INTO v FROM pgbench_accounts WHERE aid = first + 2; total := total + v;
    SELECT bid + 1 INTO v FROM pgbench_accounts WHERE aid = first + 3; total := total + v;
    SELECT aid INTO v FROM pgbench_accounts WHERE aid = first + 4; total := total + v;
    SELECT abalance INTO v FROM pgbench_accounts WHERE aid = first + 5; total := total + v;
    SELECT abalance + 2 INTO v FROM pgbench_accounts WHERE aid = first + 6; total := total + v;
    SELECT bid - 1 INTO v FROM pgbench_accounts WHERE aid = first + 7; total := total + v;
    SELECT aid + 1 INTO v FROM pgbench_accounts WHERE aid = first + 8; total := total + v;
    SELECT aid - 1 INTO v FROM pgbench_accounts WHERE aid = first + 9; total := total + v;
    RETURN total;
END $$"""
SIX_WAY = """
SELECT count(*), sum(a1.abalance + a2.abalance + t1.tbalance + b1.bbalance)
FROM pgbench_accounts a1
JOIN pgbench_accounts a2 ON a2.aid = a1.aid + 1
JOIN pgbench_tellers t1 ON t1.tid = a1.bid
JOIN pgbench_tellers t2 ON t2.tid = t1.tid + 1
JOIN pgbench_branches b1 ON b1.bid = a1.bid
JOIN pgbench_branches b2 ON b2.bid = a2.bid
WHERE a1.aid = {0} AND a2.abalance > -{0} AND t2.tbalance > -100000000"""
HASH_JOIN = """
SELECT p.category, count(*), sum(s.amount)
FROM bench_sale s JOIN bench_product p USING (product) GROUP BY p.category"""
# The sampling interval of db_advisor: whole periods of it leave no chance to which executions are sampled.
PERIOD = 32


class Session:
    """One connection whose work is counted in parts."""

    def __init__(self, server):
        self.server = server
        self.client = server.connect()
        self.random = random.Random(1)
        self.query = self.client.query
        self.client.prepare('select', SELECT)
        for name in ('pgbench_accounts', 'pgbench_accounts_pkey'):
            self.query(f"SELECT pg_prewarm('{name}', 'buffer', 'main', 0, 400)")

    def aid(self):
        return self.random.randint(1, TOUCHED_ROWS)

    def counts(self, *parts):
        """Instructions of each part, without those of the marks between them."""
        self.client.call_sleep()
        self.client.call_sleep()
        for part in parts:
            self.client.call_sleep()
            part()
        self.client.call_sleep()
        totals = self.server.totals(self.client.backend)[-len(parts) - 1:]
        return [total - totals[0] for total in totals[1:]]

    def repeat(self, run, times):
        self.client.ahead(lambda: [run() for _ in range(times)])

    def per_unit(self, run, units, warm=2 * PERIOD):
        """The cost of one unit in the long run: the median of three counts, since statistics are sent now and then."""
        self.repeat(run, warm)
        counts = self.counts(*[lambda: self.repeat(run, units)] * 3)
        return statistics.median(counts) / units


def select_prepared(session):
    return [('', session.per_unit(lambda: session.client.execute('select', [session.aid()]), 8 * PERIOD))]


def select_simple(session):
    text = 'SELECT abalance FROM pgbench_accounts WHERE aid = {}'
    return [('', session.per_unit(lambda: session.query(text.format(session.aid())), 4 * PERIOD))]


def tpcb_prepared(session):
    for name, text, _ in TPCB[:2] + TPCB[3:]:
        session.client.prepare(name, text)

    def transaction():
        values = {'aid': session.aid(), 'tid': session.random.randint(1, 100),
                  'bid': session.random.randint(1, 10), 'delta': session.random.randint(-5000, 5000)}
        for name, _, names in TPCB:
            session.client.execute(name, [values[key] for key in names])
    return [('', session.per_unit(transaction, 6 * PERIOD))]


def nested(session):
    if 'pg_stat_statements' in session.server.config.libraries:
        session.query("SET pg_stat_statements.track = 'all'")
    session.query('DROP FUNCTION IF EXISTS bench_nested')
    session.query(NESTED)
    session.client.prepare('nested', 'SELECT bench_nested($1)')
    figures = [('', session.per_unit(lambda: session.client.execute('nested', [session.aid()]), 4 * PERIOD))]
    session.query('RESET ALL')
    return figures


def six_way_join(session):
    return [('', session.per_unit(lambda: session.query(SIX_WAY.format(session.aid())), PERIOD))]


def new_shape(session):
    """Different statements, then the same ones again: what the first, the second and a later sight cost."""
    texts = [shape(number, session.random.randint(1, 1000)) for number in range(100)]
    warm_shapes(session)

    def run():
        session.client.queries(texts)
    counts = session.counts(run, run, *[run] * 8, *[run] * 4)
    return [('first', counts[0] / len(texts)), ('second', counts[1] / len(texts)),
            ('later', statistics.median(counts[10:]) / len(texts))]


def hash_join(session):
    """One count per execution. Which ones are sampled shows in the counts: the first eight, then one in 32."""
    session.client.prepare('hash', HASH_JOIN)

    def run():
        session.client.execute('hash')
    counts = session.counts(*[run] * (8 + 2 * PERIOD))
    later = counts[8:]
    return [('sampled', statistics.median(counts[1:7])), ('not sampled', statistics.median(later)),
            ('average', statistics.mean(later))]


def eviction(session):
    """New statements where the memory for them is full, see `fill`."""
    warm_shapes(session)
    texts = [shape(SHAPES // 2 + number, session.random.randint(1, 1000)) for number in range(400)]

    def run():
        session.client.queries(texts)
    return [('', session.counts(run)[0] / len(texts))]


def warm_shapes(session):
    """Names, statistics and pages of the table come into the caches."""
    for number in range(100):
        session.query(shape(SHAPES - 1 - number, 1 + 10 * number))


def connection(session):
    """A connection of its own for each transaction, from the fork to the exit of its backend."""
    backends = []
    for _ in range(12):
        client = session.server.connect()
        client.prepare('select', SELECT)
        client.execute('select', [session.aid()])
        client.close()
        backends.append(client.backend)
    return [('', statistics.median(session.server.last_total(backend) for backend in backends[4:]))]


WORKLOADS = {
    'select': ('`-S` prepared', select_prepared),
    'simple': ('`-S` simple', select_simple),
    'nested': ('PL/pgSQL, ten nested', nested),
    'join': ('six-way join, planned', six_way_join),
    'shape': ('statement shape', new_shape),
    'hash': ('hash join + aggregate', hash_join),
    'tpcb': ('TPC-B-like prepared', tpcb_prepared),
    'connection': ('connection per transaction', connection),
    'eviction': ('new shape, memory full', eviction),
}
