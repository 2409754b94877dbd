#!/usr/bin/env python3
"""logs.py CASE WIRECENSUS SENDER: one test of how log messages are delivered, by name.

WC_CAMPAIGN in the environment makes it longer.
"""
import collections
import json
import os
import random
import signal
import sys
import time
from datetime import datetime, timezone

sys.dont_write_bytecode = True  # the source tree stays as it is
sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), '..'))
from scene import CAMPAIGN, ask, once, parse, wait_until  # noqa: E402
from plan import RECEIVED, frames_of, lines  # noqa: E402
from cases import CAPTURE, FRAME, case, figure, frames, knows, main, same  # noqa: E402
from collectors import Rsyslogd, SyslogNg, certificates  # noqa: E402
from listeners import Counting, Plain, RelpServer  # noqa: E402
from reference import ALL, WAYS, Reference, collect, exporters, identity, same_rows  # noqa: E402


MARK = 10000  # ports from here on are marks


@case
def ways(make):
    """By every way rsyslogd has what was sent, in both forms, and nothing that it does not understand."""
    with make() as scene:
        certificates(scene)
        reference, collectors = Reference(scene), {name: collect(scene, name) for name in WAYS}
        daemon = scene.daemon(CAPTURE + reference.section + exporters(scene, WAYS))
        plan = [(row[0] * 10, *row[1:]) for row in RECEIVED]
        sent = scene.send(lines(plan), rate=3000)
        wait_until(lambda: frames(reference.rows()) >= frames_of(plan, sent), 'all frames')
        scene.configure(CAPTURE + reference.section +
                        exporters(scene, WAYS, 'content = "cee"  facility = "local3"'))
        daemon.signal(signal.SIGHUP)
        daemon.wait_for('in effect')
        again = scene.send(lines(plan), rate=3000)
        total = frames_of(plan, sent) + frames_of(plan, again)
        wait_until(lambda: frames(reference.rows()) >= total, 'all frames again')
        rows = reference.compare(collectors)
        same(frames(rows), total, 'frames')
        daemon.stop()
        for name in WAYS:
            same(collectors[name].others().strip(), '', 'what else rsyslogd says of ' + name)


@case
def together(make):
    """All drop-ins in one rsyslogd."""
    with make() as scene:
        certificates(scene)
        names = [name for name in WAYS if name != 'devlog']
        collector = Rsyslogd(scene, 'local', [WAYS[name][0] for name in names],
                             [WAYS[name][1] for name in names])
        reference = Reference(scene)
        scene.daemon(CAPTURE + reference.section + exporters(scene, names))
        sent = scene.send(lines(RECEIVED))
        wait_until(lambda: frames(reference.rows()) >= frames_of(RECEIVED, sent), 'all frames')
        compare_each(reference, collector, names)


@case
def syslog_ng(make):
    """syslog-ng, too, has what was sent."""
    names = ('udp', 'tcp', 'tls')
    with make() as scene:
        certificates(scene)
        reference, collector = Reference(scene), SyslogNg(scene, [WAYS[name][1] for name in names])
        stranger = exporters(scene, ['tls']).replace('syslog tls', 'syslog stranger')
        more = reference.section + stranger.replace('/wirecensus.', '/client.')
        daemon = scene.daemon(CAPTURE + more + exporters(scene, names))
        daemon.wait_for('syslog/stranger: ')
        sent = scene.send(lines(RECEIVED))
        wait_until(lambda: reference.rows(), 'rows')
        scene.configure(CAPTURE + more + exporters(scene, names, 'content = "cee"'))
        daemon.signal(signal.SIGHUP)
        daemon.wait_for('in effect')
        scene.send(lines(RECEIVED))
        wait_until(lambda: frames(reference.rows()) >= 2 * frames_of(RECEIVED, sent), 'all frames')
        compare_each(reference, collector, names)
        same(collector.others(), '', 'what else syslog-ng says')


def compare_each(reference, collector, names):
    """One collector has all rows by each of several ways."""
    last = reference.rows()[-1]['interval']
    rows = [filled(row) for row in over(reference, last)]

    def found():
        return [filled(row) for row in collector.rows() if row['interval'] <= last]

    wait_until(lambda: [count >= len(names) for count in collections.Counter(
        map(identity, found())).values()] == [True] * len(rows), 'rows by each way')
    same_rows(sorted(once(found())[0], key=identity), rows, 'all ways')


def filled(row):
    """syslog-ng 3 has only texts: null is an empty one."""
    return {name: value for name, value in row.items() if value != ''}


@case
def killed(make):
    """rsyslogd is killed again and again: RELP loses nothing; what TCP loses has a number."""
    names = ('tcp', 'tls', 'relp', 'relp_tls', 'local')
    kills = 30 if CAMPAIGN else 4
    with make() as scene:
        certificates(scene)
        reference, collectors = Reference(scene), {name: collect(scene, name) for name in names}

        def all_have(port):
            for name in names:
                wait_until(lambda name=name: any(row.get('port') == port for row in
                                                 collectors[name].rows()), name)

        scene.daemon(CAPTURE + reference.section + exporters(scene, names))
        killed_at = []
        for number in range(kills):
            scene.shoot([(1, FRAME % (MARK + number))])
            all_have(MARK + number)
            scene.shoot([(1, FRAME % port) for port in range(1, 201)])
            kill_all(list(collectors.values()), asleep=number % 2 == 0)
            killed_at.append(datetime.now(timezone.utc).isoformat())
            scene.shoot([(1, FRAME % port) for port in range(1, 201)])
            for collector in collectors.values():
                collector.start()
        scene.shoot([(1, FRAME % 9999)])
        all_have(9999)
        last = reference.rows()[-1]['interval']
        wanted = over(reference, last)
        same(frames(wanted), 401 * kills + 1, 'frames')
        for name, collector in collectors.items():
            check_killed(name, over(collector, last), wanted, killed_at)


def over(collector, last):
    """Its rows up to the interval @last, once it has later ones."""
    wait_until(lambda: collector.rows()[-1]['interval'] > last, 'later rows')
    return [row for row in collector.rows() if row['interval'] <= last]


def kill_all(collectors, asleep):
    """Kills at the moment when an interval is sent; @asleep: with all of it unread."""
    random.shuffle(collectors)
    if asleep:
        for collector in collectors:
            collector.process.send_signal(signal.SIGSTOP)
        time.sleep(0.3)
    time.sleep(1 - time.time() % 1 + (0.3 if asleep else 0.1 * random.random()))
    for collector in collectors:
        collector.kill()


def check_killed(name, rows, wanted, killed_at):
    kept, repeated = once(rows)
    missing = {identity(row) for row in wanted} - {identity(row) for row in kept}
    figure('faults', 'collector of logs killed, ' + name, '%d times: of %d rows %d are missing, %d came again'
           % (len(killed_at), len(wanted), len(missing), repeated))
    same_rows(kept, [row for row in wanted if identity(row) not in missing], name)
    if 'relp' in name:
        same(missing, set(), 'rows that RELP lost')
    # Nothing else than what came between the mark that it had and its death.
    begun = {row['port'] - MARK: row['end'] for row in wanted if row.get('port', 0) >= MARK}
    for row in wanted:
        assert identity(row) not in missing or any(
            begun[number] <= row['end'] <= at for number, at in enumerate(killed_at)), row


@case
def unconfirmed(make):
    """A server of RELP that never answers: its window waits, and is sent again after a restart."""
    with make() as scene:
        server = RelpServer(scene, 2514)
        config = CAPTURE + exporters(scene, ['relp'])
        daemon = scene.daemon(config)
        scene.shoot([(1, FRAME % port) for port in range(1, 201)])

        def window():
            answer = json.loads(ask(scene, 'show', 'exporters', '--format', 'json'))
            return answer['unconfirmed'] == 128

        wait_until(window, 'a full window')
        assert 'unconfirmed 128' in ask(scene, 'show', 'exporters')
        wait_until(lambda: server.taken()[-1:] and len(server.taken()[-1]) == 128, 'its messages')
        took = daemon.stop()
        figure('faults', 'SIGTERM with a server of RELP that never answers', '%.2f s' % took)
        assert took < 20, 'SIGTERM took %.1f s' % took
        first = server.taken()[0]
        same(len(first), 128, 'messages without an answer')
        before = len(server.taken())
        server.answers.set()
        daemon = scene.daemon(config)

        def taken():
            return sum(server.taken()[before:], [])

        wait_until(lambda: sum('type="port"' in text for text in taken()) >= 200, 'all rows')
        daemon.stop()
        again = taken()
        same(again[:128], first, 'the window')
        same(len(set(again)), len(again), 'messages')


FORMATS = (  # that go by TLS: section, scheme, options
    ('syslog', 'tls', ALL), ('syslog', 'relp+tls', ALL), ('gelf', 'tls', ALL), ('json', 'tls', ALL),
    ('ipfix', 'tls', 'interval = "1s"'))
CERTIFICATES = ('foreign', 'elsewhere', 'expired', 'early', 'self')


@case
def strangers(make):
    """Whoever cannot show whom he is gets not a byte, whichever format asks."""
    with make() as scene:
        certificates(scene)
        servers = {name: Counting(scene, 7000 + number, name) for number, name in enumerate(CERTIFICATES)}
        servers.update(none=Counting(scene, 7100), plain=Plain(scene, 7101),
                       good=Counting(scene, 7102, 'good'))
        formats = [each for each in FORMATS if each[0] != 'ipfix' or knows(scene, 'ipfix x { }')]
        scene.daemon(CAPTURE + ''.join(
            '%s %s-%s { address = "%s://localhost:%d"  ca = "%s"  %s }\n'
            % (section, name, scheme.replace('+', '-'), scheme, server.port, scene.path('trusted.pem'), options)
            for name, server in servers.items() for section, scheme, options in formats))
        scene.shoot([(1, FRAME % port) for port in range(1, 101)])
        wait_until(lambda: servers['good'].data > 100 * 300, 'data at the one that is known')
        for name, server in servers.items():
            if name != 'good':
                wait_until(lambda server=server: len(server.refusals) >= 2 * len(formats), name)
                same(server.data, 0, 'bytes that %s got' % name)

        def answers():
            rows = parse(ask(scene, 'show', 'exporters', '--format', 'json'))
            same(len(rows), len(formats) * len(servers), 'exporters')
            return {row['exporter']: row for row in rows}

        # It does not speak RELP, and so confirms nothing.
        wait_until(lambda: all(answer['messages'] for name, answer in answers().items()
                               if '/good-' in name and 'relp' not in name), 'messages in each format')
        for name, answer in answers().items():
            if '/good-' in name:
                continue
            same(answer['messages'], 0, 'messages to ' + name)
            if '/none-' not in name and '/plain-' not in name:
                assert 'certificate is not accepted' in answer['reason'], answer


@case
def refused(make):
    """A collector that does not know us gets nothing and loses nothing: it waits until it does."""
    names = ('tls', 'relp_tls')
    with make() as scene:
        certificates(scene)
        reference, collectors = Reference(scene), {name: collect(scene, name) for name in names}
        right = CAPTURE + reference.section + exporters(scene, names)
        daemon = scene.daemon(right.replace('/wirecensus.', '/client.'))
        scene.shoot([(1, FRAME % port) for port in range(1, 101)])
        for name in names:
            daemon.wait_for('syslog/%s: ' % name)
        wait_until(lambda: frames(reference.rows()) >= 100, 'frames')
        for name in names:
            same(collectors[name].rows(), [], 'rows of ' + name)
        scene.configure(right)
        daemon.signal(signal.SIGHUP)
        daemon.wait_for('in effect')
        same(frames(reference.compare(collectors)), 100, 'frames')


if __name__ == '__main__':
    main()
