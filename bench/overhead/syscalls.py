"""System calls of the first execution of a new statement, counted by strace on a live backend."""
import shutil
import signal
import subprocess
import time

from server import Server, ServerError
from shapes import shape

STATEMENTS = 200


def per_new_statement(place, config):
    """What a first execution adds to a later one; None without strace."""
    if not shutil.which('strace'):
        return None
    with Server(place, config) as server:
        client = server.connect()
        client.queries([shape(1000 + number, 1) for number in range(50)])
        texts = [shape(number, 1 + number) for number in range(STATEMENTS)]
        first = traced(client, lambda: client.queries(texts))
        traced(client, lambda: client.queries(texts))
        again = traced(client, lambda: client.queries(texts))
        client.close()
    return (first - again) / STATEMENTS


def traced(client, run):
    tracer = subprocess.Popen(['strace', '-c', '-p', str(client.backend)], stdin=subprocess.DEVNULL,
                              stderr=subprocess.PIPE, text=True)
    wait_until_traced(client.backend, tracer)
    run()
    tracer.send_signal(signal.SIGINT)
    output = tracer.communicate()[1]
    total = [line.split() for line in output.splitlines() if line.endswith(' total')]
    if not total:
        raise ServerError(f'strace gave no total: {output}')
    return int(total[0][3])     # per cent, seconds, microseconds per call, calls, errors if any, "total"


def wait_until_traced(process, tracer):
    for _ in range(1000):
        if tracer.poll() is not None:
            raise ServerError(f'strace cannot trace: {tracer.stderr.read()}')
        with open(f'/proc/{process}/status', encoding='ascii') as file:
            if f'TracerPid:\t{tracer.pid}\n' in file.read():
                return
        time.sleep(0.01)
    raise ServerError('strace does not attach')
