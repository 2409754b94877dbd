#!/usr/bin/env python3
"""values.py --plugin FILE --sender FILE: what is sent arrives, equal, by four ways out of collectd.

csv, unixsock and write_prometheus of one daemon, and csv of a second one behind network, against
a sender that knows what it sent.
"""
import math
import re
import socket
import sys
import time

import daemon

INTERVAL = 2  # seconds
PORT = 25826
HTTP = 9103
STOCK = '''
LoadPlugin unixsock
<Plugin unixsock>
  SocketFile "{folder}/socket"
</Plugin>
LoadPlugin network
<Plugin network>
  Server "127.0.0.1" "%d"
</Plugin>
LoadPlugin write_prometheus
<Plugin write_prometheus>
  Host "127.0.0.1"
  Port "%d"
</Plugin>
''' % (PORT, HTTP)
SERVER = '''
LoadPlugin network
<Plugin network>
  Listen "127.0.0.1" "%d"
</Plugin>
''' % PORT
SCRAPE = '''
import urllib.request
print(urllib.request.urlopen("http://127.0.0.1:%d/metrics", timeout=60).read().decode())
''' % HTTP
CONFIG = '''
<Plugin wirecensus>
  ReportPorts "tcp/443" "tcp/81" "udp/53" "tcp/22"
  <Capture "wan">
    Interface "vb"
    LocalAddress "192.0.2.1" "2001:db8::1"
  </Capture>
</Plugin>
'''
TO4 = 'eth 0800 / ip4 198.51.100.7 192.0.2.1 '
FROM4 = 'eth 0800 / ip4 192.0.2.1 198.51.100.7 '
TO6 = 'eth 86dd / ip6 2001:db8:9::7 2001:db8::1 '

# How many, which frames, and the series that count them besides the totals.
PLAN = [
    (40, TO4 + '6 / tcp 40000 443 S 1', ['tcp-443-in', 'tcp-443-in-new']),
    (25, TO4 + '6 / tcp 40000 443 A 2', ['tcp-443-in']),
    (11, FROM4 + '6 / tcp 443 40000 SA 9', ['tcp-443-in-accepted', 'tcp-other-out']),
    (5, FROM4 + '6 / tcp 81 40000 RA 0', ['tcp-81-in-refused', 'tcp-other-out']),
    (30, TO4 + '17 / udp 5000 53', ['udp-53-in']),
    (7, FROM4 + '17 / udp 53 5000', []),
    (20, TO4 + '1 / icmp 8 0', ['protocol']),
    (8, 'eth 0806 / zeros 28', ['ethertype']),
    (15, TO6 + '6 / tcp 40001 443 S 3', ['tcp-443-in', 'tcp-443-in-new']),
    (9, TO6 + '17 / udp 5001 53', ['udp-53-in']),
    (6, TO6 + '58 / zeros 8', ['protocol']),
    (4, 'eth 0800 / bytes 45', ['malformed']),
    (3, 'eth 0010 / zeros 46', ['llc']),
]
# Rows that are seen, but were not asked for by name, and their frames.
SEEN = {'protocol-icmp-in': 20, 'protocol-ipv6-icmp-in': 6, 'ethertype-arp-in': 8, 'udp-5000-out': 7}
MARKS = ('-new', '-accepted', '-refused')


def expect(sent):
    """Maps type-what to a number, out of what the sender says that it sent."""
    expected = {}

    def add(name, number):
        expected[name] = expected.get(name, 0) + number

    for (_, recipe, series), (frames, size) in zip(PLAN, sent):
        add('packets-received', frames)
        add('packets-counted', frames)
        transport = re.search(r'/ (tcp|udp) ', recipe)
        for what in series + ([transport[1]] if transport else []):
            if what.endswith(MARKS):
                add('total_connections-' + what, frames)
            else:
                add('packets-' + what, frames)
                add('total_bytes-' + what, size)
    for never in ('packets-tcp-22-in', 'packets-tcp-443-transit', 'packets-lost-kernel',
                  'packets-udp-other-in', 'total_connections-udp-53-in-refused'):
        expected[never] = 0
    return expected


def prometheus(namespace):
    """Maps type-what to a number, as a scrape from within the namespace finds it."""
    text = namespace.run(sys.executable, '-c', SCRAPE).stdout
    rows = re.findall(r'^collectd_wirecensus_(\w+?)(?:_total)?\{wirecensus="wan",type="([^"]+)",'
                      r'instance="host"\} (\S+)', text, re.M)
    return {'%s-%s' % (kind, what): float(value) for kind, what, value in rows}


class Rates:
    """Adds up the rates that unixsock tells, which is all that it tells of a counter."""

    def __init__(self, path, names):
        self.socket = socket.socket(socket.AF_UNIX)
        self.socket.connect(str(path))
        self.file = self.socket.makefile('rw')
        self.names, self.seen = names, {}
        self.begin()

    def begin(self):
        """Counts from here on; a read that was not looked at in time is lost to the sums."""
        self.sums, self.missed = dict.fromkeys(self.names, 0.0), False

    def ask(self, line):
        self.file.write(line + '\n')
        self.file.flush()
        count = int(self.file.readline().split()[0])
        return [self.file.readline().strip() for _ in range(count)]

    def look(self):
        for line in self.ask('LISTVAL'):
            when, name = line.split(' ', 1)
            name = name.removeprefix('host/wirecensus-wan/')
            if name not in self.sums or self.seen.get(name) == float(when):
                continue
            rate = float(self.ask('GETVAL host/wirecensus-wan/' + name)[0].split('=')[1])
            if name in self.seen and not math.isnan(rate):
                passed = float(when) - self.seen[name]
                self.missed |= passed > 1.5 * INTERVAL
                self.sums[name] += rate * passed
            self.seen[name] = float(when)

    def rounded(self):
        return {name: round(value) for name, value in self.sums.items()}


def add_up(values):
    """In each read, what is shown and other add up to the class."""
    reads = 0
    for kind in ('packets', 'total_bytes'):
        for name in ('tcp', 'udp', 'protocol', 'ethertype'):
            parts = {}
            for row, numbers in values.items():
                if row.startswith('%s-%s-' % (kind, name)):
                    for when, value in numbers:
                        parts[when] = parts.get(when, 0) + value
            for when, total in values['%s-%s' % (kind, name)]:
                daemon.check(parts[when] == total, '%s-%s at %f: the parts add up to %d, not %d'
                             % (kind, name, when, parts[when], total))
                reads += 1
    return reads


def equal(name, expected, actual):
    wrong = {key: (value, actual.get(key)) for key, value in expected.items()
             if actual.get(key) != value}
    daemon.check(not wrong, '%s: name, (sent, told)' % name, *sorted(wrong.items()))
    print('%s: %d values are what was sent' % (name, len(expected)))


def arrived(expected, told):
    values = told()
    return all(values.get(name) == value for name, value in expected.items())


def wait_until(expected, told, meanwhile=lambda: None, in_vain=lambda: False):
    """Waits until everything has arrived, or for as long as it may take."""
    end = time.monotonic() + daemon.WATCHDOG
    while time.monotonic() < end and not arrived(expected, told) and not in_vain():
        meanwhile()
        time.sleep(0.1)


def whole(client):
    """All values of the client, when no read is half written."""
    def settled():
        values = client.values('wan')
        return len({rows[-1][0] if rows else None for rows in values.values()}) == 1 and values

    return daemon.wait_for('a whole read', settled)


def first_round(namespace, options, server, client):
    """Returns what is expected after it. unixsock is asked here, because it tells only rates."""
    # Times are told in milliseconds: too coarse for thousands of bytes.
    names = {name for name in expect([(0, 0)] * len(PLAN)) if 'bytes' not in name}
    rates = Rates(client.folder / 'socket', names)
    # A rate needs a value before it.
    daemon.wait_for('unixsock', lambda: rates.look() or names <= rates.seen.keys())

    expected = expect([(0, 0)] * len(PLAN))
    rates.missed = True
    while rates.missed:
        rates.look()
        rates.begin()
        now = expect(namespace.send(options.sender, [line[:2] for line in PLAN]))
        expected = {name: number + now[name] for name, number in expected.items()}
        few = {name: now[name] for name in names}
        wait_until(expected, lambda: server.last('wan'), rates.look)
        wait_until(few, rates.rounded, rates.look, lambda: rates.missed)
    equal('unixsock', few, rates.rounded())
    rows = whole(client)
    equal('csv', expected, client.last('wan'))
    # They were not asked for by name: what they counted before they were shown is in other.
    for name in SEEN:
        daemon.check(rows['packets-' + name][0][1] == 0, name + ' does not begin at 0')
    return expected


def second_round(namespace, options, server, client, expected):
    """The same again: by now all rows are shown."""
    rows = whole(client)
    shown = {name: rows['packets-' + name][-1][1] for name in SEEN}
    again = expect(namespace.send(options.sender, [line[:2] for line in PLAN]))
    expected = {name: number + again[name] for name, number in expected.items()}
    expected.update(('packets-' + name, shown[name] + number) for name, number in SEEN.items())
    wait_until(expected, lambda: server.last('wan'))
    wait_until(expected, lambda: prometheus(namespace))
    equal('csv', expected, client.last('wan'))
    equal('network', expected, server.last('wan'))
    equal('write_prometheus', expected, prometheus(namespace))
    print('%d sums add up' % add_up(whole(client)))


def inside(namespace, options):
    server = daemon.Collectd(namespace, None, '', name='server', stock=SERVER)
    client = daemon.Collectd(namespace, options.plugin, CONFIG, stock=STOCK, interval=INTERVAL)
    try:
        server.start()
        client.start()
        daemon.wait_for('the first values', lambda: 'packets-received' in client.last('wan'))
        expected = first_round(namespace, options, server, client)
        second_round(namespace, options, server, client, expected)
        daemon.check(client.stop() == 0 and server.stop() == 0, 'exit status', client.log())
        daemon.check(client.lines() == [], 'the plugin logged', *client.lines())
    finally:
        client.remove()
        server.remove()


def main():
    options = daemon.arguments()
    with daemon.Namespace() as namespace:
        inside(namespace, options)


if __name__ == '__main__':
    main()
