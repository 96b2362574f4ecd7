"""The tables: made, filled, vacuumed and analysed, or taken over from the last run."""
import os
import string
import time

SCHEMA = 'bench_tpch'
TABLES = ('region', 'nation', 'supplier', 'part', 'partsupp', 'customer', 'orders', 'lineitem')
HERE = os.path.dirname(os.path.abspath(__file__))


def load(server, scale, keep, progress):
    stamp = f'scale {scale:g}, generator 1'
    server.run(f'SET search_path = {SCHEMA}')
    present = server.value("SELECT obj_description(to_regnamespace(%s), 'pg_namespace')", (SCHEMA,))
    if present == stamp and keep:
        return
    started = time.monotonic()
    server.run(f'DROP SCHEMA IF EXISTS {SCHEMA} CASCADE')
    numbers = {name: round(count * scale) for name, count in (
        ('suppliers', 10_000), ('parts', 200_000), ('customers', 150_000), ('orders', 1_500_000), ('clerks', 1_000))}
    # Where wal_level is minimal, rows that the transaction writes that made the table are not logged.
    steps = '\n'.join(read(name) for name in ('schema', 'generator', 'load', 'keys'))
    server.run(f"BEGIN; SET LOCAL work_mem = '256MB'; CREATE SCHEMA {SCHEMA};\n"
               + string.Template(steps).substitute(numbers) + 'COMMIT')
    progress(f'rows: {time.monotonic() - started:.0f} s')
    for table in TABLES:
        server.run(f'VACUUM (ANALYZE, FREEZE) {table}')
    server.run('CHECKPOINT')
    server.run(f"COMMENT ON SCHEMA {SCHEMA} IS '{stamp}'")
    progress(f'TPC-H at scale factor {scale:g}: {time.monotonic() - started:.0f} s')


def drop(server):
    server.run(f'DROP SCHEMA IF EXISTS {SCHEMA} CASCADE')


def read(name):
    with open(f'{HERE}/{name}.sql', encoding='utf-8') as file:
        return file.read()
