#!/usr/bin/env python3
"""corpus_scans.py PROGRAM SECRET: which sources `PROGRAM read` reports as scanners in real captures.

Of the captures in WC_SHARED/captures/exact (default: ../shared beside the source tree), those
named here hold a scan; in all others nobody is to be reported. Skipped without them. SECRET is the library of
secret.c.
"""
import json
import os
import pathlib
import subprocess
import sys

SKIPPED = 77
ROOT = pathlib.Path(__file__).resolve().parents[2]
CAPTURES = pathlib.Path(os.environ.get('WC_SHARED', ROOT.parent / 'shared')) / 'captures'

# Capture: {source: (attempts, port changes, refused, unanswered)}.
SCANS = {
    # nmap -sS, -sT, -sU, and short ones on other link types; each port a door that is shut.
    'live__live-nmap-syn.pcap': {'10.77.0.1': (401, 400, 398, 1)},
    'live__live-nmap-connect.pcap': {'10.77.0.1': (83, 82, 79, 0)},
    'live__live-nmap-udp.pcap': {'10.77.0.1': (67, 66, 7, 59)},
    'live__live-any-sll1.pcap': {'10.77.0.1': (51, 50, 49, 0)},
    'live__live-lo.pcap': {'127.0.0.1': (61, 60, 59, 0), '::1': (30, 29, 29, 0)},
    'live__live-snap54.pcap': {'10.77.0.1': (21, 20, 20, 0)},
    # A worm: port 135 of one address after the other, none of which is there.
    'hadoop-pcap__hadoop-pcap-lib_src_test_resources_reversedtest.pcap':
        {'190.84.69.37': (2234, 0, 0, 2234)},
    # Nine ports where web servers may be, thrice each; the capture has one direction only.
    'stopddos__amp.TCP.syn.optionallyACK.optionallysamePort.pcapng':
        {'178.238.236.27': (25, 24, 0, 25)},
}

# Scans that are none by the rule, and why. They stand here so that a change is noticed.
NOT_SCANS = {
    'ndpi__tcp_scan.pcapng': 'four SYNs and seven other probes: below the threshold',
    'live__live-nmap-os-version.pcap': 'three ports, two of them open: mostly answered',
    'live__live-nmap-frag8.pcap': 'fragments of 8 bytes: the flags are in the next one',
    'live__live-synflood-rand.pcap': 'a flood: one SYN from each of its sources',
    'live__live-arp-sweep.pcap': 'ARP has no ports, and asks by broadcast',
}

FIELDS = ('attempts', 'port_changes', 'refused', 'unanswered')


def scanners(program, secret, path):
    done = subprocess.run([program, 'read', '--format', 'json', path], check=True,
                          capture_output=True, timeout=120, env={**os.environ, 'LD_PRELOAD': secret})
    rows = [json.loads(line) for line in done.stdout.splitlines() if b'"scanner"' in line]
    return {row['address']: tuple(row[field] for field in FIELDS) for row in rows}


def main(program, secret):
    captures = sorted((CAPTURES / 'exact').glob('*'))
    if not captures:
        print('there are no captures in %s' % (CAPTURES / 'exact'))
        return SKIPPED
    missing = (set(SCANS) | set(NOT_SCANS)) - {path.name for path in captures}
    failed = len(missing)
    for name in sorted(missing):
        print('%s: not there' % name)
    for path in captures:
        found, wanted = scanners(program, secret, path), SCANS.get(path.name, {})
        if found != wanted:
            failed += 1
            print('%s: reported %s, not %s' % (path.name, found, wanted))
    print('%d captures, %d of them with scanners, %d wrong' % (len(captures), len(SCANS), failed))
    return 1 if failed else 0


if __name__ == '__main__':
    sys.exit(main(*sys.argv[1:]))
