"""What every collector of logs must have, and the ways by which rsyslogd gets it."""
import json
import re

from scene import once, parse, wait_until, whole
from cases import same
from collectors import Rsyslogd, plain

ALL = ('rows = {"total", "port", "protocol", "fragment", "ethertype", "llc", "malformed", '
       '"unsupported", "conversation", "host", "scanner"}  top = 0  interval = "1s"')

TLS = ('ca = "%(folder)s/trusted.pem"  certificate = "%(folder)s/wirecensus.pem"  '
       'key = "%(folder)s/wirecensus.key"')

# By name: the drop-in, what listens then, and the exporter's options.
WAYS = {
    'udp': ('udp', 'u:5514', 'address = "udp://127.0.0.1:5514"'),
    'tcp': ('tcp', 't:5514', 'address = "tcp://127.0.0.1:5514"'),
    'tls': ('tls', 't:6514', 'address = "tls://localhost:6514"  ' + TLS),
    'relp': ('relp', 't:2514', 'address = "relp://127.0.0.1:2514"'),
    'relp_tls': ('relp-tls', 't:2515', 'address = "relp+tls://localhost:2515"  ' + TLS),
    'local': ('local', '/run/rsyslog/wirecensus',
              'address = "unixgram://%(folder)s/local/run/rsyslog/wirecensus"  rfc5424 = yes'),
    'devlog': (None, '/log.socket', 'address = "unixgram://%(folder)s/devlog/log.socket"'),
}


def collect(scene, name):
    """A collector by the way @name."""
    drop_in, waits, _ = WAYS[name]
    return Rsyslogd(scene, name, [drop_in] if drop_in else [], [waits])


def exporters(scene, names, more=''):
    """The sections of the configuration for them."""
    return ''.join('syslog %s { %s  %s  %s }\n' % (name, WAYS[name][2] % {'folder': scene.folder},
                                                   ALL, more) for name in names)


class Reference:
    """What every collector must have: the same rows, in a file."""

    def __init__(self, scene):
        self.path = scene.path('reference')
        self.section = 'json reference { address = "file://%s"  %s }\n' % (self.path, ALL)

    def raw(self):
        try:
            with open(self.path) as file:
                return parse(file.read())
        except FileNotFoundError:
            return []

    def rows(self):
        return [plain(row) for row in self.raw()]

    def shown(self):
        """In forms that are for people, what cannot be printed stays as JSON writes it."""
        with open(self.path) as file:
            lines = [re.sub(r'\\(["\\]|u....)', lambda escape: escape[0] if escape[1] in '"\\'
                            else '\\' + escape[0], line) for line in file]
        return [plain(json.loads(line)) for line in lines]

    def compare(self, collectors, shown=()):
        """Waits until each has the rows of all intervals that are over by now; returns these.

        What came again is left out; whose name is in @shown has them as they are shown.
        """
        last = self.rows()[-1]['interval']
        wait_until(lambda: self.rows()[-1]['interval'] > last + 1, 'the next intervals')

        def over(rows):
            return [row for row in rows if row['interval'] <= last]

        for name, collector in collectors.items():
            wanted = over(self.shown() if name in shown else self.rows())
            rows = wait_until(lambda collector=collector, wanted=wanted: enough(
                over(once(collector.rows())[0]), len(wanted)), 'rows of ' + name)
            whole(rows)
            same_rows(rows, wanted, name)
        return over(self.rows())


def enough(rows, count):
    return rows if len(rows) >= count else None


def identity(row):
    return row['instance'], row['capture'], row['interval'], row['row']


def same_rows(rows, wanted, what):
    """Says in which fields the first different row differs."""
    for row, other in zip(rows, wanted):
        different = {name: (row.get(name), other.get(name)) for name in {*row, *other}
                     if row.get(name) != other.get(name)}
        assert not different, '%s: row %s: %s' % (what, identity(other), different)
    same(len(rows), len(wanted), 'rows of ' + what)
