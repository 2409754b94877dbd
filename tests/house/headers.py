#!/usr/bin/env python3
"""headers.py BUILD: every header compiles alone, and included twice, as its own layer sees it.

What is named *.bpf.h is for the kernel's machine, and compiled for that.
"""
import functools
import subprocess
import sys

import compilation

PUBLIC = 'core/include/wirecensus'
WARNINGS = ['-Wall', '-Wextra', '-Wconversion', '-Wstrict-prototypes', '-Werror']


@functools.cache
def kernel_target(folder):
    """A program for the kernel's machine, whose headers know no architecture of their own."""
    done = subprocess.run(['gcc', '-print-multiarch'], capture_output=True, text=True, check=True)
    target = compilation.Target(folder, ['clang', '-I/usr/include/' + done.stdout.strip()])
    target.flags += ['-target', 'bpf', '-mcpu=v3', '-ffreestanding']
    return target


def check(header, targets):
    """Complains if no target of the header's folder can include it, twice, and nothing else."""
    folder = str(header.parent.relative_to(compilation.ROOT))
    # Public headers have to do with what the lowest layer sees.
    public = folder == PUBLIC
    users = [target for name, target in targets.items()
             if (name == 'wc_base' if public else folder in target.folders)]
    if header.name.endswith('.bpf.h'):
        users = [kernel_target(folder)]
    # The path of the header's own folder, which an include by a neighbour has anyway.
    own = [] if public else ['-I' + str(header.parent)]
    twice = '#include "%s"\n' % (('wirecensus/' if public else '') + header.name) * 2
    messages = 'there is no source beside it that is compiled'
    for target in users:
        good, messages = target.compiles(twice, *own, *WARNINGS)
        if good:
            return ''
    return 'does not compile alone:\n' + messages


def main():
    targets = compilation.targets(sys.argv[1])
    checked = wrong = 0
    for top in compilation.TOPS:
        for header in sorted((compilation.ROOT / top).rglob('*.h')):
            checked += 1
            complaint = check(header, targets)
            if complaint:
                print('%s %s' % (header.relative_to(compilation.ROOT), complaint))
                wrong += 1
    print('%d headers, %d wrong' % (checked, wrong))
    sys.exit(1 if wrong or not checked else 0)


if __name__ == '__main__':
    main()
