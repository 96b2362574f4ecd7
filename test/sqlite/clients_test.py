"""The examples of docs/sqlite.md run as they are written there."""
import os
import pathlib
import shutil
import sqlite3
import subprocess
import sys
import unittest

from support import MODULE, PYTHON, DatabaseTest

CLIENTS = pathlib.Path(__file__).parent / "clients"


class Clients(DatabaseTest):
    def setUp(self):
        super().setUp()
        self.shop = os.path.join(self.folder, "shop.db")
        sqlite3.connect(self.shop).executescript((CLIENTS / "shop.sql").read_text()).connection.close()

    def run_here(self, command, **more):
        environment = {**os.environ, "SHOP": self.shop, "PYTHONPATH": str(CLIENTS)}
        return subprocess.run(command, cwd=self.folder, env=environment, capture_output=True, text=True, timeout=120,
                              check=False, **more)

    def test_shell(self):
        script = (CLIENTS / "shell.sql").read_text().replace(".load db_advisor", f'.load "{MODULE}"')
        good = self.run_here(["sqlite3", "-bail", self.shop], input=script)
        self.assertEqual((good.returncode, good.stderr), (0, ""), good.stdout)
        self.assertIn("full_scan_rows is at most 0", good.stdout)
        bad = self.run_here(["sqlite3", "-bail", self.shop], input=script.replace("WHERE id = 7", "WHERE city = 7"))
        self.assertNotEqual(bad.returncode, 0)
        self.assertIn("full_scan_rows exceeds 1000", bad.stderr)

    def test_python(self):
        result = self.run_here([PYTHON, str(CLIENTS / "application.py")])
        self.assertEqual((result.returncode, result.stderr), (0, ""))
        self.assertIn("full_scan_rows is at most 0", result.stdout)
        self.assertIn("CREATE INDEX main.customers_city", result.stdout)

    def test_pytest(self):
        if self.run_here([PYTHON, "-c", "import pytest"]).returncode != 0:
            self.skipTest("python3-pytest is not installed")
        result = self.run_here([PYTHON, "-m", "pytest", "-q", "-p", "no:cacheprovider", str(CLIENTS / "test_shop.py")])
        self.assertEqual(result.returncode, 0, result.stdout)
        self.assertIn("2 passed", result.stdout)

    def test_c(self):
        compiler = shutil.which("cc") or shutil.which("gcc")
        if compiler is None:
            self.skipTest("no C compiler is installed")
        program = os.path.join(self.folder, "application")
        built = self.run_here([compiler, "-Wall", "-Wextra", "-Werror", "-o", program, str(CLIENTS / "application.c"), "-lsqlite3"])
        self.assertEqual(built.returncode, 0, built.stderr)
        result = self.run_here([program, self.shop, MODULE])
        self.assertEqual(result.returncode, 0, result.stdout + result.stderr)
        self.assertIn("full_scan_rows exceeds 1000", result.stderr)


if __name__ == "__main__":
    sys.exit(unittest.main())
