#!/usr/bin/env python3
"""fields.py CASE WIRECENSUS SENDER: one test of what readers make of the fields of log messages, by name."""
import os
import re
import subprocess
import sys

sys.dont_write_bytecode = True  # the source tree stays as it is
sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), '..'))
from scene import Skip, wait_until  # noqa: E402
from plan import RECEIVED, frames_of, lines  # noqa: E402
from cases import CAPTURE, case, frames, main, same  # noqa: E402
from collectors import Journald  # noqa: E402
from listeners import GelfDatagrams, GelfStream  # noqa: E402
from reference import ALL, Reference, collect, enough, exporters  # noqa: E402


@case
def journald(make):
    """systemd-journald has the fields that were sent, and their severity."""
    with make() as scene:
        reference, collector = Reference(scene), Journald(scene)
        scene.program = collector.beside(scene.program)
        scene.daemon(CAPTURE + reference.section + 'journald here { %s }\n' % ALL)
        plan = [(row[0] * 10, *row[1:]) for row in RECEIVED]
        sent = scene.send(lines(plan), rate=3000)
        wait_until(lambda: frames(reference.rows()) >= frames_of(plan, sent), 'all frames')
        reference.compare({'journald': collector})
        for entry in collector.entries():
            scanner = entry['WIRECENSUS_TYPE'] == 'scanner'
            same(entry['PRIORITY'], '4' if scanner else '6', 'severity')
            same(entry['_COMM'], 'wirecensus', 'who wrote')
            assert entry['MESSAGE'] and 'CODE_FILE' not in entry, entry


# Names that the kernel takes for an interface: 15 bytes at most, none of / : and blanks.
HOSTILE = [
    b'"', b'\\', b'\\"', b"'", b'"]', b']', b'][x@1', b'x="y"', b'"][a@1_b="c"', b'\\]', b'\\n',
    b'\\u0022', b'"}{"port"', b',"_id"', b'@cee{"a"}', b'<13>1', b'#', b'-rf', b'=', b'a<b>&`$(x)`',
    b'\1\2\37', b'\177', b'\33[31mred\33[0m', b'\33]0;title\7', b'\302\23331m', b'\23331m',
    b'\377\376', b'\303', b'\303(', b'\300\257a', b'\340\200\257b', b'\355\241\201c', b'\364\220\200\200',
    b'\342\200\250', b'\342\200\256gpj.exe', b'\357\273\277bom', 'Z\u00fcrich\U0001f4e6'.encode(),
]


@case
def hostile(make):
    """Names of interfaces that would break out of their field do not, in any format."""
    with make() as scene:
        for name in HOSTILE:
            scene.ip('near', 'link', 'add', 'name', name, 'type', 'bridge')
            scene.ip('near', 'link', 'set', 'dev', name, 'up')
        reference, collector = Reference(scene), Journald(scene)
        names = ('tcp', 'relp', 'devlog')
        collectors = {name: collect(scene, name) for name in names}
        collectors['stream'] = GelfStream(scene, 12202)
        collectors['journald'] = collector
        scene.program = collector.beside(scene.program)
        quoted = ', '.join('"%s"' % ''.join('\\x%02x' % byte for byte in name) for name in HOSTILE)
        scene.daemon(
            'capture odd { interface = {%s}  conversations = 0  hosts = 0  buffer = "256K" }\n' % quoted +
            reference.section + exporters(scene, names[:1]) +
            exporters(scene, names[1:], 'content = "cee"') +
            'gelf stream { address = "tcp://127.0.0.1:12202"  %s }\n' % ALL + 'journald here { %s }\n' % ALL)
        wait_until(lambda: len(reference.rows()) >= len(HOSTILE), 'rows')
        rows = reference.compare(collectors, shown=('tcp', 'journald'))
        same({row['observer'] for row in rows}, {decoded(name) for name in HOSTILE}, 'names')
        same({row['capture'] for row in rows}, {'odd-' + decoded(name) for name in HOSTILE}, 'names')
        for name in names:
            wanted = [row['observer'] for row in (reference.shown() if name == 'tcp' else rows)]
            same(observers(collectors[name].folder + '/log/wirecensus.json')[:len(rows)],
                 wanted[:len(rows)], 'what jq reads of ' + name)


def decoded(name):
    """As UTF-8, with a sign in place of each byte that belongs to no character."""
    text = name.decode(errors='surrogateescape')
    return re.sub('[\udc80-\udcff]', '\ufffd', text)


def observers(path):
    done = subprocess.run(['jq', '-j', '.observer + "\\u0000"', path], capture_output=True, check=True)
    return done.stdout.decode().split('\0')[:-1]


class Wire:
    """What tcpdump sees on the counted host's loopback, and tshark makes of it."""

    def __init__(self, scene):
        self.path = scene.path('wire.pcap')
        try:
            self.process = subprocess.Popen(
                ['ip', 'netns', 'exec', scene.spaces['near'], 'tcpdump', '-i', 'lo', '-U', '-w',
                 self.path, '-B', '8192', '-Z', 'root'], stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL)
        except FileNotFoundError:
            raise Skip('there is no tcpdump')
        scene.running.append(self)
        wait_until(lambda: os.path.exists(self.path) and os.path.getsize(self.path), 'tcpdump')

    def end(self):
        if self.process:
            self.process.terminate()
            self.process.wait()
            self.process = None

    def read(self, filter_, *fields):
        """The fields of the frames that @filter_ lets through, several values of one separated by ;."""
        try:
            done = subprocess.run(
                ['tshark', '-r', self.path, '-2', '-R', filter_, '-d', 'udp.port==5514,syslog', '-d',
                 'udp.port==12201,gelf', '-T', 'fields',
                 '-E', 'separator=/t', '-E', 'aggregator=;',
                 *(word for field in fields for word in ('-e', field))],
                capture_output=True, text=True, check=True)
        except FileNotFoundError:
            raise Skip('there is no tshark')
        return [line.split('\t') for line in done.stdout.splitlines()]


@case
def dissected(make):
    """tshark reads each message of syslog and GELF, and the collectors of GELF have what was sent."""
    with make() as scene:
        wire, reference = Wire(scene), Reference(scene)
        syslog = collect(scene, 'udp')
        datagrams, stream = GelfDatagrams(scene, 12201), GelfStream(scene, 12202)
        daemon = scene.daemon(
            CAPTURE + reference.section + exporters(scene, ['udp']) +
            'gelf datagrams { address = "udp://127.0.0.1:12201"  datagram = 700  %s }\n'
            'gelf stream { address = "tcp://127.0.0.1:12202"  %s }\n' % (ALL, ALL))
        plan = [(row[0] * 10, *row[1:]) for row in RECEIVED]
        sent = scene.send(lines(plan), rate=3000)
        collectors = {'syslog': syslog, 'datagrams': datagrams, 'stream': stream}
        wait_until(lambda: frames(reference.rows()) >= frames_of(plan, sent), 'all frames')
        wanted = reference.compare(collectors)
        daemon.stop()
        assert datagrams.longest <= 700 and datagrams.chunked, (datagrams.longest, datagrams.chunked)
        check_dissected(wire, wanted, datagrams)


def check_dissected(wire, rows, datagrams):
    messages = wait_until(lambda: enough(wire.read(
        'syslog', 'syslog.facility', 'syslog.level', 'syslog.version', 'syslog.hostname',
        'syslog.appname', 'syslog.procid', 'syslog.msgid', 'udp.length'), len(rows)), 'syslog')
    for row, (facility, level, version, host, app, process, rest, length) in zip(rows, messages):
        same((facility, level), ('3', '4' if row['type'] == 'scanner' else '6'), 'priority')
        same((version, host, app, process), ('1', row['host'], 'wirecensus', '-'), 'header')
        assert rest.startswith(row['type'] + ' [wirecensus@32473 '), rest
        assert int(length) - 8 <= 1232, length
    bodies = wait_until(lambda: enough(wire.read(
        'gelf && json', 'json.key', 'json.value.string', 'gelf.reassembled.length'),
        len(datagrams.whole)), 'GELF')
    same(len(bodies), len(datagrams.whole), 'messages of GELF')
    for row, (keys, texts, _) in zip(rows, bodies):
        names = keys.split(';')
        same(names[:5], ['version', 'host', 'short_message', 'timestamp', 'level'], 'own fields')
        same({name[1:] for name in names[5:]}, set(row), 'fields')
        same(texts.split(';')[:2], ['1.1', row['host']], 'version and host')
    same(sum(bool(length) for _, _, length in bodies), datagrams.chunked, 'messages in chunks')
    same(wire.read('_ws.malformed || gelf.invalid_header', 'frame.number'), [], 'malformed')


if __name__ == '__main__':
    main()
