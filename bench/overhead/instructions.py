"""The table of instructions: each workload on each configuration, on servers under callgrind."""
import shutil
import time

import syscalls
from configs import CONFIGS
from server import Server, ServerError
from shapes import shape
from workloads import WORKLOADS, Session


def measure(place, config, names, progress):
    """{(workload, part): instructions}. New statements in full memory are measured on a server of their own."""
    figures = {}
    plain = [name for name in names if name != 'eviction']
    if plain:
        figures.update(run(place, config, plain, {}, progress))
    if 'shape' in names:
        figures['shape', 'system calls'] = syscalls.per_new_statement(place, config)
    if 'eviction' in names:
        if config.full:
            fill(place, config, progress)
        figures.update(run(place, config, ['eviction'], config.full, progress, fresh=not config.full))
    return figures


def run(place, config, names, settings, progress, fresh=True):
    figures = {}
    with Server(place, config, settings, counted=True, fresh=fresh) as server:
        session = Session(server)
        for name in names:
            started = time.monotonic()
            for part, count in WORKLOADS[name][1](session):
                figures[name, part] = count
            progress(f'{config.title}: {name}, {time.monotonic() - started:.1f} s')
        session.client.close()
    return figures


def fill(place, config, progress):
    """More statements than there is room for, natively: they are still there after a restart."""
    started = time.monotonic()
    with Server(place, config, config.full) as server:
        client = server.connect()
        for first in range(0, 12000, 100):
            client.queries([shape(number, 1) for number in range(first, first + 100)])
        client.close()
    progress(f'{config.title}: memory filled, {time.monotonic() - started:.1f} s')


def all_figures(place, names, chosen, progress):
    if not shutil.which('valgrind'):
        raise ServerError('valgrind is missing, which counts the instructions: install the package of that name')
    if not shutil.which('strace'):
        progress('strace is missing: system calls are not counted')
    figures = {}
    for config in CONFIGS:
        if config.name not in chosen:
            continue
        missing = config.missing(place.libraries)
        if missing:
            progress(f"{config.title}: left out, since {' and '.join(missing)} is not installed")
            continue
        figures[config.name] = measure(place, config, names, progress)
    return figures
