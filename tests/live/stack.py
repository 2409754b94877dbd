#!/usr/bin/env python3
"""stack.py CASE PLACE WIRECENSUS SENDER: the kernel engine and what a host's own stack does to frames.

PLACE is socket, tcx or xdp-generic. Exits with 77 when the machine lacks what it needs.
"""
import os
import subprocess
import sys
import time

sys.dont_write_bytecode = True  # the source tree stays as it is
from bed import Bed, FAR4, NEAR4, Skip, attempt
from engines import CLIENT, MEGABYTES, SERVER
from live import same

CASES = {}


def case(function):
    CASES[function.__name__] = function
    return function


# Sends to everybody, and to groups that it has joined itself.
GROUPS = """
import socket, struct, sys
index = socket.if_nametoindex(sys.argv[1])
link = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
link.setsockopt(socket.SOL_SOCKET, socket.SO_BROADCAST, 1)
link.setsockopt(socket.SOL_SOCKET, socket.SO_BINDTODEVICE, sys.argv[1].encode())
member = struct.pack('=4s4si', socket.inet_aton('239.1.2.3'), socket.inet_aton(sys.argv[2]), index)
link.setsockopt(socket.IPPROTO_IP, socket.IP_ADD_MEMBERSHIP, member)
link.setsockopt(socket.IPPROTO_IP, socket.IP_MULTICAST_IF, member)
for number in range(5):
    link.sendto(b'all', ('255.255.255.255', 4001))
for number in range(7):
    link.sendto(b'some', ('239.1.2.3', 4002))
"""


@case
def groups(make, place):
    """What comes back to the host of what it sends to groups is no frame of the link."""
    with make() as bed:
        bed.address()
        bed.ip('near', 'route', 'add', '224.0.0.0/4', 'dev', 'near0')
        program = bed.start('-i', 'near0', '--engine', 'kernel', '--attach', place)
        bed.on('near', sys.executable, '-c', GROUPS, 'near0', NEAR4)
        time.sleep(0.3)
        counts = program.finish().counts()
    same(counts[('port', 'udp', 4001, 'out')]['packets'], 5, 'broadcasts')
    same(counts[('port', 'udp', 4002, 'out')]['packets'], 7, 'multicasts')
    # Of the link there is no more than what the host says of its groups, and asks for.
    known = {('port', 'udp', 4001, 'out'), ('port', 'udp', 4002, 'out'), ('protocol', 2, 'out'),
             ('ethertype', 0x0806, 'in'), ('ethertype', 0x0806, 'out')}
    same(set(counts) - known, set(), 'other rows')


def tunnel(bed, kind, port):
    for side, other, inner in (('near', FAR4, '10.7.7.1'), ('far', NEAR4, '10.7.7.2')):
        extra = ('dev', side + '0') if kind == 'vxlan' else ()
        try:
            bed.ip(side, 'link', 'add', 'inside', 'type', kind, 'id', '7', 'remote', other,
                   'dstport', str(port), *extra)
        except subprocess.CalledProcessError as error:
            raise Skip('there are no links of type %s: %s' % (kind, error.stderr))
        bed.ip(side, 'addr', 'add', inner + '/24', 'dev', 'inside')
        bed.ip(side, 'link', 'set', 'inside', 'up')


def transfer(bed):
    """Through the tunnel."""
    server, client = (text.replace(FAR4, '10.7.7.2') for text in (SERVER, CLIENT))
    with subprocess.Popen(['ip', 'netns', 'exec', bed.spaces['far'], sys.executable, '-c', server],
                          stdout=subprocess.PIPE, text=True) as process:
        process.stdout.readline()
        bed.on('near', sys.executable, '-c', client, str(MEGABYTES), timeout=120)
    time.sleep(0.3)


def through(make, place, kind, port):
    """Merged frames of a tunnel: each packet had all headers inside, as the ring has it."""
    with make() as bed:
        bed.address()
        tunnel(bed, kind, port)
        programs = [bed.start('-i', 'near0', '--engine', 'kernel', '--attach', place),
                    bed.start('-i', 'near0', '--engine', 'ring')]
        transfer(bed)
        found, wanted = [program.finish() for program in programs]
    row, other = (census.counts()[('port', 'udp', port, 'out')] for census in (found, wanted))
    assert row['packets'] > 2 * found.total('frames'), 'nothing was merged'
    same(row, other, kind)
    same({total['offload'] for total in found.totals}, {False}, 'offload')


@case
def vxlan(make, place):
    through(make, place, 'vxlan', 4789)


@case
def geneve(make, place):
    through(make, place, 'geneve', 6081)


# Sends frames with a tag out of lo.
TAGGED = """
import socket
link = socket.socket(socket.AF_PACKET, socket.SOCK_RAW)
link.bind(('lo', 0))
for number in range(5):
    link.send(bytes(12) + b'\\x81\\x00\\x00\\x07\\x88\\xb5' + bytes(50))
"""


@case
def tagged_on_lo(make, place):
    """What lo sends is counted once, also where the filter has to be asked outside."""
    with make() as bed:
        for options in ((), ('--filter', 'not port 99'), ('--filter', 'vlan')):
            program = bed.start('-i', 'lo', '--engine', 'kernel', '--attach', place, *options)
            bed.on('near', sys.executable, '-c', TAGGED)
            time.sleep(0.3)
            census = program.finish()
            same(census.total('frames'), 5, 'frames %s' % (options,))
            same(census.total('received'), 5, 'received %s' % (options,))


# Makes a link of type tun of this name, and receives datagrams from it when told.
TUN = """
import fcntl, struct, sys
tun = open('/dev/net/tun', 'r+b', buffering=0)
fcntl.ioctl(tun, 0x400454ca, struct.pack('16sH', sys.argv[1].encode(), 0x1001))
print('made', flush=True)
sys.stdin.readline()
datagram = bytes.fromhex('4500001c00000000401100000a0909010a090902') + struct.pack(
    '>HHHH', 40000, 53, 8, 0)
for number in range(6):
    tun.write(datagram)
print('sent', flush=True)
sys.stdin.readline()
"""


@case
def other_type(make, place):
    """The interface comes back as one without link headers, and is counted as such."""
    if not os.path.exists('/dev/net/tun'):
        raise Skip('there is no /dev/net/tun')
    with make(2) as bed:
        for options in ((), ('--filter', 'udp port 53'))[:1 + (place == 'socket')]:
            program = bed.start('-i', 'near1', '--engine', 'kernel', '--attach', place, *options)
            bed.ip('near', 'link', 'del', 'near1')
            program.settle()
            with subprocess.Popen(['ip', 'netns', 'exec', bed.spaces['near'], sys.executable, '-c',
                                   TUN, 'near1'], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                  text=True) as tun:
                assert tun.stdout.readline() == 'made\n'
                bed.ip('near', 'link', 'set', 'near1', 'up')
                program.settle()
                tun.stdin.write('go\n')
                tun.stdin.flush()
                assert tun.stdout.readline() == 'sent\n'
                time.sleep(0.3)
                counts = program.finish().counts()
                tun.stdin.write('end\n')
            same(counts[('port', 'udp', 53, 'transit')]['packets'], 6, 'datagrams %s' % (options,))
            same(counts[('port', 'udp', 53, 'transit')]['bytes'], 6 * 28, 'bytes %s' % (options,))
            bed.join(1)


@case
def no_filter(make, place):
    """What cannot be filtered there is said, and not counted unfiltered."""
    with make() as bed:
        for options in (('--filter', 'udp'), ('--exclude-local-sources',), ('--to', '192.0.2.1')):
            done = subprocess.run(['ip', 'netns', 'exec', bed.spaces['near'], bed.program, 'live',
                                   '-i', 'near0', '--engine', 'kernel', '--attach', place,
                                   '--count', '1', '--interval', '1', *options],
                                  capture_output=True, text=True, check=False)
            same(done.returncode, 2, 'exit code with %s' % (options,))
            assert 'takes no filter' in done.stderr, done.stderr


def main():
    if len(sys.argv) != 5 or sys.argv[1] not in CASES:
        sys.exit('usage: stack.py CASE PLACE WIRECENSUS SENDER; cases: %s' % ' '.join(CASES))
    name, place, program, sender = sys.argv[1:]
    attempt(lambda: CASES[name](lambda pairs=1: Bed(program, sender, pairs), place))


if __name__ == '__main__':
    main()
