#!/usr/bin/env python3
"""report and history, of dump files and of a journal that a real daemon leaves behind."""
import json
import os
import shutil
import signal
import subprocess
import tempfile
import time
import unittest

import program

CONFIG = '''
interval = 1
state = "{folder}/state"
control = "{folder}/control.sock"
dump {{ path = "{folder}/dump" }}
'''


def is_root():
    return os.geteuid() == 0


@unittest.skipUnless(is_root(), 'packet sockets need root')
class Bed(unittest.TestCase):
    """One daemon counts the loopback of a namespace of its own, and all tests of a class ask it."""

    captures = ('lo',)

    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.mkdtemp()
        cls.begun = time.monotonic()
        config = os.path.join(cls.folder, 'wirecensus.conf')
        with open(config, 'w', encoding='utf-8') as out:
            out.write(CONFIG.format(folder=cls.folder))
            for name in cls.captures:
                out.write('capture %s { interface = "lo" engine = "pcap" }\n' % name)
        inside = 'ip link set lo up && exec "$0" daemon -c "$1"'
        cls.daemon = subprocess.Popen(
            ['unshare', '--net', 'sh', '-c', inside, program.PROGRAM, config],
            stderr=subprocess.PIPE, text=True)
        cls.until(lambda: program.run('status', '--control', cls.socket()).returncode == 0)

    @classmethod
    def tearDownClass(cls):
        if cls.daemon.poll() is None:
            cls.daemon.send_signal(signal.SIGTERM)
        cls.daemon.communicate(timeout=program.TIMEOUT)
        shutil.rmtree(cls.folder)

    @classmethod
    def socket(cls):
        return os.path.join(cls.folder, 'control.sock')

    @classmethod
    def until(cls, condition):
        end = time.monotonic() + program.TIMEOUT
        while not condition():
            assert time.monotonic() < end and cls.daemon.poll() is None, 'it took too long'
            time.sleep(0.1)

    @classmethod
    def talk(cls):
        """Three datagrams of 100 bytes to a closed port."""
        script = ('import socket; s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)\n'
                  'for _ in range(3): s.sendto(bytes(58), ("127.0.0.1", 9999))')
        subprocess.run(['nsenter', '--net', '--target', str(cls.daemon.pid), 'python3', '-c', script],
                       check=True)

    @classmethod
    def history(cls, *arguments):
        return program.run('history', '--journal', os.path.join(cls.folder, 'state'), *arguments)



class Daemon(Bed):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.talk()
        # The interval may have ended between two of them.
        cls.until(lambda: cls.in_journal() == (3, 3))
        program.run('dump', '--control', cls.socket())
        cls.dump = os.path.join(cls.folder, 'dump', os.listdir(os.path.join(cls.folder, 'dump'))[0])

    @classmethod
    def in_journal(cls):
        """How many datagrams to the port, and how many that were refused."""
        done = cls.history('ports', '--format', 'json')
        ports = [row for row in program.rows(done.stdout) if row.get('port') == 9999]
        return sum(row['packets'] for row in ports), sum(row['refused'] for row in ports)

    def report(self, *arguments):
        done = program.run('report', '--format', 'json', *arguments)
        self.assertEqual((done.returncode, done.stderr), (0, ''))
        return json.loads(done.stdout)

    def test_history_rows(self):
        done = self.history('ports', '--format', 'json')
        port = [row for row in program.rows(done.stdout) if row.get('port') == 9999]
        self.assertEqual(len(port), 1)
        self.assertEqual((port[0]['packets'], port[0]['bytes'], port[0]['refused']), (3, 300, 3))
        self.assertEqual(port[0]['interval'], 0)
        for what in ('totals', 'protocols', 'conversations', 'hosts', 'scanners', 'traffic', 'loss',
                     'fragments', 'ethertypes'):
            for form in ('text', 'json'):
                done = self.history(what, '--format', form, '--last', '1d')
                self.assertEqual((done.returncode, done.stderr), (0, ''), what)

    def steps(self):
        done = self.history('totals', '--step', '1s', '--last', '10m', '--format', 'json')
        return program.rows(done.stdout, 'total')

    def test_steps_add_up(self):
        self.until(lambda: len(self.steps()) > 1)
        whole = program.rows(self.history('totals', '--format', 'json').stdout, 'total')
        self.assertGreaterEqual(sum(row['frames'] for row in self.steps()), 6)
        self.assertGreaterEqual(whole[0]['frames'], 6)

    def test_wrong_questions(self):
        for arguments, code, sentence in (
                (('nothing',), 2, "'nothing' is not in the journal"),
                (('ports', 'hosts'), 2, "'hosts' is a second"),
                (('ports', '--since', 'soon'), 2, "'soon' is no time"),
                (('totals', '--step', '1s', '--last', '1d'), 2, 'more than 10000'),
                (('ports', '--since', '2001-01-01', '--until', '2001-01-02'), 1, 'has nothing of that'),
                (('ports', '--capture', 'none'), 1, 'nothing of that time and capture')):
            done = self.history(*arguments)
            self.assertEqual(done.returncode, code, arguments)
            self.assertIn(sentence, done.stderr)

    def test_report_of_the_daemon_and_of_the_journal(self):
        journal = self.report('--journal', os.path.join(self.folder, 'state'), '--last', '1h')
        row = [row for row in journal['ports'] if row['port'] == 9999][0]
        self.assertEqual((row['packets'], row['bytes'], row['refused']), (3, 300, 3))
        self.assertEqual(journal['networks'][0]['network'], '127.0.0.0/24')
        self.assertEqual([row['service'] for row in journal['conversations']], ['udp 9999'])
        live = self.report('--control', self.socket())
        self.assertEqual((live['capture'], live['complete']), ('lo', True))

    def test_one_capture(self):
        """A capture is found by its name wherever it is asked for, and another is not there."""
        state = os.path.join(self.folder, 'state')
        for asked in ([self.dump], ['--control', self.socket()], ['--journal', state, '--last', '1h']):
            self.assertEqual(self.report('--capture', 'lo', *asked)['capture'], 'lo', asked)
        for asked, code, sentence in (
                ([self.dump], 2, "none of the dump files is of a capture 'wan'"),
                (['--control', self.socket()], 2, "there is no capture 'wan'"),
                (['--journal', state, '--last', '1h'], 1, 'nothing of that time and capture')):
            done = program.run('report', '--capture', 'wan', *asked)
            self.assertEqual((done.returncode, done.stdout), (code, ''), asked)
            self.assertIn(sentence, done.stderr)

    def test_report_of_files(self):
        report = self.report(self.dump)
        row = [row for row in report['ports'] if row['port'] == 9999][0]
        self.assertEqual((row['packets'], row['bytes'], row['refused']), (3, 300, 3))
        self.assertEqual([row['capture'] for row in report['sources'][:-1]], ['lo'])

    def test_damaged_file_is_named(self):
        bad = os.path.join(self.folder, 'bad.json')
        with open(self.dump, encoding='utf-8') as whole, open(bad, 'w', encoding='utf-8') as part:
            part.writelines(whole.readlines()[:2])
        done = program.run('report', bad, self.dump, os.path.join(self.folder, 'none.json'))
        self.assertEqual(done.returncode, 1)
        self.assertIn("bad.json' is cut short: 2 of its", done.stderr)
        self.assertIn("none.json' cannot be read", done.stderr)
        self.assertIn('\n9999  udp', done.stdout)
        self.assertEqual(program.run('report', bad).stdout, '')

    def test_cache(self):
        cache = os.path.join(self.folder, 'cache')
        first = program.run('report', '--cache', cache, '--refresh', '1h', self.dump)
        self.assertEqual(first.returncode, 0)
        with open(cache, encoding='utf-8') as kept:
            self.assertEqual(kept.read(), 'report of wirecensus, kept by --cache\n' + first.stdout)
        # Fresh: printed, though the file is not even looked at.
        again = program.run('report', '--cache', cache, '--refresh', '1h', 'none.json')
        self.assertEqual((again.returncode, again.stdout), (0, first.stdout))
        # As old as it may be, and a second older.
        now = time.time()
        os.utime(cache, (now - 3600 + 30, now - 3600 + 30))
        self.assertEqual(program.run('report', '--cache', cache, '--refresh', '1h', 'none').returncode, 0)
        os.utime(cache, (now - 3601, now - 3601))
        self.assertEqual(program.run('report', '--cache', cache, '--refresh', '1h', 'none').returncode, 1)
        # Of the future: of another clock.
        os.utime(cache, (now + 3600, now + 3600))
        self.assertEqual(program.run('report', '--cache', cache, '--refresh', '1h', 'none').returncode, 1)
        # What lacks a file is not kept.
        os.unlink(cache)
        self.assertEqual(program.run('report', '--cache', cache, self.dump, 'none').returncode, 1)
        self.assertFalse(os.path.exists(cache))

    def test_cache_is_no_other_file(self):
        """What is not a report, or another's, is neither printed nor replaced, however old it is."""
        fleet = os.path.join(self.folder, 'fleet.json')
        shutil.copy(self.dump, fleet)
        link = os.path.join(self.folder, 'link')
        kept = os.path.join(self.folder, 'kept')
        self.assertEqual(program.run('report', '--cache', kept, self.dump).returncode, 0)
        os.symlink(kept, link)
        wrong = [fleet, link, self.folder]
        if not os.geteuid():
            alien = os.path.join(self.folder, 'alien')
            shutil.copy(kept, alien)
            os.chown(alien, 65534, 65534)
            wrong.append(alien)
        for path in wrong:
            for refresh in ('0', '1h'):
                done = program.run('report', '--cache', path, '--refresh', refresh, self.dump)
                self.assertEqual((done.returncode, done.stdout), (2, ''), path)
                self.assertIn("'%s' is there already" % path, done.stderr)
        with open(fleet, encoding='utf-8') as one, open(self.dump, encoding='utf-8') as other:
            self.assertEqual(one.read(), other.read())
        self.assertTrue(os.path.islink(link))

    def test_cache_mode(self):
        for mask, mode in ((0o077, 0o600), (0o022, 0o644), (0, 0o644)):
            cache = os.path.join(self.folder, 'mode')
            done = program.run('report', '--cache', cache, '--refresh', '0', self.dump, umask=mask)
            self.assertEqual(done.returncode, 0)
            self.assertEqual(os.stat(cache).st_mode & 0o777, mode)
            os.unlink(cache)


class Several(Bed):
    """Captures of one daemon are never added up."""

    captures = ('one', 'two')

    def over_time(self, what, *arguments):
        done = self.history(what, '--format', 'json', *arguments)
        return [json.loads(part) for part in done.stdout.replace('}\n{', '}\0{').split('\0') if part]

    def test_traffic(self):
        self.talk()
        self.until(lambda: [sum(row['packets'] for row in of['traffic'])
                            for of in self.over_time('traffic', '--step', '1m')] == [6, 6])
        for what in ('traffic', 'loss'):
            said = self.over_time(what, '--step', '1m')
            self.assertEqual([of['capture'] for of in said], list(self.captures))
            for of in said:
                whole = program.rows(self.history('totals', '--format', 'json', '--capture',
                                                  of['capture']).stdout, 'total')[0]
                self.assertEqual((of['host'], of['observer']), (whole['host'], whole['observer']))
        said = self.over_time('traffic', '--capture', 'two')
        self.assertEqual([of['capture'] for of in said], ['two'])
        self.assertLess(said[0]['seconds'], time.monotonic() - self.begun)
        self.assertIn('\nLoss over time\n', self.history('loss').stdout)
        self.assertIn('\nTraffic over time\n', self.history('traffic').stdout)


class Questions(unittest.TestCase):
    def test_nobody_there(self):
        done = program.run('report', '--control', '/nonexistent')
        self.assertEqual(done.returncode, 1)
        self.assertIn('no daemon answers', done.stderr)
        done = program.run('history', 'ports', '--journal', '/nonexistent')
        self.assertEqual(done.returncode, 1)
        self.assertIn('there is no journal', done.stderr)

    def test_files_have_their_own_time(self):
        done = program.run('report', '--last', '1h', 'a.json')
        self.assertEqual(done.returncode, 2)
        self.assertIn('dump files are of their own time', done.stderr)

    def test_who_is_not_asked(self):
        for arguments, sentence in (
                (('--control', '/x', 'a.json'), '--control: dump files are asked'),
                (('--control', '/x', '--last', '1h'), '--control: for a time, the journal is asked'),
                (('--journal', '/x', 'a.json'), '--journal: dump files are asked'),
                (('--journal', '/x'), '--journal: the journal is asked for a time')):
            done = program.run('report', *arguments)
            self.assertEqual((done.returncode, done.stdout), (2, ''), arguments)
            self.assertIn(sentence, done.stderr)

    def test_empty_file(self):
        with tempfile.NamedTemporaryFile() as empty:
            done = program.run('report', empty.name)
            self.assertEqual((done.returncode, done.stdout), (1, ''))
            self.assertIn('is empty', done.stderr)


if __name__ == '__main__':
    program.main()
