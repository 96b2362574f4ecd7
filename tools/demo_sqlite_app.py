#!/usr/bin/python3
"""The application of the SQLite demo: a small shop.

    demo_sqlite_app.py create FILE            makes the shop's database
    demo_sqlite_app.py run FILE MODULE NOTES  runs the application with the advisor loaded, notes what it measured
    demo_sqlite_app.py compare FILE MODULE NOTES APPLIED
                                              runs it again and compares; fails if a plan does not use its new index
"""
import hashlib
import json
import random
import sqlite3
import sys
import time

CUSTOMERS, ORDERS = 20_000, 200_000
STATES = ["done"] * 90 + ["shipped"] * 6 + ["open"] * 3 + ["returned"]

STATEMENTS = [
    # name, how often, text, how to make its parameters
    ("log in by e-mail", 100, "SELECT id, name FROM customers WHERE lower(email) = ?",
     lambda r: (f"customer{r.randint(1, CUSTOMERS)}@example.org",)),
    ("orders of a customer", 100,
     "SELECT id, total, created_at FROM orders WHERE customer_id = ? ORDER BY created_at DESC LIMIT 10",
     lambda r: (r.randint(1, CUSTOMERS),)),
    ("items of an order", 40, "SELECT p.name, i.quantity, i.price FROM items i JOIN products p ON p.id = i.product_id "
     "WHERE i.order_id = ? ORDER BY i.id", lambda r: (r.randint(1, ORDERS),)),
    ("open orders, oldest first", 20,
     "SELECT id, customer_id FROM orders WHERE status = 'open' ORDER BY created_at LIMIT 50", lambda r: ()),
    ("sales of a day", 20, "SELECT count(*), sum(total) FROM orders WHERE created_at >= ? AND created_at < ?",
     lambda r: (lambda day: (day, day + 86400))(1_700_000_000 + 86400 * r.randint(0, 300))),
    ("an order by number", 300, "SELECT * FROM orders WHERE id = ?", lambda r: (r.randint(1, ORDERS),)),
    ("pay an order", 100, "UPDATE orders SET status = 'done' WHERE id = ?", lambda r: (r.randint(1, ORDERS),)),
]


def create(path):
    connection = sqlite3.connect(path)
    connection.executescript("""
        PRAGMA journal_mode = WAL;
        CREATE TABLE customers(id INTEGER PRIMARY KEY, email TEXT NOT NULL, name TEXT NOT NULL, country TEXT NOT NULL);
        CREATE TABLE products(id INTEGER PRIMARY KEY, name TEXT NOT NULL, price INTEGER NOT NULL);
        CREATE TABLE orders(id INTEGER PRIMARY KEY, customer_id INTEGER NOT NULL REFERENCES customers(id),
                            status TEXT NOT NULL, total INTEGER NOT NULL, created_at INTEGER NOT NULL, note TEXT);
        CREATE TABLE items(id INTEGER PRIMARY KEY, order_id INTEGER NOT NULL REFERENCES orders(id),
                           product_id INTEGER NOT NULL REFERENCES products(id), quantity INTEGER NOT NULL,
                           price INTEGER NOT NULL);  -- amounts in cents
    """)
    r = random.Random(7)
    connection.executemany("INSERT INTO customers VALUES(?, ?, ?, ?)",
                           ((i, f"Customer{i}@Example.org", f"Name {i}", r.choice(["DE", "FR", "US"]))
                            for i in range(1, CUSTOMERS + 1)))
    connection.executemany("INSERT INTO products VALUES(?, ?, ?)",
                           ((i, f"Product {i}", r.randint(100, 9999)) for i in range(1, 1001)))
    connection.executemany("INSERT INTO orders VALUES(?, ?, ?, ?, ?, ?)",
                           ((i, r.randint(1, CUSTOMERS), r.choice(STATES), r.randint(100, 99999),
                             1_700_000_000 + r.randint(0, 300 * 86400), "n" * r.randint(0, 60))
                            for i in range(1, ORDERS + 1)))
    connection.executemany("INSERT INTO items(order_id, product_id, quantity, price) VALUES(?, ?, ?, ?)",
                           ((r.randint(1, ORDERS), r.randint(1, 1000), r.randint(1, 5), r.randint(100, 9999))
                            for i in range(2 * ORDERS)))
    connection.commit()
    connection.close()


def connect(path, module):
    connection = sqlite3.connect(path, isolation_level=None)
    connection.enable_load_extension(True)
    connection.load_extension(module)
    return connection


def run_application(connection):
    """Runs all statements with the same parameters each time; gives a digest of the rows by name."""
    r = random.Random(11)
    digests = {}
    for name, calls, text, parameters in STATEMENTS:
        digest = hashlib.sha256()
        for _ in range(calls):
            for row in connection.execute(text, parameters(r)):
                digest.update(repr(row).encode())
        digests[name] = digest.hexdigest()
    return digests


def measured(connection):
    """Milliseconds and VM steps of one call, by name."""
    rows = {}
    for name, _, text, _ in STATEMENTS:
        row = connection.execute("SELECT mean_ms, vm_steps / calls, queryid FROM advisor_statements "
                                 "WHERE query = advisor_normalize(?)", (text,)).fetchone()
        rows[name] = {"ms": row[0], "steps": row[1], "queryid": row[2]}
    return rows


def run(path, module, notes):
    connection = connect(path, module)
    start = time.monotonic()
    digests = run_application(connection)
    print(f"The application ran {sum(s[1] for s in STATEMENTS)} statements in {time.monotonic() - start:.1f} s.")
    print("\nIn the application's own process, SELECT advisor_report():\n")
    print(connection.execute("SELECT advisor_report()").fetchone()[0])
    with open(notes, "w") as file:
        json.dump({"digests": digests, "measured": measured(connection)}, file)
    connection.close()


def compare(path, module, notes, applied):
    with open(notes) as file:
        before = json.load(file)
    with open(applied) as file:
        helped = [line.rstrip("\n").split("|") for line in file if line.strip()]  # queryid|index
    connection = connect(path, module)
    connection.execute("SELECT advisor_reset()")
    digests = run_application(connection)
    after = measured(connection)
    failures = []
    print(f"{'one call of':<28}{'ms before':>11}{'ms after':>11}{'steps before':>15}{'steps after':>14}  rows")
    for name, _, text, parameters in STATEMENTS:
        same = digests[name] == before["digests"][name]
        old, new = before["measured"][name], after[name]
        print(f"{name:<28}{old['ms']:>11.3f}{new['ms']:>11.3f}{old['steps']:>15,}{new['steps']:>14,}"
              f"  {'same' if same else 'DIFFER'}")
        if not same:
            failures.append(f"the rows of \"{name}\" differ")
        indexes = [index for queryid, index in helped if queryid == str(old["queryid"])]
        plan = " / ".join(row[3] for row in connection.execute("EXPLAIN QUERY PLAN " + text,
                                                               parameters(random.Random(1))))
        if indexes and not any(index in plan for index in indexes):
            failures.append(f"the plan of \"{name}\" uses none of {', '.join(indexes)}: {plan}")
        if indexes:
            print(f"    {plan}")
    connection.close()
    if not helped:
        failures.append("no statement was helped")
    for failure in failures:
        print("FAILED: " + failure, file=sys.stderr)
    sys.exit(1 if failures else 0)


if __name__ == "__main__":
    {"create": create, "run": run, "compare": compare}[sys.argv[1]](*sys.argv[2:])
