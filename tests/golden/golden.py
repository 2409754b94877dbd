#!/usr/bin/env python3
"""golden.py PROGRAM CAPTURES FOLDER [--update]: the rows of captures made here, as in expected/.

CAPTURES writes them to FOLDER; PROGRAM reads each as JSON. What differs from run to run and from host to
host (times of the run, names of services) is left out. With --update, what PROGRAM says now is expected
from now on: look at the difference before it is committed. A field that is new in a row is no difference.
"""
import difflib
import itertools
import json
import pathlib
import subprocess
import sys

EXPECTED = pathlib.Path(__file__).parent / 'expected'
OPTIONS = ['--format=json', '--five-tuple', '--local-address=192.0.2.1', '--local-address=192.0.2.2',
           '--local-address=2001:db8::1', '--local-address=2001:db8::2']

# Of the run or of the host; names come from services(5). The interval's times are in `total` all the same.
LEFT_OUT = {'schema', 'host', 'instance', 'capture', 'observer', 'interval', 'name', 'names', 'time', 'row', 'rows'}
ONLY_IN_TOTAL = {'start', 'end'}


def read(program, capture):
    done = subprocess.run([program, 'read', *OPTIONS, str(capture)], capture_output=True, text=True,
                          timeout=300)
    if done.returncode or done.stderr:
        sys.exit('%s: exit code %d: %s' % (capture.name, done.returncode, done.stderr))
    for line in done.stdout.splitlines():
        row = json.loads(line)
        skipped = LEFT_OUT if row['type'] == 'total' else LEFT_OUT | ONLY_IN_TOTAL
        yield {key: row[key] for key in row if key not in skipped}


def lines(rows):
    return [json.dumps(row) + '\n' for row in rows]


def known(rows, expected):
    """@rows without the fields that the expected row in the same place does not have."""
    for row, like in itertools.zip_longest(rows, expected, fillvalue={}):
        yield {key: row[key] for key in row if key in like} if like else row


def main():
    program, captures, folder = sys.argv[1:4]
    subprocess.run([captures, folder], check=True)
    wrong = 0
    for capture in sorted(pathlib.Path(folder).iterdir()):
        path = EXPECTED / (capture.stem + '.json')
        rows = list(read(program, capture))
        if sys.argv[4:] == ['--update']:
            path.write_text(''.join(lines(rows)))
        expected = [json.loads(line) for line in path.read_text().splitlines()]
        rows = [row for row in known(rows, expected) if row]
        difference = list(difflib.unified_diff(lines(expected), lines(rows), str(path), capture.name))
        sys.stdout.writelines(difference)
        wrong += bool(difference)
    sys.exit(1 if wrong else 0)


if __name__ == '__main__':
    main()
