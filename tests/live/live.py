#!/usr/bin/env python3
"""live.py CASE WIRECENSUS SENDER: one live test, by name; without arguments, the names.

Exits with 77 when the machine lacks what it needs.
"""
import os
import signal
import subprocess
import sys
import time

sys.dont_write_bytecode = True  # the source tree stays as it is
from bed import Bed, Skip, attempt, run
from plan import RECEIVED, SENT, IN4, NEAR4, expected, frames_of, lines, udp

CASES = {}


def case(function):
    CASES[function.__name__] = function
    return function


def same(actual, wanted, what):
    """Asserts that two maps, or two numbers, are equal, and names the rows that are not."""
    if actual == wanted:
        return
    if not isinstance(wanted, dict):
        raise AssertionError('%s: %s, not %s' % (what, actual, wanted))
    for key in sorted(set(actual) | set(wanted), key=str):
        if actual.get(key) != wanted.get(key):
            print('%s: %s: %s, not %s' % (what, key, actual.get(key), wanted.get(key)))
    raise AssertionError(what)


def check_all(census, plan, sent, observer=None, complete=True):
    """Every frame of the plan was counted, on its row, and nothing else."""
    same(census.counts(observer), expected(plan, sent), 'rows')
    same(census.total('frames', observer), frames_of(plan, sent), 'frames')
    same(census.total('received', observer), frames_of(plan, sent), 'received')
    same(census.total('lost', observer), 0, 'lost')
    same(all(total['complete'] for total in census.totals), complete, 'complete')


@case
def received(make):
    """Frames of every class, arriving."""
    with make() as bed:
        program = bed.start('-i', 'near0')
        sent = bed.send(lines(RECEIVED))
        check_all(program.finish(), RECEIVED, sent)


@case
def sent_and_received(make):
    """The same with frames that leave, whose tags no driver has touched."""
    with make() as bed:
        program = bed.start('-i', 'near0')
        bed.wait_for_link('near0')
        sent = bed.send(lines(RECEIVED)) + bed.send(lines(SENT), 'near0')
        check_all(program.finish(), RECEIVED + SENT, sent)


@case
def intervals(make):
    """Frames at a steady rate, over interval ends: each is counted once, in some interval."""
    with make() as bed:
        program = bed.start('-i', 'near0', '--interval', '1')
        plan = [(row[0] * 10, *row[1:]) for row in RECEIVED]
        sent = bed.send(lines(plan), rate=2000)
        census = program.finish()
        assert sum(total['frames'] > 0 for total in census.totals) >= 3
        same(census.totals[-1]['pending'], 0, 'pending')
        check_all(census, plan, sent)
        census = bed.start('-i', 'near0', '--interval', '1', '--count', '2').finish(interrupt=False)
        same([total['interval'] for total in census.totals], [1, 2], 'intervals that were asked for')


@case
def interval_holds_what_was_on_the_wire(make):
    """What has arrived when the interval ends belongs to it, although the kernel withholds it."""
    with make() as bed:
        for _ in range(20):
            program = bed.start('-i', 'near0')
            run('ip', 'netns', 'exec', bed.spaces['far'], bed.sender_path, 'far0', '0',
                input='1 %s17 / udp 1 9\n' % IN4)
            census = program.finish()
            same(census.total('frames'), 1, 'frames')


@case
def several(make):
    """Two interfaces, each with its own census."""
    with make(pairs=2) as bed:
        program = bed.start('-i', 'near0', '-i', 'near1')
        first = bed.send(lines(RECEIVED), 'far0')
        second = bed.send(lines(RECEIVED[::2]), 'far1')
        census = program.finish()
        check_all(census, RECEIVED, first, 'near0')
        check_all(census, RECEIVED[::2], second, 'near1')


@case
def any_interface(make):
    """All links at once. A cooked header is two bytes longer than Ethernet's."""
    with make(pairs=2) as bed:
        program = bed.start('-i', 'any')
        first = bed.send(lines(RECEIVED), 'far0')
        second = bed.send(lines(RECEIVED), 'far1')
        census = program.finish()
        sent = [(a[0] + b[0], a[1] + b[1] + 2 * (a[0] + b[0])) for a, b in zip(first, second)]
        check_all(census, RECEIVED, sent, 'any')


@case
def without_interface(make):
    """By default, all that are up and at the bottom: a bridge's frames count at its port."""
    with make(pairs=2) as bed:
        bed.ip('near', 'link', 'set', 'near1', 'down')
        bed.ip('near', 'link', 'add', 'bridge0', 'type', 'bridge')
        bed.ip('near', 'link', 'set', 'near0', 'master', 'bridge0')
        bed.ip('near', 'link', 'set', 'bridge0', 'up')
        program = bed.start()
        sent = bed.send([(9, IN4 + '17 / udp 1 9')])
        census = program.finish()
        same({total['observer'] for total in census.totals}, {'near0'}, 'observers')
        same(census.counts()[udp(9)], {'packets': 9, 'bytes': sent[0][1]}, 'row')


# An expression refuses what is too short for it, as by tcpdump; the options let it pass.
CUT = '45000014'
FILTERS = [
    (['--filter', 'tcp port 80'], lambda recipe: ' 40000 80 ' in recipe),
    (['--filter', 'udp port 514 or port 8080'],
     lambda recipe: ' 514' in recipe or ' 8080 ' in recipe),
    (['--filter', 'not ip and not ip6'], lambda recipe: ' / ip' not in recipe and
     CUT not in recipe),
    (['--filter', 'arp'], lambda recipe: '0806' in recipe),
    (['--filter', 'vlan'], lambda recipe: 'tag' in recipe),
    (['--filter', '(port 123 or port 8080) and not vlan'], lambda recipe: ' 123' in recipe),
    (['--filter', 'tcp port 80 or vlan'],
     lambda recipe: ' 40000 80 ' in recipe or 'tag' in recipe),
    (['--filter', 'ip protochain 47'], lambda recipe: IN4 + '47' in recipe),
    (['--exclude-local-sources'], lambda recipe: '10.1.2.3' not in recipe),
    (['--exclude-local-sources', '--filter', 'not ip host 192.0.2.99'],
     lambda recipe: '10.1.2.3' not in recipe and CUT not in recipe),
    (['--exclude-local-sources', '--filter', 'udp port 69 or arp'],
     lambda recipe: '0806' in recipe),
    (['--to', NEAR4], lambda recipe: '203.0.113.5' not in recipe and '224.0.0' not in recipe),
    (['--to', '2001:db8::77'], lambda recipe: '/ ip6' not in recipe),
]


@case
def filters(make):
    """What the kernel and the program let through together, over tags and without."""
    with make() as bed:
        for arguments, only in FILTERS:
            loop = 'protochain' in arguments[-1] and os.environ.get('WC_ENGINE') == 'kernel'
            program = bed.start('-i', 'near0', *arguments, *(['--engine', 'auto'] if loop else []))
            assert not loop or 'engine: kernel' not in ''.join(program.described)
            sent = bed.send(lines(RECEIVED))
            census = program.finish()
            what = ' '.join(arguments)
            same(census.counts(), expected(RECEIVED, sent, only), what)
            same(census.total('received'), frames_of(RECEIVED, sent, only), what)


@case
def promiscuous(make):
    """The interface is made promiscuous, and is not for ever."""
    with make() as bed:
        def promiscuity():
            return 'promiscuity 1' in bed.ip('near', '-d', 'link', 'show', 'near0').stdout

        program = bed.start('-i', 'near0')
        assert not promiscuity()
        program.finish()
        program = bed.start('-i', 'near0', '--promiscuous')
        assert promiscuity()
        bed.ip('near', 'link', 'del', 'near0')
        bed.join(0)
        program.settle()
        assert promiscuity()
        program.finish()
        assert not promiscuity()


@case
def deleted_and_made_again(make):
    """Counting goes on when the name is there again; the gap is told."""
    with make() as bed:
        program = bed.start('-i', 'near0')
        plan = [(100, IN4 + '17 / udp 1 9', udp(9), None)]
        sent = bed.send(lines(plan))
        begun = time.monotonic()
        bed.ip('near', 'link', 'del', 'near0')
        program.settle()
        time.sleep(1)
        bed.join(0)
        program.settle()
        gone = time.monotonic() - begun
        sent += bed.send(lines(plan))
        census = program.finish()
        check_all(census, plan + plan, sent, complete=False)
        same(census.total('restarts'), 1, 'restarts')
        assert 1 <= census.total('gone_seconds') <= gone, (census.total('gone_seconds'), gone)


TUN = """
import fcntl, os, struct, sys
tun = os.open('/dev/net/tun', os.O_RDWR)
fcntl.ioctl(tun, 0x400454ca, struct.pack('16sH22x', b'near9', 0x1001))  # TUNSETIFF: without a header
print('ready', flush=True)
for line in sys.stdin:
    word, value = line.split()
    if word == 'type':
        fcntl.ioctl(tun, 0x400454cd, int(value))  # TUNSETLINK
    else:
        os.write(tun, bytes.fromhex(value))
    print('done', flush=True)
"""
DATAGRAM = '4500001c0000000040110000c6336409c00002010001000900080000'  # from FAR4 to NEAR4, port 9
# A tun interface takes nothing that does not begin like IP, of whatever type it is.
IN_ETHERNET = '4200000000010200000000020800' + DATAGRAM


@case
def another_type(make):
    """An interface changes its type of link, as Wi-Fi does in monitor mode; so does the next of its name."""
    with make() as bed, subprocess.Popen(
            ['ip', 'netns', 'exec', bed.spaces['near'], sys.executable, '-c', TUN],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
            text=True) as tun:
        if not tun.stdout.readline():
            raise Skip('a tun interface cannot be made')

        def do(word, value):
            tun.stdin.write('%s %s\n' % (word, value))
            tun.stdin.flush()
            assert tun.stdout.readline()

        bed.ip('near', 'link', 'set', 'near9', 'up')
        program = bed.start('-i', 'near9')
        for _ in range(3):
            do('send', DATAGRAM)
        time.sleep(0.3)
        bed.ip('near', 'link', 'set', 'near9', 'down')
        do('type', 1)
        bed.ip('near', 'link', 'set', 'near9', 'up')
        program.settle()
        for _ in range(5):
            do('send', IN_ETHERNET)
        time.sleep(0.3)
        tun.stdin.close()
        tun.wait()
        program.settle()
        bed.ip('near', 'link', 'add', 'near9', 'type', 'veth', 'peer', 'name', 'near8')
        for link in ('near8', 'near9'):
            bed.ip('near', 'link', 'set', link, 'arp', 'off')
            bed.ip('near', 'link', 'set', link, 'up')
        bed.wait_for_link('near8')
        program.settle()
        bed.send([(7, IN4 + '17 / udp 1 9')], 'near8')
        census = program.finish()
    same({key: row['packets'] for key, row in census.counts().items()}, {udp(9): 15}, 'rows')
    same(census.total('restarts'), 2, 'restarts')


@case
def down_and_up(make):
    """An interface that goes down is not gone."""
    with make() as bed:
        program = bed.start('-i', 'near0')
        plan = [(100, IN4 + '17 / udp 1 9', udp(9), None)]
        sent = bed.send(lines(plan))
        bed.ip('near', 'link', 'set', 'near0', 'down')
        bed.wait_for_link('far0', up=False)
        program.settle()
        bed.ip('near', 'link', 'set', 'near0', 'up')
        bed.wait_for_link('far0')
        sent += bed.send(lines(plan))
        bed.ip('near', 'link', 'set', 'near0', 'down')
        bed.wait_for_link('far0', up=False)
        bed.ip('near', 'link', 'set', 'near0', 'name', 'renamed0')
        bed.ip('near', 'link', 'set', 'renamed0', 'up')
        bed.wait_for_link('far0')
        sent += bed.send(lines(plan))
        census = program.finish()
        check_all(census, plan * 3, sent)
        same(census.total('restarts'), 0, 'restarts')
        same(census.total('gone_seconds'), 0, 'gone')


@case
def addresses_change(make):
    """What was in transit comes in, once the address is this host's; so does its network's broadcast."""
    with make() as bed:
        recipe = 'eth 0800 / ip4 198.51.100.9 192.0.2.%d 17 / udp 1 9'
        plan = [(40, recipe % 77, udp(9, 'transit'), None),
                (30, recipe % 255, udp(9, 'transit'), None),
                (60, recipe % 77, udp(9, 'in'), None),
                (50, recipe % 255, udp(9, 'in'), None)]
        program = bed.start('-i', 'near0')
        sent = bed.send(lines(plan[:2]))
        bed.ip('near', 'addr', 'add', '192.0.2.77/24', 'dev', 'near0')
        program.settle()
        sent += bed.send(lines(plan[2:]))
        check_all(program.finish(), plan, sent)


FLOOD = [(50000, IN4 + '6 / tcp 40000 %d S 1' % port) for port in (80, 443, 22, 25)]


def check_flood(census):
    """Every frame is counted or known to be lost."""
    frames = sum(count for count, _ in FLOOD)
    same(census.total('received'), frames, 'received')
    same(census.total('frames') + census.total('lost_kernel'), frames, 'frames and losses')
    same(census.total('lost'), census.total('lost_kernel'), 'losses')


@case
def flood(make):
    """As fast as a sender can, into the buffer of every day."""
    with make() as bed:
        program = bed.start('-i', 'near0', '--interval', '1')
        bed.send(FLOOD)
        check_flood(program.finish())


@case
def flood_while_stopped(make):
    """The program sleeps and its buffer is small: frames are lost, and known to be."""
    with make() as bed:
        program = bed.start('-i', 'near0', '--buffer', '262144')
        program.signal(signal.SIGSTOP)
        bed.send(FLOOD)
        program.signal(signal.SIGCONT)
        census = program.finish()
        check_flood(census)
        assert census.total('lost_kernel') > 0
        assert census.total('frames') > 0
        assert not census.totals[-1]['complete']


def failing(bed, code, words, *arguments, wrapper=()):
    done = subprocess.run(['ip', 'netns', 'exec', bed.spaces['near'], *wrapper, bed.program, 'live',
                           *arguments], capture_output=True, text=True, timeout=60, check=False)
    same(done.returncode, code, ' '.join(arguments))
    assert words in done.stderr, done.stderr
    same(len(done.stderr.splitlines()), 1, 'lines: ' + done.stderr)


@case
def errors(make):
    """One sentence with the thing and the remedy, and the code that the design says."""
    with make() as bed:
        failing(bed, 1, 'near0', '-i', 'eth9')
        failing(bed, 2, 'pcap-filter(7)', '-i', 'near0', '--filter', 'tcp prot 80')
        failing(bed, 1, 'CAP_NET_RAW', '-i', 'near0', wrapper=('setpriv', '--bounding-set=-net_raw'))


def main():
    if len(sys.argv) != 4 or sys.argv[1] not in CASES:
        sys.exit('usage: live.py CASE WIRECENSUS SENDER; cases: %s' % ' '.join(CASES))
    attempt(lambda: CASES[sys.argv[1]](lambda pairs=1: Bed(sys.argv[2], sys.argv[3], pairs)))


if __name__ == '__main__':
    main()
