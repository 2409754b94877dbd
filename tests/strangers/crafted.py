#!/usr/bin/env python3
"""crafted.py PROGRAM: what frames with crafted addresses cost `PROGRAM read`, in instructions.

Each file has the same number of conversations, of which no two share an address. Whoever knew
how the tables look for addresses could make all of them collide; the crafted ones do under
hashes without a secret. They may cost at most twice what random ones cost. Needs valgrind.
"""
import pathlib
import random
import re
import shutil
import struct
import subprocess
import sys
import tempfile

SKIPPED = 77
FRAMES = 40000
MOST = 2.0
WORD = (1 << 64) - 1
GOLDEN = 0x9e3779b97f4a7c15  # of multiplicative hashing, here and elsewhere


def at_random(number):
    return [random.getrandbits(64) for _ in range(4)]


def equal_xor(number):
    word = number * GOLDEN & WORD
    return [word, word ^ 0xfeed, word ^ 0xbeef, word ^ 0xfeed ^ 0xbeef]


def equal_sum(number):
    word = number << 20
    return [word, -word & WORD, ~word & WORD, word]


def equal_product(number):
    """Under a multiplication by the golden number, the upper bits are those of small numbers."""
    inverse = pow(GOLDEN, -1, 1 << 64)
    return [0, number * inverse & WORD, 0, (number + FRAMES) * inverse & WORD]


CRAFTED = (equal_xor, equal_sum, equal_product)


def frame(words):
    """UDP over IPv6 over Ethernet."""
    addresses = struct.pack('>4Q', *words)
    udp = struct.pack('>4H', 40000, 53, 8, 0)
    return bytes(12) + b'\x86\xdd' + struct.pack('>IHBB', 6 << 28, 8, 17, 64) + addresses + udp


def capture(path, craft):
    with open(path, 'wb') as file:
        file.write(struct.pack('<IHHiIII', 0xa1b2c3d4, 2, 4, 0, 0, 65535, 1))
        for number in range(FRAMES):
            data = frame(craft(number))
            file.write(struct.pack('<4I', 1700000000, 0, len(data), len(data)) + data)


def instructions(program, path):
    done = subprocess.run(['valgrind', '--tool=callgrind', '--callgrind-out-file=/dev/null',
                           program, 'read', path], capture_output=True, text=True, timeout=600)
    assert done.returncode == 0, done.stderr
    assert re.search(r'^frames +%d\b' % FRAMES, done.stdout.replace(',', ''), re.M), done.stdout
    return int(re.search(r'Collected : (\d+)', done.stderr).group(1))


def main(program):
    if not shutil.which('valgrind'):
        print('not installed: valgrind')
        return SKIPPED
    random.seed(1)
    failed = 0
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder) / 'frames.pcap'
        capture(path, at_random)
        usual = instructions(program, path)
        print('random: %d instructions a frame' % (usual / FRAMES))
        for craft in CRAFTED:
            capture(path, craft)
            cost = instructions(program, path)
            failed += cost > MOST * usual
            print('figure: inputs: crafted addresses, %s: %d instructions a frame, %.2f times as many' %
                  (craft.__name__, cost / FRAMES, cost / usual))
    return 1 if failed else 0


if __name__ == '__main__':
    sys.exit(main(sys.argv[1]))
