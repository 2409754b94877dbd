#!/usr/bin/env python3
"""dashboards.py CASE WIRECENSUS SENDER: what the dashboards of conf.d ask for is there, by name."""
import json
import os
import re
import subprocess
import sys

sys.dont_write_bytecode = True  # the source tree stays as it is
HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, '..'))
from scene import Skip, wait_until  # noqa: E402
from plan import RECEIVED, SENT, lines  # noqa: E402
from cases import CAPTURE, case, main, same  # noqa: E402
from prometheus import CONFIG, Prometheus  # noqa: E402

GRAFANA = os.path.join(HERE, '..', '..', '..', 'conf.d', 'grafana')
RULES = os.path.join(HERE, '..', '..', '..', 'conf.d', 'prometheus', 'wirecensus-rules.yml')
VARIABLES = {'__rate_interval': '30s', '__range': '30s'}
COLLECTD = '''
BaseDir "%(folder)s"
PIDFile "%(folder)s/collectd.pid"
Hostname "host"
FQDNLookup false
Interval 1
LoadPlugin write_prometheus
<Plugin write_prometheus>
  Host "127.0.0.1"
  Port "9103"
</Plugin>
PluginDir "%(plugins)s"
LoadPlugin wirecensus
<Plugin wirecensus>
  <Capture "wan">
    Interface "near0"
  </Capture>
</Plugin>
'''


def questions(name):
    """Maps each panel and expression of a dashboard, and each query of its variables, to text."""
    with open(os.path.join(GRAFANA, name)) as file:
        board = json.load(file)
    found = {(panel['title'], target['refId']): target['expr']
             for panel in board['panels'] for target in panel['targets']}
    for variable in board['templating']['list']:
        if variable['type'] == 'query':
            found['variable', variable['name']] = re.fullmatch(
                r'label_values\((.*), \w+\)', variable['query']['query'])[1]
    ids = [panel['id'] for panel in board['panels']]
    assert len(set(ids)) == len(ids) > 10, ids
    return found


def fill_in(expression):
    """As Grafana would, with everything selected."""
    return re.sub(r'\$(\w+)', lambda match: VARIABLES.get(match[1], '.*'), expression)


def send(scene):
    scene.send(lines(RECEIVED))
    scene.send(lines(SENT), link='near0')


def check(scene, prometheus, name):
    """Every question has an answer while frames come; returns how many there are."""
    asked = questions(name)

    def unanswered():
        send(scene)
        return sorted(key for key, expression in asked.items()
                      if not prometheus.api('query', query=fill_in(expression))['result'])
    try:
        wait_until(lambda: not unanswered(), 'answers')
    except AssertionError:
        raise AssertionError('no answer: %s' % unanswered())
    return len(asked)


def names_of(text):
    """The metrics that rules speak of."""
    return set(re.findall(r'\b(wirecensus_\w+|process_\w+)\b(?!:)', text))


@case
def prometheus(make):
    """The dashboard for Prometheus, and the names in the rules."""
    with make() as scene:
        daemon = scene.daemon(CAPTURE + 'http { listen = "127.0.0.1:8888" }\n'
                              'json file { address = "file://%s" }\n' % scene.path('rows'))
        server = Prometheus(scene)
        print('%d questions' % check(scene, server, 'wirecensus-prometheus.json'))
        with open(RULES) as file:
            expressions = re.findall(r'^ +(?:expr: )?(.*wirecensus_.*)$', file.read(), re.M)
        names = names_of(re.sub(r'\brecord: \S+', '', '\n'.join(expressions)))
        assert len(names) > 10, names

        def unknown():
            return names - set(server.api('label/__name__/values'))
        try:
            wait_until(lambda: not unknown(), 'names in rules')
        except AssertionError:
            same(unknown(), set(), 'names in rules that nothing has')
        daemon.stop()


class Collectd:
    """With the plugin, and its write_prometheus."""

    def __init__(self, scene, plugin):
        config = scene.path('collectd.conf')
        with open(config, 'w') as file:
            file.write(COLLECTD % {'folder': scene.folder, 'plugins': os.path.dirname(plugin)})
        self.process = subprocess.Popen(
            ['ip', 'netns', 'exec', scene.spaces['near'], 'collectd', '-f', '-C', config],
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
            env={**os.environ, 'LD_PRELOAD': os.environ.get('WC_PRELOAD', '')})
        scene.running.append(self)

    def end(self):
        self.process.kill()
        self.process.wait()


@case
def collectd(make):
    """The dashboard for collectd."""
    plugin = os.environ.get('WC_PLUGIN', '')
    if not os.path.exists(plugin) or not os.path.exists('/usr/sbin/collectd'):
        raise Skip('no collectd, or no plugin for it, is here')
    with make() as scene:
        Collectd(scene, plugin)
        server = Prometheus(scene, CONFIG.replace('8888', '9103').replace(
            'static_configs', 'honor_labels: true\n    static_configs'))
        wait_until(lambda: 'collectd_wirecensus' in fetch_quietly(scene), 'values of collectd')
        print('%d questions' % check(scene, server, 'wirecensus-collectd.json'))


def fetch_quietly(scene):
    return subprocess.run(['ip', 'netns', 'exec', scene.spaces['near'], 'curl', '-s',
                           'http://127.0.0.1:9103/metrics'], capture_output=True, text=True,
                          check=False).stdout


if __name__ == '__main__':
    main()
