"""A real rsyslogd in the counted host's namespace, which writes what it gets as it is."""
import os
import shutil
import subprocess

from scene import Skip, is_whole, parse, run, wait_until

CERTIFICATES = os.path.join(os.path.dirname(os.path.abspath(__file__)), '..', 'exporters', 'deliver',
                            'certificates.sh')

CONFIGURATION = '''global(workDirectory="%(folder)s" maxMessageSize="64k"%(keys)s)
module(load="imtcp")
input(type="imtcp" port="%(port)d" ruleset="census"%(driver)s)
template(name="raw" type="string" string="%%rawmsg%%\\n")
ruleset(name="census") { action(type="omfile" file="%(folder)s/out" template="raw") }
'''
DRIVER = ' streamDriver.name="gtls" streamDriver.mode="1" streamDriver.authMode="anon"'
KEYS = ('CAFile="%(folder)s/trusted.pem"', 'CertFile="%(folder)s/good.pem"',
        'KeyFile="%(folder)s/good.key"')


class Rsyslog:
    """Listens when the constructor returns; over TLS if @secret."""

    def __init__(self, scene, port, secret=False):
        if not shutil.which('rsyslogd'):
            raise Skip('there is no rsyslogd')
        self.scene, self.port = scene, port
        self.folder = scene.path('rsyslog-%d' % port)
        os.mkdir(self.folder)
        if secret:
            run(CERTIFICATES, self.folder)
        names = {'folder': self.folder, 'port': port, 'driver': DRIVER if secret else '', 'keys': ''}
        if secret:
            names['keys'] = ''.join(' defaultNetstreamDriver' + key % names for key in KEYS)
        with open(self.folder + '/conf', 'w') as file:
            file.write(CONFIGURATION % names)
        self.authority = self.folder + '/trusted.pem'
        scene.running.append(self)
        self.come()

    def come(self):
        self.process = subprocess.Popen(
            ['ip', 'netns', 'exec', self.scene.spaces['near'], 'rsyslogd', '-n', '-iNONE', '-f',
             self.folder + '/conf'], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        wait_until(self.listens, 'rsyslogd to listen')

    def listens(self):
        assert self.process.poll() is None, 'rsyslogd ended with %d' % self.process.returncode
        return ':%d ' % self.port in self.scene.on('near', 'ss', '-Hlnt').stdout

    def go(self):
        """Ends as its service manager has it end."""
        self.process.terminate()
        self.process.wait()

    def rows(self):
        try:
            with open(self.folder + '/out') as file:
                return parse(file.read())
        except FileNotFoundError:
            return []

    def wait_for(self, holds, what):
        return wait_until(lambda: holds(self.rows()), what)

    def settle(self):
        self.wait_for(is_whole, 'the rest of an interval')

    def end(self):
        self.process.kill()
        self.process.wait()
