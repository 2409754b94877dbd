#!/usr/bin/env python3
"""kernels.py FOLDER WIRECENSUS SENDER CAPTURES: older.py in a machine with the kernel of FOLDER.

FOLDER is a package of Debian's kernel, unpacked. Exits with 77 when the machine lacks what it needs.
"""
import pathlib
import shlex
import sys

sys.dont_write_bytecode = True  # the source tree stays as it is
from machine import Lacking, Machine

MINUTES = 50


def main():
    if len(sys.argv) != 5:
        sys.exit('usage: kernels.py FOLDER WIRECENSUS SENDER CAPTURES')
    try:
        machine = Machine(sys.argv[1])
    except Lacking as reason:
        print(reason)
        sys.exit(77)
    older = pathlib.Path(__file__).resolve().parent / 'older.py'
    command = [sys.executable, str(older)] + [str(pathlib.Path(path).resolve())
                                              for path in sys.argv[2:]]
    code, console = machine.run(shlex.join(command), MINUTES * 60)
    if code is None:
        print('the machine did not come to its end; its console:\n' + console)
    sys.exit(code != 0)


if __name__ == '__main__':
    main()
