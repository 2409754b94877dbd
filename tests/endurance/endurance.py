#!/usr/bin/env python3
"""endurance.py CASE WIRECENSUS SENDER: the daemon for long, or among more strangers than it has rows.

WC_CAMPAIGN in the environment makes them longer. WC_SPOOF names the program of spoof.c.
"""
import os
import re
import socket
import subprocess
import sys
import time

sys.dont_write_bytecode = True  # the source tree stays as it is
sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), '..', 'daemon'))
from scene import CAMPAIGN, Daemon, ask, ask_any, once, parse, wait_until, whole  # noqa: E402
from cases import CAPTURE, FRAME, case, figure, frames, intervals, main, same, totals  # noqa: E402
from collector import Reader  # noqa: E402
from plan import NEAR4  # noqa: E402

MEGABYTE = 1 << 20


def resident(daemon, name='VmRSS'):
    return int(daemon.status(name).split()[0]) * 1024


def lost(rows):
    return sum(row['lost'] for row in totals(rows))


def late(scene, what='late'):
    """How many intervals ended late, or were lost, as the daemon says."""
    status = ask_any(scene, 'status', '--format', 'json')
    return int(re.search(r'"%s_intervals":(\d+)' % what, status)[1])


# ---- traffic, for long ----

ALL_ON = '''
journal { size = "1M"  undelivered = "512K" }
json lines { address = "tcp://127.0.0.1:3334" }
json sums { address = "tcp://127.0.0.1:3337"  interval = 5  top = 3 }
syslog central { address = "tcp://127.0.0.1:3335" }
gelf graylog { address = "udp://127.0.0.1:3336" }
ipfix flows { address = "udp://127.0.0.1:3336"  interval = 5 }
tree rules { address = "tree://%s"  interval = 5 }
http { listen = "127.0.0.1:8888" }
'''
RATE = 2000  # frames a second
SECONDS = 600 if CAMPAIGN else 20
SETTLED = 7  # s: tables have rows for all that comes, and each exporter had them once
# What libraries and the allocator may take later: less than 10 kB for each interval of the campaign.
SLACK = 4 * MEGABYTE


def datagrams(port):
    """A collector of datagrams; what it does not read the kernel drops."""
    made = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    made.bind(('127.0.0.1', port))
    return made


def settle(scene):
    """Sends until each exporter has delivered something, and so has opened what it needs."""
    sent = 0

    def delivered():
        nonlocal sent
        sent += scene.shoot([(1, FRAME % 9)])[0][0]
        rows = parse(ask_any(scene, 'show', 'exporters', '--format', 'json'))
        return rows and all(row['messages'] for row in rows)

    wait_until(delivered, 'each exporter to deliver')
    return sent


def start_traffic(scene):
    """250 clients of as many ports."""
    plan = ''.join('%d eth 0800 / ip4 203.0.113.%d %s %s\n'
                   % (RATE * SECONDS // 250, number, NEAR4,
                      '17 / udp 40000 %d' % number if number % 2 else '6 / tcp 40000 %d S 1' % number)
                   for number in range(1, 251))
    process = subprocess.Popen(['ip', 'netns', 'exec', scene.spaces['far'], scene.sender_path, 'far0',
                                str(RATE)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    process.stdin.write(plan)
    process.stdin.close()
    return process


def look(scene, daemon):
    """Asks it in every way, then says how much memory and how many descriptors it holds."""
    for page in ('metrics', ''):
        scene.on('near', 'curl', '-sSf', '--max-time', '60', '-o', '/dev/null',
                 'http://127.0.0.1:8888/' + page)
    ask(scene, 'show', 'ports')
    return resident(daemon), len(os.listdir('/proc/%d/fd' % daemon.process.pid))


@case
def traffic(make):
    """With all exporters on and being asked all the time, neither memory nor descriptors grow."""
    with make() as scene:
        reader, logs, sums = Reader(scene, 3334), Reader(scene, 3335), Reader(scene, 3337)
        sink = scene.inside(lambda: datagrams(3336))
        daemon = scene.daemon(CAPTURE + ALL_ON % scene.path('state/tree'))
        before = settle(scene)
        sender, looks, begun = start_traffic(scene), [], time.monotonic()
        while sender.poll() is None:
            looked = look(scene, daemon)
            if time.monotonic() - begun > SETTLED:
                looks.append(looked)
            time.sleep(0.5)
        took = time.monotonic() - begun
        sent = sum(int(line.split()[0]) for line in sender.stdout)
        same(sent, RATE * SECONDS, 'frames sent')
        sent += before
        reader.wait_for(lambda rows: frames(rows) + lost(rows) >= sent, 'frames counted or lost')
        intervals_late = late(scene)
        daemon.stop()
        sink.close()
        assert logs.pieces and sums.rows(), 'not all was delivered'
    rows, _ = once(reader.rows())
    same(frames(rows) + lost(rows), sent, 'frames counted and lost')
    half = len(looks) // 2
    # Who asks is there for a moment, what leaks stays.
    early, afterwards = ((max(taken for taken, _ in part), min(held for _, held in part))
                         for part in (looks[:half], looks[half:]))
    figure('endurance', '%d s of traffic, %d frames, %d times asked, all exporters on'
           % (took, sent, 3 * len(looks)),
           '%.1f MB and %d descriptors in the first half, %.1f MB and %d in the second; %d intervals late'
           % (early[0] / MEGABYTE, early[1], afterwards[0] / MEGABYTE, afterwards[1], intervals_late))
    assert afterwards[0] <= early[0] + SLACK, 'memory grew: %s, %s' % (early, afterwards)
    assert afterwards[1] <= early[1], 'descriptors grew: %s, %s' % (early, afterwards)


# ---- strangers ----

SOURCES = 10000000 if CAMPAIGN else 300000
INTERVAL = 10 if CAMPAIGN else 3  # seconds: some 130,000 rows are written for each
SPOOFED = '''capture wan { interface = {"near0"}  engine = "%s" }
json reader { address = "tcp://127.0.0.1:3334"  rows = {"total", "port", "conversation", "host"}  top = 20 }
'''
# Rows of hosts, conversations and scanners in one snapshot, and how many of these are there at once:
# made, written, shown, read back for an exporter.
SNAPSHOT = 65537 * 512
SNAPSHOTS = 4


def arrived(scene):
    """Frames that reached the link; a queue between its ends drops some when they come too fast."""
    return int(scene.on('near', 'cat', '/sys/class/net/near0/statistics/rx_packets').stdout)


def sums_equal_totals(rows):
    """Of each interval the rows of each table, with `other`, have all frames."""
    sums = {}
    for row in rows:
        if row['type'] in ('port', 'conversation', 'host'):
            counted = row['sent_packets'] if row['type'] == 'host' else row['packets']
            key = (row['interval'], row['type'])
            sums[key] = sums.get(key, 0) + counted + (row.get('reverse_packets') or 0)
    for total in totals(rows):
        ports = sums.get((total['interval'], 'port'), 0)
        same(total['packets'], total['frames'], 'packets')
        same(ports, total['packets'], 'packets of ports in interval %d' % total['interval'])
        for kind in ('conversation', 'host'):
            same(sums.get((total['interval'], kind), 0), ports,
                 'packets of each %s in interval %d' % (kind, total['interval']))


def start(scene, text):
    """As scene.daemon(), with longer intervals."""
    path = scene.configure(text)
    with open(path) as file:
        text = file.read()
    with open(path, 'w') as file:
        file.write(text.replace('interval = 1\n', 'interval = %d\n' % INTERVAL))
    daemon = Daemon(scene, path)
    daemon.wait_for('counts: captures')
    return daemon


def since_start(scene):
    """The last interval's number, and the frames that were counted or lost up to its end."""
    found = re.search(r'interval (\d+): .*since the start: frames ([\d,]+), lost ([\d,]+)',
                      ask_any(scene, 'show', 'captures'))
    number, counted, missed = (int(word.replace(',', '')) for word in found.groups()) if found else (0, 0, 0)
    return number, counted + missed


def spoofed(make, engine):
    with make() as scene:
        reader = Reader(scene, 3334)
        daemon = start(scene, SPOOFED % engine)
        captures = ask_any(scene, 'show', 'captures')
        assert 'engine: ' + engine in captures, captures
        stated = int(re.search(r'memory: at most (\d+) MB for tables', captures)[1]) * 1000000
        before, begun = resident(daemon), time.monotonic()
        scene.on('far', os.environ['WC_SPOOF'], 'far0', str(SOURCES))
        took, sent = time.monotonic() - begun, arrived(scene)
        wait_until(lambda: since_start(scene)[1] >= sent, 'all frames to be counted or lost')
        number, counted = since_start(scene)
        reader.wait_for(lambda rows: max(intervals(rows), default=0) >= number, 'the last interval')
        held = resident(daemon, 'VmHWM') - before
        intervals_late, unwritten = late(scene), late(scene, 'lost')
        daemon.stop()
        rows, repeated = once(reader.rows())
    whole(rows)
    same(repeated, 0, 'repeated rows')
    same(counted, sent, 'frames counted and lost')
    sums_equal_totals(rows)
    # Where the disk was too slow for so many rows, it was told.
    same(max(intervals(rows)) - len(totals(rows)), unwritten, 'intervals that are missing')
    if not unwritten:
        same(frames(rows) + lost(rows), sent, 'frames of all intervals')
    assert any(row.get('other') for row in rows if row['type'] == 'host'), 'no bound was reached'
    assert sent > SOURCES / 10, 'few frames arrived: %d' % sent
    figure('load', '%d spoofed sources, engine %s' % (sent, engine),
           '%.0f a second; %d lost; %.0f MB more in memory, of %.0f MB for tables and %.0f MB for '
           'snapshots; %d intervals late, %d not written'
           % (sent / took, lost(rows), held / 1e6, stated / 1e6, SNAPSHOTS * SNAPSHOT / 1e6,
              intervals_late, unwritten))
    assert held <= stated + SNAPSHOTS * SNAPSHOT, 'more memory than stated: %s' % held


@case
def spoofed_kernel(make):
    """The kernel engine."""
    spoofed(make, 'kernel')


@case
def spoofed_pcap(make):
    """The engine that is there everywhere."""
    spoofed(make, 'pcap')


if __name__ == '__main__':
    main()
