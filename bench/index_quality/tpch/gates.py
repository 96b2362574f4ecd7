"""The targets, and the best that other advisors reach on the same workload (docs/performance.md)."""
COST = {80: (0.75, 0.814), 150: (0.61, 0.664), 300: (0.55, 0.600), 850: (0.50, 0.580), None: (0.46, 0.519)}
CPU = {150: (0.80, 0.918), 850: (0.65, 0.781), None: (0.60, 0.652)}
WORST_CPU = 1.1
OVERSHOOT = 1.05
PLANNER_CALLS = 3000
SECONDS = 5.0


def ratio(after, before):
    return sum(after.values()) / sum(before.values())


def geometric_mean(after, before):
    product = 1.0
    for number in before:
        product *= after[number] / before[number]
    return product ** (1 / len(before))


def failures(results):
    """What misses its target, as lines of text."""
    found = [f'a copy of {name} is believed to gain {gain:g}' for name, gain in results['copies'].items() if gain != 0]
    for run in results['runs']:
        found += [f"{title(run)}: {text}" for text in failures_of(run)]
    return found


def failures_of(run):
    cost = ratio(run['cost'], run['cost_none'])
    if run['queries'] == '19' and run['budget'] in COST and cost > COST[run['budget']][0]:
        yield f"cost {cost:.3f}, asked {COST[run['budget']][0]}"
    if run['queries'] == '22' and (cost >= 1 or geometric_mean(run['cost'], run['cost_none']) >= 1):
        yield 'total and geometric mean do not both improve'
    if run['limit'] and run['bytes'] > OVERSHOOT * run['limit']:
        yield f"{run['bytes'] / 1e6:.1f} MB built, budget {run['limit'] / 1e6:g} MB"
    if run['seconds'] > SECONDS:
        yield f"{run['seconds']:.1f} s of search, asked {SECONDS:g} s"
    if (run['planner_calls'] or 0) > PLANNER_CALLS:
        yield f"{run['planner_calls']} planner calls, asked {PLANNER_CALLS}"
    for index in run['indexes']:
        if index['duplicate']:
            yield f"a duplicate: {index['definition']}"
    yield from cpu_failures_of(run)


def cpu_failures_of(run):
    if 'cpu' not in run:
        return
    total = ratio(run['cpu'], run['cpu_none'])
    if run['queries'] == '19' and run['budget'] in CPU and total > CPU[run['budget']][0]:
        yield f"CPU time {total:.3f}, asked {CPU[run['budget']][0]}"
    for number, seconds in run['cpu'].items():
        if seconds > WORST_CPU * run['cpu_none'][number]:
            yield f"query {number} takes {seconds / run['cpu_none'][number]:.2f} times as long"


def title(run):
    return f"{run['queries']} queries, {'no limit' if run['budget'] is None else str(run['budget']) + ' MB'}"
