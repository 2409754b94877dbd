#!/usr/bin/env python3
"""Completion offers every command and option that the help lists, in bash and zsh."""
import os
import pty
import re
import select
import shutil
import subprocess
import sys
import time
import unittest

from program import PROGRAM, TIMEOUT, main, run

HERE = os.path.dirname(os.path.abspath(__file__))
FOLDER = os.path.join(HERE, '..', '..', '..', 'exporters', 'completion')
BASH_COMPLETION = '/usr/share/bash-completion/bash_completion'

BASH = '''
source %s
source "$1"
COMP_WORDS=("${@:2}")
COMP_CWORD=$(($# - 2))
COMP_LINE="${*:2}"
COMP_POINT=${#COMP_LINE}
_wirecensus "$2" "${COMP_WORDS[COMP_CWORD]}" "${COMP_WORDS[COMP_CWORD - 1]}"
printf '%%s\\n' "${COMPREPLY[@]}"
''' % BASH_COMPLETION

# What the completion system would be asked for is printed instead.
ZSH = '''
_arguments() { print -lr -- "$@"; state=$STATE; [[ $STATE != rest ]] || shift words }
_describe() { print -lr -- ${(P)4} }
compadd() { shift; print -lr -- "$@" }
_files() { print files }
STATE=$1 CURRENT=$(($# - 2))
words=("${@:3}")
source $2
[[ $STATE != operand ]] || _wirecensus_operand ${@:3}
'''


def bash(*words):
    done = subprocess.run(['bash', '-c', BASH, 'bash', os.path.join(FOLDER, 'wirecensus.bash'),
                           PROGRAM, *words], capture_output=True, text=True, check=True)
    assert not done.stderr, done.stderr
    return [word for word in done.stdout.splitlines() if word]


def zsh(state, *words):
    done = subprocess.run(['zsh', '-f', '-c', ZSH, 'zsh', state, os.path.join(FOLDER, '_wirecensus'),
                           *words], capture_output=True, text=True, check=False)
    assert not done.stderr, done.stderr
    return done.stdout.splitlines()


def commands():
    return re.findall(r'^  (\w+)', run('help').stdout, re.M)


def options(command):
    """(letter or '', name, argument or '') of each option in the help of a command."""
    return re.findall(r'^  (?:(-\w), |    )(--[\w-]+)(?: ([A-Z]\S*))?', run(command, '--help').stdout,
                      re.M)


@unittest.skipUnless(os.path.exists(BASH_COMPLETION), 'bash-completion is not installed')
class Bash(unittest.TestCase):
    def test_commands(self):
        self.assertEqual(sorted(bash('')), sorted(commands()))
        self.assertEqual(sorted(bash('d')), ['daemon', 'dump'])

    def test_options(self):
        for command in commands():
            wanted = [name for _, name, _ in options(command)]
            self.assertEqual(len(wanted) > 1, command not in ('help', 'version'))
            self.assertEqual(sorted(bash(command, '-')), sorted(wanted), command)
        self.assertEqual(bash('live', '--sc'),
                         ['--scanner-threshold', '--scanner-ignore', '--scanner-mode'])

    def test_values(self):
        self.assertEqual(bash('live', '--engine', 'k'), ['kernel'])
        self.assertEqual(bash('live', '--attach', ''), ['socket', 'tcx', 'xdp', 'xdp-generic'])
        self.assertEqual(bash('live', '--format', 'j'), ['json'])
        self.assertEqual(bash('daemon', '--seccomp', ''), ['on', 'log', 'off'])
        self.assertIn('lo', bash('live', '-i', ''))
        self.assertEqual(bash('daemon', '-c', '/etc/passw'), bash('read', '/etc/passw'))
        self.assertEqual(bash('live', '--top', ''), [])
        self.assertEqual(bash('show', 'con'), ['conversations'])
        self.assertEqual(bash('history', 'tr'), ['traffic'])
        self.assertEqual(bash('help', 're'), ['read', 'reload', 'report'])
        self.assertEqual(bash('report', '/etc/passw'), bash('read', '/etc/passw'))
        self.assertIn('/etc/passwd', bash('read', '/etc/passw'))
        self.assertEqual(bash('dump', ''), [])

    def test_nonsense(self):
        self.assertEqual(bash('nonsense', '--'), [])


@unittest.skipUnless(shutil.which('zsh'), 'zsh is not installed')
class Zsh(unittest.TestCase):
    def test_commands(self):
        said = zsh('command', PROGRAM, '')
        for command in commands():
            self.assertTrue(any(line.startswith(command + ':') for line in said), command)

    def test_options(self):
        for command in commands():
            said = self.specs(command)
            for letter, name, argument in options(command):
                if name == '--help':
                    continue
                spec = said[name]
                self.assertEqual(':' in spec.replace('\\:', '').split(']', 1)[1], bool(argument), spec)
                self.assertEqual(letter in said, bool(letter), (letter, said))
            self.assertEqual(len(said), 1 + sum(1 + bool(letter) for letter, name, _ in
                                                options(command) if name != '--help'))

    def test_values(self):
        said = self.specs('live')
        self.assertRegex(said['--engine'], r':ENGINE:\(auto kernel [a-z ]+\)$')
        self.assertTrue(said['--attach'].endswith(':PLACE:(socket tcx xdp xdp-generic)'),
                        said['--attach'])
        self.assertTrue(said['--format'].endswith(':FORMAT:(text json)'), said['--format'])
        self.assertEqual(zsh('operand', PROGRAM, 'show')[-2:], ['exporters', 'captures'])
        self.assertEqual(zsh('operand', PROGRAM, 'read')[-1], 'files')
        self.assertEqual(zsh('operand', PROGRAM, 'help')[-2:], ['help', 'version'])
        self.assertTrue(said['-i'].endswith(':NAME:_net_interfaces'), said['-i'])

    def specs(self, command):
        """Option -> what _arguments is told of it."""
        found = {}
        for line in zsh('rest', PROGRAM, command, '')[2:]:
            name = re.match(r'\*?(--?[\w-]+)', line)
            if name:
                self.assertNotIn(name[1], found)
                found[name[1]] = line
        return found


@unittest.skipUnless(shutil.which('zsh'), 'zsh is not installed')
class ZshTyped(unittest.TestCase):
    """What a user sees who types a word's beginning and the tabulator."""

    def setUp(self):
        path = os.path.dirname(PROGRAM) + ':' + os.environ['PATH']
        self.terminal, secondary = pty.openpty()
        self.shell = subprocess.Popen(['zsh', '-f', '-i'], stdin=secondary, stdout=secondary,
                                      stderr=secondary, start_new_session=True,
                                      env={**os.environ, 'TERM': 'dumb', 'PATH': path,
                                           'PS1': 'ready> '})
        os.close(secondary)
        self.addCleanup(os.close, self.terminal)
        self.addCleanup(self.shell.wait)
        self.addCleanup(self.shell.kill)
        self.until('ready> ')
        self.type('fpath=(%s $fpath); autoload -Uz compinit; compinit -u -D\n' % FOLDER)
        self.until('ready> ')

    def type(self, keys):
        os.write(self.terminal, keys.encode())

    def until(self, mark):
        shown, until = b'', time.monotonic() + TIMEOUT
        while mark.encode() not in shown and time.monotonic() < until:
            if select.select([self.terminal], [], [], 1)[0]:
                shown += os.read(self.terminal, 65536)
        return shown.decode()

    def typed(self, keys):
        """What is shown of @keys, before others that follow them; then the line is emptied."""
        self.type(keys + '@@')
        shown = self.until('@@')
        self.type('\x15')
        return shown

    def test_words(self):
        for begun, whole in (('wirecensus sta', 'status '), ('wirecensus show tot', 'totals '),
                             ('wirecensus history conv', 'conversations '),
                             ('wirecensus help hist', 'history '),
                             ('wirecensus live --attach xdp-', 'xdp-generic '),
                             ('wirecensus show --forma', '--format='),
                             ('wirecensus read /etc/passw', '/etc/passwd')):
            self.assertIn(whole, self.typed(begun + '\t'), begun)


if __name__ == '__main__':
    if not os.path.exists(BASH_COMPLETION) and not shutil.which('zsh'):
        print('neither bash-completion nor zsh is installed')
        sys.exit(77)
    main()
