#!/usr/bin/env python3
"""older.py WIRECENSUS SENDER CAPTURES [CASE]...: how the program counts on a kernel before 6.2, in its machine.

The cases of ../live that are for any kernel, and some of its own, or those that are named. Prints a line for
each, and fails if one does or is left out.
"""
import os
import pathlib
import subprocess
import sys
import time
import traceback

sys.dont_write_bytecode = True  # the source tree stays as it is
LIVE = pathlib.Path(__file__).resolve().parent.parent / 'live'
sys.path.insert(0, str(LIVE))
from bed import Bed
from engines import CLIENT, SERVER
from live import check_all, same
from plan import RECEIVED, lines

# Script, case, and engine or place.
OF_ANY_KERNEL = [
    ('engines', 'same_as_file', 'kernel'), ('engines', 'captures', 'kernel'),
    ('engines', 'offload', 'kernel'), ('engines', 'killed', 'kernel'),
    ('engines', 'stopped', 'kernel'),
    ('live', 'sent_and_received', 'kernel'), ('live', 'filters', 'kernel'),
    ('live', 'deleted_and_made_again', 'kernel'),
    ('attach', 'same_as_file', 'xdp'), ('attach', 'captures', 'xdp'), ('attach', 'echo', 'xdp'),
    ('attach', 'killed', 'xdp'), ('attach', 'sent_and_received', 'xdp'),
    ('attach', 'same_as_file', 'xdp-generic'), ('attach', 'echo', 'xdp-generic'),
    ('engines', 'same_as_file', 'ring'), ('engines', 'captures', 'ring'),
]


def said_by(bed, *arguments):
    """What the program says while it counts for a second. It must not fail."""
    return bed.on('near', *arguments, '--verbose', '--interval', '1', '--count', '1').stderr


def tcx_is_refused(make):
    """By a sentence that says why, and what to do; who leaves the choice to the program still counts."""
    with make() as bed:
        command = ['ip', 'netns', 'exec', bed.spaces['near'], bed.program, 'live', '-i', 'near0',
                   '--attach', 'tcx']
        done = subprocess.run([*command, '--engine', 'kernel'], capture_output=True, text=True,
                              timeout=120, check=False)
        same(done.returncode, 1, 'exit code')
        sentence = ('counting at interface near0 by tcx needs Linux 6.6 or later, and this is %s: '
                    'attach to socket instead' % os.uname().release)
        assert sentence in done.stderr, done.stderr
        said = said_by(bed, bed.program, 'live', '-i', 'near0', '--attach', 'tcx')
        assert 'engine: ring\n' in said and 'not engine kernel: ' + sentence in said, said
        program = bed.start('-i', 'near0', '--engine', 'auto', '--attach', 'tcx')
        sent = bed.send(lines(RECEIVED))
        check_all(program.finish(), RECEIVED, sent)


def ring_marks_merged_frames(make):
    """The ring is not told how many packets they were before Linux 6.2, and the interval says so."""
    with make() as bed:
        bed.address()
        program = bed.start('-i', 'near0', '--engine', 'ring')
        with subprocess.Popen(['ip', 'netns', 'exec', bed.spaces['far'], sys.executable, '-c',
                               SERVER], stdout=subprocess.PIPE, text=True) as server:
            server.stdout.readline()
            bed.on('near', sys.executable, '-c', CLIENT, '10', timeout=120)
        same({total['offload'] for total in program.finish().totals}, {True}, 'offload')


def auto_counts_in_the_kernel(make):
    """By itself, and with XDP, where what is sent is counted at a socket."""
    with make() as bed:
        for place, way in (('socket', 'a socket filter'),
                           ('xdp', 'XDP, and a socket for what is sent'),
                           ('xdp-generic', 'generic XDP, and a socket for what is sent')):
            program = bed.start('-i', 'near0', '--engine', 'auto', '--attach', place)
            described = ''.join(program.described)
            assert 'engine: kernel, by %s\n' % way in described, described
            sent = bed.send(lines(RECEIVED))
            check_all(program.finish(), RECEIVED, sent)


def few_privileges(make):
    """CAP_BPF, CAP_NET_RAW and CAP_PERFMON are enough; auto says which it lacks."""
    with make() as bed:
        for capabilities, engine, missing in (('+bpf,+net_raw,+perfmon', 'kernel', None),
                                              ('+bpf,+net_raw', 'ring', 'CAP_PERFMON'),
                                              ('+net_raw', 'ring', 'CAP_BPF')):
            said = said_by(bed, 'setpriv', '--bounding-set=-all,' + capabilities, bed.program,
                           'live', '-i', 'near0')
            assert 'engine: %s' % engine in said, said
            if missing:
                assert 'not engine kernel: ' in said and missing in said, said


OF_THIS_ONE = [tcx_is_refused, ring_marks_merged_frames, auto_counts_in_the_kernel, few_privileges]


def passes(case, *arguments):
    """One of this file. Prints what is wrong."""
    try:
        case(lambda: Bed(*arguments))
    except Exception:  # pylint: disable=broad-except
        print(traceback.format_exc())
        return False
    return True


def passes_live(script, case, how, program, sender, captures):
    """One of ../live, which is not to be left out either."""
    environment = dict(os.environ, WC_ENGINE='kernel')
    arguments = [case] if script == 'live' else [case, how]
    arguments += [program, sender] + ([] if script == 'live' else [captures])
    done = subprocess.run([sys.executable, LIVE / (script + '.py'), *arguments], env=environment,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)
    if done.returncode:
        print(done.stdout)
    return done.returncode == 0


def main():
    program, sender, captures = sys.argv[1:4]
    cases = [(' '.join(case), lambda case=case: passes_live(*case, program, sender, captures))
             for case in OF_ANY_KERNEL]
    cases += [(case.__name__, lambda case=case: passes(case, program, sender))
              for case in OF_THIS_ONE]
    cases = [case for case in cases if not sys.argv[4:] or case[0] in sys.argv[4:]]
    failed = 0
    for name, run in cases:
        begin = time.monotonic()
        good = run()
        failed += not good
        print('%-40s %s, %.0f s' % (name, 'passed' if good else 'FAILED',
                                    time.monotonic() - begin), flush=True)
    print('%d of %d passed on Linux %s' % (len(cases) - failed, len(cases), os.uname().release))
    sys.exit(failed > 0)


if __name__ == '__main__':
    main()
