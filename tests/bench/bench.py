#!/usr/bin/env python3
"""bench.py --program PROGRAM --generate GENERATE [--load LOAD] --work FOLDER [--sanity]
         [--write FILE]

What counting a live link costs, with the sender LOAD (live_bench.py); and what reading a capture
file costs: CPU time (user and system, the whole process tree) for each
frame, for PROGRAM and for the programs that people use for the like, in interleaved rounds, as
medians. The files are worst cases by GENERATE, and captures of WC_SHARED (../shared) enlarged by
repetition.

--sanity   small files, one round, and a check of what PROGRAM counted: asserts nothing about time
--write    also writes the tables to FILE, with machine and date
"""
import argparse
import collections
import ctypes
import datetime
import json
import os
import pathlib
import re
import shutil
import statistics
import subprocess
import sys
import time

import live_bench
import peers

ROOT = pathlib.Path(__file__).resolve().parents[2]
SHARED = pathlib.Path(os.environ.get('WC_SHARED', ROOT.parent / 'shared'))
FRAMES = 500000
CAPTURED = 2000000  # frames of a capture, so that starting a program does not count
ROUNDS = 3

# How many times our CPU time a peer must take at least, on captures of real traffic.
GATES = {'tcpdump --count': 1.25, 'softflowd': 3, 'nfpcapd': 4, 'argus': 5, 'pmacctd': 10,
         'tshark': 80}

# Beside which every file is read; the others read captures only, as worst cases take them minutes.
EVERY = ('wirecensus', 'ports only', 'tcpdump --count', 'tcpdump -w')

# A run that counts neither conversations nor hosts, and its gates.
PORTS = 'ports only'
PORTS_GATES = {'tcpdump --count': 1.43}
TIMEOUT = 300  # s, of one run
SLOW = 2       # s: what takes longer is measured once, not in every round

# Kind that generate knows: the class, or classes, that all its frames land in.
KINDS = {
    'syn': {'tcp'},
    'scatter': {'tcp', 'udp'},
    'extensions': {'udp'},
    'tags': {'tcp'},
    'fragments': {'fragment'},
    'malformed': {'malformed'},
    'ethertypes': {'ethertype'},
}

# Rows that are a class of their own, and carry its packets.
CLASSES = {'protocol', 'fragment', 'ethertype', 'llc', 'malformed', 'unsupported'}

File = collections.namedtuple('File', 'name path frames kind')


def adopt_orphans():
    """Makes what a peer leaves behind our own children, so that wait sees their CPU time."""
    PR_SET_CHILD_SUBREAPER = 36
    ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1)


def cpu_seconds(command):
    """Runs @command and its offspring to the end. Returns the CPU time, or None if it failed."""
    quiet = [(os.POSIX_SPAWN_OPEN, 0, os.devnull, os.O_RDONLY, 0),
             (os.POSIX_SPAWN_OPEN, 1, os.devnull, os.O_WRONLY, 0),
             (os.POSIX_SPAWN_OPEN, 2, os.devnull, os.O_WRONLY, 0)]
    command = ['timeout', str(TIMEOUT), *map(str, command)]
    first = os.posix_spawnp(command[0], command, os.environ, file_actions=quiet)
    spent, good = 0.0, True
    while True:
        try:
            pid, status, usage = os.wait4(-1, 0)
        except ChildProcessError:
            return spent if good else None
        spent += usage.ru_utime + usage.ru_stime
        if pid == first:
            good = status == 0


def enlarge(source, target, frames):
    """Repeats the records of the pcap file @source until there are @frames, or more."""
    content = source.read_bytes()
    head, records = content[:24], content[24:]
    count, at = 0, 24
    order = 'little' if head[:4] in (b'\xd4\xc3\xb2\xa1', b'\x4d\x3c\xb2\xa1') else 'big'
    while at < len(content):
        at += 16 + int.from_bytes(content[at + 8:at + 12], order)
        count += 1
    times = max(1, -(-frames // count))
    with open(target, 'wb') as out:
        out.write(head)
        for _ in range(times):
            out.write(records)
    return count * times


def make_files(args, frames):
    """Yields the files to read."""
    for kind in KINDS:
        path = args.work / (kind + '.pcap')
        subprocess.run([args.generate, kind, str(frames), path], check=True)
        yield File(kind, path, frames, kind)
    captures = SHARED / 'captures' / 'bench'
    if not captures.is_dir():
        print('no captures in %s: only generated files are read' % captures)
        return
    for source in sorted(captures.glob('*.pcap')):
        path = args.work / ('real-' + source.name)
        yield File(source.stem, path, enlarge(source, path, min(4 * frames, CAPTURED)), None)


def classes(program, path):
    """Counts the frames of each class, by the program's rows."""
    done = subprocess.run([program, 'read', '--format', 'json', path],
                          capture_output=True, check=True)
    found = collections.Counter()
    for row in map(json.loads, done.stdout.splitlines()):
        if row['type'] == 'port':
            found[row['transport']] += row['packets']
        elif row['type'] in CLASSES:
            found[row['type']] += row['packets']
        elif row['type'] == 'total':
            found['total'] += row['frames']
    return found


def check(program, file):
    """Complains, and returns False, if the counts of @file are not what it was made of."""
    found = classes(program, file.path)
    total = found.pop('total')
    landed = {name for name, packets in found.items() if packets}
    if total == file.frames == sum(found.values()) and landed == KINDS.get(file.kind, landed):
        return True
    print('%s: %d frames of %s were made; counted: %d, %s' %
          (file.name, file.frames, file.kind, total, dict(found)))
    return False


def measure(systems, file, rounds):
    """Returns ns of CPU time for each frame, by system: the median of interleaved rounds."""
    times = {name: [] for name in systems if not file.kind or name in EVERY}
    slow = set()
    for _ in range(rounds):
        for name, command in systems.items():
            if name in slow or name not in times:
                continue
            started = time.monotonic()
            spent = cpu_seconds(command(file.path))
            times[name].append(None if spent is None else spent * 1e9 / file.frames)
            if time.monotonic() - started > SLOW:
                slow.add(name)
    return {name: None if None in times.get(name, [None]) else statistics.median(times[name])
            for name in systems}


def callgrind(program, path, work):
    out = work / 'callgrind.out'
    done = subprocess.run(['valgrind', '--tool=callgrind', '--callgrind-out-file=%s' % out,
                           program, 'read', path], capture_output=True, text=True, check=True)
    return int(re.search(r'Collected : (\d+)', done.stderr)[1])


def instructions(program, files, work):
    """Instructions for each frame, without start and end, by file; nothing without valgrind."""
    if not shutil.which('valgrind'):
        return {}
    empty = work / 'empty.pcap'
    empty.write_bytes(files[0].path.read_bytes()[:24])
    fixed = callgrind(program, empty, work)
    return {file.name: (callgrind(program, file.path, work) - fixed) / file.frames
            for file in files}


def figure(value):
    return '-' if value is None else '%.0f' % value


def ratio(value, ours):
    return '-' if value is None or not ours else '%.2f' % (value / ours)


def table(head, rows, left=1):
    """Lines of a Markdown table, the first @left columns to the left, the others to the right."""
    lines = [head, ['---'] * left + ['---:'] * (len(head) - left), *rows]
    widths = [max(len(line[i]) for line in lines) for i in range(len(head))]
    for line in lines:
        cells = [cell.ljust(width) if i < left else cell.rjust(width)
                 for i, (cell, width) in enumerate(zip(line, widths))]
        yield '| ' + ' | '.join(cells) + ' |'


def report(files, results, counted):
    """The tables, as lines."""
    systems = list(results[0])
    ours = systems[0]
    yield 'CPU time in ns for each frame, median of %d interleaved rounds (one, of over %d s):' % (
        ROUNDS, SLOW)
    yield ''
    yield from table(['file', 'frames'] + systems,
                     [[file.name, str(file.frames)] + [figure(result[name]) for name in systems]
                      for file, result in zip(files, results)])
    yield ''
    yield 'The same as multiples of %s:' % ours
    yield ''
    yield from table(['file'] + systems[1:],
                     [[file.name] + [ratio(result[name], result[ours]) for name in systems[1:]]
                      for file, result in zip(files, results)])
    if counted:
        yield ''
        yield 'Instructions of %s for each frame, by callgrind:' % ours
        yield ''
        yield from table(['file', 'instructions'],
                         [[name, '%.0f' % count] for name, count in counted.items()])
    yield ''
    yield 'Gates: how many times the CPU time of %s, or of %s, each takes at least, on captures:' % (
        ours, PORTS)
    yield ''
    yield from table(['peer', 'at least', 'smallest', 'on', ''], list(gates(files, results, ours)))


def gates(files, results, ours):
    """A row for each gate: the smallest ratio, and the capture where it was."""
    for peer, of, least in ([(peer, ours, least) for peer, least in GATES.items()] +
                            [(peer, PORTS, least) for peer, least in PORTS_GATES.items()]):
        found = [(result[peer] / result[of], file.name) for file, result in zip(files, results)
                 if not file.kind and result.get(peer) and result.get(of)]
        peer = peer if of == ours else '%s, to %s' % (peer, of)
        if found:
            worst, name = min(found)
            yield [peer, '%.2f' % least, '%.2f' % worst, name,
                   'holds' if worst >= least else 'MISSED']
        else:
            yield [peer, '%.2f' % least, '-', '-', 'not tried']


def decided(path):
    """What people have written at the end of the page."""
    text = path.read_text() if path.exists() else ''
    at = text.find('\n## Decided')
    return text[at:] if at >= 0 else ''


def machine():
    text = pathlib.Path('/proc/cpuinfo').read_text()
    model = re.search(r'model name\s*: (.*)', text)
    return '%s, %d processors, %s %s' % (model[1] if model else os.uname().machine, os.cpu_count(),
                                         os.uname().sysname, os.uname().release)


def arguments():
    parser = argparse.ArgumentParser(usage=__doc__)
    parser.add_argument('--program', type=pathlib.Path, required=True)
    parser.add_argument('--generate', type=pathlib.Path, required=True)
    parser.add_argument('--load', type=pathlib.Path)
    parser.add_argument('--work', type=pathlib.Path, required=True)
    parser.add_argument('--sanity', action='store_true')
    parser.add_argument('--write', type=pathlib.Path)
    return parser.parse_args()


def live_lines(args):
    """The section on live links, or why there is none."""
    try:
        yield from live_bench.report(args.program, args.load, args.work, table)
    except live_bench.Skip as reason:
        yield 'No live link was counted: %s' % reason


def check_live(args):
    """Exits with 77 when the machine has no network namespaces for us, else with 0 or 1."""
    try:
        good = os.geteuid() == 0 and live_bench.sanity(args.program, args.load, args.work)
    except live_bench.Skip as reason:
        print(reason)
        sys.exit(77)
    if os.geteuid() != 0:
        print('only root may make network namespaces')
        sys.exit(77)
    sys.exit(0 if good else 1)


def main():
    args = arguments()
    args.program, args.generate = args.program.resolve(), args.generate.resolve()
    args.write = args.write and args.write.resolve()
    args.work = args.work.resolve()
    args.work.mkdir(parents=True, exist_ok=True)
    args.load = args.load and args.load.resolve()
    os.chdir(args.work)  # some peers leave files where they are called
    adopt_orphans()
    if args.sanity and args.load:
        check_live(args)
    frames, rounds = (2000, 1) if args.sanity else (FRAMES, ROUNDS)
    files = list(make_files(args, frames))
    if args.sanity and not all([check(args.program, file) for file in files]):
        sys.exit(1)
    systems = {'wirecensus': lambda path: [args.program, 'read', path],
               PORTS: lambda path: [args.program, 'read', '--conversations', '0', '--hosts', '0',
                                    path],
               **peers.installed(args.work)}
    if args.sanity:
        systems = dict(list(systems.items())[:2])
    results = []
    for file in files:
        started = time.monotonic()
        results.append(measure(systems, file, rounds))
        print('%s: %.0f s' % (file.name, time.monotonic() - started), file=sys.stderr)
    if args.sanity:
        print('%d files counted exactly' % len(files))
        sys.exit(0 if all(result['wirecensus'] is not None for result in results) else 1)
    lines = list(report(files, results, instructions(args.program, files, args.work)))
    if args.load:
        lines += ['', *live_lines(args)]
    print('\n'.join(lines))
    if args.write:
        date = datetime.date.today().isoformat()
        head = ['# Benchmark', '', '%s. %s.' % (machine(), date), '']
        args.write.write_text('\n'.join(head + lines) + '\n' + decided(args.write))


if __name__ == '__main__':
    main()
