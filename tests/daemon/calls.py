#!/usr/bin/env python3
"""calls.py CASE WIRECENSUS SENDER: one test of the daemon when calls of the C library fail, by name.

WC_CAMPAIGN in the environment makes some longer: more calls, each in its turn.
"""
import collections
import mmap
import re
import signal
import struct
import subprocess
import time

from scene import CAMPAIGN, Daemon, is_whole, once, preload, run, wait_until, whole
from cases import FRAME, all_there, case, figure, frames, main, on_port, same
from collector import Reader

KINDS = ('memory', 'write', 'descriptor', 'kill')
TOGETHER = 6  # daemons at a time
DIES = re.compile(r'^faults: dies in (\w+ of )(?:killed\d+)?(.*)', re.M)
# Of the journal's life: made, written, synced; brought from its log into the file; its log begun anew.
POINTS = {'write of census.db', 'write of census.db-wal', 'fdatasync of census.db',
          'fdatasync of census.db-wal'}
CONFIG = ('capture %s { interface = {"near0"} }\n'
          'json reader { address = "tcp://127.0.0.1:3334" }\n'
          'json file { address = "file://%s" }\n')


class Shared:
    """A file that the preloaded library maps."""

    def __init__(self, scene, name, size):
        self.path = scene.path(name)
        with open(self.path, 'wb') as file:
            file.write(bytes(size))
        with open(self.path, 'r+b') as file:
            self.memory = mmap.mmap(file.fileno(), size)


def configure(scene, name):
    """A daemon with folders and a capture of its own."""
    return scene.configure(CONFIG % (name, scene.path(name + '.json')), name)


def start(scene, name, faults=None):
    return Daemon(scene, configure(scene, name), faults=faults)


def usual(scene, reader, kind):
    """How many calls of a kind a daemon makes that counts and delivers two intervals and ends."""
    counts = Shared(scene, 'counts', 8 * len(KINDS))
    daemon = start(scene, 'usual', 'counts=' + counts.path)
    daemon.wait_for('counts: captures')
    for number in (1, 2):
        scene.shoot([(1, FRAME % 9)])
        reader.wait_for(lambda rows, number=number: frames(rows, 'usual') >= number, 'frames')
    daemon.stop()
    return struct.unpack('=4Q', counts.memory)[KINDS.index(kind)]


def configuring(scene):
    """How many allocations there are until the configuration is read.

    libconfuse does not survive that one of its own fails; the daemon asks for enough before it reads.
    """
    counts = Shared(scene, 'counts', 8 * len(KINDS))
    run(*preload('counts=' + counts.path), scene.program, 'daemon', '-t', '-c',
        configure(scene, 'usual'))
    return struct.unpack('=4Q', counts.memory)[KINDS.index('memory')]


def spread(first, last, most):
    """At most @most numbers from @first to @last, densest at the beginning; more in a campaign."""
    most *= 10 if CAMPAIGN else 1
    length = last - first + 1
    if length <= most:
        return list(range(first, last + 1))
    return sorted({first - 1 + int(length ** (index / (most - 1))) for index in range(most)})


def batches(numbers):
    for index in range(0, len(numbers), TOGETHER):
        yield numbers[index:index + TOGETHER]


def lives(daemon):
    """Waits until it counts or has ended."""
    try:
        wait_until(lambda: daemon.process.poll() is not None or 'counts: captures' in daemon.log(),
                   'a daemon to start or to end')
    except AssertionError:
        print(daemon.process.args, daemon.log())
        raise
    return daemon.process.poll() is None


def one_fails(make, kind):
    """The Nth call fails: the daemon ends with a sentence, or counts and delivers all the same."""
    with make() as scene:
        reader = Reader(scene, 3334)
        last = usual(scene, reader, kind)
        first = configuring(scene) if kind == 'memory' else 1
        numbers, ended = spread(first, last, 12), 0
        for batch in batches(numbers):
            daemons = {'%s%d' % (kind, number): start(scene, '%s%d' % (kind, number),
                                                      '%s=%d' % (kind, number))
                       for number in batch}
            living = {name for name, daemon in daemons.items() if lives(daemon)}
            for _ in range(2):
                scene.send([(5, FRAME % 9)])
                time.sleep(1)
            for name, daemon in daemons.items():
                ended += finish(daemon, name, name in living)
            reader.settle()
            rows, _ = once(reader.rows())
            for name in living:
                check(scene, rows, name, daemons[name].log())
        figure('faults', 'calls that failed, each in its turn, ' + kind,
               '%d of %d; %d times it did not start' % (len(numbers), last, ended))


def finish(daemon, name, living):
    """Ends a daemon; returns if it had ended by itself, which must have been in order."""
    if living:
        daemon.signal(signal.SIGTERM)
    code = daemon.process.wait(60)
    daemon.reader.join()
    if code == -signal.SIGABRT and 'nss_database.c' in daemon.log():
        return True  # the C library does not survive that one of its own fails
    assert code == (0 if living else 1), '%s: exit code %d: %s' % (name, code, daemon.log())
    assert living or daemon.log(), '%s ended without a word' % name
    return not living


def check(scene, rows, name, log):
    """What was counted is what was sent, at the reader or still in the journal, and nothing twice."""
    mine = [row for row in rows if row['capture'] == name]
    whole(mine)
    same(kept(scene, name), 10, 'frames in the journal of %s: %s' % (name, log))
    assert frames(mine, name) <= 10, '%s: %s' % (name, log)


def kept(scene, name):
    path = scene.path(name + 'state/census.db')
    same(sql(path, 'pragma integrity_check'), 'ok', 'journal of ' + name)
    return int(sql(path, 'select ifnull(sum(frames), 0) from intervals'))


def sql(path, query):
    return run('sqlite3', 'file:%s?mode=ro' % path, query).stdout.strip()


@case
def memory(make):
    one_fails(make, 'memory')


@case
def write(make):
    one_fails(make, 'write')


@case
def descriptor(make):
    one_fails(make, 'descriptor')


@case
def often(make):
    """For some time every few calls fail: it goes on, and when that is over all is delivered."""
    with make() as scene:
        reader = Reader(scene, 3334)
        switch = Shared(scene, 'switch', 1)
        daemon = start(scene, 'wan', 'memory=40+40 write=3+3 descriptor=2+2 while=' + switch.path)
        daemon.wait_for('counts: captures')
        sent = 0
        for _ in range(10 if CAMPAIGN else 2):
            for failing in (1, 0):
                switch.memory[0] = failing
                for _ in range(4):
                    scene.shoot([(1, FRAME % port) for port in range(1, 101)])
                    sent += 100
                    time.sleep(0.5)
                    reader.cut()
            reader.wait_for(all_there(sent), 'what was counted while calls failed')
        daemon.stop()
        rows, _ = once(reader.rows())
        same(frames(rows), sent, 'frames')
        assert 'intervals wait for the journal' in daemon.log(), daemon.log()


@case
def pieces(make):
    """Streams in pieces of three bytes, calls interrupted: all is delivered, to stream and file."""
    with make() as scene:
        reader = Reader(scene, 3334)
        daemon = start(scene, 'wan', 'pieces')
        daemon.wait_for('counts: captures')
        sent = 0
        for _ in range(10 if CAMPAIGN else 3):
            scene.shoot([(1, FRAME % port) for port in range(1, 101)])
            sent += 100
            reader.wait_for(all_there(sent), 'frames in pieces')
        reader.wait_for(is_whole, 'the rest of the interval')
        daemon.stop()
        rows, repeated = once(reader.rows())
        whole(rows)
        same((frames(rows), repeated), (sent, 0), 'frames, and rows repeated')
        with open(scene.path('wan.json'), 'rb') as file:
            done = subprocess.run(['jq', '-s', 'map(select(.type == "total").frames) | add'],
                                  stdin=file, capture_output=True, text=True, check=True)
        same(int(done.stdout), sent, 'frames in the file by jq')


@case
def killed(make):
    """Killed in the middle of each change of a file: the next start goes on from there."""
    with make() as scene:
        reader = Reader(scene, 3334)
        numbers = spread(1, usual(scene, reader, 'kill'), 12)
        points = collections.Counter()
        for batch in batches(numbers):
            names = ['killed%d' % number for number in batch]
            daemons = [start(scene, name, 'kill=%d' % number)
                       for name, number in zip(names, batch)]
            for _ in range(3):
                scene.shoot([(5, FRAME % 9)])
                time.sleep(0.8)
            for daemon in daemons:
                daemon.signal(signal.SIGTERM)
                daemon.process.wait(60)
                daemon.reader.join()
                points.update(map(''.join, DIES.findall(daemon.log())))
            daemons = [start(scene, name) for name in names]
            for daemon in daemons:
                daemon.wait_for('counts: captures')
            scene.shoot([(1, FRAME % 10)])
            for name in names:
                reader.wait_for(lambda rows, name=name: on_port(of(rows, name), 10) == 1,
                                'the run after the kill')
            for daemon in daemons:
                daemon.stop(alone=daemon is daemons[-1])
                assert 'set aside' not in daemon.log(), daemon.log()
            for name in names:
                rows, _ = once(of(reader.rows(), name))
                whole(rows)
                assert on_port(rows, 9) <= 15, 'counted twice'
                same(kept(scene, name), frames(rows, name), 'frames in the journal of ' + name)
        figure('faults', 'killed at changes of files, in a short life',
               ', '.join('%d times in %s' % (count, point) for point, count in points.most_common()))
        if CAMPAIGN:
            same(POINTS - set(points), set(), 'points of the journal\'s life without a kill')


def of(rows, name):
    return [row for row in rows if row['capture'] == name]


if __name__ == '__main__':
    main()
