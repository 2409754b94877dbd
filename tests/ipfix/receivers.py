"""Real collectors in the counted host's namespace, with the files of conf.d as they are shipped.

Each collector has a folder of its own in place of the one that it writes to, in a mount namespace.
"""
import glob
import ipaddress
import json
import os
import re
import shutil
import signal
import socket
import ssl
import subprocess
import sys
import threading

from flows import Flows
from scene import PATIENCE, Skip, run, wait_until

HERE = os.path.dirname(os.path.abspath(__file__))
CONF = os.path.join(HERE, '..', '..', 'conf.d')
NUMBERS = {'TCP': 6, 'UDP': 17, 'tcp': 6, 'udp': 17}
PORT = 4739


class Receiver:
    """A program, killed at the end. Its folder outlives it."""

    listens = 'u'

    def __init__(self, scene, name, program):
        if not shutil.which(program):
            raise Skip('there is no %s' % program)
        self.scene, self.folder, self.process = scene, scene.path(name), None
        os.makedirs(self.folder, exist_ok=True)
        scene.running.append(self)

    def start(self, script, *arguments):
        """Runs the shell's @script, which ends in exec; waits until it listens."""
        with open(self.folder + '.log', 'w') as log, open(self.folder + '.out', 'w') as out:
            self.process = subprocess.Popen(
                # nfcapd leaves shared memory behind when it is killed, and later ones mind it.
                ['ip', 'netns', 'exec', self.scene.spaces['near'], 'unshare', '--ipc',
                 'sh', '-ec', script, 'sh', *arguments], stdout=out, stderr=log)
        wait_until(self.is_there, 'a collector at port %d' % PORT)

    def socket(self):
        """What waits to be read of it, in bytes; None if it does not listen."""
        lines = self.scene.on('near', 'ss', '-Hln' + self.listens).stdout.splitlines()
        waiting = [int(line.split()[1]) for line in lines if ':%d ' % PORT in line]
        return waiting[0] if waiting else None

    def is_there(self):
        assert self.process.poll() is None, self.log()
        return self.socket() is not None

    def log(self):
        with open(self.folder + '.log') as file:
            return file.read()

    def kill(self):
        self.process.kill()
        self.process.wait()

    def stop(self):
        """Lets it read and write down all it has."""
        wait_until(lambda: self.socket() == 0, 'what was sent is read')
        self.process.send_signal(signal.SIGINT)
        self.process.wait(PATIENCE)

    def end(self):
        if self.process and self.process.poll() is None:
            self.kill()


class Nfcapd(Receiver):
    def __init__(self, scene):
        super().__init__(scene, 'nfcapd', 'nfcapd')
        self.come()

    def come(self):
        """By the file that is shipped, as nfdump's service reads it."""
        self.start('mount --bind "$1" /var/cache/nfdump; . "$2"; mkdir -p "$cache_dir"\n'
                   'exec nfcapd $options', self.folder, os.path.join(CONF, 'nfcapd/wirecensus.conf'))

    def records(self):
        """What nfdump shows of all that was received."""
        files = sorted(glob.glob(self.folder + '/**/nfcapd.2*', recursive=True))
        found = []
        for file in files:
            text = run('nfdump', '-r', file, '-o', 'json', env={**os.environ, 'TZ': 'UTC'}).stdout
            # Of a file without flows it writes a bracket that opens, and no JSON behind it.
            found += json.loads(text) if '{' in text else []
        return found

    def keyed(self):
        return [(key_of(row), row) for row in self.records()]

    def flows(self):
        flows = Flows()
        for key, row in self.keyed():
            flows.add(key, row['in_packets'], row['in_bytes'], flags_of(row['tcp_flags']))
        return flows

    def losses(self):
        """Sums what it says with each file: of sequence errors and bad packets."""
        found = re.findall(r'Sequence Errors: (\d+), Bad Packets: (\d+)', self.log())
        assert found, 'nfcapd says nothing of its files: %s' % self.log()
        return sum(int(number) for pair in found for number in pair)


def key_of(row):
    version = '4' if 'src4_addr' in row else '6'
    return (row['proto'], row['src%s_addr' % version], row.get('src_port', 0),
            row['dst%s_addr' % version], row.get('dst_port', 0))


def flags_of(text):
    """nfdump's letters: CWR, ECE, URG, ACK, PSH, RST, SYN, FIN."""
    return sum(1 << bit for bit, letter in enumerate(reversed(text)) if letter != '.')


class Nfacctd(Receiver):
    def __init__(self, scene, change=None):
        """@change has other settings than the file that is shipped."""
        super().__init__(scene, 'nfacctd', 'nfacctd')
        with open(os.path.join(CONF, 'pmacct/nfacctd.conf')) as file:
            text = file.read()
        for name, value in (change or {}).items():
            text, found = re.subn(r'(?m)^%s:.*$' % name, '%s: %s' % (name, value), text)
            assert found == 1, name
        # In the foreground it can be waited for, and it says on standard error what it complains of.
        text = re.sub(r'(?m)^(daemonize|pidfile|syslog):.*\n', '', text)
        with open(self.folder + '/nfacctd.conf', 'w') as file:
            file.write(text)
        self.start('mount --bind "$1" /var/lib/pmacct\n'
                   'exec nfacctd -f "$1/nfacctd.conf"', self.folder)

    def rows(self):
        found = []
        for file in sorted(glob.glob(self.folder + '/*.json')):
            with open(file) as lines:
                found += [json.loads(line) for line in lines]
        return found


class Listener(Receiver):
    """libfixbuf's, over TCP."""

    listens = 't'
    made = 0

    def __init__(self, scene):
        Listener.made += 1
        # It does not ask to reuse its address, and would wait for a minute after one that was killed.
        scene.on('near', 'sysctl', '-qw', 'net.ipv4.tcp_max_tw_buckets=0')
        super().__init__(scene, 'listener%d' % Listener.made, scene.listener)
        self.start('exec "$1" 127.0.0.1 %d' % PORT, scene.listener)

    def rows(self):
        """Whole lines: it may be killed within one."""
        with open(self.folder + '.out') as file:
            return [json.loads(line) for line in file if line.endswith('\n')]


class Terminator:
    """Takes off TLS and hands on what is inside; demands and checks certificates of clients."""

    def __init__(self, scene, port, certificate):
        self.scene, self.data, self.clients = scene, 0, set()
        self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.context.load_cert_chain(scene.path(certificate + '.pem'),
                                     scene.path(certificate + '.key'))
        self.context.load_verify_locations(scene.path('trusted.pem'))
        self.context.verify_mode = ssl.CERT_REQUIRED
        self.listener = scene.inside(socket.socket)
        self.listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self.listener.bind(('127.0.0.1', port))
        self.listener.listen(8)
        scene.running.append(self)
        threading.Thread(target=self.serve, daemon=True).start()

    def serve(self):
        while True:
            try:
                connection, _ = self.listener.accept()
            except OSError:
                return
            threading.Thread(target=self.hand_on, args=(connection,), daemon=True).start()

    def hand_on(self, connection):
        try:
            with self.context.wrap_socket(connection, server_side=True) as secret, \
                    self.scene.inside(socket.socket) as plain:
                self.clients.add(dict(pair for part in secret.getpeercert()['subject']
                                      for pair in part)['commonName'])
                plain.connect(('127.0.0.1', PORT))
                while data := secret.recv(1 << 16):
                    self.data += len(data)
                    plain.sendall(data)
        except OSError:
            pass  # it was refused, which is what is looked for

    def end(self):
        self.listener.shutdown(socket.SHUT_RDWR)
        self.listener.close()


def certificates(scene):
    """Makes authorities and certificates in the scene's folder."""
    if not shutil.which('certtool'):
        raise Skip('there is no certtool')
    run(os.path.join(HERE, '..', 'exporters', 'deliver', 'certificates.sh'), scene.folder)


class Capture:
    """tcpdump on a link of the counted host."""

    def __init__(self, scene, name, link='lo', expression='udp dst port %d' % PORT):
        self.path = scene.path(name)
        self.process = subprocess.Popen(
            ['ip', 'netns', 'exec', scene.spaces['near'], 'tcpdump', '-Z', 'root', '-U',
             '--immediate-mode', '-B', '65536', '-i', link, '-w', self.path, expression],
            stderr=subprocess.PIPE, text=True)
        scene.running.append(self)
        while 'listening' not in (line := self.process.stderr.readline()):
            assert line, 'tcpdump does not start'

    def stop(self, count):
        """Once it has @count frames, which are all that there were."""
        wait_until(lambda: frames_in(self.path) >= count, '%d frames' % count)
        self.process.send_signal(signal.SIGINT)
        self.process.communicate(timeout=PATIENCE)
        assert frames_in(self.path) == count, frames_in(self.path)

    def end(self):
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()


def frames_in(path):
    """How many frames a capture file has so far."""
    with open(path, 'rb') as file:
        data = file.read()
    count, at = 0, 24
    while at + 16 <= len(data):
        at += 16 + int.from_bytes(data[at + 8:at + 12], sys.byteorder)
        count += at <= len(data)
    return count


def dissect(path):
    """What tshark makes of datagrams: how many messages of IPFIX, and all that it remarks on them."""
    if not shutil.which('tshark'):
        raise Skip('there is no tshark')
    fields = ('cflow.version', '_ws.expert.message')
    done = run('tshark', '-n', '-r', path, '-d', 'udp.port==%d,cflow' % PORT, '-T', 'fields',
               *(word for field in fields for word in ('-e', field)))
    lines = [line.split('\t') for line in done.stdout.splitlines()]
    return sum(version == '10' for version, _ in lines), [remark for _, remark in lines if remark]


def dump(path):
    """The sums of what ipfixDump shows of a file."""
    if not shutil.which('ipfixDump'):
        raise Skip('there is no ipfixDump')
    flows = Flows()
    text = run('ipfixDump', '--in', path, '--data').stdout
    for record in re.split(r'--- data record \d+ ---', text)[1:]:
        found = dict(re.findall(r'\) +(?:\(S\))? +(\w+) : (.*)', record))
        if 'sourceTransportPort' in found:
            add_dumped(flows, found)
    return flows


def add_dumped(flows, found):
    ends = [(str(ipaddress.ip_address(found.get(side + 'IPv4Address') or
                                      found[side + 'IPv6Address'])),
             int(found[side + 'TransportPort'])) for side in ('source', 'destination')]
    there = (int(found['protocolIdentifier']), *ends[0], *ends[1])
    back = (there[0], *ends[1], *ends[0])
    if int(found['packetDeltaCount']):
        flows.add(there, int(found['packetDeltaCount']), int(found['octetDeltaCount']),
                  int(found['tcpControlBits'], 0))
    if int(found.get('reversePacketDeltaCount', 0)):
        flows.add(back, int(found['reversePacketDeltaCount']),
                  int(found['reverseOctetDeltaCount']), 0)
