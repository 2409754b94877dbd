#!/usr/bin/env python3
"""memory.py --plugin FILE --sender FILE: valgrind finds nothing that is ours in a daemon's life.

The daemon's own leaks are many and are not looked at: only what has a frame in wirecensus.so.
"""
import re
import shutil
import subprocess
import time

import daemon
import life

FLAGS = '--leak-check=full --show-leak-kinds=definite,indirect,possible --num-callers=30 -q'


def errors_of_ours(text):
    """The paragraphs of valgrind's output in which the plugin's object stands."""
    paragraphs = re.split(r'\n==\d+== *\n', text)
    return [part for part in paragraphs if 'wirecensus.so' in part]


def main():
    options = daemon.arguments()
    if not shutil.which('valgrind'):
        daemon.skip('valgrind is not installed')
    config = life.block(life.capture('wan'), life.capture('bad', 'Filter "port frog"'),
                        life.capture('worse', 'Snaplen 1'), option='ReportPorts "tcp/443"')
    with daemon.Namespace() as namespace:
        one = daemon.Collectd(namespace, options.plugin, config,
                              prefix=['valgrind', *FLAGS.split(), '--keep-debuginfo=yes'])
        try:
            done = subprocess.run(one.command('-T'), timeout=300, capture_output=True, text=True,
                                  check=False)
            daemon.check(not errors_of_ours(done.stderr), done.stderr)
            one.start()
            namespace.send(options.sender, [(500, life.FRAME)])
            life.counted(one, 500)
            namespace.run(*'ip link del vb'.split())
            daemon.wait_for('a notification', lambda: 'vb is gone' in one.log())
            time.sleep(1)
            one.stop()
        finally:
            one.remove()
    print('valgrind: nothing of ours, in collectd -T and in a run')


if __name__ == '__main__':
    main()
