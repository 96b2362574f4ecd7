"""Prints what was measured: gates, the peer beside it, shares by kind and by table size, and the misses."""
import collections
import dataclasses
import json

WITHIN = {'cost': 0.02, 'analyzed': 0.20, 'size': 0.15}
MEASURES = ('shape', 'cost', 'analyzed', 'size')
TITLES = {'shape': 'plan shape', 'cost': 'cost within 2 %', 'analyzed': 'cost within 20 % after ANALYZE',
          'size': 'size within 15 %'}


def outcomes(result, subject, measure):
    """True or False per judged thing of a case: one per case, for sizes one per index."""
    score = result.scores[subject]
    if measure == 'size':
        if score.error:
            return [False] * len(result.sizes)
        return [near(ratio, 'size') for ratio in score.size_ratios]
    if measure == 'shape':
        return [score.shape]
    return [near(score.cost_ratio if measure == 'cost' else score.analyzed_ratio, measure)]


def near(ratio, measure):
    return ratio is not None and abs(ratio - 1) <= WITHIN[measure] + 1e-9


def share(results, subject, measure):
    """(good, judged) over the results."""
    judged = [outcome for result in results for outcome in outcomes(result, subject, measure)]
    return sum(judged), len(judged)


def percent(good, judged):
    return 100.0 * good / judged if judged else float('nan')


def print_gates(results, subject, asked):
    """One line per gate; returns whether all hold. No judged case is a failure."""
    all_hold = True
    for measure in MEASURES:
        good, judged = share(results, subject, measure)
        holds = judged > 0 and percent(good, judged) >= asked[measure]
        all_hold = all_hold and holds
        print(f'{"ok    " if holds else "FAILED"} {TITLES[measure]:<32}'
              f' measured {percent(good, judged):5.1f} % ({good} of {judged}), asked {asked[measure]:g} %')
    return all_hold


# What is asked of the kinds beside b-trees: cost off by at most, in so many percent of the cases; size by a factor
# of at most, in so many percent.
KINDS = {'hash': (0.02, 90, 1.15, 95), 'brin': (0.10, 90, 1.15, 95), 'gin': (0.30, 90, 2, 90),
         'gist': (0.30, 90, 2, 90), 'spgist': (0.30, 90, 2, 90)}
SHAPE_OF_KINDS = 90


def print_kind_gates(results, subject, slack=0):
    """One line per kind; returns whether all hold. `slack`: percentage points forgiven, for small runs."""
    all_hold = True
    for method, (cost_off, cost_asked, size_off, size_asked) in KINDS.items():
        scores = [result.scores[subject] for result in results if result.case.method == method]
        if not scores:
            continue
        shape = percent(sum(score.shape for score in scores), len(scores))
        cost = percent(sum(score.cost_ratio is not None and abs(score.cost_ratio - 1) <= cost_off + 1e-9
                           for score in scores), len(scores))
        size = percent(sum(bool(score.size_ratios) and 1 / size_off <= score.size_ratios[0] <= size_off
                           for score in scores), len(scores))
        told = [inside for score in scores for inside in score.in_range]
        holds = (shape >= SHAPE_OF_KINDS - slack and cost >= cost_asked - slack and size >= size_asked - slack)
        all_hold = all_hold and holds
        print(f'{"ok    " if holds else "FAILED"} {method:<7} {len(scores):>4} cases: plan shape {shape:5.1f} %'
              f' (asked {SHAPE_OF_KINDS}), cost within {100 * cost_off:g} % {cost:5.1f} % (asked {cost_asked}),'
              f' size within a factor of {size_off:g} {size:5.1f} % (asked {size_asked})'
              + (f', in the range told {percent(sum(told), len(told)):.1f} %' if told else ''))
    return all_hold


def print_integrity(results, subject):
    scores = [result.scores[subject] for result in results]
    told = sum(bool(score.used_right) for score in scores)
    print(f'       new index used by the real plan  {sum(result.uses_new for result in results)}'
          f' of {len(results)} cases; "used" told rightly in {told}')
    print(f'       plan_before as EXPLAIN shows it  {sum(bool(score.before_same) for score in scores)}'
          f' of {len(scores)} cases; errors {sum(score.error is not None for score in scores)}')
    answered = [score for score in scores if score.error is None]
    print('       deviation, median / 95th percentile: cost'
          f' {spread(score.cost_ratio for score in answered)},'
          f' size {spread(ratio for score in answered for ratio in score.size_ratios)}')


def spread(ratios):
    deviations = sorted(abs(ratio - 1) for ratio in ratios)
    if not deviations:
        return 'none'
    return ' / '.join(f'{100 * deviations[int(rank * (len(deviations) - 1))]:.1f} %' for rank in (0.5, 0.95))


def print_apart(results, subject):
    if results:
        print(f'constants at or beyond the histogram\'s end ({len(results)} cases, no gate): '
              + ', '.join(f'{TITLES[measure]} {percent(*share(results, subject, measure)):.1f} %'
                          for measure in MEASURES))


def print_side_by_side(results, subjects):
    """Only cases that every subject answered; the refused ones are counted below."""
    answered = [result for result in results if all(result.scores[name].error is None for name in subjects)]
    print(f'\n{f"{len(answered)} cases that all answered":<34}' + ''.join(f'{name:>12}' for name in subjects))
    for measure in MEASURES:
        print(f'{TITLES[measure]:<34}'
              + ''.join(f'{percent(*share(answered, name, measure)):>10.1f} %' for name in subjects))
    print(f'{"refused or failed":<34}' + ''.join(
        f'{sum(result.scores[name].error is not None for result in results):>12}' for name in subjects))


def print_groups(results, subject, title, key):
    groups = collections.defaultdict(list)
    for result in results:
        groups[key(result)].append(result)
    print(f'\n{title:<24}{"cases":>6}{"used":>6}{"shape":>8}{"cost2":>8}{"cost20":>8}{"size15":>8}')
    for group in sorted(groups):
        members = groups[group]
        shares = ''.join(f'{percent(*share(members, subject, measure)):>8.1f}' for measure in MEASURES)
        print(f'{group:<24}{len(members):>6}{sum(result.uses_new for result in members):>6}{shares}')


def rows_of(result):
    return f'1e{len(str(result.case.rows)) - 1} rows'


def style_of(result):
    if result.case.parameters is None:
        return 'constants'
    return '$n, generic' if result.case.generic else '$n, with values'


def print_misses(results, subject, limit):
    missed = [result for result in results if result.case.method != 'btree' and is_kind_miss(result, subject)
              or result.case.method == 'btree' and not all(outcome for measure in MEASURES for outcome in outcomes(result, subject, measure))]
    print(f'\nmisses ({len(missed)} cases; ratios are predicted / real)')
    for result in missed[:limit]:
        case = result.case
        print(f'{case.number:>4} {case.kind} on {", ".join(case.tables)} ({case.rows} rows): '
              + describe(result.scores[subject]))
    if len(missed) > limit:
        print(f'     … {len(missed) - limit} more')


def is_kind_miss(result, subject):
    score = result.scores[subject]
    cost_off, _, size_off, _ = KINDS[result.case.method]
    return (not score.shape or score.cost_ratio is None or abs(score.cost_ratio - 1) > cost_off
            or not 1 / size_off <= score.size_ratios[0] <= size_off)


def describe(score):
    if score.error:
        return f'error: {score.error.splitlines()[0]}'
    parts = [] if score.shape else ['other shape']
    parts += [f'cost {score.cost_ratio:.3f}'] if not near(score.cost_ratio, 'cost') else []
    parts += [f'analyzed {score.analyzed_ratio:.2f}'] if not near(score.analyzed_ratio, 'analyzed') else []
    if not all(near(ratio, 'size') for ratio in score.size_ratios):
        parts.append('size ' + ', '.join(f'{ratio:.2f}' for ratio in score.size_ratios))
    return ', '.join(parts)


def write_json(results, path):
    with open(path, 'w', encoding='utf-8') as file:
        json.dump([dataclasses.asdict(result) for result in results], file, indent=1, default=str)
