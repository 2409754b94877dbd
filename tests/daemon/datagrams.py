#!/usr/bin/env python3
"""datagrams.py CASE WIRECENSUS SENDER: one test of exporters by UDP whose collectors behave badly, by name.

Who sends datagrams hears of some faults and not of others: what it hears of costs no row, and the rest costs
those that were on their way, no more. WC_CAMPAIGN in the environment makes it longer.
"""
import contextlib
import json
import os
import random
import signal
import socket
import sys
import threading

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), '..', 'ipfix'))
from scene import CAMPAIGN, ask, ask_any, once, parse, wait_until, whole
from cases import (CAPTURE, FRAME, JSON, all_there, case, descriptors, figure, frames, in_time, knows, main,
                   no_gap, same)
from collector import Reader
import messages

HERE = '203.0.113.77'  # where the collectors are
ROWS = 'rows = {"total", "port"}  top = 0  interval = "1s"'
MARK = 9999  # the port of what is sent when all is well again
MANY = range(1, 41)
ROUNDS = 5 if CAMPAIGN else 1
SO_RCVBUFFORCE = 33
CHUNK = b'\x1e\x0f'


# ---- collectors ----

class Mailbox:
    """A socket that datagrams come to, and who reads it."""

    def __init__(self, scene, port, taken, garbage=False):
        self.taken, self.garbage, self.closing = taken, garbage, False
        self.socket = scene.inside(lambda: socket.socket(socket.AF_INET, socket.SOCK_DGRAM))
        # What a slow reader loses is not what is tested.
        self.socket.setsockopt(socket.SOL_SOCKET, SO_RCVBUFFORCE, 16 << 20)
        self.socket.bind((HERE, port))
        self.socket.settimeout(0.02)
        self.thread = threading.Thread(target=self.read, daemon=True)
        self.thread.start()

    def read(self):
        while True:
            try:
                data, sender = self.socket.recvfrom(1 << 16)
            except TimeoutError:
                if self.closing:
                    return
                continue
            self.taken.append(data)
            if self.garbage:
                with contextlib.suppress(OSError):
                    for size in (0, 1, 1000, 9000):
                        self.socket.sendto(random.randbytes(size), sender)

    def close(self):
        """Reads what is there, and closes."""
        self.closing = True
        self.thread.join()
        self.socket.close()


class Unread:
    """A socket that datagrams come to until it is full."""

    def __init__(self, scene, port):
        self.socket = scene.inside(lambda: socket.socket(socket.AF_INET, socket.SOCK_DGRAM))
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1)
        self.socket.bind((HERE, port))

    def close(self):
        self.socket.close()


class Way:
    """An exporter and its collector."""

    def __init__(self, scene, name, section, port):
        self.scene, self.name, self.port = scene, name, port
        self.section = section % ('udp://%s:%d' % (HERE, port))
        self.taken, self.box = [], None
        scene.running.append(self)
        self.open()

    def open(self, **how):
        self.box = Mailbox(self.scene, self.port, self.taken, **how)

    def stay_unread(self):
        self.box = Unread(self.scene, self.port)

    def close(self):
        box, self.box = self.box, None
        if box:
            box.close()

    end = close

    def rows(self):
        return [row for data in list(self.taken) for row in parse(data.decode())]

    def marked(self, port):
        """How many packets to @port it has been told of."""
        return sum(row['packets'] for row in self.rows() if row.get('port') == port)


class Syslog(Way):
    def rows(self):
        return [json.loads(data[data.index(b'@cee:') + 5:]) for data in list(self.taken)]


class Gelf(Way):
    def rows(self):
        return [{name.lstrip('_'): value for name, value in json.loads(data).items()}
                for data in self.whole()]

    def whole(self):
        """Messages, those in chunks put together."""
        chunks = {}
        for data in list(self.taken):
            if data[:2] != CHUNK:
                yield data
                continue
            pieces = chunks.setdefault(data[2:10], {})
            pieces[data[10]] = data[12:]
            if len(pieces) == data[11]:
                yield b''.join(pieces[number] for number in sorted(pieces))


class Flows(Way):
    """Each message must be whole, and behind its template."""

    def rows(self):
        return []

    def marked(self, port):
        reader = messages.Reader()
        return sum(record[messages.PACKETS] for data in list(self.taken)
                   for record in reader.message(data).records if record.get(messages.DPORT) == port)


def ways(scene):
    found = [Way(scene, 'json/data', 'json data { address = "%s"  ' + ROWS + ' }\n', 4101),
             Syslog(scene, 'syslog/log', 'syslog log { address = "%s"  content = "cee"  ' + ROWS + ' }\n', 4102),
             Gelf(scene, 'gelf/gelf', 'gelf gelf { address = "%s"  ' + ROWS + ' }\n', 4103)]
    if knows(scene, 'ipfix x { }'):
        found.append(Flows(scene, 'ipfix/flows', 'ipfix flows { address = "%s"  interval = 1 }\n', 4104))
    return found


# ---- faults: each is there until the end of its block ----

@contextlib.contextmanager
def refuse(scene, there):
    """Nobody listens, and the host says so (ICMP)."""
    yield
    for way in there:
        way.open()


@contextlib.contextmanager
def full(scene, there):
    """Nobody reads: the host drops what finds no room."""
    for way in there:
        way.stay_unread()
    yield
    for way in there:
        way.close()
        way.open()


@contextlib.contextmanager
def garbage(scene, there):
    """Each datagram is answered with several that nobody asked for."""
    for way in there:
        way.open(garbage=True)
    yield
    for way in there:
        way.close()
        way.open()


@contextlib.contextmanager
def away(scene, there, *route):
    """The address is gone: there is no way to it, or the one of @route."""
    scene.ip('near', 'addr', 'del', HERE + '/32', 'dev', 'lo')
    if route:
        scene.ip('near', 'route', 'add', *route)
    yield
    if route:
        scene.ip('near', 'route', 'del', *route)
    scene.ip('near', 'addr', 'add', HERE + '/32', 'dev', 'lo')
    for way in there:
        way.open()


def nowhere(scene, there):
    return away(scene, there)


def forbidden(scene, there):
    """A router on the way says that it does not let this through."""
    return away(scene, there, 'prohibit', HERE)


def hole(scene, there):
    """There is a link that leads there, and nobody at its end."""
    return away(scene, there, HERE, 'via', '198.51.101.2', 'dev', 'near1')


HEARD = (refuse, nowhere, forbidden)  # who sends is told of these


@contextlib.contextmanager
def standing(daemon):
    """The daemon stands still: nothing is on its way."""
    daemon.signal(signal.SIGSTOP)
    wait_until(lambda: daemon.status('State')[0] == 'T', 'the daemon to stand still')
    try:
        yield
    finally:
        daemon.signal(signal.SIGCONT)


# ---- what is asked ----

def exporters(scene):
    return {row['exporter']: row for row in parse(ask_any(scene, 'show', 'exporters', '--format', 'json'))}


def wait_for_word(scene, there, fault):
    """Until it is known of each way what became of it: heard of, or sent as if all were well."""
    if fault in HEARD:
        wait_until(lambda: all(exporters(scene)[way.name]['reason'] for way in there),
                   'each to hear of "%s"' % fault.__name__)
        told = ask(scene, 'status', code=1)
        for way in there:
            assert '%s: ' % way.name in told, told
    else:
        wait_until(lambda: all(exporters(scene)[way.name]['backlog_intervals'] == 0 for way in there),
                   'each to send on in spite of "%s"' % fault.__name__)


def all_marked(scene, there, mark):
    """Sends what each must have; then all is well."""
    scene.shoot([(50, FRAME % mark)])
    for way in there:
        wait_until(lambda way=way: way.marked(mark) == 50, '%s to have what came behind' % way.name)
    wait_until(lambda: ', all is well' in ask_any(scene, 'status'), 'all to be well')


def last_of(rows):
    return max((row['interval'] for row in rows), default=0)


@case
def faults(make):
    """Each format behind each fault: no other exporter is late, nothing stalls, and then all goes on."""
    with make(pairs=2) as scene:
        scene.ip('near', 'addr', 'add', '198.51.101.1/24', 'dev', 'near1')
        scene.ip('near', 'neigh', 'add', '198.51.101.2', 'lladdr', '02:00:00:00:00:99', 'dev', 'near1')
        scene.ip('near', 'addr', 'add', HERE + '/32', 'dev', 'lo')
        healthy, there = Reader(scene, 3334), ways(scene)
        daemon = scene.daemon(CAPTURE + JSON.replace(' }', '  %s }') % (3334, ROWS) +
                              ''.join(way.section for way in there))
        sent, mark, unheard = 50, MARK, []
        all_marked(scene, there, mark)
        before = descriptors(daemon)
        for fault in (refuse, nowhere, forbidden, garbage, full, hole) * ROUNDS:
            until = contextlib.ExitStack()
            with standing(daemon):
                begun = last_of(healthy.rows())
                for way in there:
                    way.close()
                until.enter_context(fault(scene, there))
            for _ in range(2):
                scene.shoot([(1, FRAME % port) for port in MANY])
                sent += len(MANY)
                healthy.wait_for(all_there(sent), 'one beside those behind "%s"' % fault.__name__)
            wait_for_word(scene, there, fault)
            with standing(daemon):
                until.close()
            mark += 1
            all_marked(scene, there, mark)
            sent += 50
            healthy.wait_for(all_there(sent), 'what came behind "%s"' % fault.__name__)
            if fault in (full, hole):
                unheard.append(range(begun, last_of(healthy.rows())))
        same(descriptors(daemon), before, 'descriptors')
        daemon.stop()
        rows, repeated = once(healthy.rows())
        whole(rows)
        no_gap(rows)
        in_time(rows)
        same((frames(rows), repeated), (sent, 0), 'frames, and rows repeated, at the healthy one')
        for way in there:
            if not isinstance(way, Flows):
                check(way, rows, unheard)


def check(way, wanted, unheard):
    """What is missing was sent while nobody could tell that it does not arrive."""
    identities = {identity(row) for row in way.rows()}
    missing = [row for row in wanted if identity(row) not in identities]
    figure('faults', 'every fault of a collector by UDP, ' + way.name,
           '%d of %d rows missing, %d repeated' % (len(missing), len(wanted), len(way.rows()) - len(identities)))
    assert missing, 'nothing was lost in a hole'
    for row in missing:
        assert any(row['interval'] in those for those in unheard), 'missing: %s' % row


def identity(row):
    return row['interval'], row['row']


if __name__ == '__main__':
    main()
