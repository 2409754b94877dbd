#!/usr/bin/env python3
"""engines.py CASE ENGINE WIRECENSUS SENDER [CAPTURES]: one engine against tcpdump, and against itself.

Exits with 77 when the machine lacks what it needs.
"""
import collections
import json
import os
import pathlib
import random
import re
import shutil
import signal
import struct
import subprocess
import sys
import tempfile
import time

sys.dont_write_bytecode = True  # the source tree stays as it is
from bed import Bed, Skip, attempt, run
from live import same
from plan import IN4, IN6, OUT4, TAGGED4

CASES = {}


def case(function):
    CASES[function.__name__] = function
    return function


def need(*programs):
    for program in programs:
        if not shutil.which(program):
            raise Skip('there is no %s' % program)


class Tcpdump:
    """What tcpdump writes of an interface of "near", as `wirecensus read` counts it."""

    def __init__(self, bed, link, path):
        self.bed, self.path = bed, path
        self.process = subprocess.Popen(
            ['ip', 'netns', 'exec', bed.spaces['near'], 'tcpdump', '-i', link, '-w', path, '-U',
             '-B', '32768', '-s', '0', '-Z', 'root'], stderr=subprocess.PIPE, text=True)
        line = ''
        while 'listening on' not in line:
            line = self.process.stderr.readline()
            assert line, 'tcpdump did not start'

    def rows(self, *options):
        # Its buffer hands blocks over each second.
        size = -1
        while size != os.path.getsize(self.path):
            size = os.path.getsize(self.path)
            time.sleep(1.5)
        self.process.send_signal(signal.SIGINT)
        _, words = self.process.communicate(timeout=60)
        assert re.search(r'^0 packets dropped by kernel', words, re.M), words
        return rows_of(self.bed.on('near', self.bed.program, 'read', '--format', 'json', *options,
                                   self.path).stdout)


def rows_of(text):
    return [json.loads(line) for line in text.splitlines()]


def fold(rows):
    """
    What a file and a live count have in common: a file does not know which way a frame without
    an address of this host went, and learns at once which port serves.
    """
    found = collections.Counter()
    for row in rows:
        kind = row['type']
        if kind in ('port', 'protocol', 'fragment', 'ethertype', 'llc', 'malformed'):
            key = [row.get(name) for name in ('transport', 'port', 'protocol', 'ethertype')]
            for name in ('packets', 'bytes', 'new', 'accepted', 'refused'):
                found[(kind, *key, name)] += row.get(name) or 0
        elif kind == 'host':
            for way in ('sent', 'received'):
                for name in ('packets', 'bytes', 'new'):
                    found[(kind, row['address'], way, name)] += row['%s_%s' % (way, name)]
        elif kind == 'conversation':
            client = (row['client'], row['client_port'])
            server = (row['server'], row['port'])
            for source, target, prefix in ((client, server, ''), (server, client, 'reverse_')):
                key = (kind, row['protocol'], source, target)
                for name in ('packets', 'bytes', 'ip_bytes'):
                    found[(*key, name)] += row[prefix + name]
    return {key: count for key, count in found.items() if count}


LINES = 250  # as many as a sender takes


def mix(generator, lines):
    """Lines of a plan: hosts, ports and protocols by chance, some of them broken."""
    plan = []
    for _ in range(lines):
        begin = generator.choice([IN4, IN4, OUT4, IN6, TAGGED4]).replace(
            '198.51.100.9', '198.51.100.%d' % generator.randrange(1, 200))
        source, target = generator.randrange(1, 65536), generator.choice([53, 80, 443, 8080, 22])
        plan.append((generator.randrange(1, 60), begin + generator.choice([
            '6 / tcp %d %d S 1' % (source, target), '6 / tcp %d %d PA 2 / zeros 300' % (
                source, target), '6 / tcp %d %d SA 1' % (target, source),
            '6 / tcp %d %d RA 0' % (target, source), '17 / udp %d %d / zeros 80' % (source, target),
            '17 / udp %d %d' % (target, source), '6 / bytes 0102', '132 / zeros 40'])))
    return plan


def frames_of_captures(folder):
    """The frames of little pcap files of Ethernet that a link can carry."""
    for path in sorted(pathlib.Path(folder).glob('*.pcap')):
        data = path.read_bytes()
        if data[:4] != b'\xd4\xc3\xb2\xa1' or struct.unpack('<I', data[20:24])[0] != 1:
            continue
        at = 24
        while at + 16 <= len(data):
            captured, length = struct.unpack('<II', data[at + 8:at + 16])
            frame = data[at + 16:at + 16 + captured]
            at += 16 + captured
            if 14 <= captured == length <= 1514 and len(frame) == captured:
                yield frame


REPLAY = """
import socket, struct, sys
link = socket.socket(socket.AF_PACKET, socket.SOCK_RAW)
link.bind((sys.argv[1], 0))
data = sys.stdin.buffer
while size := data.read(4):
    link.send(data.read(struct.unpack('<I', size)[0]))
"""


def replay(bed, link, frames):
    """Sends the frames from "far", in order."""
    data = b''.join(struct.pack('<I', len(frame)) + frame for frame in frames)
    subprocess.run(['ip', 'netns', 'exec', bed.spaces['far'], sys.executable, '-c', REPLAY, link],
                   input=data, check=True, timeout=120)
    time.sleep(0.3)


def compare(bed, engine, send):
    """Counts what @send() sends, by the engine and by tcpdump: every row is the same."""
    with tempfile.TemporaryDirectory() as folder:
        program = bed.start('-i', 'near0', '--engine', engine, '--five-tuple')
        assert 'engine: %s' % engine in ''.join(program.described), program.described
        tcpdump = Tcpdump(bed, 'near0', folder + '/near0.pcap')
        send()
        wanted = tcpdump.rows('--five-tuple')
        census = program.finish()
    same(census.total('lost'), 0, 'lost')
    same(fold(census.rows), fold(wanted), 'rows')
    return census


@case
def same_as_file(engine, make, _):
    """Mixes by chance, from two senders at once."""
    need('tcpdump')
    with make() as bed:
        def send():
            senders = []
            for seed in (1, 2):
                text = ''.join('%d %s\n' % line for line in mix(random.Random(seed), LINES))
                senders.append(subprocess.Popen(
                    ['ip', 'netns', 'exec', bed.spaces['far'], bed.sender_path, 'far0', '20000'],
                    stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True))
                senders[-1].stdin.write(text)
            for sender in senders:
                sender.stdin.close()
            for sender in senders:
                assert sender.wait(timeout=120) == 0
        census = compare(bed, engine, send)
        assert census.total('frames') > 10000


@case
def captures(engine, make, folder):
    """The Ethernet frames of the captures with known counts."""
    need('tcpdump')
    frames = list(frames_of_captures(folder))[:20000]
    if not frames:
        raise Skip('there are no captures in %s' % folder)
    with make() as bed:
        census = compare(bed, engine, lambda: replay(bed, 'far0', frames))
        same(census.total('frames'), len(frames), 'frames')


@case
def length_left_out(engine, make, _):
    """Where the IP header says 0, the length is that of the frame, however little of it was captured."""
    plan = [(5, IN4 + '6 / tcp 40000 80 A 1 / zeros 1460 / ip 2 0000'),
            (7, TAGGED4 + '17 / udp 40000 53 / zeros 900 / ip 2 0000'),
            (9, IN6 + '17 / udp 40000 443 / zeros 1000 / ip 4 0000')]
    with make() as bed:
        program = bed.start('-i', 'near0', '--engine', engine)
        bed.send(plan)
        census = program.finish()
    found = {row['port']: row['ip_bytes'] for row in census.rows if row['type'] == 'conversation'}
    same(found, {80: 5 * 1500, 53: 7 * 928, 443: 9 * 1048}, 'IP bytes')


SERVER = """
import socket, sys
listener = socket.create_server(('198.51.100.9', 5001))
print('ready', flush=True)
peer, _ = listener.accept()
while peer.recv(1 << 20):
    pass
"""

CLIENT = """
import socket, sys
link = socket.create_connection(('198.51.100.9', 5001))
for _ in range(int(sys.argv[1])):
    link.sendall(bytes(1 << 20))
link.shutdown(socket.SHUT_WR)
link.recv(1)
"""

MEGABYTES = 100


def tcp_counts(bed):
    lines = [line.split()[1:] for line in bed.on('near', 'cat', '/proc/net/snmp').stdout.splitlines()
             if line.startswith('Tcp:')]
    return dict(zip(lines[0], map(int, lines[1])))


@case
def offload(engine, make, _):
    """A large transfer, merged by the kernel: packets and bytes are those on the wire."""
    with make() as bed:
        for side, address in (('near', '192.0.2.1'), ('far', '198.51.100.9')):
            link = side + '0'
            bed.ip(side, 'link', 'set', link, 'arp', 'on')
            bed.ip(side, 'addr', 'add', address + '/32', 'dev', link)
            bed.ip(side, 'route', 'add', {'near': '198.51.100.9', 'far': '192.0.2.1'}[side] + '/32',
                   'dev', link, 'src', address)
        program = bed.start('-i', 'near0', '--engine', engine)
        before = tcp_counts(bed)
        with subprocess.Popen(['ip', 'netns', 'exec', bed.spaces['far'], sys.executable, '-c',
                               SERVER], stdout=subprocess.PIPE, text=True) as server:
            server.stdout.readline()
            bed.on('near', sys.executable, '-c', CLIENT, str(MEGABYTES), timeout=120)
        after = tcp_counts(bed)
        census = program.finish()
    counts = census.counts()
    ways = {way: sum(row['packets'] for key, row in counts.items()
                     if key[:2] == ('port', 'tcp') and key[3] == way) for way in ('in', 'out')}
    sent = {name: after[name] - before[name] for name in ('OutSegs', 'RetransSegs', 'InSegs')}
    same(ways['out'], sent['OutSegs'] + sent['RetransSegs'], 'packets sent')
    same(ways['in'], sent['InSegs'], 'packets received')
    assert census.total('frames') < ways['out'] / 2, 'nothing was merged'
    if not sent['RetransSegs']:
        # Headers of 66 bytes each, with time stamps; eight more options in the SYN.
        same(counts[('port', 'tcp', 5001, 'out')]['bytes'],
             (MEGABYTES << 20) + 66 * ways['out'] + 8, 'bytes sent')
    same({total['offload'] for total in census.totals}, {False}, 'offload')


def programs():
    done = json.loads(run('bpftool', '-j', 'prog', 'show').stdout)
    return {entry['id'] for entry in done if entry.get('name', '').startswith('wc_')}


@case
def killed(engine, make, _):
    """Nothing stays in the kernel when the program is killed."""
    need('bpftool')
    with make() as bed:
        program = bed.start('-i', 'near0', '--engine', engine, '--filter', 'not port 22')
        ours = program.held('prog_id')
        assert ours and ours <= programs(), 'nothing was loaded'
        program.signal(signal.SIGKILL)
        program.process.communicate()
        deadline = time.monotonic() + 60
        while programs() & ours:
            assert time.monotonic() < deadline, 'programs stay: %s' % (programs() & ours)
            time.sleep(0.1)
        same(len(bed.on('near', 'cat', '/proc/net/packet').stdout.splitlines()), 1, 'sockets')


FLOOD = [(60000, IN4 + '6 / tcp 40000 %d S 1' % port) for port in (80, 443, 22, 25)]


@case
def flood(engine, make, _):
    """Two senders as fast as they can: nothing is lost, and all tables of an interval agree."""
    with make() as bed:
        program = bed.start('-i', 'near0', '--engine', engine, '--interval', '1')
        text = ''.join('%d %s\n' % line for line in FLOOD)
        senders = [subprocess.Popen(['ip', 'netns', 'exec', bed.spaces['far'], bed.sender_path,
                                     'far0', '0'], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                    text=True) for _ in range(2)]
        for sender in senders:
            sender.stdin.write(text)
            sender.stdin.close()
        sent = sum(int(line.split()[0]) for sender in senders for line in sender.stdout)
        for sender in senders:
            assert sender.wait(timeout=120) == 0
        time.sleep(0.3)
        census = program.finish()
    same(sent, 2 * sum(count for count, _ in FLOOD), 'sent')
    same(census.total('received'), sent, 'received')
    same(census.total('frames'), sent, 'frames')
    same(census.total('lost'), 0, 'lost')
    for total in census.totals:
        rows = [row for row in census.rows if row['interval'] == total['interval']]
        packets = sum(row['packets'] for row in rows if row['type'] == 'port')
        same(sum(row['packets'] + row['reverse_packets'] for row in rows
                 if row['type'] == 'conversation'), packets, 'packets of conversations')
        for way in ('sent', 'received'):
            same(sum(row[way + '_packets'] for row in rows if row['type'] == 'host'), packets,
                 'packets ' + way)


@case
def stopped(engine, make, _):
    """What comes while the program sleeps is counted all the same."""
    with make() as bed:
        program = bed.start('-i', 'near0', '--engine', engine)
        program.signal(signal.SIGSTOP)
        bed.send(FLOOD)
        program.signal(signal.SIGCONT)
        census = program.finish()
        same(census.total('frames'), sum(count for count, _ in FLOOD), 'frames')
        same(census.total('lost'), 0, 'lost')


@case
def memory(engine, make, _):
    """What is said of the kernel's memory is what the kernel says."""
    with make() as bed:
        program = bed.start('-i', 'near0', '--engine', engine)
        said = int(re.search(r'^memory: (\d+) MB in the kernel', ''.join(program.described),
                             re.M)[1])
        charged = {}  # by map: there may be several descriptors of it
        for path in pathlib.Path('/proc/%d/fdinfo' % program.process.pid).iterdir():
            try:
                words = path.read_text()
            except OSError:
                continue
            if 'map_type:' in words:
                number, size = (re.search(r'^%s:\s+(\d+)' % name, words, re.M)[1]
                                for name in ('map_id', 'memlock'))
                charged[number] = int(size)
        program.finish()
    total = sum(charged.values())
    assert 0.9 < total / 1e6 / said <= 1.1, '%d MB said, %d bytes charged' % (said, total)


@case
def little_room(engine, make, _):
    """A socket has room for a short program only, as before Linux 6.8; that goes on to the one that counts."""
    with make() as bed:
        try:
            bed.on('near', 'sysctl', '-qw', 'net.core.optmem_max=20480')
        except subprocess.CalledProcessError as error:
            raise Skip('net.core.optmem_max is the same in all namespaces: %s' % error.stderr)
        census = compare(bed, engine, lambda: bed.send(mix(random.Random(5), LINES)))
        assert census.total('frames') > 1000


@case
def few_privileges(engine, make, _):
    """CAP_BPF and CAP_NET_RAW are enough; without CAP_BPF, auto says why it is another engine."""
    need('setpriv')
    with make() as bed:
        for capabilities, asked, used in (('+bpf,+net_raw', engine, engine),
                                          ('+net_raw', 'auto', 'ring')):
            done = bed.on('near', 'setpriv', '--bounding-set=-all,' + capabilities, bed.program,
                          'live', '-i', 'near0', '--engine', asked, '--verbose', '--interval', '1',
                          '--count', '1')
            assert 'engine: %s' % used in done.stderr, done.stderr
            if asked == 'auto':
                assert 'not engine kernel: ' in done.stderr and 'CAP_BPF' in done.stderr


def main():
    if len(sys.argv) not in (5, 6) or sys.argv[1] not in CASES:
        sys.exit('usage: engines.py CASE ENGINE WIRECENSUS SENDER [CAPTURES]; cases: %s' %
                 ' '.join(CASES))
    name, engine, program, sender = sys.argv[1:5]
    attempt(lambda: CASES[name](engine, lambda pairs=1: Bed(program, sender, pairs),
                                sys.argv[5] if len(sys.argv) > 5 else ''))


if __name__ == '__main__':
    main()
