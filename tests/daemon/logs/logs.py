#!/usr/bin/env python3
"""logs.py CASE WIRECENSUS SENDER: one test of log messages and who collects them, by name.

Exits with 77 when the machine lacks what it needs. WC_CAMPAIGN in the environment makes it longer.
"""
import json
import os
import random
import re
import signal
import subprocess
import sys
import time

sys.dont_write_bytecode = True  # the source tree stays as it is
HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, '..'))
from scene import CAMPAIGN, Census, Scene, Skip, ask, once, parse, wait_until, whole  # noqa: E402
from bed import NEAR4, NEAR6  # noqa: E402
from plan import FAR4, FAR6, IN4, IN6, OUT4, RECEIVED, frames_of, lines  # noqa: E402
from collectors import Journald, Rsyslogd, certificates, plain  # noqa: E402
from listeners import Counting, GelfDatagrams, GelfStream, RelpServer  # noqa: E402

CASES = {}
CAPTURE = 'capture wan { interface = {"near0"} }\n'
FRAME = IN4 + '17 / udp 40000 %d'
ALL = ('rows = {"total", "port", "protocol", "fragment", "ethertype", "llc", "malformed", '
       '"unsupported", "conversation", "host", "scanner"}  top = 0  interval = "1s"')
LONGEST = 8000  # of a message: what receivers take by default

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


def case(function):
    CASES[function.__name__] = function
    return function


def same(actual, wanted, what):
    assert actual == wanted, '%s: %s, not %s' % (what, actual, wanted)


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
            lines_ = [re.sub(r'\\(["\\]|u....)', lambda escape: escape[0] if escape[1] in '"\\'
                             else '\\' + escape[0], line) for line in file]
        return [plain(json.loads(line)) for line in lines_]


def frames(rows):
    return sum(row['frames'] for row in rows if row['type'] == 'total')


def identity(row):
    return row['instance'], row['capture'], row['interval'], row['row']


def same_rows(rows, wanted, what):
    """Says in which fields the first different row differs."""
    for row, other in zip(rows, wanted):
        different = {name: (row.get(name), other.get(name)) for name in {*row, *other}
                     if row.get(name) != other.get(name)}
        assert not different, '%s: row %s: %s' % (what, identity(other), different)
    same(len(rows), len(wanted), 'rows of ' + what)


@case
def ways(make):
    """By every way rsyslogd has what was sent, in both forms, and nothing that it does not understand."""
    with make() as scene:
        certificates(scene)
        reference, collectors = Reference(scene), {name: collect(scene, name) for name in WAYS}
        daemon = scene.daemon(CAPTURE + reference.section + exporters(scene, WAYS))
        plan = [(row[0] * 10, *row[1:]) for row in RECEIVED]
        sent = scene.send(lines(plan), rate=3000)
        wait_until(lambda: frames(reference.rows()) >= frames_of(plan, sent), 'all frames')
        scene.configure(CAPTURE + reference.section +
                        exporters(scene, WAYS, 'content = "cee"  facility = "local3"'))
        daemon.signal(signal.SIGHUP)
        daemon.wait_for('in effect')
        again = scene.send(lines(plan), rate=3000)
        total = frames_of(plan, sent) + frames_of(plan, again)
        for name in WAYS:
            wait_until(lambda name=name: frames(collectors[name].rows()) >= total, name)
        daemon.stop()
        same(Census(reference.raw()).total('frames'), total, 'frames')
        for name in WAYS:
            wait_until(lambda name=name: len(collectors[name].rows()) >= len(reference.rows()), name)
            rows, repeated = once(collectors[name].rows())
            same(repeated, 0, 'repeated by ' + name)
            whole(rows)
            same_rows(rows, reference.rows(), name)
            same(collectors[name].others().strip(), '', 'what else rsyslogd says of ' + name)


@case
def killed(make):
    """rsyslogd is killed again and again: RELP loses nothing; what TCP loses has a number."""
    names = ('tcp', 'tls', 'relp', 'relp_tls', 'local')
    kills = 30 if CAMPAIGN else 4
    with make() as scene:
        certificates(scene)
        reference, collectors = Reference(scene), {name: collect(scene, name) for name in names}

        def all_have(port):
            for name in names:
                wait_until(lambda name=name: any(row.get('port') == port for row in
                                                 collectors[name].rows()), name)

        daemon = scene.daemon(CAPTURE + reference.section + exporters(scene, names))
        for number in range(kills):
            scene.shoot([(1, FRAME % (10000 + number))])
            all_have(10000 + number)
            scene.shoot([(1, FRAME % port) for port in range(1, 201)])
            kill_all(list(collectors.values()), asleep=number % 2 == 0)
            scene.shoot([(1, FRAME % port) for port in range(1, 201)])
            for collector in collectors.values():
                collector.start()
        scene.shoot([(1, FRAME % 9999)])
        all_have(9999)
        daemon.stop()
        wanted = reference.rows()
        same(frames(wanted), 401 * kills + 1, 'frames')
        for name in names:
            wait_until(lambda name=name: identity(wanted[-1]) in
                       map(identity, collectors[name].rows()), name)
            check_killed(name, collectors[name].rows(), wanted, kills)


def kill_all(collectors, asleep):
    """Kills at the moment when an interval is sent; @asleep: with all of it unread."""
    random.shuffle(collectors)
    if asleep:
        for collector in collectors:
            collector.process.send_signal(signal.SIGSTOP)
        time.sleep(0.3)
    time.sleep(1 - time.time() % 1 + (0.3 if asleep else 0.1 * random.random()))
    for collector in collectors:
        collector.kill()


def check_killed(name, rows, wanted, kills):
    kept, repeated = once(rows)
    missing = {identity(row) for row in wanted} - {identity(row) for row in kept}
    print('%s, %d kills: of %d rows %d are missing, %d came again'
          % (name, kills, len(wanted), len(missing), repeated))
    same_rows(kept, [row for row in wanted if identity(row) not in missing], name)
    if 'relp' in name:
        same(missing, set(), 'rows that RELP lost')
    # What was on its way when it died is of one interval, or of the end of one and the next.
    assert len({row[2] for row in missing}) <= 2 * kills, missing


@case
def unconfirmed(make):
    """A server of RELP that never answers: its window waits, and is sent again after a restart."""
    with make() as scene:
        server = RelpServer(scene, 2514)
        config = CAPTURE + exporters(scene, ['relp'])
        daemon = scene.daemon(config)
        scene.shoot([(1, FRAME % port) for port in range(1, 201)])

        def window():
            answer = json.loads(ask(scene, 'show', 'exporters', '--format', 'json'))
            return answer['unconfirmed'] == 128

        wait_until(window, 'a full window')
        assert 'unconfirmed 128' in ask(scene, 'show', 'exporters')
        wait_until(lambda: server.taken()[-1:] and len(server.taken()[-1]) == 128, 'its messages')
        took = daemon.stop()
        print('SIGTERM with a server of RELP that never answers: %.2f s' % took)
        assert took < 20, 'SIGTERM took %.1f s' % took
        first = server.taken()[0]
        same(len(first), 128, 'messages without an answer')
        server.answers.set()
        daemon = scene.daemon(config)
        wait_until(lambda: sum('type="port"' in text for text in sum(server.taken()[1:], [])) >= 200,
                   'all rows')
        daemon.stop()
        again = sum(server.taken()[1:], [])
        same(again[:128], first, 'the window')
        same(len(set(again)), len(again), 'messages')


@case
def strangers(make):
    """Whoever cannot show whom he is gets not a byte, whichever format asks."""
    servers = ('foreign', 'elsewhere', 'expired', 'early', 'self', 'good')
    config = ''
    with make() as scene:
        certificates(scene)
        counting = {}
        for number, name in enumerate(servers):
            counting[name] = Counting(scene, 7000 + number, name)
            for kind, scheme in (('syslog', 'tls'), ('syslog', 'relp+tls'), ('gelf', 'tls')):
                config += ('%s %s-%s { address = "%s://localhost:%d"  ca = "%s"  %s }\n'
                           % (kind, name, scheme.replace('+', '-'), scheme, 7000 + number,
                              scene.path('trusted.pem'), ALL))
        scene.daemon(CAPTURE + config)
        scene.shoot([(1, FRAME % port) for port in range(1, 101)])
        wait_until(lambda: counting['good'].data > 100 * 300, 'data at the one that is known')
        for name in servers[:-1]:
            wait_until(lambda name=name: len(counting[name].refusals) >= 2 * 3, name)
            same(counting[name].data, 0, 'bytes that %s got' % name)
        answers = parse(ask(scene, 'show', 'exporters', '--format', 'json'))
        for answer in answers:
            if '/good-' not in answer['exporter']:
                assert 'certificate is not accepted' in answer['reason'], answer
                same(answer['messages'], 0, 'messages to ' + answer['exporter'])


@case
def refused(make):
    """A collector that does not know us gets nothing and loses nothing: it waits until it does."""
    names = ('tls', 'relp_tls')
    with make() as scene:
        certificates(scene)
        reference, collectors = Reference(scene), {name: collect(scene, name) for name in names}
        right = CAPTURE + reference.section + exporters(scene, names)
        daemon = scene.daemon(right.replace('/wirecensus.', '/client.'))
        scene.shoot([(1, FRAME % port) for port in range(1, 101)])
        for name in names:
            daemon.wait_for('syslog/%s: ' % name)
        wait_until(lambda: frames(reference.rows()) >= 100, 'frames')
        for name in names:
            same(collectors[name].rows(), [], 'rows of ' + name)
        scene.configure(right)
        daemon.signal(signal.SIGHUP)
        daemon.wait_for('in effect')
        for name in names:
            wait_until(lambda name=name: frames(collectors[name].rows()) >= 100, name)
        daemon.stop()
        for name in names:
            wait_until(lambda name=name: len(collectors[name].rows()) >= len(reference.rows()), name)
            same_rows(once(collectors[name].rows())[0], reference.rows(), name)


@case
def journald(make):
    """systemd-journald has the fields that were sent, and their severity."""
    with make() as scene:
        reference, collector = Reference(scene), Journald(scene)
        scene.program = collector.beside(scene.program)
        daemon = scene.daemon(CAPTURE + reference.section + 'journald here { %s }\n' % ALL)
        plan = [(row[0] * 10, *row[1:]) for row in RECEIVED]
        sent = scene.send(lines(plan), rate=3000)
        wait_until(lambda: frames(collector.rows()) >= frames_of(plan, sent), 'all frames')
        daemon.stop()
        wait_until(lambda: len(collector.rows()) >= len(reference.rows()), 'rows')
        same_rows(collector.rows(), reference.rows(), 'journald')
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
    b'\377\376', b'\303', b'\303(', b'\300\257', b'\340\200\257', b'\355\241\201', b'\364\220\200\200',
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
        daemon = scene.daemon(
            'capture odd { interface = {%s}  conversations = 0  hosts = 0  buffer = "256K" }\n' % quoted +
            reference.section + exporters(scene, names[:1]) +
            exporters(scene, names[1:], 'content = "cee"') +
            'gelf stream { address = "tcp://127.0.0.1:12202"  %s }\n' % ALL + 'journald here { %s }\n' % ALL)
        wait_until(lambda: len(reference.rows()) >= len(HOSTILE), 'rows')
        daemon.stop()
        rows = reference.rows()
        same({row['observer'] for row in rows}, {decoded(name) for name in HOSTILE}, 'names')
        same({row['capture'] for row in rows}, {'odd-' + decoded(name) for name in HOSTILE}, 'names')
        for name, collector in collectors.items():
            wait_until(lambda collector=collector: len(collector.rows()) >= len(rows), name)
            wanted = reference.shown() if name in ('tcp', 'journald') else rows
            same_rows(collector.rows(), wanted, name)
            if isinstance(collector, Rsyslogd):
                same(observers(collector.folder + '/log/wirecensus.json'),
                     [row['observer'] for row in wanted], 'what jq reads of ' + name)


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
        for name, collector in collectors.items():
            wait_until(lambda collector=collector: frames(collector.rows()) >=
                       frames_of(plan, sent), name)
        daemon.stop()
        wanted = reference.rows()
        for name, collector in collectors.items():
            wait_until(lambda collector=collector: len(collector.rows()) >= len(wanted), name)
            same_rows(collector.rows(), wanted, name)
        assert datagrams.longest <= 700 and datagrams.chunked, (datagrams.longest, datagrams.chunked)
        check_dissected(wire, wanted, datagrams.chunked)


def check_dissected(wire, rows, chunked):
    messages = wait_until(lambda: of(len(rows), wire.read(
        'syslog', 'syslog.facility', 'syslog.level', 'syslog.version', 'syslog.hostname',
        'syslog.appname', 'syslog.procid', 'syslog.msgid', 'udp.length')), 'syslog on the wire')
    for row, (facility, level, version, host, app, process, rest, length) in zip(rows, messages):
        same((facility, level), ('3', '4' if row['type'] == 'scanner' else '6'), 'priority')
        same((version, host, app, process), ('1', row['host'], 'wirecensus', '-'), 'header')
        assert rest.startswith(row['type'] + ' [wirecensus@32473 '), rest
        assert int(length) - 8 <= 1232, length
    bodies = wait_until(lambda: of(len(rows), wire.read('gelf && json', 'json.key', 'json.value.string',
                                                        'gelf.reassembled.length')), 'GELF')
    for row, (keys, texts, _) in zip(rows, bodies):
        names = keys.split(';')
        same(names[:5], ['version', 'host', 'short_message', 'timestamp', 'level'], 'own fields')
        same({name[1:] for name in names[5:]}, set(row), 'fields')
        same(texts.split(';')[:2], ['1.1', row['host']], 'version and host')
    same(sum(bool(length) for _, _, length in bodies), chunked, 'messages in chunks')
    same(wire.read('_ws.malformed || gelf.invalid_header', 'frame.number'), [], 'malformed')


def of(count, found):
    """What was found, once it is enough."""
    assert len(found) <= count, 'more than was sent: %d of %d' % (len(found), count)
    return found if len(found) == count else None


def files_below(path):
    return sorted(os.path.relpath(os.path.join(folder, name), path)
                  for folder, _, names in os.walk(path) for name in names)


SERVICES = [
    IN4 + '6 / tcp 40000 443 S 1', IN4 + '6 / tcp 40001 443 S 1', IN4 + '17 / udp 40000 53',
    'eth 0800 / ip4 10.1.2.3 %s 6 / tcp 40000 22 S 1' % NEAR4,
    IN6 + '6 / tcp 40000 443 S 1',
    'eth 0800 / ip4 %s 203.0.113.5 17 / udp 40000 123' % FAR4,
]
SENT = [OUT4 + '6 / tcp 40000 25 S 1', OUT4 + '17 / udp 40000 53', OUT4 + '17 / udp 40000 123']


@case
def tree(make):
    """A file for each kind of connection, as the options say; and never more than are allowed."""
    with make() as scene:
        places = {name: scene.path(name) for name in ('folded', 'unfolded', 'small')}
        section = 'tree %s { address = "tree://%s"  interval = "1s"  %s }\n'
        daemon = scene.daemon(
            'capture wan { interface = {"near0"}  five_tuple = yes }\n' +
            section % ('folded', places['folded'], 'hide = {"udp/53"}') +
            section % ('unfolded', places['unfolded'], 'unfolded = yes  leave_out_else = yes') +
            section % ('small', places['small'], 'files = 100'))
        scene.send([(2, recipe) for recipe in SERVICES])
        scene.send([(2, recipe) for recipe in SENT], link='near0')
        inside = {'in/tcp/INTERNET-PORT-%s-443' % NEAR4, 'in/udp/INTERNET-PORT-%s-53' % NEAR4,
                  'in/tcp/10.1.2.3-PORT-%s-22' % NEAR4, 'in/tcp/INTERNET-PORT-%s-443' % NEAR6}
        other = {'else/udp/%s-PORT-203.0.113.5-123' % FAR4}
        outside = {'out/tcp/%s-PORT-INTERNET-25' % NEAR4, 'out/udp/%s-PORT-INTERNET-123' % NEAR4}
        wait_for_files(places['folded'], inside | other | outside)
        wait_for_files(places['unfolded'], {
            'in/tcp/%s-40000-%s-443' % (FAR4, NEAR4), 'in/tcp/%s-40001-%s-443' % (FAR4, NEAR4),
            'in/udp/%s-40000-%s-53' % (FAR4, NEAR4), 'in/tcp/10.1.2.3-40000-%s-22' % NEAR4,
            'in/tcp/%s-40000-%s-443' % (FAR6, NEAR6), 'out/tcp/%s-40000-%s-25' % (NEAR4, FAR4),
            'out/udp/%s-40000-%s-53' % (NEAR4, FAR4), 'out/udp/%s-40000-%s-123' % (NEAR4, FAR4)})
        for first in range(1000, 5000, 1000):
            scene.shoot([(1, FRAME % port) for port in range(first, first + 1000)])
            assert len(files_below(places['small'])) <= 101, 'too many files'
        wait_until(lambda: len(files_below(places['unfolded'])) == 8 + 4000, 'all files')
        daemon.stop()
        files = files_below(places['small'])
        assert 'FULL' in files and len(files) == 101, len(files)


def wait_for_files(place, wanted):
    wait_until(lambda: set(files_below(place)) == wanted, lambda: '%s in %s' % (
        sorted(wanted ^ set(files_below(place))), place))


def main():
    if len(sys.argv) != 4 or sys.argv[1] not in CASES:
        sys.exit('usage: logs.py CASE WIRECENSUS SENDER; cases: %s' % ' '.join(CASES))
    if os.geteuid() != 0:
        print('only root may make network namespaces')
        sys.exit(77)
    try:
        CASES[sys.argv[1]](lambda pairs=1: Scene(sys.argv[2], sys.argv[3], pairs))
    except Skip as reason:
        print(reason)
        sys.exit(77)


if __name__ == '__main__':
    main()
