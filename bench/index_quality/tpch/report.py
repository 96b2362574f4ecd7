"""Prints what was measured, beside the targets and the best of other advisors."""
import gates


def print_all(results):
    way = 'recorded executions' if results['recorded'] else 'texts'
    print(f"TPC-H at scale factor {results['scale']:g}, learned from {way} of three variants, judged on a fourth")
    for queries in ('19', '22'):
        runs = [run for run in results['runs'] if run['queries'] == queries]
        if runs:
            print(f'\n{queries} queries, real indexes ÷ none')
            print_budgets(runs)
            print_queries(runs, 'cost', 'Planner cost by query, real indexes ÷ none')
            print_queries([run for run in runs if 'cpu' in run], 'cpu', 'CPU time by query, real indexes ÷ none')
    for run in results['runs']:
        print_indexes(run)
    print('\nBelieved gain of a copy of each primary key: '
          + (', '.join(f'{name} {gain:g}' for name, gain in results['copies'].items() if gain != 0) or 'none'))


def print_budgets(runs):
    rows = [('budget', 'indexes', 'built MB', 'search s', 'calls', 'believed', 'cost', 'asked', 'best peer',
             'geo. mean', 'CPU', 'asked', 'best peer', 'worst query')]
    for run in runs:
        judged = run['queries'] == '19'
        asked, peer = gates.COST.get(run['budget'], ('', '')) if judged else ('', '')
        asked_cpu, peer_cpu = gates.CPU.get(run['budget'], ('', '')) if judged else ('', '')
        cpu, worst = cpu_cells(run)
        rows.append((budget(run), len(run['indexes']), f"{run['bytes'] / 1e6:.1f}", f"{run['seconds']:.1f}",
                     '?' if run['planner_calls'] is None else run['planner_calls'],
                     f"{run['indexes'][-1]['relative_cost']:.3f}" if run['indexes'] else '',
                     f"{gates.ratio(run['cost'], run['cost_none']):.3f}", asked, peer,
                     f"{gates.geometric_mean(run['cost'], run['cost_none']):.3f}", cpu, asked_cpu, peer_cpu, worst))
    print_table(rows)


def cpu_cells(run):
    if 'cpu' not in run:
        return '', ''
    ratios = {number: run['cpu'][number] / run['cpu_none'][number] for number in run['cpu']}
    worst = max(ratios, key=ratios.get)
    return f"{gates.ratio(run['cpu'], run['cpu_none']):.3f}", f'{ratios[worst]:.2f} (Q{worst})'


def print_queries(runs, measure, heading):
    if not runs:
        return
    print(f'\n{heading}')
    none = runs[0][f'{measure}_none']
    unit = '{:.0f}' if measure == 'cost' else '{:.3f}'
    rows = [('query', 'none', 'share', *(budget(run) for run in runs))]
    for number in none:
        rows.append((f'Q{number}', unit.format(none[number]), f'{none[number] / sum(none.values()):.3f}',
                     *(f"{run[measure][number] / none[number]:.3f}" for run in runs)))
    print_table(rows)


def print_indexes(run):
    print(f"\n{gates.title(run)}: {len(run['indexes'])} indexes, {run['bytes'] / 1e6:.1f} MB,"
          f" built in {run['build_seconds']:.0f} s; MB predicted and built, definition, queries")
    rows = []
    for index in run['indexes']:
        served = ' '.join(f'Q{number}' for number in index['queries'] or [])
        rows.append((f"{index['predicted_bytes'] / 1e6:.1f}", f"{index['bytes'] / 1e6:.1f}",
                     f"{index['definition'].removeprefix('CREATE INDEX ON ')}  {served}"))
    print_table(rows, left=2)


def print_table(rows, left=0):
    """Columns of figures to the right, the column `left` to the left."""
    if not rows:
        return
    widths = [max(len(str(row[column])) for row in rows) for column in range(len(rows[0]))]
    for row in rows:
        print('  '.join(f'{str(cell):<{width}}' if column == left else f'{str(cell):>{width}}'
                        for column, (cell, width) in enumerate(zip(row, widths))).rstrip())


def budget(run):
    return 'none' if run['budget'] is None else f"{run['budget']} MB"


def summary(run):
    return (f"{gates.title(run)}: {len(run['indexes'])} indexes, {run['bytes'] / 1e6:.1f} MB, cost"
            f" {gates.ratio(run['cost'], run['cost_none']):.3f}"
            f" ({gates.geometric_mean(run['cost'], run['cost_none']):.3f}), {run['seconds']:.1f} s")
