"""Listeners of our own: they count what strangers get, put GELF together, speak RELP."""
import json
import re
import socket
import ssl
import threading

from collector import Reader
from collectors import plain

SO_RCVBUFFORCE = 33


class Counting(Reader):
    """Completes what handshakes of TLS it can, and counts the bytes of data behind them."""

    def __init__(self, scene, port, certificate=None):
        self.data, self.tries, self.refusals = 0, 0, []
        self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        if certificate:
            self.context.load_cert_chain(scene.path(certificate + '.pem'),
                                         scene.path(certificate + '.key'))
        else:  # a handshake without any, for who takes it
            self.context.maximum_version = ssl.TLSVersion.TLSv1_2
            self.context.set_ciphers('aNULL:@SECLEVEL=0')
        super().__init__(scene, port)

    def read(self, connection, piece):
        with self.lock:
            self.tries += 1
        try:
            with self.context.wrap_socket(connection, server_side=True) as secret:
                while data := secret.recv(1 << 16):
                    with self.lock:
                        self.data += len(data)
        except OSError as error:
            with self.lock:
                self.refusals.append(str(error))


class Plain(Reader):
    """Answers whoever comes in plain text, and counts the bytes that are no record of a handshake."""

    HANDSHAKE, ALERT = b'\x16', b'\x15'  # RFC 8446 5.1

    def __init__(self, scene, port):
        self.data, self.refusals = 0, []
        super().__init__(scene, port)

    def read(self, connection, piece):
        heard = b''
        try:
            connection.sendall(b'220 welcome, no need to hide\r\n')
            while data := connection.recv(1 << 16):
                heard += data
        except OSError:
            pass  # the other side is gone
        with self.lock:
            self.refusals.append('it went')
            self.data += self.outside(heard)

    def outside(self, heard):
        while heard[:1] in (self.HANDSHAKE, self.ALERT):
            heard = heard[5 + int.from_bytes(heard[3:5], 'big'):]
        return len(heard)


class GelfStream(Reader):
    """Messages of GELF, each ended by a NUL."""

    def rows(self):
        with self.lock:
            pieces = [bytes(piece) for piece in self.pieces]
        return [gelf_row(json.loads(message)) for piece in pieces
                for message in piece.split(b'\0')[:-1]]


class GelfDatagrams:
    """Datagrams of GELF, chunks put together."""

    def __init__(self, scene, port):
        self.socket = scene.inside(lambda: socket.socket(socket.AF_INET, socket.SOCK_DGRAM))
        # What a slow reader loses is not what is tested.
        self.socket.setsockopt(socket.SOL_SOCKET, SO_RCVBUFFORCE, 16 << 20)
        self.socket.bind(('127.0.0.1', port))
        self.whole, self.chunks, self.longest, self.chunked = [], {}, 0, 0
        scene.running.append(self)
        threading.Thread(target=self.serve, daemon=True).start()

    def serve(self):
        while True:
            try:
                data = self.socket.recv(1 << 16)
            except OSError:
                return
            self.longest = max(self.longest, len(data))
            if data[:2] == b'\x1e\x0f':
                self.take_chunk(data)
            elif data:
                self.whole.append(data)

    def take_chunk(self, data):
        pieces = self.chunks.setdefault(data[2:10], {})
        pieces[data[10]] = data[12:]
        if len(pieces) == data[11]:
            self.whole.append(b''.join(pieces[number] for number in sorted(pieces)))
            del self.chunks[data[2:10]]
            self.chunked += 1

    def rows(self):
        return [gelf_row(json.loads(data)) for data in list(self.whole)]

    def end(self):
        try:
            self.socket.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass  # it is not connected; its reader wakes all the same
        self.socket.close()


def gelf_row(message):
    """The row in a message of GELF, whose own fields must be as its specification says."""
    assert message['version'] == '1.1' and message['host'] and message['short_message'], message
    assert isinstance(message['timestamp'], float) and message['level'] in (4, 6), message
    assert '_id' not in message, message
    own = {name[1:]: value for name, value in message.items() if name.startswith('_')}
    assert all(re.fullmatch(r'\w+', name) for name in own), message
    assert all(isinstance(value, (str, int, float)) and not isinstance(value, bool)
               for value in own.values()), message
    return plain(own)


class RelpServer(Reader):
    """Answers "open" and "close", and messages only once it is told to."""

    def __init__(self, scene, port):
        self.answers = threading.Event()
        self.messages = []  # of each connection, in order
        super().__init__(scene, port)

    def read(self, connection, piece):
        with self.lock:
            messages = []
            self.messages.append(messages)
        connection.settimeout(0.05)
        try:
            self.talk(connection, messages)
        except OSError:
            pass  # the other side is gone

    def talk(self, connection, messages):
        waiting, unanswered = b'', []
        while True:
            try:
                data = connection.recv(1 << 16)
                if not data:
                    return
                waiting += data
            except TimeoutError:
                pass
            waiting = self.take_frames(connection, waiting, messages, unanswered)
            if self.answers.is_set():
                while unanswered:
                    connection.sendall(b'%s rsp 6 200 OK\n' % unanswered.pop(0))

    def take_frames(self, connection, waiting, messages, unanswered):
        """Returns what is no whole frame yet."""
        while head := re.match(rb'(\d+) (\w+) (\d+)[ \n]', waiting):
            number, command, length = head[1], head[2], int(head[3])
            end = head.end() + length
            if length and len(waiting) <= end:
                break
            data, waiting = waiting[head.end():end], waiting[end + (length > 0):]
            if command == b'syslog':
                with self.lock:
                    messages.append(data.decode())
                unanswered.append(number)
            elif command == b'open':
                connection.sendall(b'%s rsp %d 200 OK\n%s\n' % (number, 7 + len(data), data))
            else:
                connection.sendall(b'%s rsp 0\n0 serverclose 0\n' % number)
        return waiting

    def taken(self):
        """The messages of each connection."""
        with self.lock:
            return [list(messages) for messages in self.messages]
