"""What the tests of flow records share, beside ../daemon/cases.py."""
import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), '..', 'daemon'))
from scene import Scene, ask, parse, wait_until  # noqa: E402
from bed import attempt  # noqa: E402
from cases import CASES  # noqa: E402
from receivers import PORT  # noqa: E402

IPFIX = 'ipfix collector { address = "%s"  interval = "1s"  %s }\n'
LOCAL = 'udp://127.0.0.1:%d' % PORT
STREAM = 'tcp://127.0.0.1:%d' % PORT
EVERYTHING = 'rows = {"conversation", "port", "protocol", "ethertype", "host", "scanner"} '


def answers(scene, *words):
    return parse(ask(scene, *words, '--format', 'json'))


def delivered(scene, frames):
    """Until so many frames lie in intervals that are over, and all of these are delivered."""
    def counted():
        # Before the first interval is over, there is no row.
        return max((row['interval'] for row in answers(scene, 'show', 'totals', '--total')
                    if row['frames'] >= frames), default=0)

    last = wait_until(counted, 'all frames are counted')
    wait_until(lambda: answers(scene, 'status')[0]['journal_last'] >= last, 'they are written down')
    wait_until(lambda: all(row['backlog_intervals'] == 0 for row in answers(scene, 'show', 'exporters')),
               'they are delivered')


def main():
    """Runs CASE of PROGRAM CASE WIRECENSUS SENDER LISTENER."""
    if len(sys.argv) != 5 or sys.argv[1] not in CASES:
        sys.exit('usage: %s CASE WIRECENSUS SENDER LISTENER; cases: %s' %
                 (sys.argv[0], ' '.join(CASES)))

    def make():
        scene = Scene(sys.argv[2], sys.argv[3])
        scene.listener = sys.argv[4]
        return scene

    attempt(lambda: CASES[sys.argv[1]](make))
