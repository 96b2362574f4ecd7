"""Starts and stops servers on the throw-away data that tools/test_server.sh made, natively or under callgrind,
which counts the user-space instructions of each backend."""
import os
import pwd
import re
import shutil
import signal
import subprocess
import time

from client import Client, ServerError

SCALE = 10
HERE = os.path.dirname(os.path.abspath(__file__))
COMMON = {'max_connections': 100, 'shared_buffers': '512MB', 'unix_socket_permissions': '0777',
          'max_parallel_workers_per_gather': 0, 'jit': 'off', 'plan_cache_mode': 'auto'}
# Table statistics are sent by the clock, not by the transaction: on a busy machine that hides all else.
QUIET = {'track_counts': 'off'}
SUMMARY = re.compile(r'^(?:summary|totals):\s*(\d+)', re.M)


class Place:
    """The folder of the throw-away server; everything is found in it."""

    def __init__(self, keep=None):
        self.keep = keep
        self.folder = os.environ['SERVER_DIR']
        self.bin = os.environ['SERVER_BIN']
        self.libraries = os.environ['SERVER_LIB']
        self.user = pwd.getpwnam(os.environ['SERVER_USER'])
        self.sockets = os.environ['PGHOST']
        self.template = f'{self.folder}/data/bench'
        self.counts = f'{self.folder}/counts'
        os.makedirs(self.counts, exist_ok=True)
        os.chown(self.counts, self.user.pw_uid, self.user.pw_gid)

    def process(self, arguments, **options):
        if os.getuid() == 0:
            options.update(user=self.user.pw_uid, group=self.user.pw_gid, extra_groups=[])
        return subprocess.Popen(arguments, cwd=self.folder, stdin=subprocess.DEVNULL, **options)

    def run(self, *arguments):
        subprocess.run(arguments, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

    def load(self):
        """The tables, once, on the server that the caller started; that server is stopped after it."""
        data = os.environ['SERVER_DATA']
        if not os.path.exists(self.template):
            self.run(f'{self.bin}/pgbench', '-i', '-q', '-s', str(SCALE), 'postgres')
            self.run(f'{self.bin}/psql', '-X', '-q', '-v', 'ON_ERROR_STOP=1', '-f', f'{HERE}/tables.sql')
            stop(data)
            os.rename(data, self.template)

    def fresh_data(self, name):
        """A copy of the loaded data, so that what one configuration writes does not slow the next."""
        data = f'{self.folder}/data/{name}'
        shutil.rmtree(data, ignore_errors=True)
        self.process(['cp', '-R', '--reflink=auto', self.template, data]).wait()
        os.chmod(data, 0o700)
        return data


class Server:
    """One configuration at work: with Server(place, config) as server: ..."""

    def __init__(self, place, config, settings=(), counted=False, port=5432, fresh=True):
        self.place = place
        self.config = config
        self.settings = {**COMMON, **(QUIET if counted else {}), **config.settings, **dict(settings), 'port': port}
        self.counted = counted
        self.data = place.fresh_data(f'at_{port}') if fresh else f'{place.folder}/data/at_{port}'
        self.port = port
        self.seconds_to_stop = None

    def __enter__(self):
        with open(f'{self.place.folder}/log/bench.log', 'ab') as log:
            self.process = self.place.process(self.command(), stdout=log, stderr=log)
        try:
            self.wait_until_up()
        except BaseException:
            stop(self.data)
            raise
        return self

    def __exit__(self, *_):
        started = time.monotonic()
        stop(self.data)
        self.process.wait()
        self.seconds_to_stop = time.monotonic() - started
        if self.counted and self.place.keep:
            shutil.copytree(self.place.counts, f'{self.place.keep}/{self.config.name}', dirs_exist_ok=True)

    def command(self):
        settings = {**self.settings, 'shared_preload_libraries': ','.join(self.config.libraries)}
        command = [f'{self.place.bin}/postgres', '-D', self.data]
        for name, value in settings.items():
            command += ['-c', f'{name}={value}']
        if self.counted:
            shutil.rmtree(self.place.counts)
            os.makedirs(self.place.counts)
            os.chown(self.place.counts, self.place.user.pw_uid, self.place.user.pw_gid)
            command = ['valgrind', '--tool=callgrind', '--quiet', '--dump-before=pg_sleep',
                       '--zero-before=InitPostmasterChild',
                       f'--callgrind-out-file={self.place.counts}/out.%p'] + command
        return command

    def wait_until_up(self):
        for _ in range(1200):
            if self.process.poll() is not None:
                raise ServerError(f'the server with {self.config.title} does not start; see log/bench.log')
            try:
                self.connect().close()
                return
            except (OSError, ServerError):
                time.sleep(0.05)
        raise ServerError(f'the server with {self.config.title} does not answer')

    def connect(self):
        return Client(self.place.sockets, self.port)

    def last_total(self, backend):
        """Instructions of a backend up to its exit, which it may not have reached yet."""
        for _ in range(600):
            totals = self.totals(backend)
            if totals:
                return totals[-1]
            time.sleep(0.05)
        raise ServerError(f'backend {backend} left no count')

    def totals(self, backend):
        """Instructions of a backend between its dumps, in their order; the last part ends with the process."""
        totals = {}
        for name in os.listdir(self.place.counts):
            process, _, number = name.removeprefix('out.').partition('.')
            if process == str(backend):
                totals[int(number or 1 << 30)] = read_total(f'{self.place.counts}/{name}')
        return [totals[number] for number in sorted(totals) if totals[number] is not None]


def read_total(path):
    """None while the process has not written it."""
    with open(path, encoding='ascii', errors='replace') as file:
        found = SUMMARY.search(file.read())
    return int(found.group(1)) if found else None


def stop(data):
    """A fast shutdown of the server on this data folder; returns when it is over."""
    try:
        with open(f'{data}/postmaster.pid', encoding='ascii') as file:
            pid = int(file.readline())
        os.kill(pid, signal.SIGINT)
    except (FileNotFoundError, ProcessLookupError, ValueError):
        return
    while os.path.exists(f'{data}/postmaster.pid'):
        time.sleep(0.01)
