#!/usr/bin/env python3
"""figures.py DIRECTORY PRESET...: a page of the figures in what CTest wrote to DIRECTORY/PRESET.xml.

A test tells one as a line "figure: KIND: WHAT: VALUE"; what libFuzzer says at its end is one, too. What is told
twice counts as it was told last. Prints Markdown.
"""
import datetime
import os
import pathlib
import platform
import re
import sys
import xml.etree.ElementTree as xml

KINDS = {'load': 'Load held', 'faults': 'Faults survived', 'inputs': 'Bad inputs tried',
         'endurance': 'Endurance'}
LINE = re.compile(r'^figure: (\w+): (.+?): (.+)$', re.M)
FUZZED = re.compile(r'^stat::number_of_executed_units: (\d+)\nstat::average_exec_per_sec: +(\d+)', re.M)


def figures(case):
    """Yields kind, what, value of each figure in the output of a test."""
    text = case.findtext('system-out') or ''
    yield from LINE.findall(text)
    for count, rate in FUZZED.findall(text):
        yield 'inputs', case.get('name'), '{:,}, {:,} a second'.format(int(count), int(rate))


def collect(paths):
    found = {}
    for path in paths:
        try:
            cases = list(xml.parse(path).getroot().iter('testcase'))
        except (OSError, xml.ParseError):
            continue  # the summary says so
        for case in cases:
            if case.get('status') == 'run':
                for kind, what, value in figures(case):
                    found.setdefault(kind, {})[what] = value, case.get('name')
    return found


def machine():
    with open('/proc/cpuinfo') as file:
        model = re.search(r'^model name\s*: (.+)$', file.read(), re.M)
    return '%d x %s, Linux %s' % (os.cpu_count(), model[1] if model else platform.machine(),
                                  platform.release())


def main():
    directory, presets = pathlib.Path(sys.argv[1]), sys.argv[2:]
    found = collect(directory / (preset + '.xml') for preset in presets)
    print('# Figures\n\nWhat the tests measured on %s, on %s; not alone on it, and each of them beside others.'
          % (datetime.date.today(), machine()))
    for kind, title in KINDS.items():
        if kind in found:
            print('\n## %s\n\n| what | measured | by the test |\n| --- | --- | --- |' % title)
            for what, (value, test) in sorted(found[kind].items()):
                print('| %s | %s | %s |' % (what, value.replace('|', '\\|'), test))


if __name__ == '__main__':
    main()
