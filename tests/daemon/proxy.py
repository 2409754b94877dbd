"""What stands between the daemon and a collector, and is as bad as it is told to be."""
import os
import random
import socket
import struct
import threading
import time

MODES = ('refuse', 'hole', 'silent', 'trickle', 'reset', 'garbage')
ROOM = 4096  # of its receive buffers: what they had acknowledged is lost with a connection
RESET_BEHIND = 20000  # bytes
AT_ONCE = struct.pack('ii', 1, 0)  # a linger that makes close() a reset


class Proxy:
    """Listens at @address, (host, port) or a path, in the counted host's namespace."""

    def __init__(self, scene, address, upstream):
        self.scene, self.address, self.upstream = scene, address, upstream
        self.mode, self.listener, self.sockets, self.tries = None, None, [], 0
        self.lock = threading.Lock()
        scene.running.append(self)

    def turn(self, mode):
        """From now on it is as bad as @mode; connections that there were end."""
        self.end()
        self.mode = mode
        if mode == 'refuse':
            return
        self.listener = self.scene.inside(self.listen)
        if mode == 'hole':
            self.fill()
            return
        threading.Thread(target=self.accept, args=(self.listener, mode), daemon=True).start()

    def listen(self):
        listener = self.make_socket()
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, ROOM)
        if isinstance(self.address, str) and os.path.exists(self.address):
            os.unlink(self.address)
        listener.bind(self.address)
        listener.listen(0 if self.mode == 'hole' else 8)
        return listener

    def make_socket(self):
        return socket.socket(socket.AF_UNIX if isinstance(self.address, str) else socket.AF_INET)

    def fill(self):
        """Fills the queue of a listener that never accepts: who comes later is not answered."""
        for _ in range(3):
            client = self.scene.inside(self.make_socket)
            client.setblocking(False)
            client.connect_ex(self.address)
            self.keep(client)

    def keep(self, what):
        with self.lock:
            self.sockets.append(what)

    def accept(self, listener, mode):
        while True:
            try:
                client, _ = listener.accept()
            except OSError:
                return
            self.tries += 1
            self.keep(client)
            threading.Thread(target=getattr(self, mode), args=(client,), daemon=True).start()

    def silent(self, client):
        """Never reads."""

    def garbage(self, client):
        """Says what nobody asked for, and goes."""
        try:
            for _ in range(16):
                client.sendall(random.randbytes(4096))
            time.sleep(0.5)
            client.close()
        except OSError:
            pass  # it was told to go

    def trickle(self, client):
        """Passes on a byte a second, both ways."""
        self.connect(client, lambda: (1, 1.0))

    def reset(self, client):
        """Passes on so many bytes, and then resets the connection."""
        left = RESET_BEHIND

        def rule():
            return min(left, 2048), 0

        def count(length):
            nonlocal left
            left -= length
            if left <= 0:
                client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, AT_ONCE)
                client.close()

        self.connect(client, rule, count)

    def connect(self, client, rule, count=lambda length: None):
        server = self.scene.inside(self.make_socket)
        try:
            server.connect(self.upstream)
        except OSError:
            client.close()
            return
        self.keep(server)
        threading.Thread(target=pump, args=(server, client, rule), daemon=True).start()
        pump(client, server, rule, count)

    def end(self):
        with self.lock:
            sockets, self.sockets = self.sockets, []
        if self.listener:
            sockets.append(self.listener)
        self.listener = None
        for each in sockets:
            try:
                each.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass  # it is not connected any more
            each.close()


def pump(source, target, rule, count=lambda length: None):
    """Passes bytes on, as @rule says: how many, and how long to wait before the next."""
    try:
        while True:
            most, pause = rule()
            data = source.recv(most) if most > 0 else b''
            if not data:
                break
            target.sendall(data)
            count(len(data))
            time.sleep(pause)
        target.shutdown(socket.SHUT_WR)
    except OSError:
        pass  # the other side is gone
