"""A Prometheus as Debian has it, that scrapes the daemon in the counted host's namespace."""
import json
import os
import shutil
import subprocess
import urllib.parse

from scene import Skip, wait_until

LISTEN = '127.0.0.1:9090'
CONFIG = '''global: {scrape_interval: 1s}
scrape_configs:
  - job_name: wirecensus
    static_configs: [{targets: ['127.0.0.1:8888']}]
'''


def fetch(scene, *arguments, code=0):
    """What curl says in the namespace of the counted host."""
    done = subprocess.run(['ip', 'netns', 'exec', scene.spaces['near'], 'curl', '-sS', '--max-time',
                           '60', *arguments], capture_output=True, text=True, check=False)
    assert done.returncode == code, (arguments, done)
    return done.stdout


class Prometheus:
    """Started by the constructor, and ended with the scene."""

    def __init__(self, scene, config=CONFIG):
        if not shutil.which('prometheus'):
            raise Skip('prometheus is not installed')
        self.scene = scene
        os.mkdir(scene.path('tsdb'))
        with open(scene.path('prometheus.yml'), 'w') as file:
            file.write(config)
        with open(scene.path('prometheus.log'), 'w') as log:
            self.process = subprocess.Popen(
                ['ip', 'netns', 'exec', scene.spaces['near'], 'prometheus',
                 '--config.file=' + scene.path('prometheus.yml'),
                 '--storage.tsdb.path=' + scene.path('tsdb'), '--web.listen-address=' + LISTEN],
                stdout=log, stderr=log)
        scene.running.append(self)
        wait_until(self.is_ready, 'Prometheus')

    def is_ready(self):
        assert self.process.poll() is None, self.log()
        done = subprocess.run(['ip', 'netns', 'exec', self.scene.spaces['near'], 'curl', '-sf',
                               'http://%s/-/ready' % LISTEN], capture_output=True, check=False)
        return done.returncode == 0

    def log(self):
        with open(self.scene.path('prometheus.log')) as file:
            return file.read()

    def api(self, path, **arguments):
        """The data of an answer of its API."""
        text = fetch(self.scene, 'http://%s/api/v1/%s?%s'
                     % (LISTEN, path, urllib.parse.urlencode(arguments)))
        answer = json.loads(text)
        assert answer['status'] == 'success', answer
        return answer['data']

    def query(self, expression, *labels):
        """Maps the values of @labels to the sample's; or returns the only sample's."""
        found = {tuple(item['metric'].get(label, '') for label in labels):
                 float(item['value'][1])
                 for item in self.api('query', query=expression)['result']}
        return found if labels else found.get((), None)

    def end(self):
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()
