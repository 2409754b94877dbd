#!/usr/bin/env python3
"""tree.py CASE WIRECENSUS SENDER: one test of the tree of connections, by name."""
import os
import sys

sys.dont_write_bytecode = True  # the source tree stays as it is
sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), '..'))
from scene import wait_until  # noqa: E402
from bed import NEAR4, NEAR6  # noqa: E402
from plan import FAR4, FAR6, IN4, IN6, OUT4  # noqa: E402
from cases import FRAME, case, main  # noqa: E402


def files_below(path):
    return sorted(os.path.relpath(os.path.join(folder, name), path)
                  for folder, _, names in os.walk(path) for name in names)


SERVICES = [
    IN4 + '6 / tcp 40000 443 S 1', IN4 + '6 / tcp 40001 443 S 1', IN4 + '17 / udp 40000 53',
    'eth 0800 / ip4 10.1.2.3 %s 6 / tcp 40000 22 S 1' % NEAR4,
    IN6 + '6 / tcp 40000 443 S 1',
    'eth 0800 / ip4 %s 203.0.113.5 17 / udp 40000 123' % FAR4,
]
SENT = [OUT4 + '6 / tcp 40000 25 S 1', OUT4 + '17 / udp 40000 53', OUT4 + '17 / udp 40000 123']


@case
def tree(make):
    """A file for each kind of connection, as the options say; and never more than are allowed."""
    with make() as scene:
        places = {name: scene.path(name) for name in ('folded', 'unfolded', 'small')}
        section = 'tree %s { address = "tree://%s"  interval = "1s"  %s }\n'
        daemon = scene.daemon(
            'capture wan { interface = {"near0"}  five_tuple = yes }\n' +
            section % ('folded', places['folded'], 'hide = {"udp/53"}') +
            section % ('unfolded', places['unfolded'], 'unfolded = yes  leave_out_else = yes') +
            section % ('small', places['small'], 'files = 100'))
        scene.send([(2, recipe) for recipe in SERVICES])
        scene.send([(2, recipe) for recipe in SENT], link='near0')
        inside = {'in/tcp/INTERNET-PORT-%s-443' % NEAR4, 'in/udp/INTERNET-PORT-%s-53' % NEAR4,
                  'in/tcp/10.1.2.3-PORT-%s-22' % NEAR4, 'in/tcp/INTERNET-PORT-%s-443' % NEAR6}
        other = {'else/udp/%s-PORT-203.0.113.5-123' % FAR4}
        outside = {'out/tcp/%s-PORT-INTERNET-25' % NEAR4, 'out/udp/%s-PORT-INTERNET-123' % NEAR4}
        wait_for_files(places['folded'], inside | other | outside)
        wait_for_files(places['unfolded'], {
            'in/tcp/%s-40000-%s-443' % (FAR4, NEAR4), 'in/tcp/%s-40001-%s-443' % (FAR4, NEAR4),
            'in/udp/%s-40000-%s-53' % (FAR4, NEAR4), 'in/tcp/10.1.2.3-40000-%s-22' % NEAR4,
            'in/tcp/%s-40000-%s-443' % (FAR6, NEAR6), 'out/tcp/%s-40000-%s-25' % (NEAR4, FAR4),
            'out/udp/%s-40000-%s-53' % (NEAR4, FAR4), 'out/udp/%s-40000-%s-123' % (NEAR4, FAR4)})
        for first in range(1000, 5000, 250):
            scene.shoot([(1, FRAME % port) for port in range(first, first + 250)])
            assert len(files_below(places['small'])) <= 101, 'too many files'
        wait_until(lambda: len(files_below(places['unfolded'])) == 8 + 4000, 'all files')
        daemon.stop()
        files = files_below(places['small'])
        assert 'FULL' in files and len(files) == 101, len(files)


def wait_for_files(place, wanted):
    wait_until(lambda: set(files_below(place)) == wanted, lambda: '%s in %s' % (
        sorted(wanted ^ set(files_below(place))), place))


if __name__ == '__main__':
    main()
