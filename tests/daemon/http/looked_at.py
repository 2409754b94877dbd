#!/usr/bin/env python3
"""looked_at.py CASE WIRECENSUS SENDER: the report of a daemon whose tables are full, while it counts on."""
import json
import os
import socket
import statistics
import struct
import sys

sys.dont_write_bytecode = True  # the source tree stays as it is
HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, '..'))
from scene import ask_any  # noqa: E402
from bed import FAR_MAC, NEAR4, NEAR_MAC  # noqa: E402
from cases import CAPTURE, case, main, same  # noqa: E402

ROWS = 65536
ROUNDS = 8
URL = 'http://127.0.0.1:8888'
CONFIG = CAPTURE + 'http { listen = "127.0.0.1:8888" }\n'


def flood(scene, first):
    """One datagram from each of ROWS addresses, to as many ports."""
    def make():
        wire = socket.socket(socket.AF_PACKET, socket.SOCK_RAW)
        wire.bind(('far0', 0))
        return wire

    ethernet = bytes.fromhex((NEAR_MAC + FAR_MAC).replace(':', '')) + b'\x08\x00'
    target = socket.inet_aton(NEAR4)
    with scene.inside(make, 'far') as wire:
        for number in range(first, first + ROWS):
            header = struct.pack('>BBHHHBBH4s4s', 0x45, 0, 60, 0, 0, 64, 17, 0,
                                 struct.pack('>I', 0x0a000000 + number), target)
            wire.send(ethernet + header + struct.pack('>HHHH', 40000, number % ROWS or 1, 40, 0) + bytes(32))


def get(scene, path):
    """The answer's size, and how long it took, in ms, by curl's own clock."""
    done = scene.on('near', 'curl', '-sS', '--max-time', '60', '-o', '/dev/null',
                    '-w', '%{http_code} %{size_download} %{time_total}', URL + path)
    code, size, seconds = done.stdout.split()
    same(code, '200', path)
    return int(size), float(seconds) * 1e3


@case
def full_tables(make):
    """Every span is answered while the tables are full. Times are printed, and how many intervals were late."""
    with make() as scene:
        daemon = scene.daemon(CONFIG)
        times = {}
        for turn in range(ROUNDS):
            flood(scene, turn % 2)
            for span in ('now', 'hour', 'day', 'week'):
                size, spent = get(scene, '/?span=' + span)
                times.setdefault(span, []).append(spent)
        for span, spent in times.items():
            print('figure: report: answer with full tables, %s: median %.1f ms, longest %.0f ms'
                  % (span, statistics.median(spent), max(spent)))
        # A slow machine's journal may not keep up with tables that are full, and the status says so.
        status = [json.loads(line) for line in ask_any(scene, 'status', '--format', 'json').splitlines()]
        late = [row['late_intervals'] for row in status if 'late_intervals' in row]
        print('figure: report: late intervals meanwhile: %d' % late[0])
        same(len(late), 1, 'rows of the daemon itself')
        report = json.loads(scene.on('near', 'curl', '-sS', URL + '/api/networks.json?span=hour').stdout)
        same(sum(row['packets'] for row in report['networks']) > 0, True, 'hosts are reported')
        daemon.stop()


if __name__ == '__main__':
    main()
