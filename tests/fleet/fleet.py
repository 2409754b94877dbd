#!/usr/bin/env python3
"""fleet.py RECIPE WIRECENSUS [PLUGIN]: three hosts, one place that knows what each of them counted.

Recipes: collectd, rsyslog, ipfix, prometheus, report.
"""
import collections
import glob
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
import urllib.parse

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), '..', 'live'))
from bed import remove  # noqa: E402

PATIENCE = 120  # s, a watchdog for a slow machine
HOSTS = (1, 2, 3)
HUB, HUB_MAC = '10.77.0.254', '02:77:00:00:00:fe'
SENT = {'host%d' % number: 100 * number for number in HOSTS}
BYTES = 1000  # of each frame
FILTER = 'udp dst port 9000'

SEND = '''
import socket
s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
s.bind(("10.77.0.%(number)d", 9001))
for _ in range(%(packets)d):
    s.sendto(bytes(%(bytes)d), ("''' + HUB + '''", 9000))
'''

DAEMON = '''interval = 1
state = "%(folder)s/state"
control = "%(folder)s/control.sock"
capture wan { interface = "eth0"  engine = "pcap"  filter = "''' + FILTER + '''" }
'''

RSYSLOG = '''global(workDirectory="%(folder)s")
module(load="imrelp")
input(type="imrelp" port="2514" ruleset="census")
template(name="raw" type="string" string="%%rawmsg%%\\n")
ruleset(name="census") { action(type="omfile" file="%(folder)s/out" template="raw") }
'''

COLLECTD = '''BaseDir "%(folder)s"
PIDFile "%(folder)s/pid"
Hostname "%(name)s"
FQDNLookup false
Interval 1
LoadPlugin logfile
<Plugin logfile>
  File "%(folder)s/log"
</Plugin>
LoadPlugin network
'''
COLLECTD_HOST = COLLECTD + '''<Plugin network>
  Server "''' + HUB + '''" "25826"
</Plugin>
PluginDir "%(plugins)s"
LoadPlugin wirecensus
<Plugin wirecensus>
  <Capture "wan">
    Interface "eth0"
    Engine "pcap"
    Filter "''' + FILTER + '''"
  </Capture>
</Plugin>
'''
COLLECTD_HUB = COLLECTD + '''<Plugin network>
  Listen "''' + HUB + '''" "25826"
</Plugin>
LoadPlugin write_prometheus
<Plugin write_prometheus>
  Host "127.0.0.1"
  Port "9103"
</Plugin>
'''

PROMETHEUS = '''global: {scrape_interval: 1s}
scrape_configs:
  - job_name: wirecensus
    static_configs: [{targets: [%s]}]
''' % ', '.join("'10.77.0.%d:8888'" % number for number in HOSTS)

RSYNCD = '''use chroot = no
port = 8873
[dump]
path = %(folder)s/dump
read only = yes
uid = root
gid = root
'''


class Skip(Exception):
    """What the machine lacks."""


def run(*command, **options):
    return subprocess.run(command, check=True, capture_output=True, text=True, **options)


def wait_until(holds, what):
    deadline = time.monotonic() + PATIENCE
    while True:
        found = holds()
        if found:
            return found
        assert time.monotonic() < deadline, 'waited in vain: %s' % what
        time.sleep(0.1)


class Fleet:
    """The namespaces, a folder for each, and what runs in them."""

    def __init__(self, program, plugin):
        self.program, self.plugin = program, plugin
        self.folder = tempfile.mkdtemp(prefix='wc-fleet-')
        self.sides = ['hub'] + list(SENT)
        self.running = []

    def space(self, side):
        return 'wc-fleet-%s-%d' % (side, os.getpid())

    def ip(self, side, *arguments):
        return run('ip', '-n', self.space(side), *arguments)

    def __enter__(self):
        try:
            for side in self.sides:
                run('ip', 'netns', 'add', self.space(side))
        except (OSError, subprocess.CalledProcessError) as error:
            self.__exit__()
            raise Skip('network namespaces cannot be made: %s' % error)
        for side in self.sides:
            os.mkdir(self.path(side))
            os.chmod(self.path(side), 0o755)
            self.ip(side, 'link', 'set', 'lo', 'up')
        self.ip('hub', 'link', 'add', 'br0', 'address', HUB_MAC, 'type', 'bridge')
        self.ip('hub', 'addr', 'add', HUB + '/24', 'dev', 'br0')
        self.ip('hub', 'link', 'set', 'br0', 'up')
        for number, side in enumerate(SENT, 1):
            self.ip('hub', 'link', 'add', 'h%d' % number, 'type', 'veth', 'peer', 'name', 'eth0',
                    'netns', self.space(side))
            self.ip('hub', 'link', 'set', 'h%d' % number, 'master', 'br0', 'up')
            self.ip(side, 'addr', 'add', '10.77.0.%d/24' % number, 'dev', 'eth0')
            self.ip(side, 'link', 'set', 'eth0', 'up')
            # Nothing waits for an address, in a queue that may be too short.
            self.ip(side, 'neigh', 'add', HUB, 'lladdr', HUB_MAC, 'dev', 'eth0')
        for number, side in enumerate(SENT, 1):
            for host, link in (('hub', 'h%d' % number), (side, 'eth0')):
                wait_until(lambda host=host, link=link: 'state UP' in
                           self.ip(host, 'link', 'show', link).stdout, '%s of %s' % (link, host))
        return self

    def __exit__(self, *_):
        for process in reversed(self.running):
            process.kill()
            process.wait()
        for side in self.sides:
            remove(self.space(side))
        shutil.rmtree(self.folder, ignore_errors=True)

    def path(self, *names):
        return os.path.join(self.folder, *names)

    def write(self, side, name, text, **names):
        names.update(folder=self.path(side), name=side)
        with open(self.path(side, name), 'w', encoding='utf-8') as out:
            out.write(text % names)
        return self.path(side, name)

    def start(self, side, *command):
        """Starts a program on a host, which has a name of its own."""
        if not shutil.which(command[0]):
            raise Skip('there is no %s' % command[0])
        with open(self.path(side, os.path.basename(command[0]) + '.out'), 'w') as out:
            process = subprocess.Popen(
                ['ip', 'netns', 'exec', self.space(side), 'unshare', '--uts', '--ipc', 'sh', '-c',
                 'hostname "$0" && exec "$@"', side, *command], stdout=out, stderr=out)
        self.running.append(process)
        return process

    def on(self, side, *command):
        return run('ip', 'netns', 'exec', self.space(side), *command).stdout

    def listens(self, side, port, kind='t'):
        return ':%d ' % port in self.on(side, 'ss', '-Hln' + kind)

    def daemons(self, more=''):
        """Starts the daemon on each host, and waits until all of them count."""
        for number, side in enumerate(SENT, 1):
            config = self.write(side, 'wirecensus.conf', DAEMON + more.replace('@', str(number)))
            self.start(side, self.program, 'daemon', '-c', config)
        for side in SENT:
            wait_until(lambda: 'counts: captures' in self.said(side), '%s counts' % side)

    def said(self, side, program='wirecensus'):
        with open(self.path(side, program + '.out'), encoding='utf-8') as out:
            return out.read()

    def send(self):
        for number, side in enumerate(SENT, 1):
            self.on(side, sys.executable, '-c', SEND % {
                'number': number, 'packets': SENT[side], 'bytes': BYTES - 42})


def expect(counted, what, unit=1):
    """@counted() maps hosts to numbers; waits until these are what was sent, and no more."""
    wanted = {side: packets * unit for side, packets in SENT.items()}
    last = {}

    def holds():
        last.clear()
        last.update(counted())
        return last == wanted

    try:
        wait_until(holds, what)
    except AssertionError:
        raise AssertionError('%s: %s in place of %s' % (what, last, wanted)) from None
    print('%s: %s' % (what, ', '.join('%s %d' % pair for pair in sorted(last.items()))))


def collectd(fleet):
    """The plugin on each host, network to one collectd, which has write_prometheus."""
    if not fleet.plugin or not os.path.exists(fleet.plugin):
        raise Skip('the collectd plugin was not built')
    fleet.start('hub', 'collectd', '-f', '-C', fleet.write('hub', 'collectd.conf', COLLECTD_HUB))
    wait_until(lambda: fleet.listens('hub', 9103), 'write_prometheus listens')
    for side in SENT:
        config = fleet.write(side, 'collectd.conf', COLLECTD_HOST,
                             plugins=os.path.dirname(fleet.plugin))
        fleet.start(side, 'collectd', '-f', '-C', config)

    def scraped(metric, kind):
        text = fleet.on('hub', 'curl', '-sS', 'http://127.0.0.1:9103/metrics')
        found = {}
        for line in text.splitlines():
            match = re.match(metric + r'\{(.*)\} ([0-9.e+]+)', line)
            labels = dict(re.findall(r'(\w+)="([^"]*)"', match[1])) if match else {}
            if labels.get('type') == kind:
                found[labels['instance']] = round(float(match[2]))
        return found

    wait_until(lambda: len(scraped('collectd_wirecensus_packets_total', 'counted')) == len(SENT),
               'all hosts are heard')
    fleet.send()
    expect(lambda: scraped('collectd_wirecensus_packets_total', 'counted'), 'collectd, packets')
    expect(lambda: scraped('collectd_wirecensus_total_bytes_total', 'udp'),
           'collectd, bytes', BYTES)


def rsyslog(fleet):
    """RELP from each daemon to one rsyslogd."""
    fleet.start('hub', 'rsyslogd', '-n', '-iNONE', '-f',
                fleet.write('hub', 'rsyslog.conf', RSYSLOG))
    wait_until(lambda: fleet.listens('hub', 2514), 'rsyslogd listens')
    fleet.daemons('syslog central { address = "relp://%s:2514"  rows = {"port"} }\n' % HUB)
    fleet.send()

    def received():
        found = collections.Counter()
        if os.path.exists(fleet.path('hub', 'out')):
            with open(fleet.path('hub', 'out'), encoding='utf-8') as out:
                for line in out:
                    match = re.search(r'(host\d) wirecensus.* packets="(\d+)"', line)
                    if match and 'port="9000"' in line:
                        found[match[1]] += int(match[2])
        return found

    expect(received, 'rsyslog by RELP, packets of udp 9000')


def ipfix(fleet):
    """Flow records from each daemon to one nfcapd."""
    os.mkdir(fleet.path('hub', 'flows'))
    nfcapd = fleet.start('hub', 'nfcapd', '-w', fleet.path('hub', 'flows'), '-b', HUB, '-p', '4739',
                         '-S', '0', '-t', '2')
    wait_until(lambda: fleet.listens('hub', 4739, 'u'), 'nfcapd listens')
    fleet.daemons('ipfix flows { address = "udp://%s:4739"  profile = "nfdump" }\n' % HUB)
    fleet.send()

    def stored():
        assert nfcapd.poll() is None
        found = collections.Counter()
        for name in glob.glob(fleet.path('hub', 'flows', 'nfcapd.2*')):
            text = run('nfdump', '-q', '-r', name, '-o', 'fmt:%sa %dp %pkt').stdout
            for source, port, packets in map(str.split, text.splitlines()):
                if port == '9000':
                    found['host' + source.rsplit('.', 1)[1]] += int(packets)
        return found

    expect(stored, 'nfcapd by IPFIX, packets to port 9000')


def prometheus(fleet):
    """One Prometheus that scrapes all daemons."""
    fleet.daemons('http { listen = "10.77.0.@:8888"  public = yes }\n')
    os.mkdir(fleet.path('hub', 'tsdb'))
    fleet.start('hub', 'prometheus', '--config.file=' + fleet.write('hub', 'prometheus.yml', PROMETHEUS),
                '--storage.tsdb.path=' + fleet.path('hub', 'tsdb'),
                '--web.listen-address=127.0.0.1:9090')
    wait_until(lambda: fleet.listens('hub', 9090), 'Prometheus listens')
    fleet.send()

    def asked(expression):
        done = subprocess.run(
            ['ip', 'netns', 'exec', fleet.space('hub'), 'curl', '-s',
             'http://127.0.0.1:9090/api/v1/query?' + urllib.parse.urlencode({'query': expression})],
            capture_output=True, text=True, check=False)
        answer = json.loads(done.stdout) if done.stdout.startswith('{') else {}
        return {'host' + item['metric']['instance'].split(':')[0].rsplit('.', 1)[1]:
                round(float(item['value'][1]))
                for item in answer.get('data', {}).get('result', [])}

    expect(lambda: asked('sum by (instance) (wirecensus_packets_total)'), 'Prometheus, packets')
    expect(lambda: asked('sum by (instance) (wirecensus_direction_bytes_total)'),
           'Prometheus, bytes', BYTES)


def report(fleet):
    """Dump files, fetched by rsync, one report of all of them."""
    fleet.daemons('dump { path = "%(folder)s/dump" }\n')
    fleet.send()
    control = {side: fleet.path(side, 'control.sock') for side in SENT}

    def shown(side):
        done = subprocess.run([fleet.program, 'show', 'totals', '--total', '--format', 'json',
                               '--control', control[side]], capture_output=True, text=True, check=True)
        rows = [json.loads(line) for line in done.stdout.splitlines()]
        return sum(row['packets'] for row in rows if row['type'] == 'total')

    expect(lambda: {side: shown(side) for side in SENT}, 'daemons, packets')
    for number, side in enumerate(SENT, 1):
        run(fleet.program, 'dump', '--control', control[side])
        fleet.start(side, 'rsync', '--daemon', '--no-detach',
                    '--config=' + fleet.write(side, 'rsyncd.conf', RSYNCD))
        wait_until(lambda: fleet.listens(side, 8873), 'rsync listens')
        fleet.on('hub', 'rsync', '-a', 'rsync://10.77.0.%d:8873/dump/' % number,
                 fleet.path('hub', 'fleet') + '/')
    files = sorted(glob.glob(fleet.path('hub', 'fleet', '*.json')))
    assert [os.path.basename(name) for name in files] == [side + '.wan.json' for side in SENT], files
    made = json.loads(run(fleet.program, 'report', '--format', 'json', *files).stdout)
    expect(lambda: {row['host']: row['packets'] for row in made['sources'] if 'host' in row
                    and row['host']}, 'report of dump files, packets')
    everything = sum(SENT.values())
    assert made['sources'][-1]['packets'] == everything, made['sources']
    port = [row for row in made['ports'] if row['port'] == 9000]
    assert [(row['packets'], row['bytes']) for row in port] == [(everything, everything * BYTES)], port
    hosts = {row['address'] for row in made['hosts']}
    assert hosts == {HUB} | {'10.77.0.%d' % number for number in HOSTS}, hosts
    text = run(fleet.program, 'report', *files).stdout
    assert '10.77.0.0/24' in text, text


RECIPES = {recipe.__name__: recipe for recipe in (collectd, rsyslog, ipfix, prometheus, report)}


def main():
    recipe, program = RECIPES[sys.argv[1]], os.path.realpath(sys.argv[2])
    plugin = os.path.realpath(sys.argv[3]) if len(sys.argv) > 3 else None
    if os.geteuid() != 0:
        print('this needs root, for network namespaces')
        sys.exit(77)
    try:
        with Fleet(program, plugin) as fleet:
            try:
                recipe(fleet)
            except AssertionError:
                for name in glob.glob(fleet.path('*', '*.out')) + glob.glob(fleet.path('*', 'log')):
                    with open(name, encoding='utf-8', errors='replace') as out:
                        print('%s:\n%s' % (name, out.read()[-2000:]))
                raise
    except Skip as lacking:
        print(lacking)
        sys.exit(77)


if __name__ == '__main__':
    main()
