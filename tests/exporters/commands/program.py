"""What the tests of subcommands share: the program under test, and captures made by hand."""
import json
import os
import select
import struct
import subprocess
import sys
import time
import unittest

PROGRAM = os.environ['WIRECENSUS']
TIMEOUT = 300  # s, of what takes some at most
ETHERNET = bytes(12)


def run(*arguments, **options):
    """Runs the program to its end, with what it prints as text."""
    options.setdefault('stdin', subprocess.DEVNULL)
    if 'stdout' not in options:
        options['stdout'] = subprocess.PIPE
    return subprocess.run([PROGRAM, *map(str, arguments)], stderr=subprocess.PIPE, text=True,
                          timeout=TIMEOUT, **options)


def start(*arguments, **options):
    return subprocess.Popen([PROGRAM, *map(str, arguments)], stdout=subprocess.PIPE,
                            stderr=subprocess.PIPE, text=True, **options)


def read_to_end(descriptor):
    """Reads a terminal until the program at its other side is gone, which Linux tells by EIO."""
    shown = b''
    until = time.monotonic() + TIMEOUT
    while time.monotonic() < until:
        if select.select([descriptor], [], [], 1)[0]:
            try:
                shown += os.read(descriptor, 65536)
            except OSError:
                break
    return shown


def rows(text, kind=None):
    """The JSON rows of @text, or those of one type."""
    every = [json.loads(line) for line in text.splitlines()]
    return [row for row in every if kind in (None, row['type'])]


def arp():
    return ETHERNET + struct.pack('>H', 0x0806) + bytes(46)


def udp(port, source=1):
    header = struct.pack('>BBHHHBBH4s4s', 0x45, 0, 28, 0, 0, 64, 17, 0,
                         bytes([198, 51, 100, source]), bytes([198, 51, 100, 2]))
    return ETHERNET + struct.pack('>H', 0x0800) + header + struct.pack('>HHHH', 40000, port, 8, 0)


def pcap(*frames):
    """The bytes of a capture file, with a frame each second from 2023-11-14T22:13:20Z on."""
    parts = [struct.pack('<IHHiIII', 0xa1b2c3d4, 2, 4, 0, 0, 262144, 1)]
    for i, frame in enumerate(frames):
        parts.append(struct.pack('<IIII', 1700000000 + i, 0, len(frame), len(frame)) + frame)
    return b''.join(parts)


def main():
    """Runs the tests of the calling script; CTest reads only the exit status."""
    unittest.main(verbosity=2, argv=sys.argv[:1])
