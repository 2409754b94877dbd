#!/usr/bin/env python3
"""ipfix.py CASE WIRECENSUS SENDER LISTENER: flow records in the hands of a real collector.

Exits with 77 when the machine lacks what it needs.
"""
import datetime
import os
import socket
import subprocess
import sys
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), '..', 'daemon'))
from scene import parse, run  # noqa: E402
from collector import Reader  # noqa: E402
import messages  # noqa: E402
from flows import Flows, send_flows, send_ports  # noqa: E402
from receivers import NUMBERS, PORT, Capture, Nfacctd, Nfcapd, dissect, dump  # noqa: E402
from cases import CAPTURE, case, same  # noqa: E402
from ipfix_cases import EVERYTHING, IPFIX, LOCAL, delivered, main  # noqa: E402

SO_RCVBUFFORCE = 33


def ms(text):
    """Milliseconds since 1970 of a time in UTC, as all of these programs write it."""
    when = datetime.datetime.fromisoformat(text.rstrip('Z').replace(' ', 'T'))
    return round(when.replace(tzinfo=datetime.timezone.utc).timestamp() * 1000)


def times_of(rows):
    """(way, start, end) of each conversation's ways, worked out of rows of JSON."""
    found = set()
    for row in rows:
        if row['type'] != 'conversation' or row.get('other'):
            continue
        start = max(ms(row['first_seen']), ms(row['start']))
        end = max(start, min(ms(row['last_seen']), ms(row['end'])))
        protocol = NUMBERS[row['protocol']] if isinstance(row['protocol'], str) else row['protocol']
        there = (protocol, row['client'], row['client_port'], row['server'], row['port'])
        if row['packets']:
            found.add((there, start, end))
        if row['reverse_packets']:
            found.add(((protocol, *there[3:], *there[1:3]), start, end))
    return found


def watched(scene, options):
    """A daemon that tells the same intervals as JSON, too."""
    reader = Reader(scene, 3334)
    daemon = scene.daemon(CAPTURE + IPFIX % (LOCAL, options) +
                          'json reader { address = "tcp://127.0.0.1:3334" }\n')
    return daemon, reader


@case
def nfdump_conversations(make):
    """nfcapd with the file that is shipped: sums, both versions of IP, times, nothing out of sequence."""
    with make() as scene:
        collector = Nfcapd(scene)
        before = int(time.time() * 1000)
        daemon, reader = watched(scene, 'profile = "nfdump"')
        sent = send_flows(scene)
        delivered(scene, sent.total())
        send_flows(scene, 3, sent)
        delivered(scene, sent.total())
        daemon.stop()
        after = int(time.time() * 1000)
        collector.stop()
        collector.flows().must_be(sent)
        same(collector.losses(), 0, 'sequence errors and bad packets')
        shown = set((key, ms(row['first']), ms(row['last'])) for key, row in collector.keyed())
        same(shown, times_of(reader.rows()), 'times')
        assert all(before - 1000 <= start <= end <= after for _, start, end in shown), shown


@case
def nfdump_biflows(make):
    """The same as one record for both ways, whose way back nfdump has beside."""
    with make() as scene:
        collector = Nfcapd(scene)
        daemon = scene.daemon(CAPTURE + IPFIX % (LOCAL, 'profile = "nfdump"  biflow = yes'))
        sent = send_flows(scene)
        delivered(scene, sent.total())
        daemon.stop()
        collector.stop()
        same(collector.losses(), 0, 'sequence errors and bad packets')
        found = Flows()
        for key, row in collector.keyed():
            back = (key[0], *key[3:], *key[1:3])
            if row['in_packets']:
                found.add(key, row['in_packets'], row['in_bytes'], 0)
            if row.get('out_packets'):
                found.add(back, row['out_packets'], row['out_bytes'], 0)
        same((found.packets, found.bytes), (sent.packets, sent.bytes), 'packets and bytes')


@case
def nfdump_ports(make):
    """Every port there is, with default buffers: no datagram is lost."""
    with make() as scene:
        collector = Nfcapd(scene)
        daemon = scene.daemon(CAPTURE + IPFIX % (LOCAL, 'profile = "nfdump"  rows = {"port"}'))
        sent = send_ports(scene, range(65536))
        delivered(scene, sum(packets for packets, _ in sent.values()))
        daemon.stop()
        collector.stop()
        same(collector.losses(), 0, 'sequence errors and bad packets')
        found = {}
        for row in collector.records():
            packets, count = found.get(row['dst_port'], (0, 0))
            found[row['dst_port']] = (packets + row['in_packets'], count + row['in_bytes'])
        assert found == sent, 'other sums'


@case
def pmacct_conversations(make):
    """nfacctd with the file that is shipped."""
    with make() as scene:
        collector = Nfacctd(scene)
        daemon, reader = watched(scene, 'profile = "pmacct"')
        sent = send_flows(scene)
        delivered(scene, sent.total())
        send_flows(scene, 3, sent)
        delivered(scene, sent.total())
        daemon.stop()
        collector.stop()
        found, times = Flows(), set()
        for row in collector.rows():
            key = (NUMBERS[row['ip_proto']], row['ip_src'], row['port_src'], row['ip_dst'],
                   row['port_dst'])
            found.add(key, row['packets'], row['bytes'], int(row['tcp_flags']))
            times.add((key, ms(row['timestamp_start']), ms(row['timestamp_end'])))
        found.must_be(sent)
        same(times, times_of(reader.rows()), 'times')
        assert 'malformed' not in collector.log(), collector.log()


@case
def pmacct_ports(make):
    """Every port there is, as its file says how."""
    with make() as scene:
        collector = Nfacctd(scene, {'aggregate': 'proto, dst_port'})
        daemon = scene.daemon(CAPTURE + IPFIX % (LOCAL, 'profile = "pmacct"  rows = {"port"}'))
        sent = send_ports(scene, range(65536))
        delivered(scene, sum(packets for packets, _ in sent.values()))
        daemon.stop()
        collector.stop()
        found = {}
        for row in collector.rows():
            packets, count = found.get(row['port_dst'], (0, 0))
            found[row['port_dst']] = (packets + row['packets'], count + row['bytes'])
        assert found == sent, 'other sums'


def conversations(records):
    """Of records that tshark, libfixbuf or messages.py made, as (key, packets, octets, flags)."""
    flows = Flows()
    for record in records:
        if messages.SPORT in record:
            flows.add(messages.key(record), record[messages.PACKETS], record[messages.OCTETS],
                      record[6])
    return flows


class Sink:
    """Takes the datagrams themselves."""

    def __init__(self, scene):
        self.socket = scene.inside(lambda: socket.socket(socket.AF_INET, socket.SOCK_DGRAM))
        # There is no collector to be fair to.
        self.socket.setsockopt(socket.SOL_SOCKET, SO_RCVBUFFORCE, 16 << 20)
        self.socket.bind(('127.0.0.1', PORT))
        self.socket.setblocking(False)

    def take(self):
        found = []
        while True:
            try:
                found.append(self.socket.recv(65536))
            except BlockingIOError:
                return found


STYLES = [EVERYTHING + 'refresh = "1s"  ' + style for style in (
    '', 'biflow = yes  private_elements = yes  types = yes', 'profile = "nfdump"',
    'profile = "logstash"  datagram = 512')]


@case
def dissected(make):
    """tshark finds nothing to remark in any datagram, of any kind of rows, in any style."""
    with make() as scene:
        sink = Sink(scene)
        for number, style in enumerate(STYLES):
            capture = Capture(scene, 'datagrams%d.pcap' % number)
            daemon = scene.daemon(CAPTURE + IPFIX % (LOCAL, style))
            sent = send_flows(scene)
            delivered(scene, sent.total())
            send_flows(scene, 1, sent)
            delivered(scene, sent.total())
            daemon.stop()
            datagrams = sink.take()
            reader = messages.Reader()
            found = [reader.message(data) for data in datagrams]
            assert max(len(data) for data in datagrams) <= 1232, 'a datagram is too long'
            messages.in_order(found)
            if 'biflow' not in style:
                conversations(record for message in found
                              for record in message.records).must_be(sent)
            capture.stop(len(datagrams))
            seen, remarks = dissect(capture.path)
            same(remarks, [], 'remarks of tshark')
            same(seen, len(datagrams), 'messages that tshark sees')


@case
def restarted_udp(make):
    """nfcapd killed and started again, unheard of: decodable again after one refresh period."""
    refresh = 3
    with make() as scene:
        collector = Nfcapd(scene)
        daemon = scene.daemon(CAPTURE + IPFIX % (
            LOCAL, 'profile = "nfdump"  refresh = "%ds"' % refresh))
        frames = send_flows(scene).total()
        delivered(scene, frames)
        collector.kill()
        collector.come()
        back, sent, port = time.monotonic(), {}, 0
        while time.monotonic() < back + refresh + 3:
            port += 1
            frames += send_ports(scene, [port])[port][0]
            sent[port] = time.monotonic() - back
            time.sleep(0.25)
        delivered(scene, frames)
        daemon.stop()
        collector.stop()
        shown = set(row['dst_port'] for row in collector.records())
        wanted = set(port for port, when in sent.items() if when > refresh)
        print('of %d conversations after the restart %d are missing, the last %.1f s after it' %
              (len(sent), len(set(sent) - shown),
               max([sent[port] for port in set(sent) - shown], default=0)))
        same(wanted - shown, set(), 'conversations missing after a refresh period')


@case
def read_file(make):
    """read --ipfix: ipfixDump shows what the same run says in JSON."""
    with make() as scene:
        pcap, file = scene.path('some.pcap'), scene.path('some.ipfix')
        capture = Capture(scene, 'some.pcap', 'near0', '')
        sent = send_flows(scene)
        capture.stop(sent.total())
        done = run(scene.program, 'read', '--five-tuple', '--local-address', '192.0.2.1',
                   '--local-address', '2001:db8::1', '--ipfix', file, '--format', 'json', pcap)
        rows = parse(done.stdout)
        dump(file).must_be(sent)
        same(sum(row['ip_bytes'] + row['reverse_ip_bytes'] for row in rows
                 if row['type'] == 'conversation'), sum(sent.bytes.values()), 'bytes by IP')


REFUSED = [
    ('address = "relp://127.0.0.1:4739"',
     'address: ipfix cannot go to relp://, only to udp://, tcp://, tls://, file://'),
    ('address = "unixgram:///run/ipfix"', 'address: ipfix cannot go to unixgram://'),
    ('rows = {"total"}', 'ipfix has rows conversation, port, protocol, ethertype, host and scanner'),
    ('datagram = 511', 'ipfix needs datagrams of at least 512 bytes'),
    ('domain = 4294967295', "domain: '4294967295' is not a whole number from 1 to 4294967039"),
    ('enterprise = 0', "enterprise: '0' is not a whole number"),
    ('profile = "ntop"', "profile: 'ntop' is not one of generic, nfdump, pmacct, logstash"),
    ('refresh = 0', "refresh: '0' is not a time"),
    ('facility = "daemon"', "there is no option 'facility' in a section ipfix"),
]
WARNED = [
    ('profile = "nfdump"  address = "tcp://127.0.0.1:4739"', 'address: '),
    ('profile = "pmacct"  biflow = yes', 'biflow: '),
    ('profile = "logstash"  private_elements = yes  rows = {"port"}', 'private_elements: '),
]


@case
def refused(make):
    """What cannot work is refused by a sentence with the line; what hardly can is warned of."""
    with make() as scene:
        def check(text):
            path = scene.configure(CAPTURE.replace('near0', 'lo') + 'ipfix x { %s }\n' % text)
            return subprocess.run([scene.program, 'daemon', '-t', '-c', path], text=True,
                                  capture_output=True, check=False)

        for text, words in REFUSED:
            done = check(text)
            assert done.returncode != 0, text
            assert 'wirecensus.conf:5: ' + words in done.stderr, (text, done.stderr)
        for text, words in WARNED:
            done = check(text)
            assert done.returncode == 0 and words in done.stderr, (text, done.stderr)
        same(check('').stderr, '', 'said of a good one')


if __name__ == '__main__':
    main()
