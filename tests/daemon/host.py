#!/usr/bin/env python3
"""host.py CASE WIRECENSUS SENDER: one test of what the daemon's own host does to it, by name.

WC_CAMPAIGN in the environment makes some longer.
"""
import contextlib
import os
import random
import re
import signal
import struct
import time

from scene import CAMPAIGN, Daemon, ask, ask_any, once, run, wait_until, whole
from cases import (CAPTURE, FRAME, JSON, all_there, case, descriptors, figure, frames, intervals, main,
                   no_gap, on_port, same, seconds_between, totals)
from collector import Reader

HOUR = 3600
PAGE = 4096  # bytes, of the journal
MANY = range(1, 100)  # ports


# ---- the disk ----

@contextlib.contextmanager
def small_disk(make):
    """A scene whose state directory is a disk of its own."""
    with make() as scene:
        os.mkdir(scene.path('state'))
        run('mount', '-t', 'tmpfs', '-o', 'size=4m', 'wc-test', scene.path('state'))
        try:
            yield scene
        finally:
            for what in reversed(scene.running):
                what.end()
            run('umount', scene.path('state'))


def fill(path):
    with open(path, 'wb', buffering=0) as file:
        for size in (1 << 16, 1 << 12, 1):
            try:
                while True:
                    file.write(bytes(size))
            except OSError:
                pass


def wait_out(scene, reader, daemon, give):
    """Counts while the disk is not to be had, until give()."""
    for number in range(8):
        scene.send([(1, FRAME % (100 * number + port)) for port in MANY])
        time.sleep(0.5)
    daemon.wait_for('counting goes on')
    told = ask(scene, 'status', code=1)
    assert 'WRONG' in told and 'intervals wait\n' in told, told
    give()
    daemon.wait_for('the journal is written again; 0 intervals were lost')
    reader.wait_for(all_there(8 * len(MANY)), 'what waited')
    wait_until(lambda: ', all is well' in ask_any(scene, 'status'), 'all to be well')
    daemon.stop()
    rows, _ = once(reader.rows())
    whole(rows)
    no_gap([row for row in rows if row['instance'] == rows[-1]['instance']])
    same(frames(rows), 8 * len(MANY), 'frames')


@case
def full_disk(make):
    """Counting goes on; when there is room again, all that waited is kept and delivered."""
    with small_disk(make) as scene:
        reader = Reader(scene, 3334)
        daemon = scene.daemon(CAPTURE + JSON % 3334)
        reader.wait_for(intervals, 'an interval')
        fill(scene.path('state/filler'))
        wait_out(scene, reader, daemon, lambda: os.unlink(scene.path('state/filler')))


@case
def read_only_disk(make):
    """The same with a state directory that cannot be written when the daemon starts."""
    with small_disk(make) as scene:
        def remount(how):
            run('mount', '-o', 'remount,' + how, scene.path('state'))

        scene.daemon(CAPTURE + JSON % 3334).stop()
        # The disk, and not only this mount of it, of which the daemon gets a copy.
        remount('ro')
        remount('bind,rw')
        reader = Reader(scene, 3334)
        daemon = scene.daemon(CAPTURE + JSON % 3334)
        wait_out(scene, reader, daemon, lambda: remount('rw'))


@case
def slow_disk(make):
    """It stands still for longer than intervals can wait: the oldest go, which is told while it lasts."""
    with make() as scene:
        reader = Reader(scene, 3334)
        with open(scene.path('hang'), 'wb') as file:
            file.write(b'\0')
        hang = open(scene.path('hang'), 'r+b', buffering=0)
        config = scene.configure(CAPTURE + JSON % 3334)
        daemon = Daemon(scene, config, faults='hang=' + scene.path('hang'))
        daemon.wait_for('counts: captures')
        scene.shoot([(10, FRAME % 9)])
        reader.wait_for(all_there(10), 'frames before')
        assert ', all is well' in ask(scene, 'status')
        os.pwrite(hang.fileno(), b'\1', 0)
        daemon.wait_for('intervals come faster than the journal is written')
        told = ask(scene, 'status', code=1)
        assert re.search(r'WRONG +intervals come faster .* [1-9]\d* were never written', told), told
        scene.shoot([(20, FRAME % 10)])
        os.pwrite(hang.fileno(), b'\0', 0)
        daemon.wait_for('the journal has caught up')
        wait_until(lambda: ', all is well' in ask_any(scene, 'status'), 'all to be well')
        reader.wait_for(lambda rows: on_port(rows, 10) == 20, 'frames behind it')
        daemon.stop()
        rows, _ = once(reader.rows())
        whole(rows)
        lost = int(re.search(r'caught up; (\d+) intervals were lost', daemon.log())[1])
        numbers = intervals(rows)
        same(numbers[-1] - len(numbers), lost, 'intervals that are missing')
        figure('faults', 'a disk that stands still', '%d intervals went on, %d of them lost and told'
               % (numbers[-1], lost))


def damage(path, page):
    """Writes over a page of the journal, as a disk would that has gone bad."""
    with open(path, 'r+b') as file:
        file.seek(PAGE * page)
        file.write(random.randbytes(PAGE))


@case
def damaged_journal(make):
    """A page is gone: what is damaged is set aside, at the start or when it is found, and it goes on."""
    with make() as scene:
        reader = Reader(scene, 3334)
        path = scene.path('state/census.db')
        daemon = scene.daemon(CAPTURE + JSON % 3334)
        scene.shoot([(1, FRAME % port) for port in MANY])
        reader.wait_for(all_there(len(MANY)), 'frames before')
        daemon.stop()
        pages = os.path.getsize(path) // PAGE
        aside, lost = 0, 0
        for page in range(pages) if CAMPAIGN else [0, 1, *random.sample(range(2, pages), 4)]:
            damage(path, page)
            daemon = scene.daemon(CAPTURE + JSON % 3334)
            shots = 0
            while not on_port(reader.rows(), 1000 + page):
                assert shots < 200, 'nothing is delivered behind damage of page %d' % page
                scene.shoot([(1, FRAME % (1000 + page))])
                shots += 1
                time.sleep(0.3)
            daemon.stop()
            aside += daemon.log().count('was set aside')
            # What waited in the file that was set aside is missing, and no more.
            missing = shots - on_port(once(reader.rows())[0], 1000 + page)
            assert not missing or 'was set aside' in daemon.log(), daemon.log()
            lost += missing
        assert aside, 'no damage was found'
        whole(once(reader.rows())[0])
        kept = [name for name in os.listdir(scene.path('state')) if '.bad-' in name]
        assert 0 < len(kept) < 20, kept
        figure('faults', 'a page of the journal damaged',
               '%d of %d pages: set aside %d times, %d frames lost'
               % (pages if CAMPAIGN else 6, pages, aside, lost))


# ---- the clock ----

class Clock:
    """The daemon's wall clock, which can be moved while it runs."""

    def __init__(self, scene):
        self.path, self.offset = scene.path('clock'), 0
        self.step(0)

    def step(self, seconds):
        self.offset += seconds
        if not os.path.exists(self.path):
            with open(self.path, 'wb') as file:
                file.write(bytes(8))
        with open(self.path, 'r+b', buffering=0) as file:
            file.write(struct.pack('=q', int(self.offset * 1e9)))


@case
def clock_steps(make):
    """The wall clock moves by an hour, both ways, and more: intervals stay as long, steps are told."""
    steps = [HOUR, -HOUR, 40 * 365 * 24 * HOUR, -40 * 365 * 24 * HOUR, 0.4, -0.4]
    with make() as scene:
        reader = Reader(scene, 3334)
        clock = Clock(scene)
        config = scene.configure(CAPTURE + JSON % 3334)
        daemon = Daemon(scene, config, faults='clock=' + clock.path)
        daemon.wait_for('counts: captures')
        sent = 0
        for step in steps * (10 if CAMPAIGN else 1):
            scene.shoot([(10, FRAME % 9)])
            before = len(intervals(reader.rows()))
            clock.step(step)
            scene.shoot([(10, FRAME % 9)])
            sent += 20
            reader.wait_for(lambda rows, before=before: len(intervals(rows)) >= before + 2,
                            'intervals behind a step')
        reader.wait_for(all_there(sent), 'all frames')
        daemon.stop()
        rows, repeated = once(reader.rows())
        whole(rows)
        no_gap(rows)
        same(repeated, 0, 'repeated rows')
        same(frames(rows), sent, 'frames')
        told = sum(abs(row['clock_step']) for row in totals(rows) if row['clock_step'])
        moved = sum(map(abs, steps)) * (10 if CAMPAIGN else 1)
        assert abs(told - moved) < 0.05 * len(rows), 'steps of %s s, told of %s' % (moved, told)
        for row in totals(rows)[1:-1]:
            length = seconds_between(row) - (row['clock_step'] or 0)
            assert 0 <= length < 30, 'an interval of %s s: %s' % (length, row)


# ---- interfaces ----

def down_and_up(scene, _):
    scene.ip('near', 'link', 'set', 'near0', 'down')
    scene.ip('near', 'link', 'set', 'near0', 'up')
    scene.wait_for_link('far0')


def rename(scene, daemon):
    """To another name and back: what is called near0 is counted, whatever it was called before."""
    for old, new in (('near0', 'else0'), ('else0', 'near0')):
        scene.ip('near', 'link', 'set', old, 'down')
        scene.ip('near', 'link', 'set', old, 'name', new)
        scene.ip('near', 'link', 'set', new, 'up')
    scene.wait_for_link('far0')


def other_mtu(scene, _):
    for link in ('near0', 'far0'):
        side = link.rstrip('0')
        scene.ip(side, 'link', 'set', link, 'mtu', str(random.randint(1280, 9000)))


def delete_and_make(scene, daemon):
    scene.ip('near', 'link', 'del', 'near0')
    scene.join(0)


@case
def interfaces_change(make):
    """Down, up, renamed, MTU, deleted and made again, over and over, without any capability left."""
    changes = [down_and_up, rename, other_mtu, delete_and_make]
    with make() as scene:
        reader = Reader(scene, 3334)
        daemon = scene.daemon('user = "nobody"\n' + CAPTURE + JSON % 3334)
        # It has opened what it needs to keep and to deliver an interval.
        reader.wait_for(intervals, 'an interval')
        sent, lost, most, port = 0, 0, 0, 1000
        before = None
        for number in range(100 if CAMPAIGN else 12):
            changes[number % len(changes)](scene, daemon)
            # A frame a moment until one is counted: the daemon hears of it in its own time.
            begun = time.monotonic()
            shots = 0
            while not counted(scene, port):
                assert time.monotonic() < begun + 60, 'nothing is counted after change %d' % number
                scene.shoot([(1, FRAME % port)])
                shots += 1
                time.sleep(0.05)
            most = max(most, time.monotonic() - begun)
            lost += shots
            port += 1
            scene.shoot([(10, FRAME % 9)])
            sent += 10
            before = before or descriptors(daemon)
        same(descriptors(daemon), before, 'descriptors')
        reader.wait_for(lambda rows: on_nine(rows) >= sent, 'frames after changes')
        daemon.stop()
        rows, _ = once(reader.rows())
        whole(rows)
        no_gap(rows)
        same(on_nine(rows), sent, 'frames after changes')
        figure('faults', 'changes of an interface', '%d: counted again within %.2f s' % (port - 1000, most))


def on_nine(rows):
    return on_port(rows, 9)


def counted(scene, port):
    """True if the daemon has counted a frame to @port in its whole run."""
    return ' %d ' % port in ask(scene, 'show', 'ports', '--total', '--top', '1000000')


# ---- the processor ----

@case
def stopped(make):
    """SIGSTOP for 5 seconds under a flood: what was lost is counted, and the rest adds up."""
    with make() as scene:
        reader = Reader(scene, 3334)
        daemon = scene.daemon('capture wan { interface = {"near0"}  engine = "pcap"  '
                              'buffer = "1M" }\n' + JSON % 3334)
        scene.shoot([(100, FRAME % 9)])
        reader.wait_for(all_there(100), 'frames before')
        daemon.signal(signal.SIGSTOP)
        try:
            begun = time.monotonic()
            sent = 100
            while time.monotonic() < begun + 5:
                sent += scene.shoot([(20000, FRAME % 9)])[0][0]
        finally:
            daemon.signal(signal.SIGCONT)
        scene.shoot([(7, FRAME % 10)])
        reader.wait_for(lambda rows: any(row.get('port') == 10 for row in rows), 'frames after it')
        daemon.stop()
        rows, _ = once(reader.rows())
        whole(rows)
        no_gap(rows)
        lost = sum(row['lost'] for row in totals(rows))
        same(frames(rows) + lost, sent + 7, 'frames counted and lost')
        assert lost, 'nothing was lost: %d frames found room' % sent
        long = [row for row in totals(rows) if row['lost']]
        assert not any(row['complete'] for row in long), long
        figure('faults', 'SIGSTOP for 5 s under a flood', '%d frames, %d of them lost and counted as such'
               % (sent, lost))


if __name__ == '__main__':
    main()
