"""A gate in pytest: each test fails when one of its statements steps through more than a thousand rows."""
import os

import application
import pytest


@pytest.fixture
def connection():
    connection = application.connect(os.environ.get("SHOP", "shop.db"))
    connection.execute("SELECT advisor_reset()").fetchall()
    yield connection
    try:
        connection.execute("SELECT advisor_assert('full_scan_rows', 1000)").fetchall()
    finally:
        connection.close()


def test_a_customer_is_found_by_key(connection):
    assert application.customer(connection, 7) == ("name 7",)


def test_customers_of_a_city(connection):
    """Here the gate would close: there is no index on city."""
    assert application.customers_of(connection, 3)
    with pytest.raises(Exception, match="full_scan_rows exceeds 1000"):
        connection.execute("SELECT advisor_assert('full_scan_rows', 1000)").fetchall()
    connection.execute("SELECT advisor_reset()").fetchall()
