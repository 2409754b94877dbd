"""Two network namespaces joined by pairs of links, the program in one and a sender in the other.

Silent by themselves: no address on the links, no ARP, no IPv6. The addresses of the counted host are
on its loopback, which makes them its own, and no route leads back, so that nothing is answered.
"""
import collections
import json
import os
import signal
import subprocess
import sys
import time

NEAR4, NEAR6, FAR4 = '192.0.2.1', '2001:db8::1', '198.51.100.9'
NEAR_MAC, FAR_MAC = '02:00:00:00:00:02', '02:00:00:00:00:01'


def run(*command, **options):
    return subprocess.run(command, check=True, capture_output=True, text=True, **options)


class Skip(Exception):
    """What the machine lacks."""


def attempt(case):
    """Calls a case. Ends with 77 when the machine lacks what it needs, and says what."""
    if os.geteuid() != 0:
        print('only root may make network namespaces')
        sys.exit(77)
    try:
        case()
    except Skip as reason:
        print(reason)
        sys.exit(77)


def remove(space):
    """Deletes a namespace. The kernel has been seen to take minutes, for which nobody waits."""
    child = subprocess.Popen(['ip', 'netns', 'del', space], stdin=subprocess.DEVNULL,
                             stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        child.wait(30)
    except subprocess.TimeoutExpired:
        pass


class Bed:
    """The namespaces: "near" is counted, "far" sends. Link nearN is joined to farN."""

    def __init__(self, program, sender, pairs=1):
        self.program, self.sender_path, self.pairs = program, sender, pairs
        self.spaces = {side: 'wc-%s-%d' % (side, os.getpid()) for side in ('near', 'far')}

    def __enter__(self):
        try:
            for space in self.spaces.values():
                run('ip', 'netns', 'add', space)
        except (OSError, subprocess.CalledProcessError) as error:
            self.__exit__()
            raise Skip('network namespaces cannot be made: %s' % error)
        for side in self.spaces:
            self.on(side, 'sysctl', '-qw', 'net.ipv6.conf.all.disable_ipv6=1',
                    'net.ipv6.conf.default.disable_ipv6=1', 'net.ipv6.conf.lo.disable_ipv6=0')
        for number in range(self.pairs):
            self.join(number)
        self.ip('near', 'link', 'set', 'lo', 'up')
        self.ip('near', 'addr', 'add', NEAR4 + '/32', 'dev', 'lo')
        self.ip('near', 'addr', 'add', NEAR6 + '/128', 'dev', 'lo', 'nodad')
        return self

    def __exit__(self, *_):
        for space in self.spaces.values():
            remove(space)

    def on(self, side, *command, **options):
        return run('ip', 'netns', 'exec', self.spaces[side], *command, **options)

    def ip(self, side, *arguments):
        return run('ip', '-n', self.spaces[side], *arguments)

    def join(self, number):
        """Makes a pair of links and brings it up."""
        near, far = 'near%d' % number, 'far%d' % number
        run('ip', 'link', 'add', near, 'netns', self.spaces['near'], 'address', NEAR_MAC,
            'type', 'veth', 'peer', 'name', far, 'netns', self.spaces['far'], 'address', FAR_MAC)
        for side, link in (('near', near), ('far', far)):
            self.ip(side, 'link', 'set', link, 'arp', 'off')
            self.ip(side, 'link', 'set', link, 'up')
        self.wait_for_link(far)

    def address(self):
        """Gives the first pair of links addresses, so that the two hosts can talk."""
        ends = {'near': NEAR4, 'far': FAR4}
        for side, address in ends.items():
            link = side + '0'
            self.ip(side, 'link', 'set', link, 'arp', 'on')
            self.ip(side, 'addr', 'add', address + '/32', 'dev', link)
            other = ends['far' if side == 'near' else 'near']
            self.ip(side, 'route', 'add', other + '/32', 'dev', link, 'src', address)

    def wait_for_link(self, link, up=True):
        """Until frames are sent, or are not: the kernel notices in its own time what the other end is."""
        side = 'near' if link.startswith('near') else 'far'
        deadline = time.monotonic() + 60
        while ('state UP' in self.ip(side, 'link', 'show', link).stdout) != up:
            assert time.monotonic() < deadline, '%s does not %s' % (link, 'come up' if up else 'go down')
            time.sleep(0.01)

    def send(self, plan, link='far0', rate=0):
        """Sends a plan, lines of (number, recipe); returns (frames, bytes) for each."""
        side = 'near' if link.startswith('near') else 'far'
        text = ''.join('%d %s\n' % line for line in plan)
        done = self.on(side, self.sender_path, link, str(rate), input=text)
        time.sleep(0.3)  # for what is on its way between the two ends
        return [tuple(map(int, line.split())) for line in done.stdout.splitlines()]

    def start(self, *arguments):
        return Program(self, arguments)


class Program:
    """The program, counting. Started when the constructor returns."""

    def __init__(self, bed, arguments):
        command = ['ip', 'netns', 'exec', bed.spaces['near'], bed.program, 'live', '--verbose',
                   '--format', 'json', *arguments]
        if '--interval' not in arguments:
            command += ['--interval', '1h']
        if 'WC_ENGINE' in os.environ and '--engine' not in arguments:
            command += ['--engine', os.environ['WC_ENGINE']]
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                                        text=True)
        self.described = []
        wanted = max(1, arguments.count('-i'))
        while sum(line.startswith('addresses:') for line in self.described) < wanted:
            line = self.process.stderr.readline()
            if not line:
                raise AssertionError('the program did not start: %s' % ''.join(self.described))
            self.described.append(line)

    def signal(self, number):
        self.process.send_signal(number)

    def settle(self):
        """Waits until it has done what is to be done about links and addresses that changed."""
        deadline, looks = time.monotonic() + 60, 0
        while looks < 5:
            looks = looks + 1 if self.is_idle() else 0
            assert time.monotonic() < deadline, 'it does not come to rest'
            time.sleep(0.02)

    def is_idle(self):
        """True if nothing that the kernel told waits to be read, and all threads sleep."""
        folder = '/proc/%d/' % self.process.pid
        with open(folder + 'net/netlink') as file:
            unread = {line.split()[4] for line in file.readlines()[1:]}
        states = set()
        for task in os.listdir(folder + 'task'):
            with open(folder + 'task/%s/stat' % task) as file:
                states.add(file.read().rpartition(')')[2].split()[0])
        return unread == {'0'} and states == {'S'}

    def held(self, what):
        """The kernel's numbers of what its descriptors are of: map_id, prog_id or link_id."""
        found = set()
        for name in os.listdir('/proc/%d/fdinfo' % self.process.pid):
            try:
                with open('/proc/%d/fdinfo/%s' % (self.process.pid, name)) as file:
                    found |= {int(line.split()[1]) for line in file if line.startswith(what + ':')}
            except OSError:
                pass  # it is closed again
        return found

    def finish(self, interrupt=True):
        """Interrupts the program, or waits for its end, and returns its census."""
        if interrupt:
            self.signal(signal.SIGINT)
        try:
            out, errors = self.process.communicate(timeout=120)
        except subprocess.TimeoutExpired:
            self.process.kill()
            raise
        assert self.process.returncode == 0, 'exit code %d: %s' % (self.process.returncode, errors)
        return Census([json.loads(line) for line in out.splitlines()])


KEYS = {'port': ('transport', 'port', 'direction'), 'protocol': ('protocol', 'direction'),
        'fragment': ('protocol', 'direction'), 'ethertype': ('ethertype', 'direction'),
        'llc': (), 'malformed': (), 'unsupported': ()}
SUMS = ('packets', 'bytes', 'new', 'accepted', 'refused')


class Census:
    """The rows of one run, of all intervals."""

    def __init__(self, rows):
        self.rows = rows
        self.totals = [row for row in rows if row['type'] == 'total']
        assert self.totals, 'there is no total'
        for total in self.totals:
            self.check_interval(total)

    def check_interval(self, total):
        """Within one interval everything adds up."""
        where = '%s, interval %d' % (total['observer'], total['interval'])
        before = [other for other in self.totals if other['observer'] == total['observer'] and
                  other['interval'] == total['interval'] - 1]
        pending = before[0]['pending'] if before else 0
        assert (total['received'] + pending ==
                total['frames'] + total['lost_kernel'] + total['pending']), where
        rows = [row for row in self.rows if row['interval'] == total['interval'] and
                row['observer'] == total['observer'] and row['type'] in KEYS]
        for name in ('packets', 'bytes'):
            assert sum(row[name] for row in rows) == total[name], '%s: %s' % (where, name)
            assert total[name] == total['llc_' + name] if 'llc_' + name in total else True

    def total(self, name, observer=None):
        """A count of the total rows, over all intervals."""
        return sum(total[name] for total in self.totals
                   if observer in (None, total['observer']))

    def counts(self, observer=None):
        """Maps (type, key...) to its counts, over all intervals."""
        found = collections.defaultdict(collections.Counter)
        for row in self.rows:
            if row['type'] in KEYS and observer in (None, row['observer']):
                key = (row['type'], *(row[name] for name in KEYS[row['type']]))
                found[key].update({name: row[name] for name in SUMS if row.get(name)})
        return {key: dict(counts) for key, counts in found.items() if counts}
