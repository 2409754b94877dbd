#!/usr/bin/env python3
"""packet_path.py LIBRARY...: counting a frame calls nothing outside the decoder and the tables.

Walks the machine code from the functions that are called for every frame, and looks at every symbol
on the way: no allocation, lock, clock, log or system call can be reached from them.
"""
import re
import subprocess
import sys

ENTRIES = {'wc_decode', 'wc_tables_count'}

# Called once a batch, where tables may grow.
BETWEEN_BATCHES = {'wc_keyed_make_room'}

# What the compiler itself may put there.
ALLOWED = {'memcpy', 'memset', 'memmove', 'memcmp', 'bcmp', '__stack_chk_fail',
           '_GLOBAL_OFFSET_TABLE_'}

# Instructions that a function on the path must not have: locked ones, system calls, clocks.
FORBIDDEN = re.compile(r'\t(lock|xchg .*\(|syscall|sysenter|int |rdtsc|rdtscp|cpuid|mfence)\b')


def disassemble(libraries):
    """Maps each function to its lines of disassembly, relocations included."""
    done = subprocess.run(['objdump', '-dr', '--no-show-raw-insn', *libraries],
                          capture_output=True, text=True, check=True)
    functions, lines = {}, None
    for line in done.stdout.splitlines():
        start = re.match(r'[0-9a-f]+ <([^>]+)>:$', line)
        if start:
            lines = functions.setdefault(start[1].split('.')[0], [])
        elif lines is not None:
            lines.append(line)
    return functions


def objects(libraries):
    """The names of the data that @libraries define."""
    done = subprocess.run(['objdump', '-t', *libraries], capture_output=True, text=True, check=True)
    return set(re.findall(r'^[0-9a-f]+ [lg].{5}O .* (\S+)$', done.stdout, re.MULTILINE))


def named(line):
    """The functions and objects that a line of disassembly refers to."""
    relocation = re.search(r'\bR_\w+\s+([^\s+-]+)', line)
    reference = relocation or re.search(r'<([^>+]+)(\+0x[0-9a-f]+)?>', line)
    return {reference[1].split('@')[0]} if reference else set()


def main():
    functions, data = disassemble(sys.argv[1:]), objects(sys.argv[1:])
    missing = ENTRIES - functions.keys()
    if missing:
        sys.exit('not in %s: %s' % (' '.join(sys.argv[1:]), ' '.join(sorted(missing))))
    todo, seen, wrong = sorted(ENTRIES), set(ENTRIES), 0
    while todo:
        name = todo.pop()
        for line in functions[name]:
            if FORBIDDEN.search(line) or re.search(r'\tcall\s+\*', line):
                print('%s: %s' % (name, line.strip()))
                wrong += 1
            for target in named(line) - data:
                # Compilers name what they split off a function NAME.part.0 and the like.
                target = target if target.startswith('.') else target.split('.')[0]
                if target in seen | ALLOWED | BETWEEN_BATCHES or target.startswith('.'):
                    continue
                if target in functions:
                    seen.add(target)
                    todo.append(target)
                else:
                    print('%s refers to %s' % (name, target))
                    wrong += 1
    print('%d functions on the packet path, %d wrong' % (len(seen), wrong))
    sys.exit(1 if wrong else 0)


if __name__ == '__main__':
    main()
