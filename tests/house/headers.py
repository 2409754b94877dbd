#!/usr/bin/env python3
"""headers.py BUILD: every header compiles alone, and included twice, as its own layer sees it."""
import sys

import compilation

PUBLIC = 'core/include/wirecensus'
WARNINGS = ['-Wall', '-Wextra', '-Wconversion', '-Wstrict-prototypes', '-Werror']


def main():
    targets = compilation.targets(sys.argv[1])
    # Where a folder has several targets, the one that sees most stands for it.
    by_folder = {}
    for target in sorted(targets.values(), key=lambda target: len(target.flags)):
        by_folder[target.folder] = target
    # Public headers have to do with what the lowest layer sees.
    by_folder[PUBLIC] = targets['wc_base']

    checked = wrong = 0
    for top in compilation.TOPS:
        for header in sorted((compilation.ROOT / top).rglob('*.h')):
            folder = str(header.parent.relative_to(compilation.ROOT))
            checked += 1
            if folder not in by_folder:
                print('%s/%s: no source beside it is compiled' % (folder, header.name))
                wrong += 1
                continue
            name = ('wirecensus/' if folder == PUBLIC else '') + header.name
            # The path of the header's own folder, which an include by a neighbour has anyway.
            own = [] if folder == PUBLIC else ['-I' + str(header.parent)]
            twice = '#include "%s"\n' % name * 2
            good, messages = by_folder[folder].compiles(twice, *own, *WARNINGS)
            if not good:
                print('%s/%s does not compile alone:\n%s' % (folder, header.name, messages))
                wrong += 1
    print('%d headers, %d wrong' % (checked, wrong))
    sys.exit(1 if wrong or not checked else 0)


if __name__ == '__main__':
    main()
