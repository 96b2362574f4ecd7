"""CPU time per transaction on live servers in alternation, as the median of paired ratios: clocks differ from
minute to minute far more than what is measured. Wants a quiet machine with two cores."""
import os
import statistics
import subprocess
import time

from client import execution
from configs import CONFIGS
from server import Server
from workloads import SELECT

BATCH = 200
CONTENDERS = ('none', 'pgss', 'advisor', 'both', 'off')


class Rival:
    """A running server of one configuration, and the connection that stays open on it."""

    def __init__(self, server, port):
        self.server = server
        self.port = port
        self.client = server.connect()
        self.client.query("SELECT pg_prewarm('pgbench_accounts'), pg_prewarm('pgbench_accounts_pkey')")
        self.client.prepare('select', SELECT)

    def pipelined(self, batches):
        """CPU seconds of the backend for selects sent ahead of their answers."""
        messages = [execution('select', [1 + number * 7919 % 100000]) for number in range(BATCH)]
        before = process_seconds(self.client.backend)
        for _ in range(batches):
            self.client.pipeline(messages)
        return process_seconds(self.client.backend) - before

    def pgbench(self, *arguments):
        """(CPU seconds of all backends per transaction, transactions per second)"""
        place = self.server.place
        before = ended_children_seconds(self.server.process.pid)
        output = subprocess.run([f'{place.bin}/pgbench', '-n', '-S', '-M', 'prepared', '-j', '2', '-p', str(self.port),
                                 *arguments, 'postgres'], check=True, capture_output=True, text=True).stdout
        count = int(field(output, 'number of transactions actually processed:').split('/')[0])
        self.wait_for_exits()
        return ((ended_children_seconds(self.server.process.pid) - before) / count,
                float(field(output, 'tps =').split()[0]))

    def wait_for_exits(self):
        """Backends count as their postmaster's only when it has seen them end."""
        while self.client.value("SELECT count(*) FROM pg_stat_activity WHERE application_name = 'pgbench'") != '0':
            time.sleep(0.02)
        time.sleep(0.2)


def process_seconds(process):
    """User and system time of another process, to the nanosecond (Linux's clock of a process)."""
    return time.clock_gettime((~process << 3) | 2)


def ended_children_seconds(process):
    with open(f'/proc/{process}/stat', encoding='ascii') as file:
        fields = file.read().rsplit(')', 1)[1].split()
    return (int(fields[13]) + int(fields[14])) / os.sysconf('SC_CLK_TCK')


def field(output, start):
    return next(line for line in output.splitlines() if line.startswith(start)).removeprefix(start).strip()


def measure(place, chosen, rounds, progress):
    """{(config name, workload): [(CPU of a round, TPS or None)]}, in the same order of rounds for all."""
    configs = [config for config in CONFIGS if config.name in chosen and config.name in CONTENDERS
               and not config.missing(place.libraries)]
    settings = {'max_connections': 520, 'shared_buffers': '256MB'}
    servers, figures = [], {}
    try:
        for port, config in enumerate(configs, 5433):
            servers.append(Server(place, config, settings, port=port).__enter__())
        rivals = [Rival(server, server.port) for server in servers]
        workloads = {
            'pipelined selects': (4 * rounds, lambda rival: (rival.pipelined(50) / (50 * BATCH), None)),
            '8 clients': (rounds, lambda rival: rival.pgbench('-c', '8', '-t', '5000')),
            'pool of 500': (max(rounds // 2, 2), lambda rival: rival.pgbench('-c', '500', '-t', '100')),
            'connection each': (max(rounds // 2, 2), lambda rival: rival.pgbench('-c', '4', '-C', '-t', '100')),
        }
        for name, (times, run) in workloads.items():
            started = time.monotonic()
            for rival in rivals:
                run(rival)
            for number in range(times):
                order = rivals if number % 2 == 0 else rivals[::-1]
                for rival in order:
                    figures.setdefault((rival.server.config.name, name), []).append(run(rival))
            progress(f'{name}: {times} rounds, {time.monotonic() - started:.0f} s')
        for rival in rivals:
            rival.client.close()
    finally:
        for server in servers:
            server.__exit__()
    return figures


def ratio(figures, config, base, workload, part=0):
    pairs = zip(figures[config, workload], figures[base, workload])
    return statistics.median(one[part] / other[part] for one, other in pairs)
