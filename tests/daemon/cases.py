"""What the tests of the daemon share: how they are run by name, what they configure, figures of rows."""
import datetime
import os
import re
import subprocess
import sys
import time

from scene import Scene, is_whole, once
from bed import attempt
from plan import IN4

CASES = {}
CAPTURE = 'capture wan { interface = {"near0"} }\n'
JSON = 'json reader { address = "tcp://127.0.0.1:%d" }\n'
FRAME = IN4 + '17 / udp 40000 %d'


def case(function):
    CASES[function.__name__] = function
    return function


def figure(kind, what, value):
    """Prints what tests/house/figures.py puts on the page of figures."""
    print('figure: %s: %s: %s' % (kind, what, value))


def same(actual, wanted, what):
    assert actual == wanted, '%s: %s, not %s' % (what, actual, wanted)


def frames(rows, capture='wan'):
    """Frames of all intervals of a capture."""
    return sum(row['frames'] for row in totals(rows, capture))


def totals(rows, capture='wan'):
    return [row for row in rows if row['type'] == 'total' and row['capture'] == capture]


def intervals(rows, capture='wan'):
    """The numbers of the intervals that have a total, in the order of arrival."""
    return [row['interval'] for row in totals(rows, capture)]


def on_port(rows, port):
    return sum(row['packets'] for row in rows if row['type'] == 'port' and row['port'] == port)


def all_there(count):
    """Whether so many frames were told of; those that were told of again count once."""
    return lambda rows: frames(once(rows)[0]) >= count


def between_intervals(collector):
    """Waits until all rows of an interval have come just now: the next is almost a second away."""
    before = len(intervals(collector.rows()))
    collector.wait_for(lambda rows: len(intervals(rows)) > before and is_whole(rows), 'an interval')


def no_gap(rows):
    """Asserts that the intervals of one run are all there, in order; returns how many."""
    numbers = intervals(rows)
    same(numbers, list(range(1, len(numbers) + 1)), 'intervals')
    return len(numbers)


def seconds_between(row):
    start, end = (datetime.datetime.fromisoformat(row[name].rstrip('Z')) for name in ('start', 'end'))
    return (end - start).total_seconds()


def in_time(rows):
    """No interval was held up: a watchdog at ten times their length."""
    for row in totals(rows):
        assert seconds_between(row) < 10, row


def not_held_up(daemon):
    """Nobody was waited for: that would have taken five seconds or more.

    A busy machine, too, makes intervals late, but by less.
    """
    late = [float(text) for text in re.findall(r'an interval ends ([\d.]+) s late', daemon.log())]
    assert max(late, default=0) < 3, daemon.log()


def descriptors(daemon):
    """How many it holds, without those of who asks it at the moment."""
    def now():
        time.sleep(0.02)
        return len(os.listdir('/proc/%d/fd' % daemon.process.pid))

    return min(now() for _ in range(20))


def knows(scene, section):
    """True if this build has what a section of a configuration needs."""
    path = scene.path('known.conf')
    with open(path, 'w') as file:
        file.write(section)
    return subprocess.run([scene.program, 'daemon', '-t', '-c', path], capture_output=True,
                          check=False).returncode == 0


def missing_rows(rows):
    """How many rows are not there, by their numbers and those of their intervals."""
    found = {}
    for row in rows:
        found.setdefault(row['interval'], (row['rows'], set()))[1].add(row['row'])
    last = max(found)
    gone = set(range(1, last + 1)) - set(found)
    assert not gone, 'whole intervals are missing: %s' % gone
    return sum(count - len(numbers) for count, numbers in found.values())


def main():
    """Runs CASE of PROGRAM CASE WIRECENSUS SENDER; exits with 77 when the machine lacks what it needs."""
    if len(sys.argv) != 4 or sys.argv[1] not in CASES:
        sys.exit('usage: %s CASE WIRECENSUS SENDER; cases: %s' % (sys.argv[0], ' '.join(CASES)))
    attempt(lambda: CASES[sys.argv[1]](lambda pairs=1: Scene(sys.argv[2], sys.argv[3], pairs)))
