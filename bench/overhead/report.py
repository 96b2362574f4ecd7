"""The figures as text or Markdown."""
from configs import CONFIGS
from workloads import WORKLOADS


def table(figures, names, markdown):
    configs = [config for config in CONFIGS if config.name in figures]
    rows = [[''] + [config.title for config in configs]]
    keys = list(dict.fromkeys(key for config in configs for key in figures[config.name]))
    for key in keys:
        title = ', '.join(filter(None, (WORKLOADS[key[0]][0], key[1])))
        rows.append([title] + [cell(figures, config, key) for config in configs])
    return layout(rows, markdown)


def cell(figures, config, key):
    count = figures[config.name].get(key)
    if count is None:
        return '–'
    if config.name == 'none':
        return f'{count:,.0f}'
    base = figures[config.base].get(key)
    return f'{count:,.0f}' if base is None else f'{count - base:+,.0f}'


def layout(rows, markdown):
    if markdown:
        lines = ['| ' + ' | '.join(row) + ' |' for row in rows]
        lines.insert(1, '|---' * len(rows[0]) + '|')
        return '\n'.join(lines)
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    return '\n'.join('  '.join(text.ljust(width) if column == 0 else text.rjust(width)
                               for column, (text, width) in enumerate(zip(row, widths))).rstrip() for row in rows)
