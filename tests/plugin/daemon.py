"""A real collectd in a network namespace, for the tests beside this file.

Everything is made below a scratch folder and in a namespace of the test's own; both are gone
when the test ends, and so is every process that it started.
"""
import argparse
import contextlib
import os
import pathlib
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time

SKIPPED = 77
WATCHDOG = 300  # seconds

BASE = '''
BaseDir "{folder}"
PIDFile "{folder}/collectd.pid"
Hostname "{name}"
FQDNLookup false
Interval {interval}
LoadPlugin logfile
<Plugin logfile>
  File "{folder}/log"
  LogLevel info
</Plugin>
{stock}
'''
CSV = '''
LoadPlugin csv
<Plugin csv>
  DataDir "{folder}/csv"
</Plugin>
'''
PLUGIN = '''
PluginDir "{plugins}"
LoadPlugin wirecensus
'''


def skip(reason):
    print(reason)
    sys.exit(SKIPPED)


def arguments(*more):
    """Reads --plugin FILE and --sender FILE, and skips the test where it cannot run."""
    parser = argparse.ArgumentParser()
    parser.add_argument('--plugin', type=pathlib.Path, required=True)
    parser.add_argument('--sender', type=pathlib.Path)
    for option, default in more:
        parser.add_argument(option, type=type(default), default=default)
    options = parser.parse_args()
    if not shutil.which('collectd'):
        skip('collectd is not installed')
    if os.geteuid() != 0:
        skip('this needs root, for network namespaces')
    return options


def wait_for(what, condition, seconds=WATCHDOG):
    """Waits until @condition() is true, and returns what it returned."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        result = condition()
        if result:
            return result
        time.sleep(0.05)
    sys.exit('failed: %s did not happen within %d s' % (what, seconds))


def check(condition, what, *details):
    if not condition:
        sys.exit('failed: ' + '\n'.join([what, *map(str, details)]))


class Namespace:
    """A namespace with a veth pair: what is sent on va arrives at vb."""

    def __init__(self):
        self.name = 'wcp%d' % os.getpid()

    def __enter__(self):
        done = subprocess.run(['ip', 'netns', 'add', self.name], capture_output=True, text=True)
        if done.returncode:
            skip('a network namespace cannot be made here: ' + done.stderr.strip())
        for word in ('all', 'default'):
            self.run('sysctl', '-qw', 'net.ipv6.conf.%s.disable_ipv6=1' % word, check=False)
        self.run('ip', 'link', 'set', 'lo', 'up')
        # Without it, getaddrinfo(3) as write_prometheus calls it finds no address to listen on.
        self.run('ip', 'address', 'add', '10.255.255.1/32', 'dev', 'lo')
        self.make_pair()
        return self

    def __exit__(self, *_):
        subprocess.run(['ip', 'netns', 'del', self.name], check=True)

    def make_pair(self):
        # vb has the address that the sender's frames are for.
        self.run(*'ip link add va type veth peer name vb address 02:00:00:00:00:02'.split())
        for link in ('va', 'vb'):
            self.run('ip', 'link', 'set', link, 'up')
        self.wait_for_pair()

    def wait_for_pair(self):
        """Until its carrier was noticed on both sides, what is sent is dropped."""
        for link in ('va', 'vb'):
            wait_for('the carrier of ' + link, lambda name=link: 'state UP' in self.run(
                'ip', 'link', 'show', name).stdout)

    def command(self, *words):
        return ['ip', 'netns', 'exec', self.name, *map(str, words)]

    def run(self, *words, **how):
        how = {'check': True, 'capture_output': True, 'text': True, **how}
        return subprocess.run(self.command(*words), **how)

    def send(self, sender, plan, rate=0):
        """Sends the frames of @plan, [(number, recipe)]; returns [(frames, bytes)] as sent."""
        text = ''.join('%d %s\n' % line for line in plan)
        done = self.run(sender, 'va', rate, input=text)
        return [tuple(map(int, line.split())) for line in done.stdout.splitlines()]


class Collectd:
    """One daemon, in the foreground.

    @config is what follows the plugin's LoadPlugin, @stock what comes before it, with {folder}.
    """

    def __init__(self, namespace, plugin, config, name='host', interval=1, stock='', writer=CSV,
                 prefix=()):
        self.namespace, self.prefix = namespace, list(prefix)
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix='wirecensus-'))
        self.folder.chmod(0o755)
        (self.folder / 'plugins').mkdir()
        if plugin:
            shutil.copy(plugin, self.folder / 'plugins/wirecensus.so')
        text = BASE.format(folder=self.folder, name=name, interval=interval,
                           stock=(writer + stock).format(folder=self.folder))
        if plugin:
            text += PLUGIN.format(plugins=self.folder / 'plugins') + config
        self.config = self.folder / 'collectd.conf'
        self.config.write_text(text)
        (self.folder / 'log').touch()
        self.process = None

    def command(self, *words):
        return self.namespace.command(*self.prefix, 'collectd', *words, '-C', self.config)

    @staticmethod
    def environment():
        """A plugin that was built with a sanitizer needs its library in the daemon.

        What it finds in the daemon itself is not for us: see stop().
        """
        return {**os.environ, 'LD_PRELOAD': os.environ.get('WC_PRELOAD', ''),
                'TSAN_OPTIONS': 'exitcode=0', 'ASAN_OPTIONS': 'detect_leaks=0'}

    def start(self):
        self.process = subprocess.Popen(self.command('-f'), env=self.environment(),
                                        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                                        stderr=subprocess.STDOUT)
        wait_for('the start of collectd', lambda: 'Initialization complete' in self.log() or
                 self.process.poll() is not None)
        check(self.process.poll() is None, 'collectd ended at once', self.log())
        return self

    def stop(self):
        """Ends the daemon; returns its exit status."""
        self.process.send_signal(signal.SIGTERM)
        try:
            output = self.process.communicate(timeout=WATCHDOG)[0].decode()
        except subprocess.TimeoutExpired:
            self.process.kill()
            sys.exit('failed: collectd did not end\n' + self.log())
        # What a sanitizer found is here.
        check('wirecensus' not in output, 'collectd printed', output)
        return self.process.returncode

    def once(self):
        """Runs collectd -T: start, one read, end. Returns its exit status."""
        return subprocess.run(self.command('-T'), env=self.environment(), timeout=WATCHDOG,
                              capture_output=True, check=False).returncode

    def log(self):
        return (self.folder / 'log').read_text()

    def lines(self):
        """What the plugin logged, without the time."""
        return re.findall(r'\] wirecensus plugin: (.*)', self.log())

    def values(self, instance, host='host'):
        """Maps each type-what to [(time, value)] as csv wrote them."""
        found = {}
        for path in sorted((self.folder / 'csv' / host / ('wirecensus-' + instance)).glob('*')):
            rows = [line.split(',') for line in path.read_text().split('\n')[1:-1]]
            name = re.sub(r'-\d{4}-\d\d-\d\d$', '', path.name)
            found.setdefault(name, []).extend((float(when), float(value)) for when, value in rows)
        return found

    def last(self, instance, host='host'):
        return {name: rows[-1][1] for name, rows in self.values(instance, host).items() if rows}

    def remove(self):
        if self.process and self.process.poll() is None:
            self.process.kill()
            self.process.wait()
        shutil.rmtree(self.folder, ignore_errors=True)


@contextlib.contextmanager
def running(*how, **also):
    """A started Collectd, that ends with the block."""
    daemon = Collectd(*how, **also)
    try:
        yield daemon.start()
    finally:
        daemon.remove()
