#!/usr/bin/env python3
"""control.py CASE WIRECENSUS SENDER: one test of the daemon's control socket, by name."""
import glob
import grp
import json
import os
import socket
import subprocess

import cases
from cases import CAPTURE, case, main, not_held_up, same
from scene import PATIENCE, Census, ask, ask_any, parse, wait_until
from plan import RECEIVED, expected, frames_of

GROUP = 'adm'
STRANGER = 65534
FILTERED = 'capture wan { interface = {"near0"}  filter = "not tcp port 1" }\n'
FRAME = cases.FRAME % 9


def since_start(scene, what):
    return parse(ask(scene, 'show', what, '--total', '--format', 'json'))


def of_one_interval(scene):
    """The rows of four tables; None when an interval has ended between two of the answers."""
    rows = [row for what in ('totals', 'ports', 'protocols', 'ethertypes')
            for row in since_start(scene, what)]
    return rows if len({row['interval'] for row in rows}) == 1 else None


def wait_for_frames(scene, count):
    def counted():
        totals = since_start(scene, 'totals')
        return totals and totals[0]['frames'] >= count
    wait_until(counted, '%d frames' % count)


@case
def tables(make):
    """Every frame that was sent is in the tables since the start; every table can be shown."""
    with make() as scene:
        daemon = scene.daemon(CAPTURE)
        sent = scene.send([row[:2] for row in RECEIVED])
        wait_for_frames(scene, frames_of(RECEIVED, sent))
        census = Census(wait_until(lambda: of_one_interval(scene), 'four answers in one interval'))
        same(census.counts(), expected(RECEIVED, sent), 'rows')
        same(census.total('frames'), frames_of(RECEIVED, sent), 'frames')
        for what in ('totals', 'ports', 'protocols', 'ethertypes', 'conversations', 'hosts',
                     'scanners', 'loss'):
            text = ask(scene, 'show', what, '--capture', 'wan', '--top', '3')
            assert text.startswith('wan: near0\ninterval '), text
            ask(scene, 'show', what, '--format', 'json')
        assert 'capture wan: near0\n' in ask(scene, 'show', 'captures')
        same(ask(scene, 'show', 'exporters'), 'no exporter is configured\n', 'exporters')
        ask(scene, 'show', 'hosts', '--total', code=2)
        ask(scene, 'show', 'ports', '--capture', 'lan', code=2)
        daemon.stop()
        ask(scene, 'status', code=1)


@case
def status(make):
    """Exit code 0 while all is well; 1 with a reason when a collector or the interface is gone."""
    with make() as scene:
        daemon = scene.daemon(CAPTURE)
        wait_until(lambda: since_start(scene, 'totals'), 'an interval')
        assert ', all is well\n' in ask(scene, 'status')
        row = parse(ask(scene, 'status', '--format', 'json'))[0]
        same((row['type'], row['well'], row['wrong']), ('status', True, []), 'status')
        scene.ip('near', 'link', 'del', 'near0')

        def gone():
            done = subprocess.run([scene.program, 'status', '--format', 'json', '--control',
                                   scene.path('control.sock')], capture_output=True, text=True,
                                  timeout=PATIENCE, check=False)
            found = json.loads(done.stdout.splitlines()[0])
            same(done.returncode, 0 if found['well'] else 1, 'exit code')
            return any('near0' in line for line in found['wrong'])
        wait_until(gone, 'the interface to be missed')
        daemon.stop()

        daemon = scene.daemon('capture lo { interface = {"lo"} }\n'
                              'json nobody { address = "tcp://127.0.0.1:9" }\n')
        wait_until(lambda: 'json/nobody' in ask_any(scene, 'status').split('instance')[0],
                   'the exporter to fail')
        text = ask(scene, 'show', 'exporters')
        assert text.startswith('exporter json/nobody: '), text
        assert '\n  last failure: ' in text, text
        daemon.stop()


@case
def readers(make):
    """Members of the group read and no more; others do not even connect."""
    def ask_as(scene, *words, member=None):
        done = subprocess.run([scene.program, *words, '--control', scene.path('control.sock')],
                              capture_output=True, text=True, timeout=PATIENCE, check=False,
                              user=STRANGER, group=STRANGER,
                              extra_groups=[grp.getgrnam(member).gr_gid] if member else [])
        return done.returncode, done.stdout, done.stderr

    with make() as scene:
        daemon = scene.daemon('group = "%s"\n' % GROUP + CAPTURE)
        wait_until(lambda: since_start(scene, 'totals'), 'an interval')
        same(ask_as(scene, 'show', 'totals', member=GROUP)[0], 0, 'a member that reads')
        for words in (['dump'], ['dump', '--reset'], ['reload']):
            code, out, err = ask_as(scene, *words, member=GROUP)
            same((code, out), (1, ''), words)
            same(err, "wirecensus: %s is for root and the daemon's own user only: run it as "
                 'root\n' % words[0], words)
        code, out, err = ask_as(scene, 'status')
        same((code, out), (1, ''), 'a stranger')
        assert err.startswith('wirecensus: you may not ask the daemon at '), err
        same(ask(scene, 'reload'), ask(scene, 'reload'), 'root reloads')
        daemon.stop()


@case
def own_user(make):
    """The user that root's daemon becomes asks it for everything, though he is not in its group."""
    with make() as scene:
        daemon = scene.daemon('user = "nobody"\ngroup = "%s"\n' % GROUP + CAPTURE)
        wait_until(lambda: since_start(scene, 'totals'), 'an interval')
        found = os.stat(scene.path('control.sock'))
        same((found.st_uid, found.st_gid, found.st_mode & 0o777),
             (STRANGER, grp.getgrnam(GROUP).gr_gid, 0o660), 'whose the socket is')
        for words in (['status'], ['dump'], ['reload']):
            done = subprocess.run([scene.program, *words, '--control', scene.path('control.sock')],
                                  capture_output=True, text=True, timeout=PATIENCE, check=False,
                                  user=STRANGER, group=STRANGER, extra_groups=[])
            same(done.returncode, 0, (words, done.stdout, done.stderr))
        daemon.stop()


@case
def crowd(make):
    """Clients that say nothing, too much, or never read: not one frame, not one interval is lost."""
    with make() as scene:
        daemon = scene.daemon(CAPTURE)
        clients = []
        for number in range(400):
            client = socket.socket(socket.AF_UNIX)
            client.connect(scene.path('control.sock'))  # waits where there is a queue
            client.settimeout(PATIENCE)
            clients.append(client)
            try:
                client.sendall([b'', b'show ports format=json\n' * 50, b'a' * 5000,
                                bytes(range(256))][number % 4])
            except (BrokenPipeError, ConnectionResetError):
                pass  # it was told to go
        (sent,) = scene.send([(5000, FRAME)], rate=2000)
        wait_for_frames(scene, sent[0])
        row = since_start(scene, 'totals')[0]
        same((row['frames'], row['lost']), (sent[0], 0), 'frames and lost')
        not_held_up(daemon)
        for client in clients:
            client.close()
        daemon.stop()


@case
def dump_files(make):
    """jq and perl read the dump files; who is not allowed gets none by a datagram."""
    with make() as scene:
        daemon = scene.daemon('dump { perl = yes  trigger = "udp://127.0.0.1:10004"\n'
                              '       allow = {"192.0.2.0/24"} }\n' + FILTERED)
        asking = scene.inside(lambda: socket.socket(socket.AF_INET, socket.SOCK_DGRAM))
        asking.settimeout(2)
        asking.sendto(b'dump', ('127.0.0.1', 10004))
        (sent,) = scene.send([(100, FRAME)])
        wait_for_frames(scene, sent[0])
        folder = scene.path('state/dump')
        assert not glob.glob(folder + '/*'), 'a dump for one who is not allowed'
        try:
            raise AssertionError('answered: %s' % asking.recv(100))
        except socket.timeout:
            pass

        paths = ask(scene, 'dump').split()
        same(sorted(paths), sorted(glob.glob(folder + '/*')), 'files')
        rows, stats = (next(path for path in paths if path.endswith(end))
                       for end in ('.json', '.stats'))
        same(os.stat(rows).st_mode & 0o777, 0o640, 'mode')
        frames = subprocess.run(['jq', '-s', 'map(select(.type == "total").frames) | add', rows],
                                capture_output=True, text=True, check=True).stdout
        same(int(frames), sent[0], 'frames by jq')
        users = subprocess.run(['jq', '-s', 'map(select(.type == "host")) | length', rows],
                               capture_output=True, text=True, check=True).stdout
        perl = subprocess.run(['perl', '-we', 'my $d = do $ARGV[0] or die $@; '
                               'print join(" ", sort keys %$d)', stats],
                              capture_output=True, text=True, check=True)
        same((len(perl.stdout.split()), perl.stderr), (int(users), ''), 'hosts by perl')
        assert '198.51.100.9' in perl.stdout.split(), perl.stdout
        with open(stats) as file:
            assert '\n# bpf:\t\tnot tcp port 1\n' in file.read()

        # A reload says anew who may.
        scene.configure('dump { perl = yes  trigger = "udp://127.0.0.1:10004" }\n' + FILTERED)
        ask(scene, 'reload')
        asking.settimeout(60)
        asking.sendto(b'dump', ('127.0.0.1', 10004))
        assert asking.recv(100).startswith(b'OK '), 'no answer to one who is allowed'
        scene.configure('dump { perl = yes  trigger = "udp://127.0.0.1:10004"\n'
                        '       allow = {"192.0.2.0/24"} }\n' + FILTERED)
        ask(scene, 'reload')
        asking.settimeout(2)
        asking.sendto(b'dump', ('127.0.0.1', 10004))
        try:
            raise AssertionError('answered again: %s' % asking.recv(100))
        except socket.timeout:
            pass
        daemon.stop()


# Bytes that are searched for, as a configuration has them in single quotes.
PAYLOADS = ['"', r'\x5c', r'\x5c"', '"}{"type":"total"', '</script><b>', '%n%s', '$(id)`id`', ' ]" x="y', '\x1b[31mred',
            '\x1b]0;title\x07', '\x9b31m', '\u202egpj.exe', '\x7f', '\x01\x02', 'a\tb', 'Z\u00fcrich']


@case
def payload_strings(make):
    """What is searched for is shown as one field, without a byte that moves a terminal's cursor."""
    with make() as scene:
        daemon = scene.daemon(''.join(
            'capture c%d { interface = {"near0"}  conversations = 0  hosts = 0  buffer = "256K"  '
            "match = '%s'  no_match = '%s' }\n" % (number, text, text) for number, text in enumerate(PAYLOADS)))
        wait_until(lambda: len(since_start(scene, 'totals')) == len(PAYLOADS), 'an interval of each')
        paths = [path for path in ask(scene, 'dump').split() if path.endswith('.json')]
        same(len(paths), len(PAYLOADS), 'files')
        found = subprocess.run(['jq', '-c', 'select(.type == "dump") | [.capture, .match, .no_match]', *paths],
                               capture_output=True, text=True, check=True).stdout
        same({capture: (match, no_match) for capture, match, no_match in parse(found)},
             {'c%d' % number: (text, text) for number, text in enumerate(PAYLOADS)}, 'texts by jq')
        shown = ask_any(scene, 'status') + ask_any(scene, 'show', 'captures') + daemon.log()
        assert shown.isprintable() or {c for c in shown if not c.isprintable()} == {'\n'}, shown
        daemon.stop()
        assert {c for c in daemon.log() if not c.isprintable()} <= {'\n'}, daemon.log()


if __name__ == '__main__':
    main()
