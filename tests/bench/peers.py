"""The programs that wirecensus is compared with, and how each reads a capture file.

They differ in what they do: tcpdump and capinfos only count frames, the others keep flows or hosts.
"""
import pathlib
import shutil
import sys

# pmacctd's own defaults lose time in small buffers between its processes.
PMACCTD = """plugin_pipe_size: 104857600
plugin_buffer_size: 65536
aggregate: src_host,dst_host,src_port,dst_port,proto
plugins: print
print_output: csv
print_output_file: %s
print_cache_entries: 200003
print_refresh_time: 600
"""


def installed(work):
    """Maps the name of each peer on this machine to a function from a file to a command.

    What a peer writes goes to the folder @work.
    """
    work = pathlib.Path(work).resolve()
    flows = work / 'nfpcapd'
    flows.mkdir(exist_ok=True)
    pmacctd = work / 'pmacctd.conf'
    pmacctd.write_text(PMACCTD % (work / 'pmacctd.csv'))
    peers = {
        # As root it would change to a user who cannot read the file.
        'tcpdump --count': lambda path: ['tcpdump', '-Z', 'root', '-r', path, '--count'],
        'tcpdump -w': lambda path: ['tcpdump', '-Z', 'root', '-r', path, '-w', '/dev/null'],
        'capinfos': lambda path: ['capinfos', '-c', path],
        'tcpstat': lambda path: ['tcpstat', '-r', path],
        # Without "-c none" it waits at its control socket before it reads.
        'softflowd': lambda path: ['softflowd', '-r', path, '-c', 'none', '-d'],
        'nfpcapd': lambda path: ['nfpcapd', '-r', path, '-l', flows],
        'argus': lambda path: ['argus', '-r', path, '-w', '/dev/null'],
        'darkstat': lambda path: ['darkstat', '-r', path, '--user', 'root', '--chroot', work,
                                  '--export', 'darkstat.db', '--hosts-max', '100000'],
        'pmacctd': lambda path: ['pmacctd', '-I', path, '-f', pmacctd],
        'tshark': lambda path: ['tshark', '-r', path, '-q', '-z', 'conv,ip'],
    }
    found = {}
    for name, command in peers.items():
        if shutil.which(command('')[0]):
            found[name] = command
        else:
            print('%s is not installed and not compared' % name, file=sys.stderr)
    return found
