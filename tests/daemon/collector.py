"""Collectors of several characters: one that reads, and those that do worse."""
import select
import socket
import threading

from scene import PATIENCE, parse, wait_until


class Reader:
    """Takes connections and reads all there is. Its port is free while it is away."""

    def __init__(self, scene, port, room=None):
        self.scene, self.port, self.room = scene, port, room
        self.lock = threading.Lock()
        self.pieces = []  # of one connection each, as bytes
        self.listener = None
        self.connections, self.threads = [], []
        scene.running.append(self)
        self.come()

    def come(self):
        self.listener = self.scene.inside(self.make_listener)
        self.listener.listen(8)
        self.listener.setblocking(False)
        threading.Thread(target=self.accept, args=(self.listener,), daemon=True).start()

    def make_listener(self):
        listener = socket.socket()
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if self.room:
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, self.room)
        listener.bind(('127.0.0.1', self.port))
        return listener

    def accept(self, listener):
        while True:
            try:
                select.select([listener], [], [])
                with self.lock:
                    self.take(listener)
            except BlockingIOError:
                pass  # who came went again
            except (OSError, ValueError):
                return  # it is closed

    def take(self, listener):
        """One connection. It is in no queue any more once the lock is free."""
        connection, _ = listener.accept()
        piece = bytearray()
        self.connections.append(connection)
        self.pieces.append(piece)
        self.serve(connection, piece)

    def serve(self, connection, piece):
        thread = threading.Thread(target=self.read, args=(connection, piece), daemon=True)
        self.threads.append(thread)
        thread.start()

    def read(self, connection, piece):
        while True:
            try:
                data = connection.recv(1 << 16)
            except OSError:
                return
            if not data:
                return
            with self.lock:
                piece += data

    def go(self):
        """Goes away: connections end, and new ones are refused."""
        listener, self.listener = self.listener, None
        if listener:
            # A thread that waits in accept() keeps the socket open beyond close().
            listener.shutdown(socket.SHUT_RDWR)
            listener.close()
        self.cut()

    def cut(self):
        """Ends the connections that there are; what was not read makes it a reset."""
        with self.lock:
            connections, self.connections = self.connections, []
        for connection in connections:
            try:
                connection.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass  # the other side was faster
            connection.close()

    def end(self):
        self.go()

    def settle(self):
        """Until all is read that they sent who are gone now, and nobody else is connected."""
        wait_until(self.is_settled, 'all connections to end', PATIENCE)

    def is_settled(self):
        with self.lock:
            self.threads = [thread for thread in self.threads if thread.is_alive()]
            waiting = self.listener and select.select([self.listener], [], [], 0)[0]
            return not waiting and not self.threads

    def rows(self):
        """The rows of all connections, a line that was cut off at a connection's end left out."""
        with self.lock:
            pieces = [bytes(piece) for piece in self.pieces]
        return [row for piece in pieces for row in parse(piece.decode())]

    def wait_for(self, holds, what):
        return wait_until(lambda: holds(self.rows()), what)


class Silent(Reader):
    """Takes connections and never reads."""

    def serve(self, connection, piece):
        pass
