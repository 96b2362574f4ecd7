"""The development cases: who finds what is expected, and who makes a statement slower?"""
import argparse
import re
import sys
import tempfile

import contestants
import shop
from cases import CASES
from engine import Trial

SLOWER = 1.05
ROUNDS = 3  # more, where the first one was not good
UNSEEN = 30e-6  # seconds: so little is not told from noise


def main():
    parser = argparse.ArgumentParser(prog="run.sh development", description=__doc__)
    parser.add_argument("--only", type=lambda text: text.split(","), metavar="A1,A2")
    parser.add_argument("--ours", action="store_true", help="leave the shell's .expert out")
    parser.add_argument("--scale", type=float, default=1.0, help="of the large database")
    parser.add_argument("--folder", help="keeps the databases for the next run")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="db_advisor_bench_") as made:
        folder = options.folder or made
        paths = {"shop": shop.make_shop(folder, options.scale), "small": shop.make_small(folder),
                 "special": shop.make_special(folder)}
        cases = [case for case in CASES if not options.only or case.id in options.only]
        advisers = contestants.ALL[:1] if options.ours else contestants.ALL
        sys.exit(compare(cases, paths, advisers))


def compare(cases, paths, advisers):
    trials = {}
    good = {adviser.name: 0 for adviser in advisers}
    slower = {adviser.name: [] for adviser in advisers}
    for case in cases:
        key = case.database + ("+" if case.shell else "")
        if key not in trials:
            trials[key] = Trial(paths[case.database], case.prepare)
        trial = trials[key]
        now = trial.seconds(case.statement)
        with trial.with_indexes(case.expected) as expected:
            best, space = trial.seconds(case.statement), expected.bytes
        print(f"{case.id:4} now {micro(now)}, expected {micro(best)} {space / 1e6:.1f} MB: {'; '.join(case.expected)}")
        for adviser in advisers:
            statements = [case.statement]
            advice = adviser.advise(paths[case.database], statements, case.prepare)
            verdict, ratio = judge(case, trial, advice, now, best, space)
            good[adviser.name] += verdict == "good"
            if ratio > SLOWER:
                slower[adviser.name].append((ratio, case.id))
            print(f"     {adviser.name:20} {verdict}; {advice.seconds:.2f} s; {'; '.join(advice.definitions)}", flush=True)
    print()
    for adviser in advisers:
        worst = ", ".join(f"{name} {ratio:.2f}x" for ratio, name in sorted(slower[adviser.name], reverse=True))
        print(f"{adviser.name:20} {good[adviser.name]} of {len(cases)} as expected or better; slower: {worst or 'none'}")
    ours = advisers[0].name
    return 0 if good[ours] >= len(cases) - 1 and not slower[ours] else 1


def judge(case, trial, advice, now, best, space):
    """(verdict, how many times slower than now): with fresh statistics and without, the worse of the two."""
    if advice.note:
        return f"failed: {advice.note}", 1
    if not advice.definitions:
        good = not case.expected or best * case.factor >= now - UNSEEN
        return ("good" if good else f"nothing, {now / best:.1f}x expected"), 1
    with trial.with_indexes(advice.definitions, analyze=False):
        pasted = trial.seconds(case.statement)
    with trial.with_indexes(advice.definitions) as made:
        after, taken = trial.seconds(case.statement), made.bytes
    for _ in range(ROUNDS):  # what else runs on the machine must not decide
        if max(after, pasted) <= min(best * case.factor + UNSEEN, now * SLOWER):
            break
        with trial.with_indexes(case.expected):
            best = min(best, trial.seconds(case.statement))
        with trial.with_indexes(advice.definitions, analyze=False):
            pasted = min(pasted, trial.seconds(case.statement))
        with trial.with_indexes(advice.definitions):
            after = min(after, trial.seconds(case.statement))
    ratio = 1 if max(pasted, after) - now < UNSEEN else max(pasted, after) / now
    figures = f"{micro(after)} (as pasted {micro(pasted)}) {taken / 1e6:.1f} MB"
    if case.refused(advice.definitions):
        return f"{case.refused(advice.definitions)}, {figures}", ratio
    if after > best * case.factor + UNSEEN and shapes(advice.definitions) != shapes(case.expected):
        return f"{after / best:.2f}x expected, {figures}", ratio
    if case.bytes and taken > space * case.bytes:
        return f"{taken / space:.2f}x the space, {figures}", ratio
    return ("good" if ratio <= SLOWER else "slower") , ratio


def shapes(definitions):
    """The same index takes the same time, whatever the clock says."""
    return sorted(re.sub(r"^CREATE INDEX .*? ON|\s", "", each).lower() for each in definitions)


def micro(seconds):
    return f"{seconds * 1e6:,.0f} us"


main()
