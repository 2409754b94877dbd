#!/usr/bin/env python3
"""show, status, dump and reload: what they ask, and what becomes of an answer."""
import os
import socket
import tempfile
import threading
import unittest

import program


class Daemon:
    """Takes one request at a socket of its own, and answers it with given bytes."""

    def __init__(self, answer):
        self.folder = tempfile.TemporaryDirectory()
        self.path = os.path.join(self.folder.name, 'control.sock')
        self.answer = answer
        self.request = b''
        self.server = socket.socket(socket.AF_UNIX)
        self.server.bind(self.path)
        self.server.listen()
        self.server.settimeout(program.TIMEOUT)
        self.thread = threading.Thread(target=self.serve)

    def __enter__(self):
        self.thread.start()
        return self

    def __exit__(self, *_):
        self.thread.join()
        self.server.close()
        self.folder.cleanup()

    def serve(self):
        try:
            client, _ = self.server.accept()
        except socket.timeout:
            return
        with client:
            while not self.request.endswith(b'\n'):
                piece = client.recv(4096)
                if not piece:
                    break
                self.request += piece
            # In pieces: a line, and what follows, may come in any.
            for i in range(0, len(self.answer), 7):
                client.sendall(self.answer[i:i + 7])


def ask(answer, *arguments):
    """Runs a command against a daemon that answers so; returns its end and the request."""
    with Daemon(answer) as daemon:
        done = program.run(*arguments, '--control', daemon.path)
    return done, daemon.request.decode()


class Requests(unittest.TestCase):
    def test_requests(self):
        for arguments, request in [
                (['show', 'ports'], 'show ports top=10\n'),
                (['show', '--top=3', 'hosts', '--format', 'json', '--capture', 'my lan='],
                 'show hosts top=3 format=json capture=my%20lan%3d\n'),
                (['show', 'totals', '--total'], 'show totals top=10 total=yes\n'),
                (['show', 'a b\n'], 'show a%20b%0a top=10\n'),
                (['status'], 'status\n'),
                (['status', '--format=json'], 'status format=json\n'),
                (['dump'], 'dump\n'),
                (['dump', '--reset'], 'dump reset=yes\n'),
                (['reload'], 'reload\n')]:
            done, asked = ask(b'OK 0\n', *arguments)
            self.assertEqual((done.returncode, done.stdout, done.stderr), (0, '', ''))
            self.assertEqual(asked, request)


class Answers(unittest.TestCase):
    def test_ok(self):
        body = 'one\ntwo\n' * 1000
        done, _ = ask(b'OK %d\n%s' % (len(body), body.encode()), 'show', 'ports')
        self.assertEqual((done.returncode, done.stdout, done.stderr), (0, body, ''))

    def test_trouble(self):
        """Bad news are what status is for; of what was to be done they are an error."""
        done, _ = ask(b'TROUBLE 1 4\nbad\n', 'status')
        self.assertEqual((done.returncode, done.stdout, done.stderr), (1, 'bad\n', ''))
        done, _ = ask(b'TROUBLE 2 4\nbad\n', 'reload')
        self.assertEqual((done.returncode, done.stdout, done.stderr), (2, '', 'bad\n'))

    def test_error(self):
        done, _ = ask(b'ERROR 2 no such thing\n', 'show', 'ports')
        self.assertEqual((done.returncode, done.stdout, done.stderr),
                         (2, '', 'wirecensus: no such thing\n'))

    def test_no_daemon_of_ours(self):
        for answer in [b'HTTP/1.1 400 Bad Request\n', b'OK\n', b'x' * 100000]:
            done, _ = ask(answer, 'status')
            self.assertEqual((done.returncode, done.stdout, done.stderr),
                             (1, '', 'wirecensus: what answers is not a daemon of ours\n'))

    def test_broken_off(self):
        for answer in [b'', b'OK', b'ERROR 1 half']:
            done, _ = ask(answer, 'status')
            self.assertEqual((done.returncode, done.stdout, done.stderr),
                             (1, '', 'wirecensus: the daemon broke off its answer: ask again\n'))
        done, _ = ask(b'OK 10\nhalf', 'status')
        self.assertEqual((done.returncode, done.stdout), (1, ''))


class Nobody(unittest.TestCase):
    def test_no_daemon(self):
        done = program.run('status', '--control', '/nowhere/control.sock')
        self.assertEqual((done.returncode, done.stdout), (1, ''))
        self.assertEqual(done.stderr,
                         "wirecensus: no daemon answers at '/nowhere/control.sock' (No such file or "
                         "directory): start it with 'wirecensus daemon', or name its socket by "
                         "--control\n")

    @unittest.skipIf(os.geteuid(), 'only root can become somebody else')
    def test_not_allowed(self):
        with tempfile.TemporaryDirectory() as folder:
            path = os.path.join(folder, 'control.sock')
            done = program.run('status', '--control', path, user=65534)
        self.assertEqual(done.returncode, 1)
        self.assertEqual(done.stderr, "wirecensus: you may not ask the daemon at '%s': run this as "
                                      "root, or as a member of its group\n" % path)

    def test_usage(self):
        for arguments, sentence in [
                (['show'], "show what? It is used as 'wirecensus show [OPTION]... WHAT'"),
                (['show', 'ports', 'hosts'], "show takes one argument, and 'hosts' is a second"),
                (['status', 'now'], "status takes no argument 'now'"),
                (['reload', '--reset'],
                 "reload has no option --reset: 'wirecensus reload --help' lists them"),
                (['status', '--control', '/' + 'a' * 200],
                 "--control: '/%s' is longer than a socket's path, 107" % ('a' * 200))]:
            done = program.run(*arguments)
            self.assertEqual((done.returncode, done.stdout, done.stderr),
                             (2, '', 'wirecensus: %s\n' % sentence))


if __name__ == '__main__':
    program.main()
