"""The figures as tables, in plain text or Markdown."""
import statistics

from configs import CONFIGS
from cpu import ratio
from workloads import WORKLOADS


def instruction_rows(figures):
    """Absolute where nothing is loaded, elsewhere what is added to the configuration that it is compared with."""
    configs = [config for config in CONFIGS if config.name in figures]
    rows = [['instructions per transaction'] + [heading(config) for config in configs]]
    for key in dict.fromkeys(key for config in configs for key in figures[config.name]):
        title = ', '.join(filter(None, (WORKLOADS[key[0]][0], key[1])))
        rows.append([title] + [instruction_cell(figures, config, key) for config in configs])
    return rows


def heading(config):
    if config.base == 'none':
        return config.title
    base = next(other for other in CONFIGS if other.name == config.base)
    return f'{config.title} (over {base.title})'


def instruction_cell(figures, config, key):
    count = figures[config.name].get(key)
    if count is None:
        return '–'
    if key[1] == 'system calls':
        return f'{max(count, 0):.1f}'
    if config.name == 'none':
        return f'{count:,.0f}'
    base = figures[config.base][key]
    share = f' ({100 * (count / base - 1):.2f} %)' if key[0] == 'hash' else ''
    return f'{count - base:+,.0f}{share}'


def cpu_rows(figures):
    configs = [config for config in CONFIGS if any(config.name == key[0] for key in figures)]
    rows = [['', f'CPU per transaction with {configs[0].title}']
            + [f'{config.title}: CPU, TPS' for config in configs[1:]]]
    for workload in dict.fromkeys(key[1] for key in figures):
        rounds = figures['none', workload]
        row = [workload, f'{1e6 * statistics.median(seconds for seconds, _ in rounds):.1f} µs']
        for config in configs[1:]:
            text = f"× {ratio(figures, config.name, 'none', workload):.3f}"
            if rounds[0][1]:
                text += f", × {ratio(figures, config.name, 'none', workload, 1):.3f}"
            row.append(text)
        rows.append(row)
    return rows


def memory_rows(measured):
    return [['', 'db_advisor', 'pg_stat_statements']] + measured


def layout(rows, markdown):
    if markdown:
        lines = ['| ' + ' | '.join(row) + ' |' for row in rows]
        lines.insert(1, '|---' * len(rows[0]) + '|')
        return '\n'.join(lines)
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    return '\n'.join('  '.join(text.ljust(width) if column == 0 else text.rjust(width)
                               for column, (text, width) in enumerate(zip(row, widths))).rstrip() for row in rows)
