#!/usr/bin/env python3
"""metrics_page.py PRINT PAGE: wirecensus-metrics(5) has every metric with its labels, and no other."""
import re
import subprocess
import sys

program, page = sys.argv[1:]
text = subprocess.run([program, 'text'], capture_output=True, text=True, check=True).stdout
with open(page) as file:
    manual = file.read()

# Labels in the order of their first sight, as some samples have fewer than others.
written = {name: [] for name in re.findall(r'^# TYPE (\S+) ', text, re.M)}
for name, labels in re.findall(r'^(\w+)(?:\{(.*)\})? \S+$', text, re.M):
    for label in re.findall(r'(?:^|,)(\w+)="', labels):
        if label not in written[name]:
            written[name].append(label)
told = {name: re.findall(r'\w+', labels) for name, labels in
        re.findall(r'^\.It Cm ((?:wirecensus|process)_\w+)(?: Pq (.*))?$', manual, re.M)}
explained = set(re.findall(r'\w+', ' '.join(re.findall(r'^\.It Cm (.*)$', manual.split('.Ss Captures')[0],
                                                       re.M))))

# Of captures with five_tuple only.
for name in written:
    if 'client' in written[name] and 'client_port' not in written[name]:
        written[name].append('client_port')
wrong = ['%s: the page has %s, the program %s' % (name, told.get(name), written.get(name))
         for name in sorted(told.keys() | written.keys())
         if name not in told or name not in written or set(told[name]) != set(written[name])]
wrong += ['the label %s is not explained' % label for label in
          sorted({label for labels in written.values() for label in labels} - explained)]
if wrong:
    sys.exit('\n'.join(wrong))
