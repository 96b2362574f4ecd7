"""A gate in Python: an application that runs its statements and then asks what they cost."""
import os
import sqlite3


def connect(path):
    connection = sqlite3.connect(path)
    connection.enable_load_extension(True)
    connection.load_extension(os.environ.get("DB_ADVISOR_MODULE", "db_advisor"))
    connection.enable_load_extension(False)
    return connection


def customer(connection, key):
    return connection.execute("SELECT name FROM customers WHERE id = ?", (key,)).fetchone()


def customers_of(connection, city):
    return connection.execute("SELECT name FROM customers WHERE city = ?", (city,)).fetchall()


def main(path):
    connection = connect(path)
    customer(connection, 7)
    print(connection.execute("SELECT advisor_assert('full_scan_rows', 1000)").fetchone()[0])
    for city in range(6):
        customers_of(connection, city)
    for title, fix in connection.execute("SELECT title, fix FROM advisor_recommendations WHERE rule LIKE 'missing-index-%'"):
        print(title, fix, sep="\n")
    connection.close()


if __name__ == "__main__":
    main(os.environ.get("SHOP", "shop.db"))
