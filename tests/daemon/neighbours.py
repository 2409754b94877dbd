#!/usr/bin/env python3
"""neighbours.py CASE WIRECENSUS SENDER: one test of exporters whose collectors behave badly, by name.

WC_CAMPAIGN in the environment makes it longer.
"""
import json
import os
import re
import socket
import ssl
import struct

from scene import CAMPAIGN, Skip, ask, once, run, wait_until, whole
from cases import (CAPTURE, FRAME, JSON, all_there, case, figure, frames, in_time, knows, main, no_gap,
                   same)
from collector import Reader
from proxy import MODES, ROOM, Proxy
from rsyslog import CERTIFICATES

MARK = 9999  # the port of what is sent when all is well again
MANY = range(1, 101)
ROUNDS = 5 if CAMPAIGN else 1
LONGEST = 1000  # bytes of a row of JSON


# ---- collectors, one for each way to deliver ----

class Octets(Reader):
    """Syslog on TCP: each message behind its length."""

    def rows(self):
        return [row for piece in self.taken() for row in self.rows_of(piece)]

    def taken(self):
        with self.lock:
            return [bytes(piece) for piece in self.pieces]

    @staticmethod
    def rows_of(piece):
        at = 0
        while head := re.compile(rb'(\d+) ').match(piece, at):
            message = piece[head.end():head.end() + int(head[1])]
            at = head.end() + int(head[1])
            if at > len(piece):
                return
            yield json.loads(message[message.index(b'@cee:') + 5:])
        assert at == len(piece) or piece[at:].isdigit(), piece[at:at + 100]


class Nuls(Octets):
    """GELF on TCP: a NUL behind each message."""

    @staticmethod
    def rows_of(piece):
        for message in piece.split(b'\0')[:-1]:
            yield {name.lstrip('_'): value for name, value in json.loads(message).items()}


class Relp(Octets):
    """Answers each message."""

    HEAD = re.compile(rb'(\d+) (\w+) (\d+)[ \n]')

    def read(self, connection, piece):
        waiting = b''
        try:
            while data := connection.recv(1 << 16):
                waiting += data
                with self.lock:
                    piece += data
                while head := self.HEAD.match(waiting):
                    end = head.end() + int(head[3]) + (int(head[3]) > 0)
                    if len(waiting) < end:
                        break
                    told = b'200 OK' + b'\n' + waiting[head.end():end] if head[2] == b'open' else b'200 OK'
                    connection.sendall(b'%s rsp %d %s\n' % (head[1], len(told), told))
                    waiting = waiting[end:]
        except OSError:
            pass  # the other side is gone

    @classmethod
    def rows_of(cls, piece):
        at = 0
        while head := cls.HEAD.match(piece, at):
            at = head.end() + int(head[3]) + (int(head[3]) > 0)
            if at > len(piece):
                return
            if head[2] == b'syslog':
                message = piece[head.end():at]
                yield json.loads(message[message.index(b'@cee:') + 5:])


class Flows(Octets):
    """IPFIX on TCP: rows are the messages, whose numbers of records must follow each other."""

    @staticmethod
    def rows_of(piece):
        at = 0
        while at + 16 <= len(piece):
            version, length = struct.unpack_from('>HH', piece, at)
            assert version == 10 and length >= 16, piece[at:at + 16]
            if at + length > len(piece):
                return
            yield {'type': 'message', 'sequence': struct.unpack_from('>I', piece, at + 8)[0]}
            at += length


class Secret(Reader):
    """JSON over TLS."""

    def __init__(self, scene, port):
        self.certify(scene, 'good')
        self.tries = 0  # that came to an end
        super().__init__(scene, port)

    def certify(self, scene, name):
        self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.context.load_cert_chain(scene.path(name + '.pem'), scene.path(name + '.key'))

    def read(self, connection, piece):
        try:
            with self.context.wrap_socket(connection, server_side=True) as secret:
                super().read(secret, piece)
        except OSError:
            pass  # it was refused, or cut
        self.tries += 1


class Local(Reader):
    """JSON through a local socket; @port is its path."""

    def make_listener(self):
        if os.path.exists(self.port):
            os.unlink(self.port)
        listener = socket.socket(socket.AF_UNIX)
        listener.bind(self.port)
        return listener


class Way:
    """An exporter, its collector, and the proxy that can stand between them."""

    def __init__(self, scene, name, section, scheme, collector, port):
        self.name, self.section, self.scheme = name, section, scheme
        self.port, self.behind = port, port + 1000
        local = scheme == 'unix'
        self.here = scene.path('%s-near' % name) if local else ('127.0.0.1', port)
        self.there = scene.path('%s-far' % name) if local else ('127.0.0.1', self.behind)
        self.collector = collector(scene, self.there if local else self.behind)
        self.proxy = Proxy(scene, self.here, self.there)

    def configured(self, by_proxy):
        where = self.here if by_proxy else self.there
        address = where if isinstance(where, str) else '%s:%d' % where
        return self.section % ('%s://%s' % (self.scheme, address))


def ways(scene):
    run(CERTIFICATES, scene.folder)
    trusted = 'ca = "%s"' % scene.path('trusted.pem')
    found = [
        Way(scene, 'plain', 'json plain { address = "%s" }\n', 'tcp', Reader, 4001),
        Way(scene, 'local', 'json local { address = "%s" }\n', 'unix', Local, 4002),
        Way(scene, 'log', 'syslog log { address = "%s"  content = "cee" }\n', 'tcp', Octets, 4003),
        Way(scene, 'relp', 'syslog relp { address = "%s"  content = "cee" }\n', 'relp', Relp, 4004),
        Way(scene, 'gelf', 'gelf gelf { address = "%s" }\n', 'tcp', Nuls, 4005),
    ]
    if knows(scene, 'json x { address = "tls://127.0.0.1:1" }'):
        found.append(Way(scene, 'secret', 'json secret { address = "%s"  ' + trusted + ' }\n', 'tls',
                         Secret, 4006))
    if knows(scene, 'ipfix x { }'):
        found.append(Way(scene, 'flows', 'ipfix flows { address = "%s"  interval = 1 }\n', 'tcp', Flows,
                         4007))
    return found


def turn(scene, there, mode):
    """Puts proxies in between that are as bad as @mode; None: takes them away."""
    for way in there:
        if mode:
            way.proxy.turn(mode)
        else:
            way.proxy.end()
    scene.configure(CAPTURE + JSON % 3334 + ''.join(way.configured(bool(mode)) for way in there))
    ask(scene, 'reload')


def all_at(way, count, mark):
    """Waits until a collector has what was sent when all was well again."""
    if way.name == 'flows':  # are not read here, but there are some each second
        seen = len(way.collector.rows())
        way.collector.wait_for(lambda rows: len(rows) > seen, 'flows behind the fault')
        return
    way.collector.wait_for(
        lambda rows: sum(row.get('packets', 0) for row in rows
                         if row['type'] == 'port' and row['port'] == mark) >= count,
        '%s to have all that was sent behind the fault' % way.name)


@case
def faults(make):
    """Each exporter behind each fault: no other is late, and when it is over all goes on in order."""
    with make() as scene:
        healthy = Reader(scene, 3334)
        there = ways(scene)
        daemon = scene.daemon(CAPTURE + JSON % 3334 + ''.join(way.configured(False) for way in there))
        sent, mark = 0, MARK
        for mode in MODES * ROUNDS:
            turn(scene, there, mode)
            for _ in range(3):
                scene.shoot([(1, FRAME % port) for port in MANY])
                sent += len(MANY)
                healthy.wait_for(all_there(sent), 'an exporter beside those behind "%s"' % mode)
            turn(scene, there, None)
            mark += 1
            scene.shoot([(200, FRAME % mark)])  # among the busiest ports
            sent += 200
            for way in there:
                all_at(way, 200, mark)
        daemon.stop()
        rows, repeated = once(healthy.rows())
        whole(rows)
        no_gap(rows)
        in_time(rows)
        same((frames(rows), repeated), (sent, 0), 'frames, and rows repeated, at the healthy one')
        for way in there:
            check(way, sent, rows)


@case
def certificates(make):
    """Who is not the collector by the certificate gets no byte; the collector then gets all."""
    with make() as scene:
        run(CERTIFICATES, scene.folder)
        secret = 'json secret { address = "tls://127.0.0.1:4006"  ca = "%s"  patience = %s }\n'
        if not knows(scene, secret % (scene.path('trusted.pem'), '10')):
            raise Skip('this build knows no TLS')
        scene.path('trusted.pem')
        collector = Secret(scene, 4006)
        collector.certify(scene, 'elsewhere')
        daemon = scene.daemon(CAPTURE + secret % (scene.path('trusted.pem'), '10'))
        sent = 0
        for number, name in enumerate(('elsewhere', 'foreign', 'expired', 'early', 'self')):
            collector.certify(scene, name)
            tries = collector.tries
            # A changed exporter tries at once, under its old name.
            scene.configure(CAPTURE + secret % (scene.path('trusted.pem'), str(11 + number)))
            ask(scene, 'reload')
            sent += scene.shoot([(10, FRAME % 9)])[0][0]
            wait_until(lambda tries=tries: collector.tries > tries, 'a try with ' + name)
            same(collector.rows(), [], 'what one with the certificate "%s" got' % name)
        collector.certify(scene, 'good')
        scene.configure(CAPTURE + secret % (scene.path('trusted.pem'), '20'))
        ask(scene, 'reload')
        collector.wait_for(all_there(sent), 'all frames')
        daemon.stop()
        rows, _ = once(collector.rows())
        whole(rows)
        no_gap(rows)
        same(frames(rows), sent, 'frames')


def check(way, sent, wanted):
    """What is missing had been acknowledged: at most what receive buffers hold, for each fault."""
    rows = way.collector.rows()
    if way.name == 'flows':
        assert rows, 'no flows at all'
        return
    identities = {identity(row): row for row in rows}
    found = sum(row['frames'] for row in identities.values() if row['type'] == 'total')
    assert found <= sent, '%s: %d frames of %d' % (way.name, found, sent)
    if way.name == 'relp':
        same(found, sent, 'frames by RELP')
    if way.name in ('plain', 'secret', 'local'):  # rows as the healthy one gets them
        missing = [row for row in wanted if identity(row) not in identities]
        figure('faults', 'every fault of a collector, ' + way.name,
               '%d rows missing, %d repeated' % (len(missing), len(rows) - len(identities)))
        # The kernel doubles the room that it is asked for.
        assert sum(map(length, missing)) <= faulted(2 * ROOM + LONGEST), 'too much is missing'


def identity(row):
    return row['interval'], row['row']


def length(row):
    """Bytes of a row, as it is sent."""
    return len(json.dumps(row, separators=(',', ':'))) + 1


def faulted(bytes_each):
    return len(MODES) * ROUNDS * bytes_each


if __name__ == '__main__':
    main()
