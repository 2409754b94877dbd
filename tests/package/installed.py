#!/usr/bin/env python3
"""installed.py DEBS LATER SENDER [BASE]: both packages installed, used, brought up to date, removed and purged.

DEBS and LATER are folders with packages, LATER with a later version whose configurations differ. The machine is this one,
or the bare system below the folder BASE, which must have the packages' dependencies; it stays as it is.
Exits with 77 when the machine lacks what it needs.
"""
import glob
import json
import os
import re
import shutil
import sqlite3
import subprocess
import sys
import time

sys.dont_write_bytecode = True
HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, '..', 'live'))
from bed import Bed, Census, NEAR4, Skip  # noqa: E402
from machine import Machine, mount  # noqa: E402
from unit import Service, Unit  # noqa: E402

PATIENCE = 120
IN4 = 'eth 0800 / ip4 198.51.100.9 %s ' % NEAR4
PLAN = [(12, IN4 + '6 / tcp 40000 443 S 1'), (30, IN4 + '17 / udp 40000 53 / zeros 60'),
        (5, 'eth 0806 / zeros 28')]
FRAMES = sum(count for count, _ in PLAN)
CONFIG = '/etc/wirecensus/wirecensus.conf'
DROP_IN = '/etc/collectd/collectd.conf.d/wirecensus.conf'
COLLECTD = '''
Hostname "here"
FQDNLookup false
Interval 1
LoadPlugin csv
<Plugin csv>
  DataDir "/tmp/csv"
</Plugin>
Include "/etc/collectd/collectd.conf.d/*.conf"
'''


def wait_until(holds, what):
    deadline = time.monotonic() + PATIENCE
    while True:
        found = holds()
        if found:
            return found
        assert time.monotonic() < deadline, 'waited in vain: %s' % what
        time.sleep(0.05)


def same(actual, wanted, what):
    assert actual == wanted, '%s: %s, not %s' % (what, actual, wanted)


def say(text):
    print(text, flush=True)


def check_files(machine):
    """What is there after the installation, and whose it is."""
    users = [line for line in machine.read('/etc/passwd').splitlines() if line.startswith('wirecensus:')]
    same(len(users), 1, 'users')
    same(users[0].split(':')[5:], ['/var/lib/wirecensus', '/usr/sbin/nologin'], 'home and shell')
    same(machine.run('wirecensus', '--version'), 'wirecensus 0.1.0\n', 'version')
    same(machine.run('wirecensus', 'daemon', '-t'), CONFIG + ' is in order\n', 'configuration')
    assert os.path.isdir(machine.inside('/etc/wirecensus/conf.d'))
    for name in ('wirecensus', 'wirecensus.conf', 'collectd-wirecensus', 'wirecensus-json'):
        assert glob.glob(machine.inside('/usr/share/man/man?/%s.?.gz' % name)), name


def check_unit(machine):
    """The unit is in order, and so is what it leaves to the service."""
    if not shutil.which('systemd-analyze', path=machine.inside('/usr/bin')):
        return
    if shutil.which('man', path=machine.inside('/usr/bin')):
        same(machine.run('systemd-analyze', 'verify', '/lib/systemd/system/wirecensus.service'), '', 'verify')
    assert exposure(machine) <= 1.7, exposure(machine)
    folder = '/etc/systemd/system/wirecensus.service.d'
    machine.run('install', '-D', '/usr/share/doc/wirecensus/examples/systemd/least.conf',
                folder + '/least.conf')
    assert exposure(machine) <= 1.6, exposure(machine)
    machine.run('rm', '-r', folder)


def exposure(machine):
    said = machine.run('systemd-analyze', 'security', '--offline=true', '--no-pager', 'wirecensus.service')
    return float(re.search(r'exposure level for wirecensus.service: (\S+)', said)[1])


def privileges(service):
    fields = service.status()
    kept = {name: int(fields[name], 16) for name in ('CapInh', 'CapPrm', 'CapEff', 'CapAmb')}
    same(kept, dict.fromkeys(kept, 0), 'capabilities')
    assert '0' not in fields['Uid'].split(), fields['Uid']
    same((fields['NoNewPrivs'], fields['Seccomp']), ('1', '2'), 'new privileges, seccomp')


def ask(machine, *words):
    return machine.run('wirecensus', *words)


def shown(machine, *words):
    return [json.loads(line) for line in ask(machine, *words, '--format', 'json').splitlines()]


def totals(machine):
    return [row for row in shown(machine, 'show', 'totals', '--total') if row['type'] == 'total']


def documented(machine, rows):
    """Each field of what the daemon says of itself is in the manual."""
    page = machine.run('zcat', '/usr/share/man/man5/wirecensus-json.5.gz')
    words = set(re.findall(r'\w+', ' '.join(re.findall(r'^\.It Cm (.*)$', page, re.M))))
    for row in rows:
        same(set(row) - words, set(), 'fields without a word in the manual')


def check_service(machine, bed):
    """As shipped: it counts, keeps a journal, answers, and listens on nothing."""
    mount('-t', 'proc', '-o', 'hidepid=invisible,subset=pid', 'proc', machine.inside('/proc'))
    unit = Unit(machine.read('/lib/systemd/system/wirecensus.service'))
    service = Service(machine, unit, bed.spaces['near'])
    try:
        service.wait_for('READY=1')
        privileges(service)
        same(bed.on('near', 'ss', '-Htuln').stdout, '', 'listening sockets')
        status = shown(machine, 'status')
        assert status[0]['well'], status
        documented(machine, status + shown(machine, 'show', 'captures'))
        bed.send(PLAN)
        wait_until(lambda: sum(row['frames'] for row in totals(machine)) >= FRAMES, 'an interval')
        same([(row['observer'], row['frames'], row['lost']) for row in totals(machine)],
             [('near0', FRAMES, 0)], 'totals')
        assert re.search(r'^ +443 .* in +12 ', ask(machine, 'show', 'ports', '--total'), re.M)
        machine.run(*unit.prefix(), *unit.get('ExecReload').split())
        service.wait_for('WATCHDOG=1')
        check_reader(machine)
    finally:
        said = service.kill() if sys.exc_info()[0] else service.stop()
    same(journal_frames(machine), FRAMES, 'frames in the journal')
    assert 'no capabilities, seccomp on' in said, said
    subprocess.run(['umount', machine.inside('/proc')], check=True)
    say('service: engine %s' % re.search('engine: (.*)', said)[1])


def check_reader(machine):
    """Members of the group may ask, strangers may not."""
    as_user = ['setpriv', '--reuid', '65534', '--regid', '65534', '--bounding-set', '-all']
    machine.run(*as_user, '--groups', group_of(machine), 'wirecensus', 'status')
    try:
        machine.run(*as_user, '--clear-groups', 'wirecensus', 'status')
    except AssertionError as refusal:
        assert 'you may not ask the daemon' in str(refusal), refusal
    else:
        raise AssertionError('strangers are answered')


def group_of(machine):
    return re.search(r'^wirecensus:[^:]*:(\d+):', machine.read('/etc/group'), re.M)[1]


def journal_frames(machine):
    path = machine.inside('/var/lib/wirecensus/census.db')
    same(os.stat(path).st_mode & 0o777, 0o640, 'mode of the journal')
    with sqlite3.connect('file:%s?mode=ro' % path, uri=True) as journal:
        return journal.execute('SELECT sum(packets) FROM hour_ports').fetchone()[0] + PLAN[-1][0]


def check_live(machine, bed):
    """The program by itself."""
    wrapper = machine.path('wirecensus')
    with open(wrapper, 'w') as file:
        file.write('#!/bin/sh\nexec chroot %s /usr/bin/wirecensus "$@"\n' % machine.root)
    os.chmod(wrapper, 0o755)
    bed.program = wrapper
    program = bed.start('-i', 'near0')
    bed.send(PLAN)
    same(Census.total(program.finish(), 'frames'), FRAMES, 'frames of live')


def check_plugin(machine, bed):
    """A real collectd, with the drop-in as shipped."""
    if not os.path.exists(machine.inside('/usr/sbin/collectd')):
        say('plugin: not tried, there is no collectd')
        return
    machine.write('/tmp/collectd.conf', COLLECTD)
    process = subprocess.Popen(['ip', 'netns', 'exec', bed.spaces['near'], 'chroot', machine.root,
                                'collectd', '-f', '-C', '/tmp/collectd.conf', '-P', '/tmp/collectd.pid'],
                               stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    try:
        pattern = machine.inside('/tmp/csv/here/wirecensus-near0/packets-counted-*')
        wait_until(lambda: glob.glob(pattern) or process.poll() is not None, 'values')
        bed.send(PLAN)
        wait_until(lambda: last_value(pattern) == FRAMES or process.poll() is not None, 'frames')
    finally:
        process.terminate()
        said = process.communicate(timeout=PATIENCE)[0]
    same(last_value(pattern), FRAMES, 'frames of the plugin: ' + said)


def last_value(pattern):
    """The value of the last whole line, of the last day that has one."""
    for path in sorted(glob.glob(pattern), reverse=True):
        with open(path) as file:
            values = [line.rstrip('\n').split(',')[-1] for line in file if line.endswith('\n')]
        if values and values[-1].isdigit():
            return int(values[-1])
    return None


def check_upgrade(machine, packages):
    """A configuration that was changed stays, one that was not is brought up to date."""
    machine.run('sh', '-c', 'echo "# mine" >>%s' % CONFIG)
    before = machine.read(CONFIG)
    machine.run('dpkg', '--force-confold', '-i', *packages)
    same(machine.read(CONFIG), before, 'changed configuration')
    assert machine.read(CONFIG + '.dpkg-dist').endswith('# changed\n')
    assert machine.read(DROP_IN).endswith('# changed\n')


def check_removal(machine):
    names = ['wirecensus', 'collectd-plugin-wirecensus']
    machine.run('dpkg', '-r', *names)
    assert not os.path.exists(machine.inside('/usr/bin/wirecensus'))
    assert os.path.exists(machine.inside('/var/lib/wirecensus/census.db'))
    assert machine.read(CONFIG).endswith('# mine\n')
    machine.run('dpkg', '-P', *names)
    same(machine.leftovers('wirecensus'), [], 'left behind')


def check(debs, later, sender, base):
    with Machine(base) as machine, Bed('', sender) as bed:
        first, second = ([machine.copy(path) for path in sorted(glob.glob(folder + '/*.deb'))]
                         for folder in (debs, later))
        # What pages there are on the whole machine is not looked up anew.
        machine.run('rm', '-f', '/var/lib/man-db/auto-update')
        machine.run('dpkg', '-i', *first)
        check_files(machine)
        check_unit(machine)
        say('installed: as it should be')
        check_service(machine, bed)
        check_live(machine, bed)
        check_plugin(machine, bed)
        say('counted: by the service, live, and by the plugin')
        check_upgrade(machine, second)
        check_removal(machine)
        say('brought up to date, removed and purged: nothing is left')


def main():
    if os.geteuid() != 0:
        raise Skip('this needs root, for mounts and network namespaces')
    for name in ('dpkg', 'setpriv', 'ss'):
        if not shutil.which(name):
            raise Skip('%s is not installed' % name)
    debs, later, sender = sys.argv[1:4]
    check(debs, later, os.path.abspath(sender), sys.argv[4] if len(sys.argv) > 4 else '/')


if __name__ == '__main__':
    try:
        main()
    except Skip as reason:
        print(reason)
        sys.exit(77)
