"""Generates the cases: every kind in turn, in random order, with random style and planner settings."""
import random

import joins
import single
from case import Draft

APART_SHARE = 0.06      # cases at the histogram's ends, on top of those asked for


def generate(seed, tables, count):
    rng = random.Random(f'cases {seed}')
    kinds = []
    while len(kinds) < count:
        deck = list(single.KINDS + joins.KINDS)
        rng.shuffle(deck)
        kinds += deck
    kinds = kinds[:count] + [single.APART] * max(2, round(count * APART_SHARE))
    return [make(random.Random(f'case {seed} {number}'), tables, number, kind)
            for number, kind in enumerate(kinds, 1)]


def make(rng, tables, number, kind):
    """Draws until no index equals an existing one: the choice between two equal ones hangs on a page."""
    while True:
        draft = Draft(rng, tables, rng.choices(('literal', 'values', 'generic'), (70, 22, 8))[0])
        query = kind(draft)
        if not draft.duplicate:
            return draft.finish(number, kind.__name__, query, settings(rng))


def settings(rng):
    chosen = {'max_parallel_workers_per_gather': rng.choice((0, 2))}
    if rng.random() < 0.3:
        chosen['random_page_cost'] = 1.1
    return chosen
