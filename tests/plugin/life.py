#!/usr/bin/env python3
"""life.py --plugin FILE --sender FILE [--case NAME]: what a daemon does to its plugins.

Starts and stops, interfaces that come and go, wrong configurations, no privileges: each function
of CASES, or the one of that name.
"""
import os
import pathlib
import re
import statistics
import time

import daemon

CAPTURE = '''
  <Capture "{name}">
    Interface "vb"
    {option}
  </Capture>
'''
SAMPLE = pathlib.Path(__file__).parents[2] / 'conf.d/collectd/wirecensus.conf'
STARTS = 100
FRAME = 'eth 0800 / ip4 198.51.100.7 192.0.2.1 17 / udp 5000 53'


def block(*captures, option=''):
    return '<Plugin wirecensus>%s%s\n</Plugin>\n' % (''.join(captures), option)


def capture(name, option=''):
    return CAPTURE.format(name=name, option=option)


def starts_and_stops(namespace, options):
    starts, stops = [], []
    for _ in range(STARTS):
        config = block(capture('wan'), capture('lan'))
        began = time.monotonic()
        with daemon.running(namespace, options.plugin, config) as one:
            starts.append(time.monotonic() - began)
            began = time.monotonic()
            daemon.check(one.stop() == 0, 'exit status', one.log())
            stops.append(time.monotonic() - began)
            daemon.check(one.lines() == [], 'the plugin logged', *one.lines())
    print('%d times: start %.2f s, stop %.2f s on average; %.2f s and %.2f s at most' % (
        STARTS, statistics.mean(starts), statistics.mean(stops), max(starts), max(stops)))


def counted(one, number):
    daemon.wait_for('%d frames counted' % number,
                    lambda: one.last('wan').get('packets-udp', 0) >= number)
    daemon.check(one.last('wan')['packets-udp'] == number, 'more counted than sent',
                 one.last('wan')['packets-udp'])


def comes_and_goes(namespace, options):
    """Reading goes on, at the same pace, whatever happens to the interface."""
    with daemon.running(namespace, options.plugin, block(capture('wan'))) as one:
        daemon.wait_for('values', lambda: one.last('wan'))
        namespace.send(options.sender, [(100, FRAME)])
        counted(one, 100)
        namespace.run(*'ip link set vb down'.split())
        time.sleep(2)
        namespace.run(*'ip link set vb up'.split())
        namespace.wait_for_pair()
        namespace.send(options.sender, [(50, FRAME)])
        counted(one, 150)

        namespace.run(*'ip link del vb'.split())
        daemon.wait_for('a notification', lambda: 'vb is gone' in one.log())
        time.sleep(2)
        namespace.make_pair()
        daemon.wait_for('a notification', lambda: 'vb is back' in one.log())
        namespace.send(options.sender, [(30, FRAME)])
        counted(one, 180)
        daemon.check(one.last('wan')['total_time_in_ms-gone'] > 1000, 'gone', one.last('wan'))
        # What a failed read would have led to.
        daemon.check('Will suspend' not in one.log(), 'the interval grew', one.log())
        times = [when for when, _ in one.values('wan')['packets-udp']]
        gaps = [after - before for before, after in zip(times, times[1:])]
        print('%d reads, %.3f s apart on average, %.3f s at most' % (
            len(times), statistics.mean(gaps), max(gaps)))
        daemon.check(statistics.median(gaps) < 1.5, 'reads are too far apart', gaps)
        daemon.check(one.stop() == 0, 'exit status', one.log())
        daemon.check(one.lines() == [], 'the plugin logged', *one.lines())


def wrong_configurations(namespace, options):
    """One clear line, and the rest goes on."""
    cases = [
        ('Snaplen "tall"', r'<Capture "bad"> is left out: Snaplen: .tall. is not a size'),
        ('Snaplen 5', r'<Capture "bad"> is left out: Snaplen: .5. is not a size'),
        ('Colour "red"', r'<Capture "bad"> is left out: Colour is not one of its options'),
        ('Filter "port frog"', r'capture bad: interface vb is not counted: .*port frog'),
        ('Engine "warp"', r'<Capture "bad"> is left out: Engine: .warp. is not one of'),
        ('To "nobody"', r'<Capture "bad"> is left out: To: '),
    ]
    for option, line in cases:
        config = block(capture('bad', option), capture('good'))
        with daemon.running(namespace, options.plugin, config) as one:
            daemon.wait_for('values of the good one', lambda: one.last('good'))
            daemon.check(one.stop() == 0, 'exit status', one.log())
            lines = one.lines()
            daemon.check(len(lines) == 1 and re.match(line, lines[0]), 'not one line: ' + option,
                         *lines)
            daemon.check(not one.last('bad'), 'values of the bad one')
    print('%d wrong blocks: one line each, and the other goes on' % len(cases))


def nothing_usable(namespace, options):
    config = block(capture('bad', 'Snaplen 5'))
    with daemon.running(namespace, options.plugin, config) as one:
        time.sleep(1)
        daemon.check(one.stop() == 1, 'exit status', one.log())
        daemon.check(one.lines()[1:] == ['there is nothing that can be counted'], 'lines',
                     *one.lines())
    one = daemon.Collectd(namespace, options.plugin, config)
    daemon.check(one.once() == 1, 'collectd -T is content', one.log())
    one.remove()
    print('nothing usable: two lines, the daemon goes on, and collectd -T fails')


def twice(namespace, options):
    """The plugin loaded twice, and blocks in two places."""
    config = 'LoadPlugin wirecensus\n' + block(capture('wan')) + block(
        capture('wan'), capture('lan'), option='ReportTop 3')
    with daemon.running(namespace, options.plugin, config) as one:
        daemon.wait_for('values of both', lambda: one.last('wan') and one.last('lan'))
        namespace.send(options.sender, [(20, FRAME)])
        counted(one, 20)
        daemon.check(one.stop() == 0, 'exit status', one.log())
        daemon.check(one.lines() == ['<Capture "wan"> is left out: there is one of this name '
                                     'already, which stays'], 'lines', *one.lines())
    print('loaded twice, two blocks: each capture is counted once')


def without_privileges(namespace, options):
    drop = 'setpriv --reuid=65534 --regid=65534 --clear-groups --inh-caps=-all --bounding-set=-all'
    one = daemon.Collectd(namespace, options.plugin, block(capture('wan'), capture('lan')),
                          prefix=drop.split())
    for path in (one.folder, one.folder / 'log'):
        os.chown(path, 65534, 65534)
    try:
        one.start()
        time.sleep(2)
        daemon.check(one.stop() == 1, 'exit status', one.log())
        lines = one.lines()
        daemon.check(len(lines) == 3 and 'CAP_NET_RAW' in lines[0], 'lines', *lines)
        print('without privileges: ' + lines[0])
    finally:
        one.remove()


def look_at(folder, number):
    """What a descriptor of a running process is, and its flags; None if it was closed meanwhile."""
    link = '%s/fd/%s' % (folder, number)
    try:
        target = os.readlink(link)
        with open('%s/fdinfo/%s' % (folder, number), encoding='ascii') as info:
            flags = int(re.search(r'flags:\s+(\d+)', info.read())[1], 8)
        # The number may have been given to another file in between.
        return (target, flags) if os.readlink(link) == target else None
    except FileNotFoundError:
        return None


def descriptors(namespace, options):
    """Nothing of ours reaches a program that the exec plugin starts."""
    with daemon.running(namespace, options.plugin, block(capture('wan'))) as one:
        daemon.wait_for('values', lambda: one.last('wan'))
        folder = '/proc/%d' % one.process.pid
        seen = 0
        for number in os.listdir(folder + '/fd'):
            target, flags = look_at(folder, number) or ('', 0)
            if not target.startswith(('socket:', 'anon_inode:')):
                continue
            daemon.check(flags & os.O_CLOEXEC, '%s (%s) is inherited' % (number, target))
            seen += 1
        daemon.check(seen >= 3, 'only %d sockets' % seen)
        print('%d sockets, all closed on exec' % seen)


def scanner(namespace, options):
    """Whoever tries thirty ports in vain is told of, once."""
    plan = [(2, 'eth 0800 / ip4 198.51.100.9 192.0.2.1 6 / tcp 40000 %d S 1' % port)
            for port in range(1, 31)]
    with daemon.running(namespace, options.plugin, block(capture('wan'))) as one:
        daemon.wait_for('values', lambda: one.last('wan'))
        namespace.send(options.sender, plan)
        daemon.wait_for('a notification', lambda: 'vb: scanning: 198.51.100.9' in one.log())
        # Of one interval or two: whoever scans no more is no scanner.
        level = daemon.wait_for('the level', lambda: max(
            value for _, value in one.values('wan')['count-scanners']))
        daemon.check(level == 1, 'scanners', level)
        daemon.wait_for('its end', lambda: one.last('wan')['count-scanners'] == 0)
        daemon.check(one.log().count('scanning') == 1, 'told again', one.log())
    print('a scanner is told of, once')


def sample(namespace, options):
    """The sample as it is shipped, and with every option that it names."""
    text = SAMPLE.read_text().replace('LoadPlugin wirecensus', '')
    one = daemon.Collectd(namespace, options.plugin, text)
    daemon.check(one.once() == 0 and one.lines() == [], 'the sample', one.log())
    one.remove()
    every = re.sub(r'^  #', '', text, flags=re.M)
    every = re.sub(r'^ (One block|What|When a).*', '', every, flags=re.M).replace('"eth0"', '"vb"')
    one = daemon.Collectd(namespace, options.plugin, every)
    daemon.check(one.once() == 0 and one.lines() == [], 'the sample in full', one.log())
    one.remove()
    print('the sample is good, and in full, too')


def defaults(namespace, options):
    """As it comes, without a block: the values of two interfaces stay well under 500."""
    with daemon.running(namespace, options.plugin, '') as one:
        daemon.wait_for('values', lambda: one.last('va') and one.last('vb'))
        plan = [(1, 'eth 0800 / ip4 198.51.100.7 192.0.2.1 6 / tcp 40000 %d S 1' % (port * 300))
                for port in range(1, 200)]
        for sent in range(1, 4):
            namespace.send(options.sender, plan)
            daemon.wait_for('%d frames counted' % (199 * sent), lambda wanted=199 * sent: min(
                one.last(name)['packets-tcp'] for name in ('va', 'vb')) >= wanted)
        # What was seen last is told by the next read.
        reads = len(one.values('vb')['packets-tcp'])
        daemon.wait_for('two reads', lambda: len(one.values('vb')['packets-tcp']) >= reads + 2)
        count = sum(len(one.last(name)) for name in ('va', 'vb'))
        daemon.check(100 < count <= 400, 'values', count)
        print('defaults: %d values of two interfaces, with 199 ports in use' % count)


CASES = (sample, defaults, scanner, starts_and_stops, comes_and_goes, wrong_configurations,
         nothing_usable, twice, without_privileges, descriptors)


def main():
    options = daemon.arguments(('--case', ''))
    cases = [case for case in CASES if options.case in ('', case.__name__)]
    daemon.check(cases, 'no case ' + options.case)
    with daemon.Namespace() as namespace:
        for case in cases:
            case(namespace, options)


if __name__ == '__main__':
    main()
