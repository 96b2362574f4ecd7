"""The tables of docs/performance.md, each between two comments that name it."""
import os
import re

PAGE = os.path.join(os.path.dirname(os.path.abspath(__file__)), '../../docs/performance.md')


def replace_table(name, table):
    with open(PAGE, encoding='utf-8') as file:
        text = file.read()
    between = re.compile(f'(<!-- {name}: [^\n]*-->\n).*?(<!-- end of {name} -->\n)', re.S)
    text, count = between.subn(lambda found: f'{found.group(1)}\n{table}\n\n{found.group(2)}', text)
    if count != 1:
        raise ValueError(f'docs/performance.md has {count} places for the table "{name}"')
    with open(PAGE, 'w', encoding='utf-8') as file:
        file.write(text)
