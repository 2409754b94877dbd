#!/usr/bin/env python3
"""streams.py CASE WIRECENSUS SENDER LISTENER: flow records over TCP and TLS, and in files.

Exits with 77 when the machine lacks what it needs.
"""
import os
import sys
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), '..', 'daemon'))
from scene import ask, wait_until  # noqa: E402
from collector import Reader  # noqa: E402
import messages  # noqa: E402
from flows import Flows, send_flows, send_ports  # noqa: E402
from receivers import PORT, Listener, Terminator, certificates, dump  # noqa: E402
from cases import CAPTURE, case, same  # noqa: E402
from ipfix_cases import EVERYTHING, IPFIX, STREAM, delivered, main  # noqa: E402


def listened(listener):
    flows = Flows()
    for row in listener.rows():
        if row['source_port']:
            there = (row['protocol'], row['source'], row['source_port'], row['destination'],
                     row['destination_port'])
            back = (there[0], *there[3:], *there[1:3])
            if row['packets']:
                flows.add(there, row['packets'], row['octets'], row['flags'])
            if row['reverse_packets']:
                flows.add(back, row['reverse_packets'], row['reverse_octets'], 0)
    return flows


@case
def libfixbuf(make):
    """libfixbuf's listener over TCP, and ipfixDump of a file, read all of it back, biflows, too."""
    with make() as scene:
        for options in ('', 'biflow = yes'):
            listener = Listener(scene)
            file = scene.path('flows%d.ipfix' % len(options))
            daemon = scene.daemon(
                CAPTURE + IPFIX % (STREAM, EVERYTHING + options) +
                'ipfix disk { address = "file://%s"  interval = "1s"  %s }\n' % (file, options))
            sent = send_flows(scene)
            delivered(scene, sent.total())
            daemon.stop()
            wait_until(lambda: listened(listener).total() >= sent.total(), 'records')
            listener.kill()
            same(listener.log(), '', 'what libfixbuf says')
            found, text = listened(listener), dump(file)
            for flows in (found, text):
                same((flows.packets, flows.bytes), (sent.packets, sent.bytes), 'sums')
            if not options:
                found.must_be(sent)
                text.must_be(sent)


@case
def rotated(make):
    """A file that is moved away, as logrotate does, and nobody is told: each file is read by itself."""
    with make() as scene:
        file = scene.path('flows.ipfix')
        daemon = scene.daemon(CAPTURE + IPFIX % ('file://' + file, EVERYTHING))
        sent = []
        for number in range(3):
            sent.append(send_flows(scene, number + 1))
            delivered(scene, sum(flows.total() for flows in sent))
            if number < 2:
                os.rename(file, file + '.%d' % number)
        daemon.stop()
        for number, path in enumerate((file + '.0', file + '.1', file)):
            dump(path).must_be(sent[number])
        same('ipfix/collector' in daemon.log(), False, 'a word about it')


@case
def killed_tcp(make):
    """Killed again and again: each connection decodes; what is missing its kernel had acknowledged."""
    room, record, rounds = 4096, 60, 6
    with make() as scene:
        collector = Reader(scene, PORT, room)
        daemon = scene.daemon(CAPTURE + IPFIX % (STREAM, ''))
        sent = Flows()
        for _ in range(rounds):
            ports = range(1 + 200 * _, 201 + 200 * _)
            for port, (packets, count) in send_ports(scene, ports).items():
                sent.packets[port] += packets
            time.sleep(0.6)
            collector.cut()
        send_ports(scene, [65535])

        def found():
            ports = {}
            for piece in collector.pieces:
                taken = messages.Reader().stream(bytes(piece))
                messages.in_order(taken)
                for message in taken:
                    for row in message.records:
                        if messages.DPORT in row:
                            ports[row[messages.DPORT]] = row[messages.PACKETS]
            return ports

        wait_until(lambda: 65535 in found(), 'the last conversation')
        daemon.stop()
        there = found()
        missing = set(sent.packets) - set(there)
        print('%d kills, %d connections: %d of %d conversations are missing'
              % (rounds, len(collector.pieces), len(missing), len(sent.packets)))
        # The kernel doubles the room that it is asked for; a cut-off message is sent again whole.
        assert len(missing) * record <= rounds * 2 * room, 'too much is missing'
        for port, packets in there.items():
            assert port == 65535 or packets == sent.packets[port], port


@case
def listener_killed(make):
    """libfixbuf's listener killed and started again reads on, from templates of the new connection."""
    with make() as scene:
        listener = Listener(scene)
        daemon = scene.daemon(CAPTURE + IPFIX % (STREAM, ''))
        sent = send_flows(scene)
        wait_until(lambda: listened(listener).total() >= sent.total(), 'records')
        # What it has not heard of as read it would send again.
        delivered(scene, sent.total())
        listener.kill()
        again = Listener(scene)
        more = send_flows(scene, 2)
        wait_until(lambda: listened(again).total() >= more.total(), 'records after the restart')
        daemon.stop()
        again.kill()
        listened(listener).must_be(sent)
        listened(again).must_be(more)
        same(again.log(), '', 'what libfixbuf says')


@case
def encrypted(make):
    """tls://, both certificates verified, decrypted for libfixbuf's listener; nothing to an impostor."""
    with make() as scene:
        certificates(scene)
        listener = Listener(scene)
        own = ('ca = "%(f)s/trusted.pem"  certificate = "%(f)s/client.pem"  key = "%(f)s/client.key"'
               % {'f': scene.folder})
        good, bad = Terminator(scene, 4740, 'good'), Terminator(scene, 4741, 'elsewhere')
        daemon = scene.daemon(
            CAPTURE + IPFIX % ('tls://127.0.0.1:4740', own) +
            (IPFIX % ('tls://127.0.0.1:4741', own)).replace('collector', 'impostor'))
        sent = send_flows(scene)
        wait_until(lambda: listened(listener).total() >= sent.total(), 'records')
        daemon.wait_for('ipfix/impostor: ')
        daemon.stop()
        listened(listener).must_be(sent)
        assert good.clients == {'client'}, good.clients
        same(bad.data, 0, 'bytes for an impostor')
        same(listener.log(), '', 'what libfixbuf says')


@case
def renewed(make):
    """A certificate that is renewed under its old name is shown after a reload; none before."""
    with make() as scene:
        certificates(scene)
        collector = Reader(scene, PORT)
        terminator = Terminator(scene, 4740, 'good')
        daemon = scene.daemon(CAPTURE + IPFIX % (
            'tls://127.0.0.1:4740',
            'ca = "%(f)s/trusted.pem"  certificate = "%(f)s/client.pem"  key = "%(f)s/client.key"'
            % {'f': scene.folder}))
        delivered(scene, send_flows(scene).total())
        ask(scene, 'reload')
        same(len(collector.pieces), 1, 'connections')
        for kind in ('pem', 'key'):
            os.rename(scene.path('wirecensus.' + kind), scene.path('client.' + kind))
        ask(scene, 'reload')
        delivered(scene, send_flows(scene).total())
        wait_until(lambda: terminator.clients == {'client', 'wirecensus'}, 'the renewed certificate')
        daemon.stop()


if __name__ == '__main__':
    main()
