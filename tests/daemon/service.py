#!/usr/bin/env python3
"""service.py CASE WIRECENSUS SENDER: one test of the daemon as a service of its host, by name."""
import os
import signal
import socket
import subprocess

from scene import Daemon, ask, ask_any, once, parse, whole
from cases import CAPTURE, FRAME, JSON, all_there, case, frames, intervals, main, on_port, same
from collector import Reader
from traffic import Traffic

OTHER = 'capture wan { interface = {"near0"}  %s }\n'


@case
def reload(make):
    """A wrong configuration changes nothing and says why; a right one swaps filters without a loss."""
    with make() as scene:
        reader = Reader(scene, 3334)
        daemon = scene.daemon(CAPTURE + JSON % 3334)
        instance = None

        def reloaded(text, words):
            scene.configure(text)
            before = daemon.log().count(words)
            daemon.signal(signal.SIGHUP)
            daemon.wait_for(words, before + 1)

        def refused(text, code, words):
            """The same by a command, whose exit code says it."""
            scene.configure(text)
            told = ask(scene, 'reload', code=code)
            assert words in told, told

        refused(CAPTURE + 'jsn reader { }\n', 2, 'wirecensus.conf:5: ')
        refused(OTHER % 'conversations = 5' + JSON % 3334, 1, 'conversations')
        reloaded(CAPTURE + 'jsn reader { }\n', 'nothing was changed')
        assert 'wirecensus.conf:5: ' in daemon.log(), daemon.log()
        reloaded(OTHER % 'filter = "udp prot 9"' + JSON % 3334, 'nothing was changed')
        reloaded(OTHER % 'conversations = 5' + JSON % 3334, 'takes a restart')
        assert 'conversations' in daemon.log(), daemon.log()
        scene.send([(100, FRAME % 9), (100, FRAME % 10)])
        reloaded(OTHER % 'filter = "not udp port 10"' + JSON % 3334, 'in effect')
        scene.send([(100, FRAME % 9), (100, FRAME % 10)])
        reader.wait_for(all_there(300), 'frames of both filters')
        second = Reader(scene, 3337)
        reloaded(CAPTURE + JSON % 3337 + 'json more { address = "tcp://127.0.0.1:3334" }\n',
                 'in effect')
        scene.send([(10, FRAME % 10)])
        reader.wait_for(all_there(310), 'frames after the reload')
        second.wait_for(all_there(10), 'frames at the other collector')
        daemon.stop()
        rows, _ = once(reader.rows())
        same(on_port(rows, 9), 200, 'port 9')
        same(on_port(rows, 10), 110, 'port 10')
        instance = set(row['instance'] for row in rows + second.rows())
        same(len(instance), 1, 'instances')
        numbers = sorted(set(intervals(rows)))
        same(numbers, list(range(1, len(numbers) + 1)), 'intervals')


@case
def reload_under_traffic(make):
    """Filters are swapped while frames arrive: each is counted by one of them, none is lost."""
    with make() as scene:
        reader = Reader(scene, 3334)
        daemon = scene.daemon(CAPTURE + JSON % 3334)
        traffic = Traffic(scene, 20000, 50)
        traffic.start()
        for number in range(10):
            text = OTHER % ('filter = "udp portrange 20000-%d"' % (50000 + number))
            scene.configure(text + JSON % 3334)
            daemon.signal(signal.SIGHUP)
            daemon.wait_for('in effect', number + 1)
        traffic.finish()
        sent = 50 * len(traffic.chunks)
        reader.wait_for(all_there(sent), 'all frames')
        daemon.stop()
        rows, _ = once(reader.rows())
        whole(rows)
        same(frames(rows), sent, 'frames')
        same(sum(row['lost'] for row in rows if row['type'] == 'total'), 0, 'lost')


@case
def second_instance(make):
    """Another daemon with the same state ends with 2, and the first goes on."""
    with make() as scene:
        reader = Reader(scene, 3334)
        daemon = scene.daemon(CAPTURE + JSON % 3334)
        other = Daemon(scene, scene.path('wirecensus.conf'))
        same(other.process.wait(60), 2, 'exit code')
        other.reader.join()
        assert 'another daemon' in other.log(), other.log()
        scene.send([(10, FRAME % 9)])
        reader.wait_for(all_there(10), 'frames of the first')
        daemon.stop()


@case
def no_configuration(make):
    """It says how to get one."""
    with make() as scene:
        done = subprocess.run([scene.program, 'daemon', '-c', scene.path('none.conf')],
                              capture_output=True, text=True, check=False)
        same(done.returncode, 2, done.stderr)
        assert 'none.conf' in done.stderr, done.stderr
        if not os.path.exists('/etc/wirecensus/wirecensus.conf'):
            done = subprocess.run([scene.program, 'daemon'], capture_output=True, text=True,
                                  check=False)
            same(done.returncode, 2, done.stderr)
            assert '-c' in done.stderr, done.stderr


@case
def privileges(make):
    """Nobody in particular, without capabilities; an interface that comes again counts on."""
    with make() as scene:
        reader = Reader(scene, 3334)
        daemon = scene.daemon('user = "nobody"\n' + CAPTURE + JSON % 3334)
        for name in ('CapPrm', 'CapEff', 'CapInh', 'CapAmb', 'CapBnd'):
            same(int(daemon.status(name), 16), 0, name)
        same(daemon.status('NoNewPrivs'), '1', 'NoNewPrivs')
        same(set(daemon.status('Uid').split()), {str(nobody())}, 'Uid')
        if 'seccomp on' in daemon.log():
            same(daemon.status('Seccomp'), '2', 'Seccomp')
        else:
            assert 'seccomp off, as' in daemon.log(), daemon.log()
        scene.send([(10, FRAME % 9)])
        reader.wait_for(all_there(10), 'frames before')
        scene.ip('near', 'link', 'del', 'near0')
        daemon.wait_for('there is no interface near0')
        scene.join(0)
        daemon.wait_for('is there and counted')
        scene.send([(20, FRAME % 9)])
        reader.wait_for(all_there(30), 'frames after the interface came again')
        daemon.stop()
        same(frames(once(reader.rows())[0]), 30, 'frames')


def nobody():
    import pwd
    return pwd.getpwnam('nobody').pw_uid


@case
def later_interface(make):
    """An interface that is not there at the start is counted when it comes."""
    with make() as scene:
        reader = Reader(scene, 3334)
        daemon = scene.daemon('user = "nobody"\n' + CAPTURE +
                              'capture later { interface = {"near1"} }\n' + JSON % 3334)
        daemon.wait_for('there is no interface near1')
        scene.join(1)
        daemon.wait_for('interface near1 is there and counted')
        scene.send([(10, FRAME % 9)], link='far1')
        reader.wait_for(lambda rows: frames(rows, 'later') >= 10, 'frames of the new one')
        daemon.stop()
        same(frames(once(reader.rows())[0], 'later'), 10, 'frames')


@case
def standing(make):
    """
    At tcx, too, an interface that comes again counts on without privileges; log and state tell how it
    stands now.
    """
    with make() as scene:
        reader = Reader(scene, 3334)
        daemon = scene.daemon('user = "nobody"\ncapture wan { interface = {"near0"} '
                              'engine = "kernel" attach = "tcx" }\n' + JSON % 3334)
        before = line_of(ask_any(scene, 'status'), 'interface: near0, index ')
        scene.ip('near', 'link', 'del', 'near0')
        daemon.wait_for('interface: near0, which is not there')
        assert 'near0, which is not there' in ask_any(scene, 'status')
        scene.join(0)
        daemon.wait_for('interface: near0, index ', 2)
        assert line_of(ask_any(scene, 'status'), 'interface: near0, index ') != before
        scene.send([(10, FRAME % 9)])
        reader.wait_for(all_there(10), 'frames after the interface came again')
        daemon.stop()


def line_of(text, words):
    return [line for line in text.splitlines() if words in line][0]


@case
def service_manager(make):
    """It hears when the daemon is ready, that it lives, reloads and stops."""
    with make() as scene:
        manager = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        manager.bind(scene.path('notify'))
        manager.settimeout(60)
        daemon = Daemon(scene, scene.configure(CAPTURE), {'NOTIFY_SOCKET': scene.path('notify'),
                                                          'WATCHDOG_USEC': '3000000'})

        def hear(words):
            heard = []
            while not heard or words not in heard[-1]:
                heard.append(manager.recv(4096).decode())
            return heard

        same(hear('READY=1')[:-1], [], 'before it is ready')
        for _ in range(3):
            hear('WATCHDOG=1')
        daemon.signal(signal.SIGHUP)
        hear('RELOADING=1\nMONOTONIC_USEC=')
        hear('READY=1')
        daemon.signal(signal.SIGTERM)
        hear('STOPPING=1')
        same(daemon.process.wait(60), 0, 'exit code')


@case
def dumps(make):
    """Dump files by a signal, a command, a datagram, and at the end, each with what was counted."""
    with make() as scene:
        reader = Reader(scene, 3334)
        daemon = scene.daemon('dump { trigger = "udp://127.0.0.1:10004"  perl = yes }\n' + CAPTURE +
                              JSON % 3334)

        def counted(count):
            names = os.listdir(scene.path('state/dump'))
            same(len([name for name in names if name.endswith('.stats')]), 1, 'files: %s' % names)
            (name,) = [name for name in names if name.endswith('.json')]
            with open(scene.path('state/dump/' + name)) as file:
                rows = parse(file.read())
            same(sum(row['frames'] for row in rows if row['type'] == 'total'), count, 'frames')

        scene.send([(10, FRAME % 9)])
        reader.wait_for(all_there(10), 'frames')
        daemon.signal(signal.SIGUSR1)
        daemon.wait_for('dump file ', 2)
        counted(10)
        scene.send([(10, FRAME % 9)])
        reader.wait_for(all_there(20), 'frames')
        assert '.wan.json' in ask(scene, 'dump')
        counted(20)
        scene.send([(10, FRAME % 9)])
        reader.wait_for(all_there(30), 'frames')
        asking = scene.inside(lambda: socket.socket(socket.AF_INET, socket.SOCK_DGRAM))
        asking.settimeout(60)
        asking.sendto(b'dump', ('127.0.0.1', 10004))
        assert asking.recv(100).startswith(b'OK '), 'no answer to a datagram'
        daemon.wait_for('dump file ', 4)
        counted(30)
        scene.send([(10, FRAME % 9)])
        daemon.stop()
        counted(40)


@case
def new_run(make):
    """dump --reset ends a run, whose counts stay what they were, and begins one that counts from 0."""
    with make() as scene:
        reader = Reader(scene, 3334)
        daemon = scene.daemon(CAPTURE + JSON % 3334)

        def known():
            return parse(ask(scene, 'status', '--format', 'json'))[0]['instance']

        def counted():
            rows = parse(ask(scene, 'show', 'totals', '--total', '--format', 'json'))
            return sum(row['frames'] for row in rows if row['type'] == 'total')

        def dumped():
            (name,) = os.listdir(scene.path('state/dump'))
            with open(scene.path('state/dump/' + name)) as file:
                return [row for row in parse(file.read()) if row['type'] == 'total'][0]

        first = known()
        scene.send([(10, FRAME % 9)])
        assert '.wan.json' in ask(scene, 'dump', '--reset')
        same((dumped()['instance'], dumped()['frames']), (first, 10), 'the dump')
        second = known()
        assert second != first, 'the run goes on'
        same(counted(), 0, 'frames at the begin of a run')
        scene.send([(20, FRAME % 9)])
        reader.wait_for(all_there(30), 'frames of both runs')
        same(counted(), 20, 'frames of the second run')
        rows = parse(ask(scene, 'show', 'ports', '--total', '--format', 'json'))
        same([row['packets'] for row in rows if row.get('port') == 9], [20], 'port 9')
        ask(scene, 'dump', '--reset')
        same((dumped()['instance'], dumped()['frames']), (second, 20), 'the second dump')
        scene.send([(5, FRAME % 9)])
        reader.wait_for(all_there(35), 'frames of three runs')
        daemon.stop()
        found = once(reader.rows())[0]
        same(frames(found), 35, 'frames')
        for run, count in ((first, 10), (second, 20)):
            same(frames([row for row in found if row['instance'] == run]), count, 'of ' + run)
        third = [row for row in found if row['instance'] not in (first, second)]
        same((frames(third), len({row['instance'] for row in third})), (5, 1), 'of the third run')
        same(min(row['interval'] for row in third), 1, 'its first interval')
        same(dumped()['frames'], 5, 'the last dump')


if __name__ == '__main__':
    main()
