#!/usr/bin/env python3
"""`wirecensus read` as a user calls it: output, messages, exit status. WIRECENSUS names the program."""
import array
import fcntl
import os
import pty
import select
import signal
import subprocess
import tempfile
import termios
import time
import unittest

import program

GOOD = program.pcap(program.arp(), program.udp(53), program.udp(53))
CUT = GOOD[:-10]  # two whole frames, and a part of the third


def has_ipfix():
    done = program.run('read', '--ipfix', '/dev/null', '/dev/null')
    return 'this build has no IPFIX' not in done.stderr


class Read(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = folder.name

    def file(self, name, content):
        path = os.path.join(os.fsencode(self.folder), os.fsencode(name))
        with open(path, 'wb') as out:
            out.write(content)
        return os.fsdecode(path)

    def sentence(self, done, *parts):
        """Standard error is one line, of this program, with all @parts."""
        self.assertRegex(done.stderr, r'^wirecensus: [^\n]+\n$')
        for part in parts:
            self.assertIn(part, done.stderr)

    def test_text(self):
        done = program.run('read', '--local-address=198.51.100.2', self.file('good', GOOD),
                           env={**os.environ, 'TZ': 'UTC'})
        self.assertEqual((done.returncode, done.stderr), (0, ''))
        self.assertRegex(done.stdout, r'(?m)^frames +3   1\.5 per second$')
        self.assertRegex(done.stdout, r'(?m)^bytes +144 ')
        self.assertRegex(done.stdout, r'(?m)^lost +0$')
        self.assertIn('2023-11-14 22:13:20 to 22:13:22 UTC, 2.000 s\n', done.stdout)
        self.assertRegex(done.stdout, r'(?m)^ +53 domain +in +2 +84 +58\.3% +-$')
        self.assertRegex(done.stdout, r'(?m)^0x0806 arp +transit +1 +60 +41\.7%$')
        self.assertNotIn('INCOMPLETE', done.stdout)
        self.assertNotIn('\033', done.stdout)

    def test_json(self):
        done = program.run('read', '--format', 'json', self.file('good', GOOD))
        self.assertEqual((done.returncode, done.stderr), (0, ''))
        total, port, ethertype, conversation, sender, receiver = program.rows(done.stdout)
        self.assertEqual((total['frames'], total['bytes'], total['complete']), (3, 144, True))
        self.assertEqual((total['capture'], total['interval'], total['rows']), ('read', 1, 6))
        self.assertEqual((total['conversations'], total['hosts']), (1, 2))
        self.assertEqual((port['port'], port['packets'], port['bytes']), (53, 2, 84))
        self.assertEqual((ethertype['ethertype'], ethertype['packets']), (0x0806, 1))
        self.assertRegex(total['instance'],
                         '^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$')
        self.assertEqual((conversation['client'], conversation['server'], conversation['port']),
                         ('198.51.100.1', '198.51.100.2', 53))
        self.assertEqual((conversation['packets'], conversation['reverse_packets']), (2, 0))
        self.assertEqual((conversation['first_seen'], conversation['last_seen']),
                         ('2023-11-14T22:13:21.000Z', '2023-11-14T22:13:22.000Z'))
        self.assertNotIn('client_port', conversation)
        self.assertEqual((sender['address'], sender['sent_packets'], sender['sent_bytes']),
                         ('198.51.100.1', 2, 84))
        self.assertEqual((receiver['address'], receiver['received_packets']), ('198.51.100.2', 2))
        again = program.run('read', '--format', 'json', self.file('good', GOOD))
        self.assertNotEqual(program.rows(again.stdout)[0]['instance'], total['instance'])

    def test_several_files_one_bad(self):
        files = [self.file('1', GOOD), self.file('2', b'this is no capture file at all'),
                 os.path.join(self.folder, 'missing'), self.file('4', program.pcap())]
        done = program.run('read', '--format', 'json', *files)
        self.assertEqual(done.returncode, 1)
        totals = program.rows(done.stdout, 'total')
        self.assertEqual([(row['interval'], row['frames'], row['observer']) for row in totals],
                         [(1, 3, files[0]), (4, 0, files[3])])
        self.assertEqual((totals[1]['start'], totals[1]['end']), (None, None))
        first, second = done.stderr.splitlines()
        self.assertIn(files[1], first)
        self.assertIn(files[2], second)

    def test_damaged(self):
        path = self.file('cut', CUT)
        done = program.run('read', path)
        self.assertEqual(done.returncode, 1)
        self.assertRegex(done.stdout, r'(?m)^frames +2 ')
        self.assertRegex(done.stdout, r'(?m)^INCOMPLETE ')
        self.sentence(done, path)
        done = program.run('read', '--format', 'json', path)
        self.assertEqual(done.returncode, 1)
        total = program.rows(done.stdout, 'total')[0]
        self.assertEqual((total['frames'], total['complete']), (2, False))

    def test_standard_input(self):
        done = subprocess.run([program.PROGRAM, 'read', '--format=json', '-'], input=GOOD,
                              capture_output=True, timeout=program.TIMEOUT)
        self.assertEqual((done.returncode, done.stderr), (0, b''))
        self.assertEqual(program.rows(done.stdout)[0]['frames'], 3)

    def test_standard_input_is_a_terminal(self):
        """Nothing is waited for, and nothing is read of the other files."""
        main, secondary = pty.openpty()
        done = program.run('read', self.file('good', GOOD), '-', stdin=secondary)
        os.close(main)
        os.close(secondary)
        self.assertEqual((done.returncode, done.stdout), (2, ''))
        self.sentence(done, "'-'", 'terminal', 'tcpdump -w - | wirecensus read -')

    def test_wrong_filter(self):
        files = [self.file('1', GOOD), self.file('2', GOOD)]
        done = program.run('read', '--filter', 'no such word', *files)
        self.assertEqual((done.returncode, done.stdout), (2, ''))
        self.sentence(done, 'no such word')  # once, not for each file

    def test_filter(self):
        done = program.run('read', '--format=json', '--filter', 'udp', self.file('1', GOOD))
        self.assertEqual((done.returncode, program.rows(done.stdout)[0]['frames']), (0, 2))

    @unittest.skipUnless(has_ipfix(), 'this build has no IPFIX')
    def test_ipfix_takes_no_capture(self):
        """Neither one that is read, by any name, nor one that stands where the name was forgotten."""
        files = [self.file('1', GOOD), self.file('2', GOOD)]
        link = os.path.join(self.folder, 'link')
        os.link(files[1], link)
        for arguments, part in ((files[:1] * 2, 'one of the files to read'),
                                ([link, *files], 'one of the files to read'),
                                (files, 'no IPFIX file')):
            with self.subTest(arguments):
                done = program.run('read', '--ipfix', *arguments)
                self.assertEqual((done.returncode, done.stdout), (2, ''))
                self.sentence(done, '--ipfix', arguments[0], part)
        with open(files[0], 'rb') as given:
            done = program.run('read', '--ipfix', files[0], '-', stdin=given)
        self.assertEqual(done.returncode, 2)
        for path in files:
            with open(path, 'rb') as kept:
                self.assertEqual(kept.read(), GOOD)

    @unittest.skipUnless(has_ipfix(), 'this build has no IPFIX')
    def test_ipfix_again(self):
        """An IPFIX file is replaced, and so is an empty one."""
        out = self.file('out', b'')
        sizes = []
        for content in (GOOD, program.pcap()):
            done = program.run('read', '--ipfix', out, self.file('in', content))
            self.assertEqual((done.returncode, done.stderr), (0, ''))
            sizes.append(os.path.getsize(out))
        self.assertLess(sizes[1], sizes[0])
        self.assertEqual(program.run('read', '--ipfix', '/dev/null', self.file('in', GOOD)).returncode, 0)

    def test_usage(self):
        for arguments, part in ((['read'], 'FILE'), (['read', '--bogus', 'f'], '--bogus'),
                                (['read', '--top', 'x', 'f'], '--top'),
                                (['read', '-i', 'lo', 'f'], '-i'), ([], 'help'),
                                (['bogus'], 'bogus'), (['help', 'bogus'], 'bogus'),
                                (['read', ''], "'' is no file"),
                                (['help', 'read', 'live'], "'live' is a second"),
                                (['--help', 'read', 'live'], "'live' is a second"),
                                (['version', 'x'], "version takes no argument 'x'"),
                                (['--version', '--bogus'], '--bogus')):
            with self.subTest(arguments):
                done = program.run(*arguments)
                self.assertEqual((done.returncode, done.stdout), (2, ''))
                self.sentence(done, part)

    def test_help(self):
        for arguments in (['help'], ['--help'], ['-h'], ['read', '--help'], ['help', 'live'],
                          ['live', '-h'], ['--version'], ['version'], ['help', 'help'],
                          ['help', 'version'], ['help', '--help'], ['version', '-h']):
            with self.subTest(arguments):
                done = program.run(*arguments)
                self.assertEqual((done.returncode, done.stderr), (0, ''))
                self.assertIn('wirecensus', done.stdout)

    def test_verbose(self):
        path = self.file('good', GOOD)
        done = program.run('read', '--verbose', path)
        self.assertEqual(done.returncode, 0)
        self.assertIn(path, done.stderr)

    def test_full_disk(self):
        with open('/dev/full', 'w') as full:
            done = program.run('read', self.file('good', GOOD), stdout=full)
            self.assertEqual(done.returncode, 1)
            self.sentence(done, 'standard output', 'No space left')
            self.assertEqual(program.run('--help', stdout=full).returncode, 1)

    def test_closed_output(self):
        """Nothing else that is opened may take the place of a closed standard output."""
        done = program.run('read', self.file('good', GOOD), preexec_fn=lambda: os.close(1))
        self.assertEqual(done.returncode, 1)
        self.sentence(done, 'standard output')

    def test_reader_gone(self):
        reading, writing = os.pipe()
        os.close(reading)
        done = program.run('read', self.file('good', GOOD), stdout=writing)
        os.close(writing)
        self.assertEqual((done.returncode, done.stderr), (1, ''))

    def test_hostile_names(self):
        names = [b'\033[31mred', b'quote"s', b'back\\slash', b'new\nline', b'\xff\xfe', b'\xc3(',
                 b'\x9b31m', b'\xc2\x9b31m', b'%n%s', b'tab\t', b'\x7f', b'-', b'--format',
                 '\u202egpj.exe'.encode(), 'Z\u00fcrich'.encode()]
        paths = [self.file(name, GOOD) for name in names]
        done = subprocess.run([program.PROGRAM, 'read', '--format', 'json', '--', *paths],
                              capture_output=True, timeout=program.TIMEOUT)
        self.assertEqual((done.returncode, done.stderr), (0, b''))
        done.stdout.decode()  # strictly
        self.assertEqual(len(program.rows(done.stdout, 'total')), len(names))

        bad = [self.file(name + b'.txt', b'no capture') for name in names]
        done = subprocess.run([program.PROGRAM, 'read', '--', *paths, *bad], capture_output=True,
                              timeout=program.TIMEOUT)
        self.assertEqual(done.returncode, 1)
        self.assertEqual(len(done.stderr.splitlines()), len(names))
        for text in (done.stdout, done.stderr):
            controls = {c for c in text.decode() if c != '\n' and not c.isprintable()}
            self.assertEqual(controls, set())

    @staticmethod
    def waits_for_more(child):
        """It has taken what there was, and sleeps."""
        left = array.array('i', [0])
        fcntl.ioctl(child.stdin, termios.FIONREAD, left)
        with open('/proc/%d/stat' % child.pid, encoding='ascii', errors='replace') as stat:
            return not left[0] and stat.read().rsplit(') ', 1)[1][0] == 'S'

    def test_interrupted(self):
        """What was counted of a file that does not end is printed."""
        child = subprocess.Popen([program.PROGRAM, 'read', '--format=json', '-', '/dev/null'],
                                 stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                 stderr=subprocess.PIPE)
        child.stdin.write(GOOD)
        child.stdin.flush()
        while not self.waits_for_more(child):
            time.sleep(0.02)
        child.send_signal(signal.SIGINT)
        try:
            child.wait(timeout=program.TIMEOUT)
            ended_by_itself = True
        except subprocess.TimeoutExpired:
            ended_by_itself = False
        rows, messages = child.communicate(timeout=program.TIMEOUT)
        self.assertTrue(ended_by_itself)
        self.assertEqual(child.returncode, 1)
        total = program.rows(rows, 'total')[0]
        self.assertEqual((total['frames'], total['complete']), (3, False))
        self.assertIn(b'interrupted', messages)

    def test_no_bar_for_a_short_file(self):
        main, secondary = pty.openpty()
        child = subprocess.run([program.PROGRAM, 'read', self.file('good', GOOD)],
                               stdout=subprocess.PIPE, stderr=secondary, timeout=program.TIMEOUT)
        os.close(secondary)
        os.set_blocking(main, False)
        self.assertEqual(child.returncode, 0)
        try:
            shown = os.read(main, 4096)
        except OSError:  # Linux: the other end is closed, and there was nothing
            shown = b''
        os.close(main)
        self.assertEqual(shown, b'')

    def test_bar(self):
        """A long reading draws on the terminal, and takes away what it drew."""
        main, secondary = pty.openpty()
        child = subprocess.Popen([program.PROGRAM, 'read', '--format=json', '-'],
                                 stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=secondary)
        os.close(secondary)
        child.stdin.write(GOOD[:24])
        record = GOOD[24:24 + 16 + 60]
        until = time.monotonic() + program.TIMEOUT
        count = 0
        while not select.select([main], [], [], 0)[0] and time.monotonic() < until:
            child.stdin.write(record * 10000)
            count += 10000
        rows = child.communicate(timeout=program.TIMEOUT)[0]
        shown = program.read_to_end(main)
        os.close(main)
        self.assertEqual(child.returncode, 0)
        self.assertEqual(program.rows(rows)[0]['frames'], count)
        self.assertRegex(shown, rb'^\r\033\[K[0-9,]+ MB -')
        self.assertTrue(shown.endswith(b'\r\033[K'))


if __name__ == '__main__':
    program.main()
