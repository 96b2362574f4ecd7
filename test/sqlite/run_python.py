"""Runs the unittest files of this folder: one line "name|1" or "name|0" per test, details on the error output."""
import pathlib
import sys
import traceback
import unittest


class Lines(unittest.TestResult):
    def line(self, test, result):
        print(f"{test.id()}|{result}", flush=True)

    def addSuccess(self, test):
        self.line(test, 1)

    def addFailure(self, test, error):
        super().addFailure(test, error)
        self.line(test, 0)
        traceback.print_exception(*error)

    addError = addFailure

    def addSubTest(self, test, subtest, error):
        super().addSubTest(test, subtest, error)
        if error:
            self.line(test, 0)
            traceback.print_exception(*error)

    def addSkip(self, test, reason):
        super().addSkip(test, reason)
        self.line(test, "skipped " + reason)


folder = pathlib.Path(__file__).parent
result = Lines()
unittest.defaultTestLoader.discover(str(folder), pattern="*_test.py").run(result)
sys.exit(0 if result.wasSuccessful() else 1)
