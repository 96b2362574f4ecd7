"""Memory per statement, size of the saved file and time to save it, with 100,000 different statements."""
import os
import statistics

from client import ServerError
from configs import Config
from server import Server
from shapes import shape

BATCH = 100
PEER_FILES = ('pg_stat/pg_stat_statements.stat', 'pg_stat_tmp/pgss_query_texts.stat')
OURS = Config('advisor', 'db_advisor', ['db_advisor'], {'db_advisor.max_memory': '1GB'})
PEER = Config('pgss', 'pg_stat_statements', ['pg_stat_statements'])


def measure(place, count, progress):
    """Rows of [what, db_advisor's, pg_stat_statements']."""
    PEER.settings['pg_stat_statements.max'] = 2 * count
    idle = statistics.median(stop_seconds(place, OURS, lambda client: None) for _ in range(3))
    seen = {}
    seconds = stop_seconds(place, OURS, lambda client: seen.update(fill(client, count)))
    progress(f'db_advisor: {count} statements recorded')
    peer_idle = statistics.median(stop_seconds(place, PEER, lambda client: None) for _ in range(3))
    peer_seconds = stop_seconds(place, PEER, lambda client: record(client, count))
    progress(f'pg_stat_statements: {count} statements recorded')
    size = sizes(place, [seen['file']])
    peer_size = sizes(place, PEER_FILES)
    return [['shared memory per statement, bytes', f"{seen['bytes'] / count:,.0f}", '–'],
            ['saved per statement, bytes', f'{size / count:,.0f}', f'{peer_size / count:,.0f}'],
            ['shutdown takes longer by', f'{seconds - idle:.2f} s', f'{peer_seconds - peer_idle:.2f} s']]


def stop_seconds(place, config, run):
    """Each configuration stops on its own port's data, which stays there."""
    with Server(place, config, port=5441 if config is OURS else 5442) as server:
        client = server.connect()
        run(client)
        client.query('CHECKPOINT')
        client.close()
    return server.seconds_to_stop


def fill(client, count):
    client.query('CREATE EXTENSION db_advisor')
    before = status(client)
    record(client, count)
    after = status(client)
    kept = int(after['statements']) - int(before['statements'])
    if kept < count:
        raise ServerError(f'only {kept} of {count} statements were kept')
    return {'bytes': int(after['memory']) - int(before['memory']), 'file': after['save_file']}


def record(client, count):
    """Each twice, so that all that is kept for a statement is there."""
    for _ in range(2):
        for first in range(0, count, BATCH):
            client.queries([shape(number, 1) for number in range(first, min(first + BATCH, count))])


def status(client):
    return dict(client.query('SELECT name, value FROM advisor.status'))


def sizes(place, names):
    folders = [f'{place.folder}/data/at_{port}' for port in (5441, 5442)]
    paths = [f'{folder}/{name}' for folder in folders for name in names]
    return sum(os.path.getsize(path) for path in paths if os.path.exists(path))
