#!/usr/bin/env python3
"""`wirecensus live` as a user calls it, on the loopback of a network namespace of its own.

WIRECENSUS names the program. Which frames are counted is the business of tests/live.
"""
import ctypes
import os
import pty
import re
import select
import signal
import socket
import subprocess
import sys
import time
import unittest

import program

CLONE_NEWNET = 0x40000000
SKIPPED = 77


def enter_namespace():
    """Goes into a new network namespace, which ends with this process. Returns why not, or ''."""
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.unshare(CLONE_NEWNET):
        return 'no network namespace: ' + os.strerror(ctypes.get_errno())
    up = subprocess.run(['ip', 'link', 'set', 'lo', 'up'], capture_output=True, text=True)
    return up.stderr.strip()


def send(count, port=5000):
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sender:
        for _ in range(count):
            sender.sendto(b'x' * 58, ('127.0.0.1', port))  # 100 bytes on the wire


def sent_to(rows, port):
    """Packets that came to a port, over all intervals; loopback shows each going out and in."""
    return sum(row['packets'] for row in program.rows(rows, 'port') if row['port'] == port)


def read_until(descriptor, wanted):
    """Reads a terminal until @wanted was shown."""
    shown = b''
    until = time.monotonic() + program.TIMEOUT
    while wanted not in shown and time.monotonic() < until:
        if select.select([descriptor], [], [], 1)[0]:
            shown += os.read(descriptor, 65536)
    return shown


class Live(unittest.TestCase):
    def test_declined(self):
        """Who names a place to attach to hears at once that another engine counts, and why."""
        done = program.run('live', '-i', 'lo', '--attach', 'tcx', '--filter', 'udp', '--interval', 1,
                           '--count', 1)
        self.assertEqual(done.returncode, 0)
        self.assertRegex(done.stderr, r'^wirecensus: --attach: interface lo is counted by engine '
                                      r'ring, and not at tcx: [^\n]+\n$')

    def live(self, *arguments, **options):
        child = program.start('live', *arguments, **options)
        self.addCleanup(child.stdout.close)
        self.addCleanup(child.stderr.close)
        self.addCleanup(child.wait)
        self.addCleanup(child.kill)
        return child

    def test_count(self):
        done = program.run('live', '-i', 'lo', '--interval', 1, '--count', 3, '--format', 'json')
        self.assertEqual((done.returncode, done.stderr), (0, ''))
        totals = program.rows(done.stdout, 'total')
        self.assertEqual([row['interval'] for row in totals], [1, 2, 3])
        self.assertEqual({(row['capture'], row['observer']) for row in totals}, {('lo', 'lo')})
        self.assertEqual(len({row['instance'] for row in totals}), 1)
        for before, after in zip(totals, totals[1:]):
            self.assertEqual(before['end'], after['start'])

    def test_printed_as_it_ends(self):
        """An interval is printed as soon as it ends, not at the end of all."""
        child = self.live('-i', 'lo', '--interval', 1, '--format', 'json')
        text = child.stdout.readline()
        send(20)
        until = time.monotonic() + program.TIMEOUT
        while sent_to(text, 5000) < 20 and time.monotonic() < until:
            text += child.stdout.readline()
        self.assertGreaterEqual(sent_to(text, 5000), 20)
        self.assertIsNone(child.poll())
        child.send_signal(signal.SIGINT)
        text += child.stdout.read()
        self.assertEqual(child.wait(timeout=program.TIMEOUT), 0)
        totals = program.rows(text, 'total')
        self.assertEqual([row['interval'] for row in totals], list(range(1, len(totals) + 1)))
        for before, after in zip(totals, totals[1:]):
            self.assertEqual(before['end'], after['start'])

    def test_default_interface(self):
        """Where there is nothing but the loopback, it is what is counted."""
        done = program.run('live', '--interval', 1, '--count', 1)
        self.assertEqual((done.returncode, done.stderr), (0, ''))
        self.assertRegex(done.stdout, r'(?m)^lo\ninterval 1, ')
        self.assertRegex(done.stdout, r'(?m)^frames +[0-9]+ ')

    def test_signals(self):
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            with self.subTest(number):
                child = self.live('-i', 'lo', '--interval', '1h', '--format', 'json', '-v')
                child.stderr.readline()  # what was opened, and counts from then on
                send(20, 5001)
                child.send_signal(number)
                text = child.communicate(timeout=program.TIMEOUT)[0]
                self.assertEqual(child.returncode, 0)
                self.assertEqual(len(program.rows(text, 'total')), 1)
                self.assertGreaterEqual(sent_to(text, 5001), 20)

    def test_ignored_signals(self):
        """A shell's background job ignores SIGINT, and can be ended by it all the same."""
        def ignore():
            signal.signal(signal.SIGINT, signal.SIG_IGN)
            signal.signal(signal.SIGHUP, signal.SIG_IGN)

        child = self.live('-i', 'lo', '--interval', 1, '--format', 'json', preexec_fn=ignore)
        text = child.stdout.readline()
        child.send_signal(signal.SIGHUP)  # as nohup(1) wants it
        # It would have ended with the interval in which the signal came.
        met = len(program.rows(text, 'total'))
        while len(program.rows(text, 'total')) < met + 3:
            line = child.stdout.readline()
            self.assertTrue(line, text)
            text += line
        child.send_signal(signal.SIGINT)
        last = child.stdout.read()
        self.assertEqual(child.wait(timeout=program.TIMEOUT), 0)
        self.assertTrue(program.rows(last, 'total'), last)

    def test_reader_gone(self):
        child = self.live('-i', 'lo', '--interval', 1)
        child.stdout.close()
        self.assertEqual(child.wait(timeout=program.TIMEOUT), 1)
        self.assertEqual(child.stderr.read(), '')

    def test_refused_before_counting(self):
        for arguments, code, part in (
                (['-i', 'lo', '-i', 'nothere0'], 1, 'nothere0'),
                (['-i', 'lo', '--filter', 'no such word'], 2, 'no such word'),
                (['-i', 'lo', '-i', 'lo'], 2, 'lo'),
                (['lo'], 2, '-i'),
                (['--interval', '0'], 2, '--interval')):
            with self.subTest(arguments):
                done = program.run('live', *arguments)
                self.assertEqual((done.returncode, done.stdout), (code, ''))
                self.assertRegex(done.stderr, r'^wirecensus: [^\n]+\n$')
                self.assertIn(part, done.stderr)

    def test_verbose(self):
        done = program.run('live', '-v', '-i', 'lo', '--interval=1', '--count=1',
                           '--filter=udp or arp')
        self.assertEqual(done.returncode, 0)
        self.assertIn('lo', done.stderr)
        self.assertIn('udp or arp', done.stderr)

    def test_terminal(self):
        """On a terminal the census is drawn in place, and the last one is left there."""
        main, secondary = pty.openpty()
        child = subprocess.Popen([program.PROGRAM, 'live', '-i', 'lo', '--interval', '1'],
                                 stdin=subprocess.DEVNULL, stdout=secondary, stderr=secondary,
                                 env={**os.environ, 'TERM': 'xterm'})
        os.close(secondary)
        self.addCleanup(os.close, main)
        self.addCleanup(child.wait)
        self.addCleanup(child.kill)
        shown = read_until(main, b'interval 2,')
        self.assertIn(b'counting on 1 interface, census in 1 s', shown)
        child.send_signal(signal.SIGINT)
        shown += program.read_to_end(main)
        first, *drawn = shown.split(b'\033[H')
        self.assertNotIn(b'interval ', first)
        *censuses, last = re.split(rb'(?=interval \d+,)', b''.join(drawn))[1:]
        self.assertEqual(len(drawn), len(censuses))
        self.assertGreaterEqual(len(drawn), 2)
        for number, census in enumerate((*censuses, last), 1):
            self.assertTrue(census.startswith(b'interval %d,' % number), census)
            self.assertIn(b'\nlost', census)
        self.assertNotIn(b'\033', last)
        self.assertEqual(child.wait(timeout=program.TIMEOUT), 0)

    def test_dumb_terminal(self):
        main, secondary = pty.openpty()
        child = subprocess.run([program.PROGRAM, 'live', '-i', 'lo', '--interval=1', '--count=2'],
                               stdin=subprocess.DEVNULL, stdout=secondary, stderr=subprocess.PIPE,
                               env={**os.environ, 'TERM': 'dumb'}, timeout=program.TIMEOUT)
        os.close(secondary)
        shown = program.read_to_end(main)
        os.close(main)
        self.assertEqual(child.returncode, 0)
        self.assertIn(b'\ninterval 2,', shown)
        self.assertNotIn(b'\033', shown)


if __name__ == '__main__':
    reason = enter_namespace()
    if reason:
        print(reason)
        sys.exit(SKIPPED)
    program.main()
