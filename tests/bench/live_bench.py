"""What counting a live link costs, for each engine of wirecensus and for other programs.

Frames go over a pair of links between two network namespaces. The taps run on the sender's side,
so that a frame costs what the sender takes more than alone, in the same round, and what the
counting processes take. Losses are what the kernel says of their packet sockets.
"""
import collections
import json
import os
import pathlib
import re
import shutil
import signal
import statistics
import subprocess
import sys
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), '..', 'live'))
from bed import remove  # noqa: E402

ROUNDS = 3
LINK = 'near0'
OUT = 'live.out'  # what the program under test writes, in the folder of work
READY = 15    # s, at most, until a program has its packet socket
STOP = 10     # s, at most, until it has ended
SETTLE = 0.5  # s, from there to the load
LINGER = 1.2  # s, from the load to the end: libpcap's peers get blocks after a second

Load = collections.namedtuple('Load', 'name how kind frames peers')
LOADS = [
    Load('cold syn', 'cold', 'syn', 300000, False),
    Load('cold imix', 'cold', 'imix', 300000, True),
    Load('napi syn', 'napi', 'syn', 1000000, True),
    Load('napi imix', 'napi', 'imix', 1000000, True),
    Load('napi 1e3', 'napi', '1000', 1000000, False),
    Load('napi 1e4', 'napi', '10000', 1000000, False),
    Load('napi 1e5', 'napi', '100000', 1000000, False),
    Load('napi 1e6', 'napi', '1000000', 1000000, False),
]
ENGINES = ('kernel', 'ring', 'pcap')
NO_HOSTS = 'kernel, no hosts'  # the flows alone, which is what most peers count
TCX = 'kernel at tcx'  # not at a socket
TCX_NO_HOSTS = 'tcx, no hosts'
TCPDUMP = 'tcpdump -w'

PMACCTD = """pcap_interface: %s
plugin_pipe_size: 104857600
plugin_buffer_size: 65536
aggregate: src_host,dst_host,src_port,dst_port,proto
plugins: print
print_output: csv
print_output_file: %s
print_refresh_time: 600
"""

# A run: ns for each frame, frames lost of those that were sent, bytes of memory.
Run = collections.namedtuple('Run', 'kernel process lost sent memory counted')


class Skip(Exception):
    """What the machine lacks."""


def run(*command, **options):
    return subprocess.run(list(map(str, command)), check=True, capture_output=True, text=True,
                          **options)


class Bed:
    """Two silent namespaces, joined by a pair of links."""

    def __init__(self):
        self.near, self.far = ['wc-bench-%s-%d' % (side, os.getpid()) for side in ('near', 'far')]

    def __enter__(self):
        try:
            for space in (self.near, self.far):
                run('ip', 'netns', 'add', space)
        except (OSError, subprocess.CalledProcessError) as error:
            self.__exit__()
            raise Skip('network namespaces cannot be made: %s' % error)
        run('ip', 'link', 'add', LINK, 'netns', self.near, 'type', 'veth', 'peer', 'name', 'far0',
            'netns', self.far)
        for space, link in ((self.near, LINK), (self.far, 'far0')):
            self.on(space, 'sysctl', '-qw', 'net.ipv6.conf.all.disable_ipv6=1')
            run('ip', '-n', space, 'link', 'set', link, 'arp', 'off', 'up')
            run('ip', '-n', space, 'link', 'set', 'lo', 'up')
        while 'state UP' not in run('ip', '-n', self.far, 'link', 'show', 'far0').stdout:
            time.sleep(0.01)
        return self

    def __exit__(self, *_):
        for space in (self.near, self.far):
            remove(space)

    def on(self, space, *command, **options):
        return run('ip', 'netns', 'exec', space, *command, **options)

    def send(self, sender, load, frames=None):
        """Returns how many frames were sent, and the sender's processor time in ns."""
        space, link = (self.near, LINK) if load.how == 'napi' else (self.far, 'far0')
        if load.how == 'napi':  # live frames go to an interface that takes batches
            self.on(self.near, 'ethtool', '-K', LINK, 'gro', 'on')
        done = self.on(space, sender, load.how, link, load.kind, frames or load.frames, timeout=120)
        if load.how == 'napi':
            self.on(self.near, 'ethtool', '-K', LINK, 'gro', 'off')
        return tuple(map(int, done.stdout.split()))

    def sockets(self):
        return len(self.on(self.near, 'cat', '/proc/net/packet').stdout.splitlines()) - 1

    def dropped(self):
        """Frames that packet sockets had no room for."""
        told = self.on(self.near, 'ss', '-0', '-n', '-m', '-H').stdout
        return sum(map(int, re.findall(r'skmem:\(.*?,d(\d+)\)', told)))


def session(leader):
    """The processes that @leader began, and itself."""
    found = []
    for folder in pathlib.Path('/proc').iterdir():
        try:
            if folder.name.isdigit() and os.getsid(int(folder.name)) == leader:
                found.append(folder)
        except OSError:
            continue
    return found


def spent_ns(folders):
    """Processor time of the threads of processes, as the scheduler has it."""
    total = 0
    for folder in folders:
        for task in folder.glob('task/*/schedstat'):
            try:
                total += int(task.read_text().split()[0])
            except OSError:
                continue
    return total


def memory(folders):
    """Bytes: the most that was resident, and what maps of BPF programs take in the kernel."""
    total, maps = 0, {}  # a map may be open twice
    for folder in folders:
        try:
            total += 1024 * int(re.search(r'VmHWM:\s+(\d+)', (folder / 'status').read_text())[1])
            for path in (folder / 'fdinfo').iterdir():
                words = path.read_text()
                if 'map_type:' in words:
                    number = re.search(r'^map_id:\s+(\d+)', words, re.M)[1]
                    maps[number] = int(re.search(r'^memlock:\s+(\d+)', words, re.M)[1])
        except (OSError, TypeError):
            continue
    return total + sum(maps.values())


def finish(process):
    """Interrupts the program, and ends it if that is not enough."""
    process.send_signal(signal.SIGINT)
    try:
        process.wait(timeout=STOP)
    except subprocess.TimeoutExpired:
        pass
    for folder in session(process.pid):
        try:
            os.kill(int(folder.name), signal.SIGKILL)
        except OSError:
            continue
    process.wait()


def counted(path):
    """What wirecensus counted, or None for another program."""
    with open(path, errors='replace') as lines:
        totals = [json.loads(line) for line in lines if '"type":"total"' in line]
    return sum(row['frames'] for row in totals) if totals else None


def await_socket(bed, process):
    deadline = time.monotonic() + READY
    while not bed.sockets():
        if process.poll() is not None or time.monotonic() > deadline:
            return False
        time.sleep(0.05)
    time.sleep(SETTLE)
    return True


def measure(bed, sender, load, command, alone_ns, frames=None):
    """Runs @command beside the load. Returns a Run, or None when it does not count."""
    with open(OUT, 'w') as out:
        process = subprocess.Popen(['ip', 'netns', 'exec', bed.near, *map(str, command)],
                                   stdin=subprocess.DEVNULL, stdout=out,
                                   stderr=subprocess.DEVNULL, start_new_session=True)
    if not await_socket(bed, process):
        finish(process)
        return None
    before, dropped = spent_ns(session(process.pid)), bed.dropped()
    sent, taken_ns = bed.send(sender, load, frames)
    time.sleep(LINGER)
    folders = session(process.pid)
    spent, lost, bytes_ = spent_ns(folders) - before, bed.dropped() - dropped, memory(folders)
    finish(process)
    return Run(max(0, taken_ns / sent - alone_ns), spent / sent, lost, sent, bytes_, counted(OUT))


def systems(program, work):
    """Maps names to commands: the engines, then the peers that are installed."""
    flows = work / 'nfpcapd-live'
    flows.mkdir(parents=True, exist_ok=True)
    pmacctd = work / 'pmacctd-live.conf'
    pmacctd.write_text(PMACCTD % (LINK, work / 'pmacctd-live.csv'))
    ours = {'engine ' + engine: [program, 'live', '-i', LINK, '--engine', engine, '--format',
                                 'json', '--interval', '1h'] for engine in ENGINES}
    ours[NO_HOSTS] = ours['engine kernel'] + ['--hosts', '0']
    ours[TCX] = ours['engine kernel'] + ['--attach', 'tcx']
    ours[TCX_NO_HOSTS] = ours[TCX] + ['--hosts', '0']
    peers = {
        TCPDUMP: ['tcpdump', '-Z', 'root', '-i', LINK, '-w', '/dev/null'],
        'softflowd': ['softflowd', '-i', LINK, '-n', '127.0.0.1:9995', '-c', 'none', '-d'],
        'nfpcapd': ['nfpcapd', '-i', LINK, '-l', flows],
        'pmacctd': ['pmacctd', '-f', pmacctd],
        'argus': ['argus', '-X', '-i', LINK, '-w', '/dev/null'],
        'darkstat': ['darkstat', '-i', LINK, '--no-daemon', '--no-dns', '-b', '127.0.0.1', '--user',
                     'root', '--chroot', work],
    }
    for name, command in peers.items():
        if not shutil.which(command[0]):
            print('%s is not installed and not compared' % name, file=sys.stderr)
    return ours, {name: command for name, command in peers.items() if shutil.which(command[0])}


def rounds_of(bed, sender, load, chosen):
    """The runs of each system, in interleaved rounds, each with a sender alone."""
    runs = collections.defaultdict(list)
    for _ in range(ROUNDS):
        sent, taken_ns = bed.send(sender, load)
        for name, command in chosen.items():
            done = measure(bed, sender, load, command, taken_ns / sent)
            if done:
                runs[name].append(done)
    return runs


def middle(runs):
    """One Run of several: medians of what it costs, and all losses."""
    return Run(statistics.median(one.kernel for one in runs),
               statistics.median(one.process for one in runs), sum(one.lost for one in runs),
               sum(one.sent for one in runs), max(one.memory for one in runs), None)


def total_ns(one):
    return one.kernel + one.process


# Of which load: a system's cost, at most so many times that of tcpdump, or of a peer, at least so
# many times that of the kernel engine.
AT_MOST = [('napi imix', NO_HOSTS, 0.45), ('napi imix', 'engine kernel', 0.45),
           ('napi imix', TCX_NO_HOSTS, 0.45), ('napi imix', TCX, 0.45),
           ('cold imix', NO_HOSTS, 0.65), ('cold imix', 'engine kernel', 0.65),
           ('cold imix', TCX_NO_HOSTS, 0.65), ('cold imix', TCX, 0.65),
           ('napi imix', 'engine ring', 0.9), ('cold imix', 'engine ring', 0.9)]
AT_LEAST = [('nfpcapd', 3), ('softflowd', 3), ('pmacctd', 3), ('argus', 5)]
PROCESS_NS = 5


def verdict(good):
    return 'holds' if good else 'MISSED'


def gates(results):
    """Rows: what is asked, the bound, what was found, whether it holds."""
    for load, system, bound in AT_MOST:
        found, peer = results[load].get(system), results[load].get(TCPDUMP)
        if found and peer:
            ratio = total_ns(found) / total_ns(peer)
            yield ['%s: %s to %s' % (load, system, TCPDUMP), '<= %.2f' % bound, '%.2f' % ratio,
                   verdict(ratio <= bound)]
    ours = results['cold imix'].get('engine kernel')
    for peer, bound in AT_LEAST:
        found = results['cold imix'].get(peer)
        if found and ours:
            ratio = total_ns(found) / total_ns(ours)
            yield ['cold imix: %s to engine kernel' % peer, '>= %d' % bound, '%.1f' % ratio,
                   verdict(ratio >= bound)]
    kernel = [found['engine kernel'] for found in results.values() if 'engine kernel' in found]
    if kernel:
        process = max(one.process for one in kernel)
        lost = sum(one.lost for one in kernel)
        yield ['ns a frame in the process, engine kernel', '<= %d' % PROCESS_NS, '%.1f' % process,
               verdict(process <= PROCESS_NS)]
        yield ['frames lost, engine kernel', '0', str(lost), verdict(lost == 0)]


def rows(results):
    for load in LOADS:
        found = results[load.name]
        peer = found.get(TCPDUMP)
        for name, one in found.items():
            yield [load.name, name, '%.0f' % one.kernel, '%.1f' % one.process,
                   '%.0f' % total_ns(one),
                   '%.2f' % (total_ns(one) / total_ns(peer)) if peer else '-',
                   '%.2f %%' % (100 * one.lost / one.sent), '%.0f' % (one.memory / 1e6)]


def report(program, sender, work, table):
    """Measures, and yields the lines of a section."""
    ours, peers = systems(program, work)
    results = {}
    with Bed() as bed:
        for load in LOADS:
            started = time.monotonic()
            chosen = {**ours, **(peers if load.peers else
                                 {TCPDUMP: peers[TCPDUMP]} if TCPDUMP in peers else {})}
            runs = rounds_of(bed, sender, load, chosen)
            results[load.name] = {name: middle(runs[name]) for name in chosen if runs[name]}
            print('%s: %.0f s' % (load.name, time.monotonic() - started), file=sys.stderr)
    yield 'CPU time in ns for each frame on a live link, median of %d interleaved rounds. What is' % ROUNDS
    yield 'lost is cheap: a program that loses looks better than it is. Memory in MB, with BPF maps:'
    yield ''
    yield from table(['load', 'system', 'kernel', 'process', 'total', 'to tcpdump', 'lost', 'MB'],
                     list(rows(results)), left=2)
    yield ''
    yield 'Gates of live engines:'
    yield ''
    yield from table(['gate', 'bound', 'found', ''], list(gates(results)))


def sanity(program, sender, work):
    """Every frame of small loads is counted, by each engine. Returns false if one is not."""
    good = True
    with Bed() as bed:
        for load in (LOADS[0], LOADS[3]):
            for name, command in systems(program, work)[0].items():
                done = measure(bed, sender, load, command, 0, frames=10000)
                right = done and done.counted == done.sent and not done.lost
                if not right:
                    print('%s, %s: %s' % (load.name, name, done))
                good = good and right
    return good
