"""Runs one case: predicts, then does it for real in a transaction that is rolled back, and compares.

Order: EXPLAIN as it is, the predictions, then BEGIN, DROP/CREATE INDEX, EXPLAIN, ANALYZE, EXPLAIN, ROLLBACK.
The rollback takes back indexes and statistics, so every case meets the tables as VACUUM ANALYZE left them.
"""
import dataclasses
import time

import psycopg2

import plan_shape


@dataclasses.dataclass
class Score:
    """How one prediction stands against reality. Ratios are predicted / real."""
    error: str = None
    before_same: bool = None
    shape: bool = False
    cost_ratio: float = None            # against CREATE INDEX alone
    analyzed_ratio: float = None        # against CREATE INDEX and ANALYZE
    size_ratios: list = dataclasses.field(default_factory=list)
    in_range: list = dataclasses.field(default_factory=list)    # the real size, in the range that was told
    used_right: bool = None
    plan: str = None
    cost: float = None


@dataclasses.dataclass
class Result:
    case: object
    scores: dict                        # subject name -> Score
    cost_before: float = None
    cost_real: float = None
    cost_analyzed: float = None
    plan_before: str = None
    plan_real: str = None
    sizes: list = dataclasses.field(default_factory=list)
    uses_new: bool = False              # the real plan scans one of the new indexes
    seconds: float = 0.0


@dataclasses.dataclass
class Reality:
    before: str
    after: str
    analyzed: str
    sizes: list


def run(server, subjects, case, existing):
    started = time.monotonic()
    server.apply(case.settings)
    try:
        before = server.explain(case)
        predictions = {subject.name: predict(subject, case) for subject in subjects}
        reality = build_and_explain(server, case, before)
    finally:
        server.reset(case.settings)
    result = Result(case, {name: score(prediction, reality, case, existing)
                           for name, prediction in predictions.items()})
    real = plan_shape.parse(reality.after)
    result.cost_before = plan_shape.parse(before).total_cost
    result.cost_real = real.total_cost
    result.cost_analyzed = plan_shape.parse(reality.analyzed).total_cost
    result.plan_before, result.plan_real, result.sizes = before, reality.after, reality.sizes
    result.uses_new = bool(plan_shape.index_names(real) & set(case.names))
    result.seconds = time.monotonic() - started
    return result


def predict(subject, case):
    """Two predictions: for CREATE INDEX alone, and for ANALYZE after it; they differ only for expressions."""
    try:
        analyzed = subject.predict(case)
        return (subject.predict(case, expression_statistics=False) if case.expression else analyzed), analyzed
    except psycopg2.Error as error:
        return str(error).strip()


def build_and_explain(server, case, before):
    server.run('BEGIN')
    try:
        sizes = server.change_indexes(case)
        after = server.explain(case)
        if case.method != 'btree':      # judged without expressions, which only ANALYZE changes
            return Reality(before, after, after, sizes)
        for table in case.tables:
            server.run(f'ANALYZE {table}')
        return Reality(before, after, server.explain(case), sizes)
    finally:
        server.run('ROLLBACK')


def score(predictions, reality, case, existing):
    if isinstance(predictions, str):
        return Score(error=predictions)
    alone, analyzed = predictions
    before = plan_shape.parse(alone.plan_before)
    predicted = plan_shape.parse(alone.plan)
    real = plan_shape.parse(reality.after)
    remaining = [name for name in existing if name not in case.drops]
    names = plan_shape.index_names(real)
    return Score(
        before_same=(plan_shape.same_shape(before, plan_shape.parse(reality.before), [], existing)
                     and before.total_cost == plan_shape.parse(reality.before).total_cost),
        shape=plan_shape.same_shape(predicted, real, case.names, remaining),
        cost_ratio=ratio(cost_of(alone), real.total_cost),
        analyzed_ratio=ratio(cost_of(analyzed), plan_shape.parse(reality.analyzed).total_cost),
        size_ratios=[ratio(*sizes) for sizes in zip(analyzed.sizes, reality.sizes, strict=True)],
        in_range=[low <= size <= high
                  for (low, high), size in zip(analyzed.ranges, reality.sizes) if analyzed.ranges],
        used_right=all(said is None or said == (name in names) for said, name in zip(alone.used, case.names)),
        plan=alone.plan,
        cost=cost_of(alone))


def cost_of(prediction):
    return prediction.cost if prediction.cost is not None else plan_shape.parse(prediction.plan).total_cost


def ratio(predicted, real):
    return predicted / real if real else (1.0 if not predicted else float('inf'))
