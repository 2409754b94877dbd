#!/usr/bin/env python3
"""web.py CASE WIRECENSUS SENDER: one test of what the daemon shows by HTTP, by name."""
import collections
import json
import os
import shutil
import socket
import subprocess
import sys

sys.dont_write_bytecode = True  # the source tree stays as it is
HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, '..'))
from scene import PATIENCE, Skip, ask, parse, run, wait_until  # noqa: E402
from plan import RECEIVED, expected, frames_of, lines  # noqa: E402
from cases import CAPTURE, FRAME, case, main, not_held_up, same  # noqa: E402
from prometheus import Prometheus, fetch  # noqa: E402

URL = 'http://127.0.0.1:8888/metrics'
HTTP = 'http { listen = "127.0.0.1:8888"  ports = {"tcp/80", "udp/53"} %s }\n'
CLASSES = {'port': None, 'protocol': 'protocol', 'fragment': 'fragment', 'ethertype': 'ethertype',
           'llc': 'llc', 'malformed': 'malformed'}
# Of "secret", with a cost of 4.
USERS = 'basic_auth_users:\n  alice: $2y$04$RJEZJf/A7vSPiorMVQoBc.8idOSqXC5P3CXQM8wCzKW/a5hueQm1i\n'
SLOW = 1000


def samples(text):
    """Maps each line's name with its labels to its value."""
    return {line.rsplit(' ', 1)[0]: float(line.rsplit(' ', 1)[1])
            for line in text.splitlines() if not line.startswith('#')}


def wait_for_frames(scene, count):
    def counted():
        return samples(fetch(scene, URL))['wirecensus_frames_total{capture="wan"}'] >= count
    wait_until(counted, '%d frames' % count)


def by_class(rows):
    """What the rows of a plan add up to."""
    sums = collections.Counter()
    for row, counts in rows.items():
        sums[(CLASSES[row[0]] or row[1],)] += counts.get('packets', 0)
    return {key: count for key, count in sums.items() if count}


def by_port(rows, what):
    """Maps (transport, direction) to the sum of ports."""
    sums = collections.Counter()
    for row, counts in rows.items():
        if row[0] == 'port':
            sums[(row[1], row[3])] += counts.get(what, 0)
    return {key: count for key, count in sums.items() if count}


def positive(found):
    return {key: int(value) for key, value in found.items() if value}


def becomes(find, wanted, what):
    """Waits until @find() is that: Prometheus has nothing to show while a scrape of it was late."""
    try:
        wait_until(lambda: find() == wanted, what)
    except AssertionError:
        same(find(), wanted, what)


@case
def scraped(make):
    """What Prometheus has is what was sent: by class, by port and direction, and of one port."""
    with make() as scene:
        daemon = scene.daemon(CAPTURE + HTTP % 'top = 3')
        prometheus = Prometheus(scene)
        total = collections.defaultdict(collections.Counter)
        frames = 0
        for _ in range(2):
            sent = scene.send(lines(RECEIVED))
            frames += frames_of(RECEIVED, sent)
            for row, counts in expected(RECEIVED, sent).items():
                total[row].update(counts)

        def arrived():
            return prometheus.query('sum(wirecensus_frames_total)') == frames
        wait_until(arrived, '%d frames in Prometheus' % frames)

        becomes(lambda: positive(prometheus.query('wirecensus_packets_total', 'class')),
                by_class(total), 'packets by class')
        for what in ('packets', 'bytes', 'new', 'accepted', 'refused'):
            asked = 'sum by (transport, direction) (wirecensus_port_%s_total)' % what
            becomes(lambda asked=asked: positive(prometheus.query(asked, 'transport', 'direction')),
                    by_port(total, what), what)
        for what in ('packets', 'new'):
            asked = 'wirecensus_port_%s_total{port="80",direction="in"}' % what
            becomes(lambda asked=asked: prometheus.query(asked),
                    total[('port', 'tcp', 80, 'in')][what], what + ' to port 80')
        becomes(lambda: prometheus.query('sum(wirecensus_ethertype_packets_total)'),
                by_class(total)[('ethertype',)], 'ethertypes')
        becomes(lambda: prometheus.query('sum(wirecensus_direction_packets_total)'), frames,
                'directions')

        # It spoke OpenMetrics, took everything, and had nothing to find fault with.
        def target():
            found = prometheus.api('targets')['activeTargets'][0]
            return found['health'], found['lastError']
        becomes(target, ('up', ''), 'the target')
        becomes(lambda: (prometheus.query('wirecensus_frames_created') or 0) > 0, True, 'created')
        metadata = prometheus.api('metadata', metric='wirecensus_port_bytes')
        same(metadata['wirecensus_port_bytes'][0]['type'], 'counter', 'type')
        text = fetch(scene, URL)
        done = subprocess.run(['promtool', 'check', 'metrics'], input=text, capture_output=True,
                              text=True, check=False)
        same((done.returncode, done.stdout, done.stderr), (0, '', ''), 'promtool')
        daemon.stop()


@case
def requests(make):
    """What is answered, and what is not; and that status has counted it."""
    with make() as scene:
        daemon = scene.daemon(CAPTURE + HTTP % 'host_names = {"census.example"}')
        head = fetch(scene, '-I', URL)
        assert head.startswith('HTTP/1.1 200 OK\n'), head
        assert "\nContent-Security-Policy: default-src 'none'" in head, head
        assert '\nContent-Type: text/plain; version=0.0.4; charset=utf-8\n' in head, head
        text = fetch(scene, '-H', 'Accept: application/openmetrics-text; version=1.0.0', URL)
        assert text.endswith('\n# EOF\n'), text[-100:]
        code = ('-o', '/dev/null', '-w', '%{http_code}')
        for wanted, arguments in ((200, ('-H', 'Host: census.example', URL)),
                                  (200, ('-H', 'Host: localhost:1', URL)),
                                  (421, ('-H', 'Host: evil.example', URL)),
                                  (404, (URL + '/',)),
                                  (404, (URL + '%2f..',)),
                                  (405, ('-X', 'DELETE', URL)),
                                  (405, ('-d', 'a=b', URL))):
            same(fetch(scene, *code, *arguments), str(wanted), arguments)
        text = ask(scene, 'status')
        assert '\nhttp: at 127.0.0.1:8888, connections ' in text, text
        row = parse(ask(scene, 'status', '--format', 'json'))[0]
        same((row['http_requests'], row['http_refused']), (9, 5), 'requests')

        # A name that was added takes effect; the address does not, and is refused.
        scene.configure(CAPTURE + HTTP % 'host_names = {"evil.example"}')
        ask(scene, 'reload')
        same(fetch(scene, *code, '-H', 'Host: evil.example', URL), '200', 'after the reload')
        scene.configure(CAPTURE + 'http { listen = "127.0.0.1:8889" }\n')
        assert 'http listen: from "127.0.0.1:8888"' in ask(scene, 'reload', code=1)
        scene.configure(CAPTURE + 'http { listen = "%s:8888" }\n' % '192.0.2.1')
        said = subprocess.run([scene.program, 'daemon', '-t', '-c', scene.path('wirecensus.conf')],
                              capture_output=True, text=True, check=False)
        assert said.returncode == 2 and 'write public = yes' in said.stderr, said
        daemon.stop()


@case
def crowd(make):
    """A thousand clients that dawdle keep nobody from the metrics, no interval and not one frame."""
    with make() as scene:
        daemon = scene.daemon(CAPTURE + HTTP % 'clients = 32')
        clients = []
        for number in range(SLOW):
            client = scene.inside(lambda: socket.socket(socket.AF_INET))
            client.settimeout(PATIENCE)
            client.connect(('127.0.0.1', 8888))
            clients.append(client)
            try:
                client.sendall([b'', b'G', b'GET /metrics HTTP/1.1\r\nHost: ', b'GET /metrics HTTP/1.1\r\n'
                                b'Host: localhost\r\n\r\n'][number % 4])
            except (BrokenPipeError, ConnectionResetError):
                pass  # it had to go
            if number % 100 == 0:
                fetch(scene, URL)
        (sent,) = scene.send([(5000, FRAME % 9)], rate=2000)
        wait_for_frames(scene, sent[0])
        found = samples(fetch(scene, URL))
        same((found['wirecensus_frames_total{capture="wan"}'],
              found['wirecensus_lost_frames_total{capture="wan",reason="kernel"}']), (sent[0], 0),
             'frames, lost')
        not_held_up(daemon)
        assert found['wirecensus_http_connections'] <= 32, found['wirecensus_http_connections']
        assert found['wirecensus_http_evicted_connections_total'] >= SLOW * 3 / 4 - 32
        for client in clients:
            client.close()
        daemon.stop()


def write(scene, name, text):
    with open(scene.path(name), 'w') as file:
        file.write(text)
    return scene.path(name)


@case
def passwords(make):
    """Who has the password gets in; it can be changed while the daemon runs."""
    with make() as scene:
        web = write(scene, 'web.yml', USERS)
        daemon = scene.daemon(CAPTURE + HTTP % ('web_config = "%s"' % web))
        code = ('-o', '/dev/null', '-w', '%{http_code}', URL)
        same(fetch(scene, *code), '401', 'without')
        same(fetch(scene, '-u', 'alice:secret', *code), '200', 'with')
        same(fetch(scene, '-u', 'alice:wrong', *code), '401', 'with another')
        write(scene, 'web.yml', USERS.replace('alice', 'bob'))
        same(fetch(scene, '-u', 'alice:secret', *code), '200', 'before the reload')
        ask(scene, 'reload')
        same(fetch(scene, '-u', 'alice:secret', *code), '401', 'after the reload')
        same(fetch(scene, '-u', 'bob:secret', *code), '200', 'the other')
        write(scene, 'web.yml', USERS + '  carol: nonsense\n')
        assert 'web.yml:3: ' in ask(scene, 'reload', code=2)
        same(fetch(scene, '-u', 'bob:secret', *code), '200', 'after a reload that failed')
        daemon.stop()


@case
def encrypted(make):
    """TLS, beyond the host, with passwords or the certificates of clients."""
    if not shutil.which('certtool'):
        raise Skip('no certtool to make certificates with (package gnutls-bin)')
    with make() as scene:
        run(os.path.join(HERE, '..', '..', 'exporters', 'deliver', 'certificates.sh'), scene.folder)
        tls = 'tls_server_config:\n  cert_file: good.pem\n  key_file: good.key\n'
        web = write(scene, 'web.yml', tls + '  min_version: TLS13\n' + USERS)
        public = 'http { listen = "192.0.2.1:8888"  web_config = "%s" }\n' % web
        daemon = scene.daemon(CAPTURE + public)
        url = 'https://localhost:8888/metrics'
        get = ('--connect-to', 'localhost:8888:192.0.2.1:8888', '-o', '/dev/null', '-w',
               '%{http_code}', '-u', 'alice:secret', url)
        trust = ('--cacert', scene.path('trusted.pem'))
        same(fetch(scene, *trust, *get), '200', 'over TLS')
        assert 'wirecensus_build_info' in fetch(scene, *trust, *get[:2], *get[6:])
        fetch(scene, '--cacert', scene.path('stranger.pem'), *get, code=60)
        fetch(scene, *trust, '--tls-max', '1.2', *get, code=35)
        fetch(scene, 'http://192.0.2.1:8888/metrics', code=52)

        # Without a password anybody could read: that is no configuration for this address.
        write(scene, 'web.yml', tls)
        assert 'http: beyond this host, ' in ask(scene, 'reload', code=2)
        same(fetch(scene, *trust, *get), '200', 'after a reload that failed')

        # Another certificate, and clients that must have one.
        write(scene, 'web.yml', tls.replace('good', 'elsewhere') + '  client_ca_file: trusted.pem\n'
              '  client_auth_type: RequireAndVerifyClientCert\n')
        ask(scene, 'reload')
        fetch(scene, *trust, *get, code=60)
        own = ('-k', '--cert', scene.path('client.pem'), '--key', scene.path('client.key'))
        same(fetch(scene, *own, *get), '200', 'with a certificate')
        same(fetch(scene, '-k', *get), '403', 'without')
        foreign = ('-k', '--cert', scene.path('foreign.pem'), '--key', scene.path('foreign.key'))
        same(fetch(scene, *foreign, *get), '403', "with a stranger's")
        row = json.loads(ask(scene, 'status', '--format', 'json').splitlines()[0])
        same(row['http_unauthorized'], 2, 'unauthorized')
        daemon.stop()


if __name__ == '__main__':
    main()
