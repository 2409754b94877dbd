#!/usr/bin/env python3
"""cost.py --plugin FILE --sender FILE: what a day of the plugin's values costs in a real daemon.

Processor time of the whole daemon, with the defaults, 199 ports in use and silence, without a
writer and with csv. Many reads and few are compared, so that what a read costs is told from what
counting costs by itself. A day has 8640 reads at collectd's interval of 10 s.
"""
import os
import time

import daemon
import life

READS_A_DAY = 8640
SECONDS = 20
MANY, FEW = 0.1, 10  # intervals in seconds


def processor(pid):
    """Seconds of processor time so far, user and system."""
    with open('/proc/%d/stat' % pid, encoding='ascii') as stat:
        fields = stat.read().rsplit(')', 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf('SC_CLK_TCK')


def memory(pid):
    """Megabytes resident."""
    with open('/proc/%d/statm' % pid, encoding='ascii') as statm:
        return int(statm.read().split()[1]) * os.sysconf('SC_PAGE_SIZE') / 1e6


def run(namespace, options, interval, writer):
    """Returns seconds of processor time, the number of reads, values and megabytes."""
    config = life.block(life.capture('wan'))
    with daemon.running(namespace, options.plugin, config, interval=interval, writer=writer) as one:
        plan = [(1, 'eth 0800 / ip4 198.51.100.7 192.0.2.1 6 / tcp 40000 %d S 1' % (port * 300))
                for port in range(1, 200)]
        namespace.send(options.sender, plan)
        time.sleep(1)
        before = processor(one.process.pid)
        time.sleep(SECONDS)
        spent = processor(one.process.pid) - before
        return spent, SECONDS / interval, len(one.last('wan')), memory(one.process.pid)


def measure(namespace, options, what, writer):
    many, reads, values, size = run(namespace, options, MANY, writer)
    few, few_reads, _, _ = run(namespace, options, FEW, writer)
    each = (many - few) / (reads - few_reads)
    print('%-10s %5.2f ms a read, %4.1f s a day; counting nothing %5.1f s a day; %5.1f MB%s' % (
        what, each * 1e3, each * READS_A_DAY, (few - each * few_reads) * 86400 / SECONDS, size,
        '; %d values' % values if values else ''))


def main():
    options = daemon.arguments()
    with daemon.Namespace() as namespace:
        measure(namespace, options, 'no writer', '')
        measure(namespace, options, 'csv', daemon.CSV)


if __name__ == '__main__':
    main()
