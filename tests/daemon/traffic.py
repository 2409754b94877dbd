"""Frames that are sent while something else happens."""
import threading
import time

from cases import FRAME


class Traffic(threading.Thread):
    """Sends chunks, each to a port of its own, until it is told to stop."""

    def __init__(self, scene, first, size):
        super().__init__()
        self.scene, self.port, self.size = scene, first, size
        self.over = threading.Event()
        self.chunks = []  # (port, when it was on the wire, in seconds since 1970)

    def run(self):
        while not self.over.is_set():
            self.scene.shoot([(self.size, FRAME % self.port)])
            self.chunks.append((self.port, time.time()))
            self.port += 1

    def finish(self):
        self.over.set()
        self.join()
