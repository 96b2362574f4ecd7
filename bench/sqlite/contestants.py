"""Those who advise: our module, and the shell's .expert without statistics and with a full sample."""
import json
import os
import re
import resource
import sqlite3
import subprocess


class Advice:
    def __init__(self, definitions, note="", seconds=0.0):
        self.definitions = definitions
        self.note = note  # why there is none, where it failed
        self.seconds = seconds


class Advisor:
    name = "db_advisor"

    def advise(self, path, statements, prepare=None):
        connection = sqlite3.connect(path, isolation_level=None)
        try:
            if prepare:
                prepare(connection)
            connection.enable_load_extension(True)
            connection.load_extension(os.environ["DB_ADVISOR_MODULE"])
            start = resource.getrusage(resource.RUSAGE_SELF).ru_utime
            rows = connection.execute("SELECT definition FROM advisor_recommend_indexes(NULL, NULL, ?)",
                                      (json.dumps(statements),)).fetchall()
            seconds = resource.getrusage(resource.RUSAGE_SELF).ru_utime - start
            return Advice([row[0] for row in rows], "", seconds)
        except sqlite3.Error as error:
            return Advice([], str(error))
        finally:
            connection.close()


class Expert:
    """Answers one statement at a time; the indexes of several are their union."""

    def __init__(self, sample=None):
        self.sample = sample
        self.name = ".expert" + (f" --sample {sample}" if sample else "")

    def advise(self, path, statements, prepare=None):
        definitions, notes = [], []
        before = resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime
        for statement in statements:
            options = f" --sample {self.sample}" if self.sample else ""
            result = subprocess.run(["sqlite3", "-batch", path], text=True, capture_output=True, check=False,
                                    input=f".expert{options}\n{' '.join(statement.split())};\n")
            found = re.findall(r"^CREATE INDEX .*$", result.stdout, re.MULTILINE)
            definitions += [each for each in found if each not in definitions]
            errors = [line for line in (result.stdout + result.stderr).splitlines() if "rror" in line]
            if errors:
                notes.append(errors[0])
        seconds = resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime - before
        return Advice(definitions, "; ".join(notes), seconds)


ALL = [Advisor(), Expert(), Expert(100)]
