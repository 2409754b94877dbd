#!/usr/bin/env python3
"""through_socket.py --plugin FILE --sender FILE --program FILE: the values of a daemon's control socket.

A real wirecensus daemon and a real collectd, whose plugin counts the same interface once by itself
and once through the daemon: both tell the same, also after the daemon was killed and started again.
"""
import contextlib
import pathlib
import signal
import subprocess
import tempfile
import time

import daemon

DAEMON = '''
interval = 1
control = "{folder}/control.sock"
capture wan {{
	interface = "vb"
}}
'''
# Nothing that is admitted when it is first seen: each way sees it at another time.
CONFIG = '''
<Plugin wirecensus>
  <Capture "own">
    Interface "vb"
  </Capture>
  <Capture "wan">
    Socket "{folder}/control.sock"
  </Capture>
  ReportPorts "tcp/443" "udp/53"
  ReportServices false
  ReportTop 0
  ReportProtocols false
  ReportEthertypes false
</Plugin>
'''
TO4 = 'eth 0800 / ip4 198.51.100.7 192.0.2.1 '
PLAN = [
    (200, TO4 + '17 / udp 5000 53 / zeros 30'),
    (70, TO4 + '6 / tcp 40000 443 S 1'),
    (20, TO4 + '1 / icmp 8 0'),
    (8, 'eth 0806 / zeros 28'),
    (4, 'eth 0800 / bytes 45'),
]
FRAMES = sum(frames for frames, _ in PLAN)
LEVELS = ('count-', 'queue_length-', 'total_time_in_ms-', 'total_events-')


@contextlib.contextmanager
def census(namespace, program, folder):
    """A running wirecensus daemon, killed at the end."""
    config = folder / 'wirecensus.conf'
    config.write_text(DAEMON.format(folder=folder))
    process = subprocess.Popen(namespace.command(program, 'daemon', '-c', config),
                               stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        yield process
    finally:
        process.send_signal(signal.SIGKILL)
        process.wait()


def sums(one, capture):
    """What only grows, of one capture."""
    return {name: value for name, value in one.last(capture).items()
            if not name.startswith(LEVELS)}


def difference(one, frames):
    """What both ways do not tell alike, or that is not what was sent: {name: (own, daemon's)}."""
    own, wan = sums(one, 'own'), sums(one, 'wan')
    names = {name for name in own.keys() | wan.keys() if own.get(name) != wan.get(name)}
    expected = {'packets-counted': FRAMES, 'packets-udp-53-transit': 200,
                'total_connections-tcp-443-transit-new': 70, 'packets-protocol': 20}
    names |= {name for name, each in expected.items()
              if wan.get(name) != each * frames / FRAMES}
    return {name: (own.get(name), wan.get(name)) for name in names}


def compare(one, frames):
    end = time.monotonic() + daemon.WATCHDOG
    while difference(one, frames) and time.monotonic() < end:
        time.sleep(0.1)
    left = difference(one, frames)
    daemon.check(not left, 'after %d frames: name, own, through the daemon' % frames,
                 *sorted(left.items()))
    print('%d values are the same both ways, after %d frames' % (len(sums(one, 'wan')), frames))


def never_fall(one):
    for name, rows in one.values('wan').items():
        values = [value for _, value in rows]
        daemon.check(name.startswith(LEVELS) or values == sorted(values), name + ' falls', values)


def count(one, words):
    return one.log().count('capture wan: ' + words)


def inside(namespace, options, folder):
    one = daemon.Collectd(namespace, options.plugin, CONFIG.format(folder=folder))
    gone, back = 'the daemon at', 'there are values again'
    try:
        with census(namespace, options.program, folder):
            one.start()
            daemon.wait_for('the first values', lambda: sums(one, 'own') and sums(one, 'wan'))
            namespace.send(options.sender, PLAN)
            compare(one, FRAMES)
            # Until its first interval has ended, the daemon may have been asked in vain.
            times = count(one, gone)
        daemon.wait_for('a line in the log', lambda: count(one, gone) == times + 1)
        with census(namespace, options.program, folder):
            daemon.wait_for('values', lambda: count(one, back) == times + 1)
            namespace.send(options.sender, PLAN)
            compare(one, 2 * FRAMES)
            daemon.check(one.stop() == 0, 'exit status', one.log())
        never_fall(one)
        daemon.check(times <= 1 and len(one.lines()) == 2 * times + 2, 'lines', *one.lines())
        daemon.check('Will suspend' not in one.log(), 'the interval grew', one.log())
    finally:
        one.remove()


def main():
    options = daemon.arguments(('--program', pathlib.Path()))
    with daemon.Namespace() as namespace, tempfile.TemporaryDirectory() as folder:
        inside(namespace, options, pathlib.Path(folder))


if __name__ == '__main__':
    main()
