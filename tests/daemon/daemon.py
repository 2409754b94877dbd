#!/usr/bin/env python3
"""daemon.py CASE WIRECENSUS SENDER: one test of the daemon between sender and collectors, by name.

WC_CAMPAIGN in the environment makes some longer.
"""
import datetime
import itertools
import os
import random
import re
import subprocess
import time

from scene import CAMPAIGN, Census, ask, ask_any, once, run, wait_until, whole
from cases import (CAPTURE, FRAME, JSON, all_there, between_intervals, case, figure, frames,
                   in_time, intervals, main, missing_rows, no_gap, not_held_up, on_port, same,
                   totals)
from collector import Reader, Silent
from rsyslog import Rsyslog
from plan import RECEIVED, expected, frames_of, lines
from traffic import Traffic

SCHEMA = os.path.join(os.path.dirname(os.path.abspath(__file__)), '..', '..', 'exporters', 'journal',
                      'schema.sql')


@case
def delivered(make):
    """What was sent is what the collector sums up, on its rows, interval by interval."""
    with make() as scene:
        reader = Reader(scene, 3334)
        daemon = scene.daemon(CAPTURE + JSON % 3334)
        plan = [(row[0] * 10, *row[1:]) for row in RECEIVED]
        sent = scene.send(lines(plan), rate=3000)
        reader.wait_for(all_there(frames_of(plan, sent)), 'all frames')
        # On a busy machine some are late, and no other for it.
        reader.wait_for(in_step, 'three intervals in a row that end with the second')
        daemon.stop()
        rows, repeated = once(reader.rows())
        same(repeated, 0, 'repeated rows')
        whole(rows)
        census = Census(rows)
        same(census.counts(), expected(plan, sent), 'rows')
        same(census.total('frames'), frames_of(plan, sent), 'frames')
        same(census.total('lost'), 0, 'lost')
        no_gap(rows)
        same(jq(reader), len(reader.rows()), 'lines that jq reads')
        check_journal(scene, frames_of(plan, sent))


def in_step(rows):
    on_time = ''.join('ny'[row['end'][-5:] < '.100Z'] for row in totals(rows))
    return 'yyy' in on_time


def jq(reader):
    """How many values jq reads in all that came."""
    text = b''.join(bytes(piece) for piece in reader.pieces)
    done = subprocess.run(['jq', '-c', '.'], input=text, capture_output=True, check=True)
    return len(done.stdout.splitlines())


def sql(scene, query):
    done = run('sqlite3', 'file:%s?mode=ro' % scene.path('state/census.db'), query)
    return done.stdout.split()


def examples():
    """The queries in the head of the schema."""
    with open(SCHEMA) as file:
        head = itertools.takewhile(lambda line: line.startswith('--'), file)
        return re.findall(r'^ *(SELECT .*?;)', ''.join(line[2:] for line in head), re.S | re.M)


def check_journal(scene, count):
    """What a person asks with plain SQL; the documented examples among it."""
    same(sql(scene, 'select sum(frames) from intervals'), [str(count)], 'frames in the journal')
    queries = examples()
    same(len(queries), 3, 'examples in the schema')
    answers = [sql(scene, query) for query in queries]
    assert answers[0] and not answers[2], answers


@case
def last_interval(make):
    """What is counted when SIGTERM comes is delivered, too, though its interval is not over."""
    with make() as scene:
        reader = Reader(scene, 3334)
        daemon = scene.daemon(CAPTURE + JSON % 3334)
        for number in range(1, 4):
            scene.send([(100, FRAME % 9)])
            daemon.stop()
            rows = reader.wait_for(all_there(100 * number), 'frames of run %d' % number) and \
                reader.rows()
            same(frames(rows), 100 * number, 'frames')
            daemon = scene.daemon(CAPTURE + JSON % 3334)
        daemon.stop()
        whole(once(reader.rows())[0])


@case
def collector_away(make):
    """All stop for many intervals and come back: each gets all of them, in order."""
    away = 60 if CAMPAIGN else 15
    with make() as scene:
        secret = Rsyslog(scene, 3336, True)
        collectors = [Reader(scene, 3334), Rsyslog(scene, 3335), secret]
        daemon = scene.daemon(
            CAPTURE + JSON % 3334 + 'json plain { address = "tcp://127.0.0.1:3335" }\n'
            'json secret { address = "tls://127.0.0.1:3336"  ca = "%s" }\n' % secret.authority)
        sent = scene.shoot([(50, FRAME % 9)])[0][0]
        for collector in collectors:
            collector.wait_for(all_there(sent), 'frames before')
            # What is on its way to one that goes is lost.
            between_intervals(collector)
            collector.go()
        before = written(scene)
        while written(scene) < before + away:
            sent += scene.shoot([(50, FRAME % 9)])[0][0]
            time.sleep(1)
        for name in ('reader', 'plain', 'secret'):
            assert 'json/%s: ' % name in ask_any(scene, 'status'), 'nobody misses %s' % name
        for collector in collectors:
            collector.come()
        for collector in collectors:
            collector.wait_for(all_there(sent), 'what was sent meanwhile')
        for name in ('reader', 'plain', 'secret'):
            daemon.wait_for('json/%s works again' % name)
        daemon.stop()
        for collector in collectors:
            rows, _ = once(collector.rows())
            whole(rows)
            assert no_gap(rows) > away
            same(frames(rows), sent, 'frames')


def written(scene):
    """How many intervals the journal has."""
    return int(sql(scene, 'select count(*) from intervals')[0])


@case
def stalled_collector(make):
    """One that accepts and never reads delays no interval and no other exporter."""
    with make() as scene:
        silent, reader = Silent(scene, 3335, room=4096), Reader(scene, 3334)
        daemon = scene.daemon(CAPTURE + JSON % 3334 +
                              'json silent { address = "tcp://127.0.0.1:3335" }\n')
        sent = 0
        for number in range(1, 9):
            # Many ports: much to tell, more than the stalled one's buffers hold.
            scene.shoot([(1, FRAME % port) for port in range(1, 201)])
            sent += 200
            reader.wait_for(all_there(sent), 'frames while another collector stands still')
        assert silent.pieces, 'the silent collector was not connected to'
        text = ask(scene, 'show', 'exporters')
        assert 'json/silent' in text, text
        daemon.stop()
        rows, repeated = once(reader.rows())
        same(repeated, 0, 'repeated')
        whole(rows)
        same(frames(rows), sent, 'frames')
        in_time(rows)
        not_held_up(daemon)


@case
def collectors_killed(make):
    """Killed again and again: what is missing was acknowledged by its kernel, and has numbers."""
    room = 4096
    with make() as scene:
        reader = Reader(scene, 3334, room)
        daemon = scene.daemon(CAPTURE + JSON % 3334)
        kills = 30 if CAMPAIGN else 6
        sent = 0
        for _ in range(kills):
            scene.shoot([(1, FRAME % port) for port in range(1, 201)])
            sent += 200
            time.sleep(0.5 + random.random())
            reader.cut()
        reader.wait_for(lambda rows: len(intervals(rows)) > kills, 'intervals')
        scene.shoot([(7, FRAME % 9999)])
        reader.wait_for(lambda rows: on_port(rows, 9999) == 7, 'the last frames')
        daemon.stop()
        rows, repeated = once(reader.rows())
        missing = missing_rows(rows)
        longest = 1 + max(len(str(row)) for row in rows)
        figure('faults', 'collector killed', '%d times: %d rows missing, %d repeated'
               % (kills, missing, repeated))
        # The kernel doubles the room that it is asked for.
        assert missing * 300 <= kills * (2 * room + longest), 'too much is missing'
        check_missing(rows, sent + 7)


def check_missing(rows, sent):
    """Where all rows of an interval are there, they add up to its total."""
    for number in set(row['interval'] for row in rows):
        here = [row for row in rows if row['interval'] == number]
        total = [row for row in here if row['type'] == 'total']
        if total and len(here) == total[0]['rows']:
            same(sum(row['packets'] for row in here if row['type'] == 'port'),
                 total[0]['packets'], 'packets of interval %d' % number)
    assert frames(rows) <= sent, 'more frames than were sent'


@case
def killed(make):
    """SIGKILL under traffic, again and again: at most the last interval is lost, nothing counted twice."""
    times = 130 if CAMPAIGN else 4
    with make() as scene:
        reader = Reader(scene, 3334)
        port, size, lost, worst, sent = 10000, 20, 0, 0.0, 0
        for _ in range(times):
            daemon = scene.daemon(CAPTURE + JSON % 3334)
            traffic = Traffic(scene, port, size)
            traffic.start()
            # At any moment of an interval, once those before it are kept.
            kept = journaled(scene, written(scene) + random.randrange(3))
            time.sleep(random.random())
            when = time.time()
            daemon.kill()
            traffic.finish()
            port = traffic.port
            daemon = scene.daemon(CAPTURE + JSON % 3334)
            # What the journal had is delivered before what is counted now.
            scene.shoot([(1, FRAME % 9)])
            marks = len([row for row in reader.rows() if row.get('port') == 9]) + 1
            reader.wait_for(lambda rows, marks=marks: sum(row.get('port') == 9 for row in rows)
                            >= marks, 'the run after the kill')
            daemon.stop()
            rows, _ = once(reader.rows())
            safe = end_of(totals(rows)[kept - 1])
            for chunk, sent_at in traffic.chunks:
                got = on_port(rows, chunk)
                sent += size
                assert got <= size, 'counted twice: %d of %d' % (got, size)
                assert got == size or sent_at > safe, 'lost of an interval that was kept'
                lost += size - got
                if got < size and sent_at < when:
                    worst = max(worst, when - sent_at)
        figure('faults', 'SIGKILL', '%d times: %d frames sent, %d lost; the oldest of them was %.2f s old'
               % (times, sent, lost, worst))
        # An interval is lost, and what was on its way to the disk; a watchdog at ten times that.
        assert worst <= 20, 'more than an interval was lost'
        whole(rows)


def journaled(scene, count):
    """Waits until the journal has more than @count intervals; returns how many."""
    return wait_until(lambda: max(written(scene) - count, 0), 'intervals in the journal') + count


def end_of(row):
    """The full second at which its interval was to end, since 1970: what had come by then is in it."""
    return int(datetime.datetime.fromisoformat(row['end'].replace('Z', '+00:00')).timestamp())


@case
def black_holes(make):
    """SIGTERM ends at once, whatever the collectors do, and all that was counted is kept."""
    with make(pairs=2) as scene:
        scene.ip('near', 'addr', 'add', '198.51.100.1/24', 'dev', 'near1')
        Silent(scene, 3335, room=4096)
        longest, sent = 0.0, 0
        for _ in range(50 if CAMPAIGN else 2):
            daemon = scene.daemon(
                CAPTURE + 'json hole { address = "tcp://198.51.100.9:3334" }\n'
                'json silent { address = "tcp://127.0.0.1:3335" }\n'
                'json closed { address = "tcp://127.0.0.1:3336" }\n'
                'json nameless { address = "tcp://nobody.example:3334" }\n')
            for _ in range(2):
                scene.send([(1, FRAME % port) for port in range(1, 201)])
                time.sleep(random.random())
            scene.send([(5, FRAME % 9)])
            sent += 405
            longest = max(longest, daemon.stop())
            same(sql(scene, 'select sum(frames) from intervals'), [str(sent)],
                 'frames in the journal')
        figure('faults', 'SIGTERM with four collectors in black holes', 'at most %.2f s' % longest)
        # A watchdog at ten times what is promised.
        assert longest < 20, 'SIGTERM took %.1f s' % longest


def through_rsyslog(make, secret, options):
    with make() as scene:
        collector = Rsyslog(scene, 3334, secret)
        daemon = scene.daemon(CAPTURE + 'json central { %s }\n' % options.format(collector.authority))
        plan = [(row[0] * 10, *row[1:]) for row in RECEIVED]
        sent = scene.send(lines(plan), rate=3000)
        collector.wait_for(all_there(frames_of(plan, sent)), 'all frames')
        daemon.stop()
        rows, _ = once(collector.rows())
        whole(rows)
        same(Census(rows).counts(), expected(plan, sent), 'rows')


@case
def rsyslog_tcp(make):
    """rsyslogd's imtcp, one row a line."""
    through_rsyslog(make, False, 'address = "tcp://127.0.0.1:3334"')


@case
def rsyslog_tls(make):
    """The same over TLS, its certificate checked."""
    through_rsyslog(make, True, 'address = "tls://127.0.0.1:3334"  ca = "{}"')


if __name__ == '__main__':
    main()
