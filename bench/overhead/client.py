"""A small client of the server's wire protocol: each message is sent as pgbench would, nothing else is.
It can hold back answers (a pipeline), and call a function past parser, planner and executor."""
import socket
import struct


REQUESTS_AHEAD = 64     # few enough that neither side waits for the other with full sockets


class ServerError(Exception):
    pass


class Client:
    def __init__(self, folder, port, user='postgres', database='postgres', timeout=600):
        self.socket = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.socket.settimeout(timeout)
        self.socket.connect(f'{folder}/.s.PGSQL.{port}')
        self.buffer = bytearray()
        self.backend = None
        self.held = None
        options = b''.join(text.encode() + b'\0' for text in ('user', user, 'database', database)) + b'\0'
        self.socket.sendall(struct.pack('!II', len(options) + 8, 196608) + options)
        self.wait()

    def close(self):
        self.socket.sendall(message(b'X', b''))
        self.socket.close()

    def query(self, text):
        """Simple protocol; gives the rows as lists of text."""
        return self.ask(message(b'Q', text.encode() + b'\0'))

    def value(self, text):
        return self.query(text)[0][0]

    def prepare(self, name, text):
        body = name.encode() + b'\0' + text.encode() + b'\0' + struct.pack('!H', 0)
        self.socket.sendall(message(b'P', body) + message(b'S', b''))
        self.wait()

    def execute(self, name, values=()):
        return self.ask(execution(name, values) + message(b'S', b''))

    def pipeline(self, messages):
        """Several executions before one Sync; what they answer is only looked through for errors."""
        self.socket.sendall(b''.join(messages) + message(b'S', b''))
        self.wait()

    def ahead(self, run):
        """Sends the queries and executions of the function ahead of their answers, which it does not get. Each is
        still a transaction of its own, but the server never waits for the client, which costs it now more, now less."""
        self.held = []
        run()
        requests, self.held = self.held, None
        for first in range(0, len(requests), REQUESTS_AHEAD):
            batch = requests[first:first + REQUESTS_AHEAD]
            self.socket.sendall(b''.join(batch))
            for _ in batch:
                self.wait()

    def queries(self, texts):
        self.ahead(lambda: [self.query(text) for text in texts])

    def call_sleep(self):
        """pg_sleep(0) by the function call protocol: no statement, so no extension's hook sees it."""
        self.socket.sendall(message(b'F', struct.pack('!IHHHIdH', 2626, 1, 1, 1, 8, 0.0, 1)))
        self.wait()

    def ask(self, request):
        if self.held is not None:
            self.held.append(request)
            return None
        self.socket.sendall(request)
        return self.wait()

    def wait(self):
        rows, error = [], None
        while True:
            kind, body = self.receive()
            if kind == b'D':
                rows.append(row_values(body))
            elif kind == b'E':
                error = error_text(body)
            elif kind == b'K':
                self.backend = struct.unpack('!I', body[:4])[0]
            elif kind == b'R' and struct.unpack('!I', body[:4])[0] != 0:
                raise ServerError('the server asks for a password')
            elif kind == b'Z':
                if error:
                    raise ServerError(error)
                return rows
            if error and self.backend is None:
                raise ServerError(error)

    def receive(self):
        while len(self.buffer) < 5:
            self.fill()
        length = struct.unpack_from('!I', self.buffer, 1)[0]
        while len(self.buffer) < length + 1:
            self.fill()
        kind, body = bytes(self.buffer[:1]), bytes(self.buffer[5:length + 1])
        del self.buffer[:length + 1]
        return kind, body

    def fill(self):
        data = self.socket.recv(1 << 16)
        if not data:
            raise ServerError('the server closed the connection')
        self.buffer += data


def message(kind, body):
    return kind + struct.pack('!I', len(body) + 4) + body


def execution(name, values=()):
    """Bind, Describe and Execute of a prepared statement, as libpq sends them."""
    parameters = b''.join(struct.pack('!I', len(text)) + text for text in (str(v).encode() for v in values))
    bind = b'\0' + name.encode() + b'\0' + struct.pack('!HH', 0, len(values)) + parameters + struct.pack('!HH', 1, 0)
    return message(b'B', bind) + message(b'D', b'P\0') + message(b'E', b'\0' + struct.pack('!I', 0))


def row_values(body):
    values, at = [], 2
    for _ in range(struct.unpack_from('!H', body)[0]):
        length = struct.unpack_from('!i', body, at)[0]
        at += 4
        values.append(None if length < 0 else body[at:at + length].decode())
        at += max(length, 0)
    return values


def error_text(body):
    fields = {field[:1]: field[1:].decode() for field in body.split(b'\0') if field}
    return f"{fields.get(b'C')}: {fields.get(b'M')}"
