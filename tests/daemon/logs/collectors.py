"""Collectors of logs as Debian has them, with the drop-ins as they are shipped.

Each gets folders of its own in place of /etc/rsyslog.d, /var/log and the like, in a mount namespace, so that
nothing of the machine's own is touched and no file is changed for the test.
"""
import glob
import json
import os
import shutil
import subprocess

from scene import Skip, run, wait_until

HERE = os.path.dirname(os.path.abspath(__file__))
DROP_INS = os.path.join(HERE, '..', '..', '..', 'conf.d')
# What cannot be installed beside the others is unpacked there by ./setup test.
ASIDE = os.path.join(HERE, '..', '..', '..', 'build', 'aside')
JOURNALD = '/lib/systemd/systemd-journald'

# As much of Debian's /etc/rsyslog.conf as matters; %s is the folder.
RSYSLOG = '''global(workDirectory="%(folder)s")
module(load="imuxsock" sysSock.name="%(folder)s/log.socket")
include(file="/etc/rsyslog.d/*.conf")
*.* action(type="omfile" file="/var/log/syslog")
'''


def certificates(scene):
    """Makes authorities and certificates in the scene's folder."""
    run(os.path.join(HERE, '..', '..', 'exporters', 'deliver', 'certificates.sh'), scene.folder)


class Process:
    """A program in the counted host's namespace.

    @binds: places, and the folders in place of them; @above: those that add to them.
    """

    def __init__(self, scene, name, command, binds, above=None):
        self.scene, self.folder, self.command = scene, scene.path(name), command
        self.binds, self.above = binds, above or {}
        for path in (*self.binds.values(), *self.above.values()):
            os.makedirs(os.path.join(self.folder, path), exist_ok=True)
        self.process = None
        scene.running.append(self)

    def start(self):
        mounts = ''.join('mount --bind %s/%s %s && ' % (self.folder, path, place)
                         for place, path in self.binds.items())
        mounts += ''.join('mount -t overlay -o lowerdir=%s/%s:%s overlay %s && '
                          % (self.folder, path, place, place)
                          for place, path in self.above.items())
        with open(os.path.join(self.folder, 'errors'), 'a') as errors:
            self.process = subprocess.Popen(
                ['nsenter', '--net=/run/netns/' + self.scene.spaces['near'], 'unshare', '--mount',
                 'sh', '-c', mounts + 'exec "$0" "$@"', *self.command],
                stdin=subprocess.DEVNULL, stdout=errors, stderr=errors)

    def kill(self):
        if self.process:
            self.process.kill()
            self.process.wait()
            self.process = None

    def end(self):
        self.kill()

    def listens(self, what):
        """@what: u:PORT or t:PORT, or a path below the folder."""
        assert self.process.poll() is None, self.read('errors')
        if what.startswith('/'):
            return os.path.exists(self.folder + what)
        kind, port = what.split(':')
        return (':%s ' % port) in self.scene.on('near', 'ss', '-Hln' + kind).stdout

    def read(self, path):
        try:
            with open(os.path.join(self.folder, path)) as file:
                return file.read()
        except FileNotFoundError:
            return ''

    def certify(self, folder, name='good'):
        """Gives it the certificate @name, under the names of the drop-ins."""
        target = os.path.join(self.folder, folder)
        os.makedirs(target, exist_ok=True)
        for file, end in ((name + '.pem', 'certificate.pem'), (name + '.key', 'key.pem'),
                          ('trusted.pem', 'ca.pem')):
            shutil.copy(self.scene.path(file), os.path.join(target, end))

    def rows_of(self, path):
        """What is in a file of JSON lines; texts become what they were."""
        return [plain(json.loads(line)) for line in self.read(path).split('\n')[:-1]]


class Rsyslogd(Process):
    """Started with wirecensus.conf and the drop-ins of @names; listens when this returns."""

    def __init__(self, scene, name, names, waits=()):
        if not shutil.which('rsyslogd'):
            raise Skip('there is no rsyslogd')
        super().__init__(scene, name, ['rsyslogd', '-n', '-iNONE', '-f', scene.path(name + '/main')],
                         {'/etc/rsyslog.d': 'rsyslog.d', '/var/log': 'log', '/run': 'run'})
        self.waits = waits
        for drop_in in ('wirecensus', *('wirecensus-' + each for each in names)):
            shutil.copy(os.path.join(DROP_INS, 'rsyslog', drop_in + '.conf'),
                        self.folder + '/rsyslog.d')
        if any('tls' in each for each in names):
            self.certify('rsyslog.d/wirecensus')
        with open(self.folder + '/main', 'w') as file:
            file.write(RSYSLOG % {'folder': self.folder})
        self.start()

    def start(self):
        super().start()
        for what in self.waits:
            wait_until(lambda what=what: self.listens(what), '%s of rsyslogd' % what)

    def kill(self):
        super().kill()
        for what in self.waits:
            if what.startswith('/') and os.path.exists(self.folder + what):
                os.unlink(self.folder + what)

    def rows(self):
        return self.rows_of('log/wirecensus.json')

    def others(self):
        """What it took for something else, and what it complained of."""
        return self.read('log/wirecensus-other.log') + self.read('log/syslog') + self.read('errors')


class SyslogNg(Process):
    """Started with its drop-ins; listens when this returns. It and rsyslog exclude each other as packages."""

    def __init__(self, scene, waits):
        command = shutil.which('syslog-ng')
        options = ['-F', '--no-caps', '-f', scene.path('syslog-ng/main'), '-R',
                   scene.path('syslog-ng/persist'), '-c', scene.path('syslog-ng/control'),
                   '-p', scene.path('syslog-ng/pid')]
        libraries = []
        if not command:
            command, libraries = os.path.join(ASIDE, 'usr/sbin/syslog-ng'), libraries_of(ASIDE)
            options += ['--module-path', ':'.join(glob.glob(ASIDE + '/usr/lib/syslog-ng/3*'))]
        command = ['env', 'LD_LIBRARY_PATH=' + ':'.join(libraries), command]
        if subprocess.run([*command, '--version'], capture_output=True, check=False).returncode:
            raise Skip('there is no syslog-ng that runs')
        super().__init__(scene, 'syslog-ng', [*command, *options], {'/var/log': 'log'},
                         {'/etc': 'etc'})
        shutil.copytree(DROP_INS + '/syslog-ng', self.folder + '/etc/syslog-ng/conf.d')
        self.certify('etc/syslog-ng/wirecensus')
        with open(self.folder + '/main', 'w') as file:
            file.write('@version: 3.38\n@include "/etc/syslog-ng/conf.d/*.conf"\n')
        self.start()
        for what in waits:
            wait_until(lambda what=what: self.listens(what), '%s of syslog-ng' % what)

    def rows(self):
        return self.rows_of('log/wirecensus.json')

    def others(self):
        return self.read('log/wirecensus-other.log')


def libraries_of(root):
    return glob.glob(root + '/usr/lib/syslog-ng') + glob.glob(root + '/usr/lib/*-linux-gnu')


class Journald(Process):
    """systemd-journald with a /run of its own, and those who write to it."""

    def __init__(self, scene):
        if not os.path.exists(JOURNALD) or not shutil.which('journalctl'):
            raise Skip('there is no systemd-journald')
        super().__init__(scene, 'journald', [JOURNALD], {'/run': 'run'})
        os.makedirs(self.folder + '/run/systemd/journal')
        os.makedirs(self.folder + '/run/log/journal')
        self.start()
        wait_until(lambda: self.listens('/run/systemd/journal/socket'), 'journald')

    def beside(self, program):
        """Returns what starts @program with the /run of this journald."""
        path = self.folder + '/beside'
        with open(path, 'w') as file:
            file.write('#!/bin/sh\nmount --bind %s/run /run && exec %s "$@"\n'
                       % (self.folder, os.path.abspath(program)))
        os.chmod(path, 0o755)
        return path

    def entries(self):
        done = run('journalctl', '-D', self.folder + '/run/log/journal', '-o', 'json', '--all',
                   '-t', 'wirecensus', 'WIRECENSUS_SCHEMA=1')
        return [json.loads(line) for line in done.stdout.split('\n')[:-1]]

    def rows(self):
        return [plain({name[len('WIRECENSUS_'):].lower(): value for name, value in entry.items()
                       if name.startswith('WIRECENSUS_')}) for entry in self.entries()]


def plain(row):
    """A row as it is in every form: those that have texts only, and those without lists or null."""
    return {name: plain_value(name, value) for name, value in row.items() if value is not None}


# What stays text, whatever it looks like.
TEXTS = ('capture', 'observer', 'host', 'name', 'names', 'address', 'client', 'server')


def plain_value(name, value):
    if isinstance(value, list):
        return ' '.join(value)
    if name in TEXTS or not isinstance(value, str):
        return value
    if value in ('true', 'false'):
        return value == 'true'
    try:
        return float(value) if '.' in value else int(value)
    except ValueError:
        return value
