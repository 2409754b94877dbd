#!/usr/bin/env python3
"""scans.py CASE WIRECENSUS SECRET: real scans by nmap, and ordinary traffic, in network namespaces.

The host "near" is counted, has many addresses and answers as Linux does; "far" comes from one
address of each family. A scan has to be reported under that address, and nobody else.
SECRET is the library of secret.c. Exits with 77 when the machine lacks what it needs.
"""
import json
import os
import pathlib
import selectors
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time

sys.dont_write_bytecode = True  # the source tree stays as it is
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / 'live'))
from bed import Bed, Census, Skip  # noqa: E402

SKIPPED = 77
PATIENCE = 200  # s, a watchdog for a slow machine, not a measure
FAR4, FAR6 = '10.99.255.1', 'fd00:99::ffff'
NEAR4, NEAR6 = '10.99.0.1', 'fd00:99::1'
HOSTS = 254  # addresses of near: 10.99.0.1 to 10.99.0.254
OPEN = (53, 80, 443, 8080)  # TCP, and UDP port 53
TOOLS = ('nmap', 'ip', 'taskset')
CASES = {}


def case(function):
    CASES[function.__name__] = function
    return function


class Town(Bed):
    """Both sides have addresses, ARP and answers."""

    def __init__(self, program):
        super().__init__(program, None)

    def __enter__(self):
        try:
            return super().__enter__()
        except subprocess.CalledProcessError:
            self.__exit__()
            raise

    def join(self, number):
        super().join(number)
        for side, link in (('near', 'near0'), ('far', 'far0')):
            self.on(side, 'sysctl', '-qw', 'net.ipv6.conf.%s.disable_ipv6=0' % link,
                    'net.ipv6.conf.%s.accept_dad=0' % link, 'net.ipv4.icmp_ratelimit=0',
                    'net.ipv6.icmp.ratelimit=0')
            self.ip(side, 'link', 'set', link, 'arp', 'on')
        near = ''.join('addr add 10.99.0.%d/16 dev near0\n' % host for host in range(1, HOSTS + 1))
        self.on('near', 'ip', '-batch', '-', input=near)
        self.ip('near', 'addr', 'add', NEAR6 + '/64', 'dev', 'near0', 'nodad')
        self.ip('far', 'addr', 'add', FAR4 + '/16', 'dev', 'far0')
        self.ip('far', 'addr', 'add', FAR6 + '/64', 'dev', 'far0', 'nodad')

    def python(self, side, *arguments):
        """Starts this file in a namespace, for one of its roles."""
        return subprocess.Popen(['ip', 'netns', 'exec', self.spaces[side], sys.executable,
                                 __file__, *arguments], stdout=subprocess.PIPE, text=True)


class Counting:
    """The program, whose rows are read as they come: a full pipe would hold up its intervals."""

    def __init__(self, town, *arguments):
        self.process = town.start('-i', 'near0', '--interval', '1', *arguments).process
        self.rows = []
        self.reader = threading.Thread(target=self.read)
        self.reader.start()

    def read(self):
        self.rows.extend(map(json.loads, self.process.stdout))

    def intervals(self):
        return sum(row['type'] == 'total' for row in list(self.rows))

    def finish(self):
        """Interrupts it, two whole intervals later. Returns the scanners of its census."""
        deadline, last = time.monotonic() + PATIENCE, self.intervals() + 3
        while self.intervals() < last:
            assert time.monotonic() < deadline, 'no interval ends'
            time.sleep(0.1)
        self.process.send_signal(signal.SIGINT)
        self.reader.join(PATIENCE)
        assert self.process.wait(PATIENCE) == 0, self.process.stderr.read()
        return scanners(Census(self.rows))


def scanners(census):
    """Maps each address that was reported to its row with most attempts, the last of these."""
    found = {}
    for row in census.rows:
        if row['type'] == 'scanner':
            most = found.setdefault(row['address'], row)
            if row['attempts'] >= most['attempts']:
                found[row['address']] = row
    return found


def scan(program, *arguments, source=FAR4, prepare=lambda town: None):
    """Counts while nmap runs, and a little longer. Returns the row of its address."""
    with Town(program) as town:
        prepare(town)
        counting = Counting(town)
        # The kernel engine tells port changes by processor: one that goes over to another is one less.
        town.on('far', 'taskset', '-c', str(min(os.sched_getaffinity(0))), 'nmap', '-n', '-Pn',
                '--disable-arp-ping', '--send-ip', *arguments, timeout=PATIENCE)
        found = counting.finish()
    assert set(found) == {source}, 'reported: %s' % sorted(found)
    print(found[source])
    return found[source]


def at_least(row, **counts):
    for name, count in counts.items():
        assert row[name] >= count, '%s: %d of %d' % (name, row[name], count)


@case
def syn(program):
    row = scan(program, '-sS', '-p', '1000-1199', NEAR4)
    at_least(row, attempts=200, port_changes=199, refused=200)
    assert row['distinct_hosts'] == 1


@case
def connect(program):
    at_least(scan(program, '-sT', '-p', '1000-1099', NEAR4), port_changes=99, refused=100)


@case
def syn_by_ipv6(program):
    at_least(scan(program, '-6', '-sS', '-p', '1000-1099', NEAR6, source=FAR6),
             port_changes=99, refused=100)


@case
def udp(program):
    at_least(scan(program, '-sU', '-p', '1000-1049', '--max-retries', '1', NEAR4),
             port_changes=49, refused=40)


@case
def fin(program):
    at_least(scan(program, '-sF', '-p', '1000-1049', NEAR4), port_changes=49)


@case
def sweep(program):
    """One port of many addresses."""
    row = scan(program, '-sS', '-p', '22', '--max-retries', '0', '10.99.0.128-254')
    at_least(row, attempts=127, distinct_hosts=80, refused=100)
    assert row['port_changes'] == 0


@case
def slow(program):
    """A probe every 0.4 s, in no order."""
    at_least(scan(program, '-sS', '-T2', '-p', '1000-1029', NEAR4), port_changes=20, refused=20)


@case
def silent(program):
    """Nothing comes back: what is not answered shows an interval later, what came last never."""
    row = scan(program, '-sS', '-p', '1000-1049', '--max-retries', '0', NEAR4,
               prepare=lambda town: town.ip('near', 'route', 'add', 'blackhole', FAR4 + '/32'))
    at_least(row, attempts=50, port_changes=49, unanswered=25)
    assert row['refused'] == 0


@case
def ordinary(program):
    """A busy resolver, and a web client with many servers: what they try is answered."""
    with Town(program) as town:
        server = town.python('near', 'serve')
        assert server.stdout.readline() == 'ready\n'
        counting, plain = Counting(town), Counting(town, '--scanner-mode', 'plain')
        client = town.python('far', 'browse')
        answered = int(client.communicate(timeout=PATIENCE)[0])
        found, changing = counting.finish(), plain.finish()
        server.terminate()
        server.wait()
    assert answered == 3 * HOSTS, 'the client had %d answers' % answered
    assert not found, 'reported: %s' % found
    # By port changes alone it would have been: there was enough to be mistaken about.
    assert FAR4 in changing, 'mode plain reports %s' % sorted(changing)
    assert changing[FAR4]['unanswered'] is None


def serve():
    """Answers on near's ports until it is ended."""
    waiting = selectors.DefaultSelector()
    for port in OPEN:
        listener = socket.create_server(('0.0.0.0', port), backlog=1024)
        waiting.register(listener, selectors.EVENT_READ)
    # One for each address, so that an answer comes from where the question went.
    for host in range(1, HOSTS + 1):
        asked = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        asked.bind(('10.99.0.%d' % host, 53))
        waiting.register(asked, selectors.EVENT_READ)
    print('ready', flush=True)
    while True:
        for key, _ in waiting.select():
            if key.fileobj.type == socket.SOCK_DGRAM:
                question, client = key.fileobj.recvfrom(512)
                key.fileobj.sendto(question, client)
            else:
                connection = key.fileobj.accept()[0]
                connection.sendall(b'here\n')
                connection.close()


def browse():
    """Asks each of near's addresses by UDP, then fetches from two ports of each. Prints answers."""
    answers = 0
    for host in range(1, HOSTS + 1):
        address = '10.99.0.%d' % host
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as question:
            question.settimeout(PATIENCE)
            question.sendto(b'who is there?', (address, 53))
            answers += question.recv(512) == b'who is there?'
        for port in (OPEN[1 + host % 3], OPEN[1 + (host + 1) % 3]):
            with socket.create_connection((address, port), timeout=PATIENCE) as connection:
                answers += connection.recv(512) == b'here\n'
    print(answers)


def with_secret(program, secret, folder):
    """A program that is @program with the library of secret.c."""
    path = os.path.join(folder, 'program')
    with open(path, 'w') as file:
        file.write('#!/bin/sh\nLD_PRELOAD=%s exec %s "$@"\n' % (secret, program))
    os.chmod(path, 0o755)
    return path


def main(name, program=None, secret=None):
    if name in ('serve', 'browse'):
        {'serve': serve, 'browse': browse}[name]()
        return 0
    missing = [tool for tool in TOOLS if not shutil.which(tool)]
    if missing:
        print('not installed: %s' % ', '.join(missing))
        return SKIPPED
    try:
        with tempfile.TemporaryDirectory() as folder:
            CASES[name](with_secret(program, secret, folder))
    except Skip as reason:
        print(reason)
        return SKIPPED
    return 0


if __name__ == '__main__':
    sys.exit(main(*sys.argv[1:]))
