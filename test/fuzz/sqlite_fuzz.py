"""Damaged database files and random statement texts against the SQLite module, which should be built with sanitizers.
What ends by a signal, by a sanitizer's report or by the time limit is a failure and is printed with its seed, and so is it
when the module was not reached as it should be: --files 1 --statements 0 --seed N runs one case again. test/fuzz/run.sh
builds the module and calls this.
"""
import argparse
import ctypes
import os
import select
import signal
import sys
import tempfile

import cases
from databases import sound_databases
from tally import Tally

BATCH = 250  # cases in one process: a new one costs more than a case
SILENCE = 300  # seconds without the end of a case, after which it waits for something; computing is limited in the process


def main():
    parser = argparse.ArgumentParser(prog="run.sh", description=__doc__)
    parser.add_argument("--files", type=int, default=200)
    parser.add_argument("--statements", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1, help="of the first case of each kind")
    parser.add_argument("--dear", type=int, default=1, help="so many times as often are questions asked that take long")
    parser.add_argument("--verbose", action="store_true", help="print all statements and questions with their CPU time")
    options = parser.parse_args()
    # Once here instead of once in each process.
    ctypes.CDLL(cases.MODULE)
    cases.verbose = options.verbose
    cases.dear = options.dear
    tally = Tally()
    with tempfile.TemporaryDirectory(prefix="db_advisor_fuzz_") as folder:
        os.chdir(folder)  # random file names end here
        contents = sound_databases(folder)
        for kind, count in (("damaged file", options.files), ("statement", options.statements)):
            for first in range(options.seed, options.seed + count, BATCH):
                run_batch(kind, list(range(first, min(first + BATCH, options.seed + count))), contents, folder, tally)
    tally.print(options.files, options.statements, options.dear)
    sys.exit(1 if tally.failures else 0)


def run_batch(kind, seeds, contents, folder, tally):
    """Goes on behind a case that failed, after a second try on its own."""
    while seeds:
        done, ended = run(kind, seeds, contents, folder, tally)
        if ended is None:
            return
        report = read_report(folder)
        alone = "" if run(kind, [seeds[done]], contents, folder, None)[1] else " (not when it runs alone)"
        tally.fail(f"{kind} --seed {seeds[done]} {ended}{alone}", report)
        seeds = seeds[done + 1:]


def run(kind, seeds, contents, folder, tally):
    """How many cases came to their end, and how the process ended otherwise than it should."""
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reader)
        work(kind, seeds, contents, folder, writer)
    os.close(writer)
    done = 0
    pending = b""
    silent = False
    while True:
        if not select.select([reader], [], [], SILENCE)[0]:
            silent = True
            os.kill(child, signal.SIGKILL)
        data = b"" if silent else os.read(reader, 65536)
        if not data:
            break
        *lines, pending = (pending + data).split(b"\n")
        done += len(lines)
        for line in lines:
            if tally is not None:
                tally.add(kind, line.decode())
    os.close(reader)
    status = os.waitpid(child, 0)[1]
    if status == 0 and done == len(seeds):
        return done, None
    return done, how_it_ended(status, silent)


def work(kind, seeds, contents, folder, writer):
    status = 1
    try:
        report = os.open(os.path.join(folder, "report"), os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
        os.dup2(report, 2)
        for seed in seeds:
            os.write(writer, cases.run(kind, seed, contents, folder).encode() + b"\n")
        status = 0
    except BaseException:  # a mistake of the fuzzer itself is a failure, too
        import traceback
        os.write(2, traceback.format_exc().encode())
    finally:
        os._exit(status)


def how_it_ended(status, silent):
    if silent:
        return f"did not end within {SILENCE} s and used no time of its own"
    if os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGPROF:
        return f"took over {cases.LIMIT} s of CPU time"
    if os.WIFSIGNALED(status):
        return f"ended by {signal.Signals(os.WTERMSIG(status)).name}"
    return f"ended with status {os.WEXITSTATUS(status)}"


def read_report(folder):
    with open(os.path.join(folder, "report"), encoding="utf-8", errors="replace") as file:
        return file.read()


main()
