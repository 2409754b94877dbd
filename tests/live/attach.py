#!/usr/bin/env python3
"""attach.py CASE PLACE WIRECENSUS SENDER [CAPTURES]: the kernel engine where it counts at the interface.

PLACE is tcx, xdp or xdp-generic. The cases are those of engines.py and live.py, and more. Exits with
77 when the machine lacks what it needs.
"""
import json
import os
import random
import re
import signal
import subprocess
import sys
import tempfile
import time

sys.dont_write_bytecode = True  # the source tree stays as it is
import engines
import live
from bed import Bed, NEAR4, attempt, run
from engines import LINES, Tcpdump, fold, mix, need
from live import same

CASES = {}


def case(function):
    CASES[function.__name__] = function
    return function


class At(Bed):
    """Programs begin at this place, unless they are told where."""
    place = ''

    def start(self, *arguments):
        where = [] if '--attach' in arguments else ['--attach', self.place]
        return super().start(*arguments, *where)


def links():
    return {entry['id'] for entry in json.loads(run('bpftool', '-j', 'link', 'show').stdout)}


def gone(find, ours):
    """Waits until what @find() finds has none of @ours: the kernel cleans up in its own time."""
    deadline = time.monotonic() + 60
    while find() & ours:
        assert time.monotonic() < deadline, 'left behind: %s' % (find() & ours)
        time.sleep(0.1)


def has_tcx():
    """If not, what is sent is counted at a socket, which leaves no link either."""
    return tuple(map(int, os.uname().release.split('.')[:2])) >= (6, 6)


@case
def killed(make, _):
    """Nothing stays at the interface when the program is killed."""
    need('bpftool')
    with make() as bed:
        program = bed.start('-i', 'near0', '--engine', 'kernel')
        ours, loaded = program.held('link_id'), program.held('prog_id')
        same(len(ours), 2 if has_tcx() else 1, 'links')
        assert ours <= links() and loaded and loaded <= engines.programs(), 'they are not listed'
        program.signal(signal.SIGKILL)
        program.process.communicate()
        gone(links, ours)
        gone(engines.programs, loaded)
        assert 'xdp' not in bed.ip('near', '-d', 'link', 'show', 'near0').stdout
        assert 'clsact' not in bed.on('near', 'tc', 'qdisc', 'show').stdout


PING = """
import socket, struct, sys
link = socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_ICMP)
link.settimeout(float(sys.argv[2]))
link.sendto(struct.pack('>BBHHH', 8, 0, 0xf7fd, 1, 1), (sys.argv[1], 0))
try:
    while link.recv(2048)[20] != 0:
        pass
    print('answered')
except TimeoutError:
    print('silent')
"""


def ping(bed, seconds):
    return bed.on('far', sys.executable, '-c', PING, NEAR4, str(seconds)).stdout.strip()


@case
def echo(make, _):
    """This host answers no echo request while it is told not to, and does again at any end."""
    with make() as bed:
        bed.address()
        same(ping(bed, 30), 'answered', 'before')
        for end in (signal.SIGKILL, signal.SIGTERM):
            program = bed.start('-i', 'near0', '--engine', 'kernel')
            assert 'echo requests' not in ''.join(program.described)
            same(ping(bed, 30), 'answered', 'without the option')
            program.finish()
            program = bed.start('-i', 'near0', '--engine', 'kernel', '--drop-echo')
            assert 'echo requests: dropped' in ''.join(program.described), program.described
            same(ping(bed, 1), 'silent', 'while it runs')
            if end == signal.SIGTERM:
                census = program.finish()
                same(census.counts()[('protocol', 1, 'in')]['packets'], 1, 'requests counted')
            else:
                program.signal(end)
                program.process.communicate()
            deadline = time.monotonic() + 60
            while ping(bed, 1) == 'silent':
                assert time.monotonic() < deadline, 'no answer after the end'


DATAGRAMS = """
import socket
for _ in range(7):
    socket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto(b'', ('127.0.0.1', 9))
"""


@case
def loopback(make, _):
    """What lo sends comes in again, and is counted once, on its way in; the state says so."""
    with make() as bed:
        program = bed.start('-i', 'lo', '--engine', 'kernel')
        described = ''.join(program.described)
        assert ', where what is sent comes in again\n' in described, described
        bed.on('near', sys.executable, '-c', DATAGRAMS)
        counts = program.finish().counts()
        same(counts[('port', 'udp', 9, 'local')]['packets'], 7, 'datagrams')


WAYS = [('pcap', 'socket'), ('kernel', 'socket'), ('kernel', 'tcx'), ('kernel', 'xdp')]


def two_senders(bed):
    """Mixes by chance, from two processors."""
    senders = []
    for number, seed in enumerate((3, 4)):
        text = ''.join('%d %s\n' % line for line in mix(random.Random(seed), LINES))
        processor = number % os.cpu_count()
        senders.append(subprocess.Popen(
            ['ip', 'netns', 'exec', bed.spaces['far'], 'taskset', '-c', str(processor),
             bed.sender_path, 'far0', '20000'], stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL, text=True))
        senders[-1].stdin.write(text)
    for sender in senders:
        sender.stdin.close()
    for sender in senders:
        assert sender.wait(timeout=120) == 0


@case
def together(make, _):
    """Every engine, at every place, at the same time: each has what a file of it has."""
    need('tcpdump', 'taskset')
    with make() as bed, tempfile.TemporaryDirectory() as folder:
        ways = WAYS + ([('ring', 'socket')] if has_ring(bed) else [])
        programs = {way: bed.start('-i', 'near0', '--engine', way[0], '--attach', way[1],
                                   '--five-tuple') for way in ways}
        tcpdump = Tcpdump(bed, 'near0', folder + '/near0.pcap')
        two_senders(bed)
        time.sleep(0.3)
        wanted = fold(tcpdump.rows('--five-tuple'))
        for way, program in programs.items():
            census = program.finish()
            same(census.total('lost'), 0, '%s by %s: lost' % way)
            same(fold(census.rows), wanted, '%s by %s' % way)


def has_ring(bed):
    return 'ring' in re.search(r'--engine.*?\n\s*--', run(bed.program, 'live', '--help').stdout,
                               re.S)[0]


def main():
    cases = {**{name: lambda make, folder, name=name: engines.CASES[name]('kernel', make, folder)
                for name in engines.CASES},
             **{name: lambda make, _, name=name: live.CASES[name](make) for name in live.CASES},
             **CASES}
    if len(sys.argv) not in (5, 6) or sys.argv[1] not in cases:
        sys.exit('usage: attach.py CASE PLACE WIRECENSUS SENDER [CAPTURES]; cases: %s' %
                 ' '.join(cases))
    name, At.place, program, sender = sys.argv[1:5]
    os.environ['WC_ENGINE'] = 'kernel'
    attempt(lambda: cases[name](lambda pairs=1: At(program, sender, pairs),
                                sys.argv[5] if len(sys.argv) > 5 else ''))


if __name__ == '__main__':
    main()
