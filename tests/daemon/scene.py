"""The daemon in one network namespace, its collectors beside it, and a sender in another.

The namespaces and the sender are those of tests/live. Collectors listen on the counted host's loopback, so
that what is delivered is not counted on near0.
"""
import ctypes
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time

sys.dont_write_bytecode = True  # the source tree stays as it is
sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), '..', 'live'))
from bed import Bed, Census, Skip, run  # noqa: E402,F401

PATIENCE = 120  # a watchdog for a slow machine, not a measure
CAMPAIGN = bool(os.environ.get('WC_CAMPAIGN'))
CLONE_NEWNET = 0x40000000


def wait_until(holds, what, seconds=PATIENCE):
    """Waits until @holds() is true; returns what it is."""
    deadline = time.monotonic() + seconds
    while True:
        found = holds()
        if found:
            return found
        assert time.monotonic() < deadline, 'waited in vain: %s' % what
        time.sleep(0.02)


class Scene(Bed):
    """Also a folder for files, and the sides that can be entered."""

    def __enter__(self):
        self.folder = tempfile.mkdtemp(prefix='wc-daemon-')
        os.chmod(self.folder, 0o755)
        self.running = []
        super().__enter__()
        return self

    def __exit__(self, *arguments):
        for what in reversed(self.running):
            what.end()
        super().__exit__(*arguments)
        shutil.rmtree(self.folder, ignore_errors=True)

    def settle(self):
        """Lets the collectors take what was sent by those who are gone now."""
        for what in self.running:
            if hasattr(what, 'settle'):
                what.settle()

    def path(self, name):
        return os.path.join(self.folder, name)

    def inside(self, make, side='near'):
        """Calls @make in a namespace; sockets that it makes stay there."""
        libc = ctypes.CDLL(None, use_errno=True)
        home = os.open('/proc/self/ns/net', os.O_RDONLY)
        there = os.open('/run/netns/' + self.spaces[side], os.O_RDONLY)
        try:
            assert libc.setns(there, CLONE_NEWNET) == 0, os.strerror(ctypes.get_errno())
            return make()
        finally:
            libc.setns(home, CLONE_NEWNET)
            os.close(home)
            os.close(there)

    def configure(self, text, name=''):
        """Writes a configuration, with the state in the scene's folder; of several daemons, by name."""
        path = self.path(name + 'wirecensus.conf')
        with open(path, 'w') as file:
            file.write('interval = 1\nstate = "%s"\ncontrol = "%s"\n%s'
                       % (self.path(name + 'state'), self.path(name + 'control.sock'), text))
        return path

    def daemon(self, text, **options):
        """Starts the daemon and waits until it counts."""
        daemon = Daemon(self, self.configure(text), **options)
        daemon.wait_for('counts: captures')
        return daemon

    def shoot(self, plan, link='far0', rate=0):
        """Sends without waiting for what is on its way; returns (frames, bytes) for each line."""
        side = 'near' if link.startswith('near') else 'far'
        text = ''.join('%d %s\n' % line for line in plan)
        done = self.on(side, self.sender_path, link, str(rate), input=text)
        return [tuple(map(int, line.split())) for line in done.stdout.splitlines()]


class Daemon:
    """The program as its service manager sees it; with faults/ before the C library, if asked for."""

    def __init__(self, scene, config, environment=None, arguments=(), faults=None):
        command = ['ip', 'netns', 'exec', scene.spaces['near'], *preload(faults), scene.program,
                   'daemon', '-c', config, *arguments]
        self.process = subprocess.Popen(command, stderr=subprocess.PIPE, text=True,
                                        env={**os.environ, **(environment or {})})
        self.scene, self.said = scene, []
        self.reader = threading.Thread(target=self.read, daemon=True)
        self.reader.start()
        scene.running.append(self)

    def read(self):
        for line in self.process.stderr:
            self.said.append(line)

    def log(self):
        return ''.join(self.said)

    def wait_for(self, words, times=1):
        def holds():
            if self.process.poll() is not None:
                self.reader.join()
                assert self.log().count(words) >= times, 'it ended: %s' % self.log()
            return self.log().count(words) >= times
        try:
            wait_until(holds, words)
        except AssertionError:
            print(self.log())
            raise

    def signal(self, number):
        self.process.send_signal(number)

    def kill(self):
        self.process.kill()
        self.process.wait()

    def stop(self, alone=True):
        """Returns the seconds that the end took; it must be a good one.

        If it was @alone, its collectors have read all that it sent.
        """
        begun = time.monotonic()
        self.signal(signal.SIGTERM)
        try:
            code = self.process.wait(PATIENCE)
        finally:
            self.end()
        took = time.monotonic() - begun
        self.reader.join()
        assert code == 0, 'exit code %s: %s' % (code, self.log())
        if alone:
            self.scene.settle()
        return took

    def end(self):
        if self.process.poll() is None:
            self.kill()

    def status(self, name):
        """A field of /proc/PID/status."""
        with open('/proc/%d/status' % self.process.pid) as file:
            fields = dict(line.rstrip('\n').split(':\t', 1) for line in file if ':\t' in line)
        return fields[name]


def preload(faults):
    """What puts the words @faults to the library of faults/ into effect."""
    if not faults:
        return []
    library = os.environ['WC_FAULTS_LIBRARY']
    return ['env', 'LD_PRELOAD=' + library, 'WC_FAULTS=' + faults,
            'ASAN_OPTIONS=verify_asan_link_order=0:' + os.environ.get('ASAN_OPTIONS', '')]


def ask(scene, *words, code=0):
    """What the daemon answers on its control socket, and says besides."""
    done = subprocess.run([scene.program, *words, '--control', scene.path('control.sock')],
                          capture_output=True, text=True, timeout=PATIENCE, check=False)
    assert done.returncode == code, (done.returncode, done.stdout, done.stderr)
    return done.stdout + done.stderr


def ask_any(scene, *words):
    """As ask(), whatever the exit code."""
    return subprocess.run([scene.program, *words, '--control', scene.path('control.sock')],
                          capture_output=True, text=True, timeout=PATIENCE, check=False).stdout


def once(rows):
    """Drops what was delivered again, which must be the same as before; says how much that was."""
    seen, kept = {}, []
    for row in rows:
        identity = (row['instance'], row['capture'], row['interval'], row['row'])
        if identity in seen:
            assert seen[identity] == row, 'two rows of one identity: %s, %s' % (seen[identity], row)
            continue
        seen[identity] = row
        kept.append(row)
    return kept, len(rows) - len(kept)


def whole(rows):
    """Asserts that of each interval all rows are there, and that intervals are in order."""
    counts, last = {}, {}
    for row in rows:
        run_of = (row['instance'], row['capture'])
        assert row['interval'] >= last.get(run_of, 0), 'out of order: %s' % row
        last[run_of] = row['interval']
        counts.setdefault((*run_of, row['interval'], row['rows']), set()).add(row['row'])
    for identity, numbers in counts.items():
        assert numbers == set(range(1, identity[3] + 1)), 'rows are missing: %s' % (identity,)


def is_whole(rows):
    """The same, as a condition to wait for."""
    try:
        whole(once(rows)[0])
    except AssertionError:
        return False
    return True


def parse(text):
    """The rows of whole lines."""
    return [json.loads(line) for line in text.splitlines(keepends=True) if line.endswith('\n')]
