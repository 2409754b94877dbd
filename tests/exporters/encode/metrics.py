#!/usr/bin/env python3
"""metrics.py PRINT_METRICS: what others make of the metrics, however things are called.

promtool lints the text format; the client library of Prometheus reads both.
"""
import re
import shutil
import subprocess
import sys

try:
    from prometheus_client import openmetrics, parser
    import prometheus_client.openmetrics.parser
except ImportError:
    print('python3-prometheus-client is not installed')
    sys.exit(77)
if not shutil.which('promtool'):
    print('promtool is not installed (package prometheus)')
    sys.exit(77)


def printed(form):
    done = subprocess.run([sys.argv[1], form], capture_output=True, check=True)
    assert not re.search(rb'[\x00-\x09\x0b-\x1f\x7f]', done.stdout), 'a control character'
    return done.stdout.decode('utf-8')


def samples(families):
    """Each sample's value, of those of counters when they began left out."""
    found = {}
    for family in families:
        assert family.documentation, 'no help: %s' % family.name
        assert family.type in ('counter', 'gauge', 'info'), family
        for sample in family.samples:
            if sample.name.endswith('_created'):
                continue
            key = (sample.name, tuple(sorted(sample.labels.items())))
            assert key not in found, 'twice: %s' % (key,)
            found[key] = sample.value
    return found


def created(families):
    """Which counters tell when they began."""
    return {(sample.name[:-len('_created')], tuple(sorted(sample.labels.items())))
            for family in families for sample in family.samples
            if sample.name.endswith('_created')}


def main():
    text = printed('text')
    lint = subprocess.run(['promtool', 'check', 'metrics'], input=text, capture_output=True,
                          text=True, check=False)
    assert (lint.returncode, lint.stdout, lint.stderr) == (0, '', ''), lint

    families = list(openmetrics.parser.text_string_to_metric_families(printed('open')))
    new, old = samples(families), samples(parser.text_string_to_metric_families(text))
    # How many series there are is told of OpenMetrics in both.
    assert new == old, set(new.items()) ^ set(old.items())
    totals = {(name[:-len('_total')], labels) for name, labels in new if name.endswith('_total')}
    assert created(families) == totals, created(families) ^ totals

    interface = next(dict(labels)['interface'] for name, labels in new
                     if name == 'wirecensus_capture_info')
    assert 'Zürich' in interface and r'\x1b[31mred' in interface, interface
    assert r'\xff\xfe' in interface and '"}\\x0a{"schema"' in interface, interface
    exporters = {dict(labels).get('exporter') for _, labels in new} - {None}
    assert exporters == {interface, 'json/idle'}, exporters
    ports = {dict(labels)['name'] for name, labels in new
             if name == 'wirecensus_port_bytes_total' and 'name' in dict(labels)}
    assert ports == {'https', 'domain'}, ports
    print('%d samples, %d counters' % (len(new), len(totals)))


if __name__ == '__main__':
    main()
