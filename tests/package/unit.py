"""The service of a unit file, started as its manager would, where systemd itself does not run."""
import ctypes
import ctypes.util
import os
import re
import socket
import subprocess
import time

ACT_ERRNO_EPERM, ACT_ALLOW = 0x00050001, 0x7fff0000
# Of who starts the service, before the daemon is there.
STARTING = ['chroot', 'mount', 'umount2', 'setns', 'unshare', 'setresuid', 'setresgid', 'setgroups',
            'setuid', 'setgid', 'bpf', 'pivot_root']


class Unit:
    """The settings of a unit file: name -> values, in their order."""

    def __init__(self, text):
        self.settings = {}
        for line in text.splitlines():
            if re.match(r'\w+=', line):
                name, value = line.split('=', 1)
                self.settings.setdefault(name, []).append(value)

    def get(self, name):
        return self.settings[name][-1]

    def capabilities(self, name):
        """As setpriv(1) takes them."""
        return ','.join(['-all'] + ['+' + word[4:].lower() for word in self.get(name).split()])

    def calls(self):
        """The system calls that SystemCallFilter= lets pass, by name."""
        allowed = set()
        for value in self.settings['SystemCallFilter']:
            names = {name for word in value.lstrip('~').split() for name in expand(word)}
            allowed = allowed - names if value[0] == '~' else allowed | names
        return allowed

    def prefix(self):
        """What stands before the command line, to run it as the unit's user with its capabilities."""
        ambient = self.capabilities('AmbientCapabilities')
        return ['setpriv', '--reuid', self.get('User'), '--regid', self.get('Group'), '--init-groups',
                '--no-new-privs', '--inh-caps', ambient, '--ambient-caps', ambient,
                '--bounding-set', self.capabilities('CapabilityBoundingSet')]


def expand(word):
    """The system calls of a group of systemd's, or the one of that name."""
    if word[0] != '@':
        return {word}
    said = subprocess.run(['systemd-analyze', 'syscall-filter', word], capture_output=True, text=True,
                          check=True).stdout
    found = set()
    for line in said.splitlines()[1:]:
        name = line.strip()
        if name and not name.startswith('#'):
            found |= expand(name)
    return found


def confine(calls):
    """Lets this process and those it starts make these system calls only; others fail with EPERM."""
    library = ctypes.CDLL('libseccomp.so.2')
    library.seccomp_init.restype = ctypes.c_void_p
    context = ctypes.c_void_p(library.seccomp_init(ACT_ERRNO_EPERM))
    for name in set(calls) | set(STARTING):
        number = library.seccomp_syscall_resolve_name(name.encode())
        if number >= 0:
            assert library.seccomp_rule_add(context, ACT_ALLOW, number, 0) == 0, name
    assert library.seccomp_load(context) == 0
    library.seccomp_release(context)


class Service:
    """A unit's main process, on a machine and in a network namespace."""

    def __init__(self, machine, unit, namespace):
        self.machine, self.unit = machine, unit
        self.notices, self.said = [], None
        self.make_folders()
        self.notify = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.notify.bind(machine.inside('/run/notify'))
        os.chmod(machine.inside('/run/notify'), 0o777)
        calls = unit.calls()
        self.process = subprocess.Popen(
            ['ip', 'netns', 'exec', namespace, 'chroot', machine.root,
             'env', '-i', 'PATH=/usr/sbin:/usr/bin:/sbin:/bin', 'NOTIFY_SOCKET=/run/notify',
             'WATCHDOG_USEC=%d' % (3 * 1000000), *unit.prefix(),
             'sh', '-c', 'umask %s; exec %s' % (unit.get('UMask'), unit.get('ExecStart'))],
            stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True,
            preexec_fn=lambda: confine(calls))

    def make_folders(self):
        """What systemd makes before the start."""
        for name, where in (('RuntimeDirectory', '/run/'), ('StateDirectory', '/var/lib/')):
            path = where + self.unit.get(name)
            self.machine.run('install', '-d', '-o', self.unit.get('User'), '-g', self.unit.get('Group'),
                             '-m', self.unit.get(name + 'Mode'), path)

    def wait_for(self, notice, seconds=60):
        """Waits until the service tells its manager @notice."""
        self.notify.settimeout(1)
        deadline = time.monotonic() + seconds
        while notice not in self.notices:
            try:
                self.notices += self.notify.recv(4096).decode().split('\n')
            except socket.timeout:
                assert self.process.poll() is None and time.monotonic() < deadline, (
                    'no %s, but %s: %s' % (notice, self.notices, self.kill()))

    def status(self):
        """The fields of /proc/PID/status."""
        with open('/proc/%d/status' % self.process.pid) as file:
            return dict(line.rstrip('\n').split(':\t', 1) for line in file if ':\t' in line)

    def kill(self):
        """Ends it at once, if it has not ended; returns what it said."""
        if self.said is None:
            self.process.kill()
            self.said = self.process.communicate()[1]
        return self.said

    def stop(self):
        """Ends it as its manager does; returns what it said."""
        self.process.terminate()
        self.said = self.process.communicate(timeout=int(self.unit.get('TimeoutStopSec')) * 10)[1]
        assert self.process.returncode == 0, (self.process.returncode, self.said)
        return self.said
