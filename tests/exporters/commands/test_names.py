#!/usr/bin/env python3
"""`wirecensus --names` as a user calls it, with a name server that lies, and one that is silent.

WIRECENSUS names the program, HOSTILE_DNS the server; without it, the build has no names.
"""
import collections
import os
import socket
import subprocess
import tempfile
import time
import unittest

import program
import test_live

SERVER = os.environ.get('HOSTILE_DNS')
ATTEMPTS = 3  # as exporters/names/names.h has it; 2 s lie between them


class Server:
    """The hostile server: its address, and the names that must come of each host."""

    def __enter__(self):
        self.child = subprocess.Popen([SERVER], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                      text=True)
        lines = iter(self.child.stdout.readline, '\n')
        self.address = next(line.strip() for line in lines if line.startswith('127.'))
        rows = (line.rstrip('\n').split('\t') for line in lines)
        self.names = {int(number): names for number, *names in rows}
        return self

    def __exit__(self, *_):
        self.child.communicate(timeout=program.TIMEOUT)


class Capture:
    """A file with one frame from each host that the server knows."""

    def __init__(self, numbers):
        self.folder = tempfile.TemporaryDirectory()
        self.path = os.path.join(self.folder.name, 'capture')
        with open(self.path, 'wb') as out:
            out.write(program.pcap(*(program.udp(53, number) for number in numbers)))

    def __enter__(self):
        return self.path

    def __exit__(self, *_):
        self.folder.cleanup()


@unittest.skipUnless(SERVER, 'a build without names')
class Names(unittest.TestCase):
    def read(self, server, path, *arguments):
        """Three times the same file: what came late for one is known in the next."""
        done = program.run('read', '--names', '--name-server', server.address, *arguments,
                           path, path, path)
        self.assertEqual((done.returncode, done.stderr), (0, ''))
        return done.stdout

    def test_hostile_answers_as_json(self):
        with Server() as server, Capture(server.names) as path:
            self.assertGreaterEqual(len(server.names), 30)
            hosts = program.rows(self.read(server, path, '--format=json'), 'host')
            count = len(server.names)
            self.assertEqual(len(hosts), 3 * count)
            order = [row['address'] for row in hosts]
            self.assertEqual(order[:count], order[count:2 * count])
            self.assertEqual(
                {row['address']: row['names'] for row in hosts[2 * count:]},
                {'198.51.100.%d' % number: names for number, names in server.names.items()})

    def test_hostile_answers_as_text(self):
        with Server() as server, Capture(server.names) as path:
            text = self.read(server, path, '--top=100')
            controls = {c for c in text if c != '\n' and not c.isprintable()}
            self.assertEqual(controls, set())
            last = text[text.rindex('\nhost '):].split('\n\n')[0].splitlines()[2:]
            shown = {line.split()[0]: line.split()[7:] for line in last}
            shown.pop('all')
            self.assertEqual(len(last), len(server.names) + 1)
            for number, names in server.names.items():
                name = names[0] if names else ''
                short = name if len(name) <= 40 else '...' + name[-36:]
                self.assertEqual(shown['198.51.100.%d' % number], [short] if name else [])

    def test_all_answered(self):
        with Server() as server, Capture([200]) as path:
            done = program.run('read', '--names', '--name-server', server.address, '-v', path)
            self.assertEqual(done.returncode, 0)
            self.assertIn('hosts whose names were not answered: 0\n', done.stderr)

    def test_wrong_server(self):
        with Capture([1]) as path:
            done = program.run('read', '--names', '--name-server', 'resolver.example', path)
        self.assertEqual((done.returncode, done.stdout), (2, ''))
        self.assertRegex(done.stderr, r"^wirecensus: --name-server: 'resolver\.example'[^\n]*\n$")


@unittest.skipUnless(SERVER, 'a build without names')
class Silent(unittest.TestCase):
    """A server that takes questions and never answers."""

    def setUp(self):
        self.server = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.addCleanup(self.server.close)
        self.server.bind(('127.0.0.1', 0))
        self.server.setblocking(False)
        self.address = '127.0.0.1:%d' % self.server.getsockname()[1]

    def questions(self):
        """How often each name was asked for."""
        asked = collections.Counter()
        while True:
            try:
                asked[self.server.recv(512)[12:]] += 1
            except BlockingIOError:
                return asked

    def test_read_goes_on(self):
        with Capture([7]) as path:
            done = program.run('read', '--names', '--name-server', self.address, '-v',
                               '--format=json', path)
        self.assertEqual(done.returncode, 0)
        self.assertEqual([row['names'] for row in program.rows(done.stdout, 'host')], [[], []])
        self.assertIn('hosts whose names were not answered: 2\n', done.stderr)

    def test_silence_is_told(self):
        """Once, and not where all was answered."""
        with Capture([7]) as path:
            done = program.run('read', '--names', '--name-server', self.address, path, path)
        self.assertEqual(done.returncode, 0)
        self.assertRegex(done.stderr, r'^wirecensus: no name server gave an answer: [^\n]+\n$')

    def test_live_delays_no_interval(self):
        reason = test_live.enter_namespace()
        if reason:
            self.skipTest(reason)
        self.server.close()
        self.setUp()
        child = program.start('live', '-i', 'lo', '--interval=1', '--count=2', '--format=json',
                              '--names', '--name-server', self.address, '-v')
        while child.poll() is None:
            test_live.send(1)
            time.sleep(0.01)
        text, _ = child.communicate(timeout=program.TIMEOUT)
        self.assertEqual(child.returncode, 0)
        totals = program.rows(text, 'total')
        self.assertEqual([row['interval'] for row in totals], [1, 2])
        self.assertEqual(totals[0]['end'], totals[1]['start'])
        self.assertEqual({tuple(row['names']) for row in program.rows(text, 'host')}, {()})
        # Who waits for a question to be given up sees all of its attempts.
        asked = self.questions()
        self.assertTrue(asked)
        self.assertLess(max(asked.values()), ATTEMPTS)


@unittest.skipIf(SERVER, 'a build with names')
class Without(unittest.TestCase):
    def test_refused(self):
        with Capture([1]) as path:
            done = program.run('read', '--names', path)
            self.assertEqual((done.returncode, done.stdout), (2, ''))
            self.assertRegex(done.stderr, r'^wirecensus: --names: reverse names are not in this build')
            self.assertEqual(program.run('read', path).returncode, 0)


if __name__ == '__main__':
    program.main()
