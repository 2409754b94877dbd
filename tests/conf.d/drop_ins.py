#!/usr/bin/env python3
"""drop_ins.py WIRECENSUS: drop-ins of conf.d fit the sections that they name, and what the program sends.

Those of programs that are not in Debian are checked by these programs where they are there.
"""
import fnmatch
import glob
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile

ROOT = os.path.join(os.path.dirname(os.path.abspath(__file__)), '..', '..')
CONF = os.path.join(ROOT, 'conf.d')
GOLDEN = os.path.join(ROOT, 'tests', 'exporters', 'encode', 'golden')
SECTION = re.compile(r'\b(?:json|syslog|gelf|journald|ipfix|tree) \w+ \{ [^}]*\}')


def read(*path):
    with open(os.path.join(*path)) as file:
        return file.read()


def sections():
    """What drop-ins say of the daemon's configuration: (path, section)."""
    for path in sorted(glob.glob(CONF + '/*/*')):
        if '/wirecensus/' not in path:
            for section in SECTION.findall(read(path)):
                yield path, section


def check_sections(program, folder):
    """The daemon takes each of them, and its port or path is in the drop-in."""
    found = list(sections())
    assert len(found) > 15, found
    for path, section in found:
        (place,) = re.findall(r'address = "\w+(?:\+tls)?://([^"]*)"', section)
        port_or_path = place.rpartition(':')[2]
        rest = read(path).replace(section, '')
        assert (port_or_path in rest or place == '/dev/log' or
                any(fnmatch.fnmatch(place, word) for word in rest.split())), (path, section)
        section = section.replace('HOST', 'localhost')
        section = re.sub(r'with ca, certificate and\s+#?\s*key', '', section)
        config = os.path.join(folder, 'wirecensus.conf')
        with open(config, 'w') as file:
            file.write(section + '\n')
        done = subprocess.run([program, 'daemon', '-t', '-c', config], capture_output=True, text=True,
                              check=False)
        assert done.returncode == 0, '%s: %s: %s' % (path, section, done.stderr)
    return len(found)


# A type of Elasticsearch, and what of JSON fits it.
FITTING = {
    'keyword': lambda value: isinstance(value, str),
    'date': lambda value: re.fullmatch(r'\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z', value),
    'boolean': lambda value: isinstance(value, bool),
    'integer': lambda value: isinstance(value, int) and value < 1 << 31,
    'long': lambda value: isinstance(value, int) and value < 1 << 63,
    'double': lambda value: isinstance(value, (int, float)),
}


def check_template():
    """Each field of a row has its type in the index template, and the manual names each of its fields."""
    template = json.loads(read(CONF, 'logstash', 'wirecensus-template.json'))
    properties = template['template']['mappings']['properties']
    sent = set()
    for path in glob.glob(GOLDEN + '/*.json'):
        for line in read(path).splitlines():
            for name, value in json.loads(line).items():
                sent.add(name)
                kind = properties[name]['type']
                for each in value if isinstance(value, list) else [value]:
                    assert each is None or FITTING[kind](each), (name, each, kind)
    manual = read(ROOT, 'exporters', 'wirecensus-json.5')
    named = {word for line in re.findall(r'^\.It Cm (.*)$', manual, re.M)
             for word in re.findall(r'\w+', line)}
    own = set(properties) - {'@timestamp', 'tags'}
    assert sent <= own, 'not in the template: %s' % (sent - own)
    assert own <= named | sent, 'not in the manual: %s' % (own - named - sent)
    return len(own)


def value(entry):
    kind = {'string': str, 'integer': int, 'boolean': bool}[entry['@type']]
    assert type(entry['@value']) is kind, entry
    return entry['@value']


def check_content_pack():
    """The content pack has what Graylog's version 1 of it asks for; its ports are those of its README."""
    pack = json.loads(read(CONF, 'graylog', 'wirecensus-content-pack.json'))
    assert {'v', 'id', 'rev', 'name', 'summary', 'description', 'vendor', 'url', 'parameters',
            'entities'} <= set(pack) and pack['v'] == '1', pack
    ids = [pack['id']] + [entity['id'] for entity in pack['entities']]
    assert len(set(ids)) == len(ids), ids
    told = set(re.findall(r'address = "(\w+)://HOST:(\d+)"', read(CONF, 'graylog', 'README.md')))
    made = set()
    for entity in pack['entities']:
        data = entity['data']
        configuration = {name: value(entry) for name, entry in data['configuration'].items()}
        transport = re.fullmatch(r'org\.graylog2\.inputs\.(?:gelf|syslog)\.(tcp|udp)\.\w+Input',
                                 value(data['type']))[1]
        made.add((transport, str(configuration['port'])))
    assert made == told, (made, told)
    return len(pack['entities'])


CHECKERS = {
    'fluentd': ['fluentd', '--dry-run', '-c', CONF + '/fluentd/wirecensus.conf'],
    'fluent-bit': ['fluent-bit', '--dry-run', '-R', CONF + '/fluent-bit/wirecensus-parsers.conf', '-c',
                   CONF + '/fluent-bit/wirecensus.conf'],
    'logstash': ['logstash', '-t', '-f', CONF + '/logstash/wirecensus.conf'],
}


def main():
    with tempfile.TemporaryDirectory() as folder:
        print('%d sections fit' % check_sections(sys.argv[1], folder))
    print('%d fields have a type' % check_template())
    print('%d inputs of Graylog' % check_content_pack())
    for name, command in CHECKERS.items():
        if not shutil.which(name):
            print('%s is not there and was not asked' % name)
            continue
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        assert done.returncode == 0, '%s: %s%s' % (name, done.stdout, done.stderr)


if __name__ == '__main__':
    main()
