"""The development cases A1 to A24: a statement, what is expected, and what counts as at least as good.

An answer is good when, with it applied and analyzed, the statement takes no more than `factor` times what it takes
with the expected indexes, when it takes no more than `bytes` times their space (where the case is about space), when
no definition matches `never`, and when it is empty where `none` is set. Answers may be better by other means: it is
what they cost that is judged, not how they look. This table was written before the advisor was tuned to it.
"""
import re
from dataclasses import dataclass, field

import shop


@dataclass
class Case:
    id: str
    statement: str
    expected: list = field(default_factory=list)
    database: str = "shop"
    factor: float = 1.25
    bytes: float = None
    never: str = None  # a regular expression over the definitions
    none: bool = False
    prepare: object = None  # what the application does with each new connection
    shell: str = ""  # the same for the shell

    def refused(self, definitions):
        """Why these definitions are wrong whatever they cost; None if they are not."""
        if self.none and definitions:
            return "nothing is expected"
        for definition in definitions:
            if self.never and re.search(self.never, definition.replace('"', "")):
                return f"never: {definition}"
        return None


SPECIAL = dict(database="special", prepare=shop.prepare_special)
ELSEWHERE = dict(database="small", prepare=shop.prepare_elsewhere, shell="ATTACH ':memory:' AS side;")

CASES = [
    Case("A1", "SELECT sum(length(note)) FROM orders WHERE status='done'", factor=1.05, never=r"\(status\)$"),
    Case("A2", "SELECT sum(length(note)) FROM orders WHERE created_at>1600000000 AND total<5",
         ["CREATE INDEX e1 ON orders(total)"], never=r"\(created_at\)$"),
    Case("A3", "SELECT sum(total) FROM orders WHERE region='R5'", ["CREATE INDEX e1 ON orders(region, total)"]),
    Case("A4", "SELECT id,total FROM orders WHERE region='R5' ORDER BY created_at DESC LIMIT 10",
         ["CREATE INDEX e1 ON orders(region, created_at)"], bytes=1.1),
    Case("A5", "SELECT * FROM users WHERE lower(email)='user77@example.org'",
         ["CREATE INDEX e1 ON users(lower(email))"]),
    Case("A6", "SELECT count(*) FROM products WHERE json_extract(meta,'$.color')='c77'",
         ["CREATE INDEX e1 ON products(json_extract(meta,'$.color'))"]),
    Case("A7", "SELECT count(note) FROM orders WHERE status='pending' AND deleted_at IS NULL",
         ["CREATE INDEX e1 ON orders(status) WHERE status='pending' AND deleted_at IS NULL"], bytes=2.5),
    Case("A8", "SELECT region,sum(total) FROM orders GROUP BY region", ["CREATE INDEX e1 ON orders(region, total)"]),
    Case("A9", "SELECT id FROM orders WHERE created_at>1649000000 ORDER BY total LIMIT 10",
         ["CREATE INDEX e1 ON orders(created_at)"]),
    Case("A10", "SELECT sum(i.qty) FROM users u JOIN orders o ON o.user_id=u.id JOIN items i ON i.order_id=o.id "
         "WHERE u.country='C7'",
         ["CREATE INDEX e1 ON items(order_id, qty)", "CREATE INDEX e2 ON orders(user_id)",
          "CREATE INDEX e3 ON users(country)"]),
    Case("A11", "SELECT count(*) FROM items i JOIN orders o ON o.id=i.order_id WHERE i.product_id=55 AND o.region='R3'",
         ["CREATE INDEX e1 ON items(product_id, order_id)"], bytes=1.1),
    Case("A12", "SELECT count(u.name||p.name) FROM users u JOIN orders o ON o.user_id=u.id "
         "JOIN items i ON i.order_id=o.id JOIN products p ON p.id=i.product_id "
         "WHERE u.email='user77@example.org' AND o.status='done'",
         ["CREATE INDEX e1 ON users(email)", "CREATE INDEX e2 ON orders(user_id, status)",
          "CREATE INDEX e3 ON items(order_id, product_id)"]),
    Case("A13", "SELECT count(*) FROM users WHERE substr(created_at,1,7)='2021-05'",
         ["CREATE INDEX e1 ON users(substr(created_at,1,7))"]),
    Case("A14", "SELECT * FROM orders WHERE user_id=7 ORDER BY created_at DESC, id DESC LIMIT 20",
         ["CREATE INDEX e1 ON orders(user_id, created_at)"], bytes=1.1),
    Case("A15", "SELECT u.id,count(o.id) FROM users u LEFT JOIN orders o ON o.user_id=u.id GROUP BY u.id",
         ["CREATE INDEX e1 ON orders(user_id)"], bytes=1.1, never=r"ON users"),
    Case("A16", "INSERT INTO users(id,email) VALUES(1,'a') ON CONFLICT(id) DO UPDATE SET email=excluded.email",
         none=True),
    Case("A17", "UPDATE orders SET note='x' WHERE region='R1' RETURNING id", ["CREATE INDEX e1 ON orders(region)"]),
    Case("A18", "INSERT INTO t VALUES(1,2,3,4,'x')", ["CREATE INDEX e1 ON log(ts)", "CREATE INDEX e2 ON t(e)"],
         database="small"),
    Case("A19", "SELECT * FROM t WHERE b=5 AND c=1", database="small", none=True),
    Case("A20", "SELECT * FROM t WHERE a=5 AND b=6", ["CREATE INDEX e1 ON t(b)"], database="small", bytes=1.1),
    Case("A21", "SELECT count(*) FROM docs JOIN meta ON meta.id = docs.rowid "
         "WHERE docs MATCH 'word5' AND meta.owner = 77", ["CREATE INDEX e1 ON meta(owner)"], **SPECIAL),
    Case("A22", "SELECT name FROM people WHERE town = 17", ["CREATE INDEX e1 ON people(town)"], **SPECIAL),
    Case("A23", "SELECT a.at, b.at FROM side.events_side a, events_temp b WHERE a.kind = 5 AND b.kind = 7",
         ["CREATE INDEX side.e1 ON events_side(kind)", "CREATE INDEX temp.e2 ON events_temp(kind)"], **ELSEWHERE),
    Case("A24", "SELECT d FROM t WHERE b=3 AND d<>5 AND e IS NOT NULL AND c IS 4 LIMIT 7",
         ["CREATE INDEX e1 ON t(b)"], database="small", never=r"\((d|e)\b"),
]
