#!/usr/bin/env python3
"""summary.py DIRECTORY PRESET...: adds up what CTest wrote to DIRECTORY/PRESET.xml.

Prints each failed test and why each skipped one was skipped, then "N passed, N failed, N skipped".
A preset without results, because it did not build or ran no test, counts as one failure.
Exits with 1 when anything failed or nothing passed.
"""
import pathlib
import sys
import xml.etree.ElementTree as xml


def last_line(case):
    text = (case.findtext('system-out') or '').strip()
    return text.splitlines()[-1] if text else 'no output'


def cases(path):
    """Yields name, status and last line of output of each test in a JUnit file."""
    for case in xml.parse(path).getroot().iter('testcase'):
        status = case.get('status')
        if case.find('failure') is not None or status == 'fail':
            status = 'failed'
        elif case.find('skipped') is not None or status in ('notrun', 'disabled'):
            # A program that is missing is reported as not run, which is no reason to skip.
            told = case.find('skipped')
            honest = told is not None and 'SKIP_RETURN_CODE' in told.get('message', '')
            status = 'skipped' if honest else 'failed'
        else:
            status = 'passed'
        yield case.get('name'), status, last_line(case)


def main():
    directory, presets = pathlib.Path(sys.argv[1]), sys.argv[2:]
    count = {'passed': 0, 'failed': 0, 'skipped': 0}
    for preset in presets:
        try:
            results = list(cases(directory / (preset + '.xml')))
        except (OSError, xml.ParseError):
            results = []
        if not results:
            print('failed: %s: did not build, or no test ran' % preset)
            count['failed'] += 1
        for name, status, why in results:
            count[status] += 1
            if status != 'passed':
                print('%s: %s: %s: %s' % (status, preset, name, why))
    print('%d passed, %d failed, %d skipped' % (count['passed'], count['failed'], count['skipped']))
    sys.exit(0 if count['passed'] and not count['failed'] else 1)


if __name__ == '__main__':
    main()
