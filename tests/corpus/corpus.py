#!/usr/bin/env python3
"""corpus.py FOLDER PROGRAM: `PROGRAM read` on every capture of a folder, against known counts.

The captures, their counts and the rules are in WC_SHARED/captures (default: ../shared beside the
source tree); its README.md says what each folder demands. FOLDER `forms` stands for some of the
exact captures in other forms: compressed, on standard input, several at once; `sums` for the exact
ones with other keys of conversations and with small tables, added up.
"""
import collections
import concurrent.futures
import functools
import gzip
import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

SKIPPED = 77
ROOT = pathlib.Path(__file__).resolve().parents[2]
CAPTURES = pathlib.Path(os.environ.get('WC_SHARED', ROOT.parent / 'shared')) / 'captures'
TIMEOUT = 120  # s, of a program that needs less than one

# Of every kind: byte orders, pcap and pcapng, several link types, an empty file.
FORMS = ['synth-a__fmt-be-us.pcap', 'synth-a__ng-mixed-links.pcapng',
         'synth-a__ng-be-all-blocks.pcapng', 'synth-a__ng-odd-lengths.pcapng',
         'arkime__pcap_empty.pcap', 'ndpi__android.pcap', 'live__live-any-sll1.pcap',
         'tcpdump__kday2.pcap']


class Run:
    """One run of `read`: its exit status, rows, messages."""

    def __init__(self, program, *files, options=('--five-tuple',), stdin=subprocess.DEVNULL):
        command = [program, 'read', *options, '--format', 'json', *map(str, files)]
        try:
            done = subprocess.run(command, stdin=stdin, capture_output=True, timeout=TIMEOUT)
        except subprocess.TimeoutExpired:
            self.status, self.rows, self.messages = None, b'', 'no end after %d s' % TIMEOUT
            return
        self.status, self.rows = done.returncode, done.stdout
        self.messages = done.stderr.decode(errors='replace').strip()

    def crashed(self):
        """Why this is a crash, or nothing."""
        if self.status is None:
            return self.messages
        reported = 'Sanitizer' in self.messages or 'runtime error' in self.messages
        if reported or not 0 <= self.status < 126:
            return 'crash: status %d: %s' % (self.status, self.messages[-2000:])
        return ''

    def unequal(self, expected):
        """How the rows differ from the file @expected, or nothing."""
        rows = subprocess.run([CAPTURES / 'rows.py'], input=self.rows, capture_output=True)
        if rows.returncode:
            return rows.stderr.decode().strip()
        compared = subprocess.run([CAPTURES / 'compare.py', expected, '-', '--strict', '--max=3'],
                                  input=rows.stdout, capture_output=True)
        return compared.stdout.decode().strip() if compared.returncode else ''

    def unnamed(self, name):
        """Complains unless a message names the file."""
        return '' if name in self.messages else 'no message names it: "%s"' % self.messages

    def refused(self, name):
        """Complains unless this is a clean refusal of the file @name."""
        return self.unnamed(name) if self.status else 'status 0 for what it should refuse'


def expected(folder, name):
    return CAPTURES / 'expected' / folder / (name + '.json')


def equal(folder, path, program):
    run = Run(program, path)
    if run.status:
        return run.crashed() or 'status %d: %s' % (run.status, run.messages)
    return run.unequal(expected(folder, path.name))


def incomplete(rows):
    """True if every total says that something is missing."""
    totals = [row for row in map(json.loads, rows.splitlines()) if row['type'] == 'total']
    return bool(totals) and not any(row['complete'] for row in totals)


def damaged(folder, path, program):
    run = Run(program, path)
    if run.crashed() or run.status != 1:
        return run.crashed() or 'status %d, not 1' % run.status
    if not incomplete(run.rows):
        return 'its total does not say that it is incomplete'
    return run.unnamed(path.name) or run.unequal(expected(folder, path.name))


def optional(folder, path, program):
    run = Run(program, path)
    if run.crashed() or not run.status:
        return run.crashed() or run.unequal(expected(folder, path.name))
    return run.refused(path.name)


def reject(_, path, program):
    run = Run(program, path)
    return run.crashed() or run.refused(path.name)


RULES = {'exact': equal, 'bench': equal, 'damaged': damaged, 'optional': optional, 'reject': reject}


def check_folder(folder, program):
    """Yields (file, complaint) for every capture of a folder."""
    files = sorted((CAPTURES / folder).iterdir())
    rule = functools.partial(RULES[folder], folder, program=program)
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        yield from zip([path.name for path in files], pool.map(rule, files))


def check_stdin(program, path, name):
    with open(path, 'rb') as stdin:
        run = Run(program, '-', stdin=stdin)
    return ('status %s: %s' % (run.status, run.messages) if run.status else
            run.unequal(expected('exact', name)))


def check_compressed(program, path, name):
    """A compressed file, read by name and from standard input."""
    run = Run(program, path)
    if run.status:
        return run.crashed() or 'status %d: %s' % (run.status, run.messages)
    return run.unequal(expected('exact', name)) or check_stdin(program, path, name)


def check_several(program):
    """Several files are several observers, in order, and their sums add up."""
    files = [CAPTURES / 'exact' / name for name in FORMS]
    run = Run(program, *files)
    if run.status:
        return 'status %d: %s' % (run.status, run.messages)
    totals = [row for row in map(json.loads, run.rows.splitlines()) if row['type'] == 'total']
    told = [(row['observer'], row['frames']) for row in totals]
    due = [(str(path), json.loads(expected('exact', path.name).read_text())['frames'])
           for path in files]
    return '' if told == due else 'told %s, not %s' % (told, due)


def check_one_bad(program):
    """A bad file among good ones is named, the rest is read, and the status is 1."""
    good, bad = CAPTURES / 'exact' / FORMS[0], CAPTURES / 'reject' / 'synth-a__rej-text.pcap'
    run = Run(program, bad, good)
    if run.status != 1:
        return 'status %s, not 1' % run.status
    return run.unnamed(bad.name) or run.unequal(expected('exact', good.name))


COUNTS = ['packets', 'bytes', 'ip_bytes', 'new']
COUNTS += ['reverse_' + name for name in COUNTS]


def conversations(rows):
    """The counts of conversations by client, server, protocol and port."""
    sums = collections.defaultdict(collections.Counter)
    for row in rows:
        if row['type'] == 'conversation':
            key = tuple(row[name] for name in ('client', 'server', 'protocol', 'port'))
            sums[key].update({name: row[name] for name in COUNTS})
    return sums


def both_ways(rows, name):
    """A count over all conversations and `other`, whose reverse way is null."""
    return sum(row[name] + (row['reverse_' + name] or 0) for row in rows
               if row['type'] == 'conversation')


def not_adding_up(rows):
    """What of conversations and hosts differs from ports and the total, or nothing."""
    for name in 'packets', 'bytes', 'new':
        due = sum(row.get(name, 0) for row in rows if row['type'] == 'port')
        if both_ways(rows, name) != due:
            return '%s of conversations: %d, not %d' % (name, both_ways(rows, name), due)
        sent, received = (sum(row['%s_%s' % (way, name)] for row in rows if row['type'] == 'host')
                          for way in ('sent', 'received'))
        if sent != received or sent < due:
            return '%s of hosts: %d sent, %d received' % (name, sent, received)
    for kind in 'conversation', 'host':
        heard = sum(row['type'] == kind and 'other' not in row for row in rows)
        if heard != rows[0][kind + 's']:
            return 'the total tells %d rows of %s, not %d' % (rows[0][kind + 's'], kind, heard)
    return ''


def check_sums(path, program):
    """Whatever conversations are told apart by, and however many have rows, the sums stay."""
    def rows(*options):
        run = Run(program, path, options=options)
        return [json.loads(line) for line in run.rows.splitlines()]

    fine, coarse = rows('--five-tuple'), rows()
    if conversations(fine) != conversations(coarse):
        return 'sums by client, server and port depend on the client\'s port'
    small = rows('--conversations=2', '--hosts=2')
    for what, read in (('with five_tuple', fine), ('without five_tuple', coarse),
                       ('folded', rows('--fold-internet')), ('with small tables', small)):
        complaint = not_adding_up(read)
        if complaint:
            return '%s: %s' % (what, complaint)
    for kind in 'conversations', 'hosts':
        if small[0][kind] != min(2, coarse[0][kind]):
            return '%d rows of %s in a table of 2' % (small[0][kind], kind)
    return ''


def check_all_sums(program):
    """Yields (file, complaint) for every exact capture."""
    files = sorted((CAPTURES / 'exact').iterdir())
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        check = functools.partial(check_sums, program=program)
        yield from zip([path.name for path in files], pool.map(check, files))


def compress(path, directory):
    """Yields @path as gzip, as gzip in two members, and as zstd where there is such a tool."""
    content = path.read_bytes()
    half = len(content) // 2
    for suffix, packed in (('gz', gzip.compress(content)),
                           ('2.gz', gzip.compress(content[:half]) + gzip.compress(content[half:]))):
        out = directory / ('%s.%s' % (path.name, suffix))
        out.write_bytes(packed)
        yield out
    if shutil.which('zstd'):
        out = directory / (path.name + '.zst')
        subprocess.run(['zstd', '-q', path, '-o', out], check=True)
        yield out


def check_forms(program):
    """Yields (form, complaint)."""
    with tempfile.TemporaryDirectory() as directory:
        for name in FORMS:
            path = CAPTURES / 'exact' / name
            yield name + ' on standard input', check_stdin(program, path, name)
            for packed in compress(path, pathlib.Path(directory)):
                yield packed.name, check_compressed(program, packed, name)
    yield 'several files', check_several(program)
    yield 'a bad file among good ones', check_one_bad(program)


def main():
    folder, program = sys.argv[1:]
    if not (CAPTURES / 'expected').is_dir():
        print('no captures in %s (WC_SHARED names another folder)' % CAPTURES)
        sys.exit(SKIPPED)
    checked = wrong = 0
    special = {'forms': check_forms, 'sums': check_all_sums}
    checks = special[folder](program) if folder in special else check_folder(folder, program)
    for name, complaint in checks:
        checked += 1
        if complaint:
            wrong += 1
            print('%s: %s' % (name, complaint))
    print('%s: %d checked, %d wrong' % (folder, checked, wrong))
    sys.exit(1 if wrong or not checked else 0)


if __name__ == '__main__':
    main()
