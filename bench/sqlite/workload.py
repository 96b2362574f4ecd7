"""Workload W1: the gain, the space and the cost of inserts of our set against the union of the answers of .expert."""
import argparse
import sys
import tempfile
import time

import contestants
import shop
from engine import Trial

W1 = """
SELECT * FROM orders WHERE user_id=1
SELECT * FROM orders WHERE user_id=1 AND status='pending'
SELECT * FROM orders WHERE user_id=1 ORDER BY created_at DESC LIMIT 5
SELECT count(*) FROM orders WHERE user_id=1 AND created_at>1600000000
SELECT sum(total) FROM orders WHERE user_id=1
SELECT * FROM orders WHERE status='pending' ORDER BY created_at LIMIT 20
SELECT * FROM orders WHERE status='pending' AND region='R3'
SELECT count(*) FROM orders WHERE region='R3' AND status='refunded'
SELECT * FROM orders WHERE region='R3' AND user_id=9
SELECT max(created_at) FROM orders WHERE user_id=3
SELECT u.email FROM users u JOIN orders o ON o.user_id=u.id WHERE o.status='pending'
SELECT * FROM users WHERE email='a'
SELECT * FROM users WHERE email='a' AND status='active'
SELECT * FROM users WHERE country='DE' AND status='banned'
SELECT * FROM users WHERE country='DE' ORDER BY score DESC LIMIT 3
""".strip().splitlines()

REFERENCE = ["CREATE INDEX r1 ON orders(status, user_id)", "CREATE INDEX r2 ON orders(status, region)",
             "CREATE INDEX r3 ON users(status, email)", "CREATE INDEX r4 ON users(score, country)"]
TRAP = ["CREATE INDEX t1 ON orders(user_id, created_at)", "CREATE INDEX t2 ON orders(status, region)",
        "CREATE INDEX t3 ON users(email)", "CREATE INDEX t4 ON users(country, status)",
        "CREATE INDEX t5 ON users(country, score)"]
INSERTS = 50_000
SLOWER = 1.05


class Fixed:
    def __init__(self, name, definitions):
        self.name, self.definitions = name, definitions

    def advise(self, _path, _statements):
        return contestants.Advice(self.definitions)


def main():
    parser = argparse.ArgumentParser(prog="run.sh workload", description=__doc__)
    parser.add_argument("--scale", type=float, default=1.0, help="of the database")
    parser.add_argument("--folder", help="keeps the database for the next run")
    parser.add_argument("--details", action="store_true", help="the time of each statement")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="db_advisor_bench_") as made:
        path = shop.make_shop(options.folder or made, options.scale)
        sys.exit(compare(path, options.details))


def compare(path, details):
    trial = Trial(path)
    none, none_inserts = [trial.seconds(each) for each in W1], insert_seconds(trial)
    print(f"no index: {sum(none) * 1e3:.1f} ms, {INSERTS} inserts {none_inserts:.2f} s")
    results = {}
    everybody = contestants.ALL + [Fixed("reference", REFERENCE), Fixed("trap", TRAP)]
    for adviser in everybody:
        advice = adviser.advise(path, W1)
        with trial.with_indexes(advice.definitions) as made:
            times, inserts = [trial.seconds(each) for each in W1], insert_seconds(trial) - none_inserts
        slower = max(after / before for after, before in zip(times, none))
        results[adviser.name] = (sum(none) - sum(times), made.bytes, inserts)
        print(f"{adviser.name:20} {len(advice.definitions)} indexes, {made.bytes / 1e6:.1f} MB, "
              f"{sum(times) * 1e3:.1f} ms, inserts +{inserts:.2f} s, slowest change {slower:.2f}x; {advice.seconds:.1f} s")
        for definition in advice.definitions:
            print(f"     {definition}")
        for each, before, after in zip(W1, none, times):
            if details or after > before * SLOWER:
                print(f"     {before * 1e6:9,.0f} -> {after * 1e6:9,.0f} us  {each}")
    return verdict(results)


def verdict(results):
    """The goals against the union of .expert --sample 100."""
    gain, space, inserts = results["db_advisor"]
    best_gain, best_space, best_inserts = results[".expert --sample 100"]
    shares = gain / best_gain, space / best_space, inserts / best_inserts
    print(f"gain {shares[0]:.1%} (goal 97 %), bytes {shares[1]:.1%} (goal 45 %), inserts {shares[2]:.1%} (goal 30 %)")
    return 0 if shares[0] >= 0.97 and shares[1] <= 0.45 and shares[2] <= 0.30 else 1


def insert_seconds(trial):
    """What INSERTS rows into orders cost beside the table itself; undone afterwards."""
    best = None
    for _ in range(3):
        trial.run("BEGIN")
        start = time.thread_time()
        trial.run("WITH RECURSIVE s(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM s WHERE i < "
                  f"{INSERTS}) INSERT INTO orders(user_id, status, total, created_at, region, note) "
                  "SELECT (i*7919)%100000+1, CASE WHEN i%1000=0 THEN 'pending' WHEN i%20=0 THEN 'refunded' ELSE 'done' "
                  "END, i%977, 1600000000+(i*17)%50000000, 'R'||(i*17%50), 'note' FROM s")
        used = time.thread_time() - start
        trial.run("ROLLBACK")
        best = used if best is None else min(best, used)
    return best


if __name__ == "__main__":
    main()
