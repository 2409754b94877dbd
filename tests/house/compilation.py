"""What the build compiles each target with, for the checks beside this file.

Include path and definitions are taken from the compilation database, so that a check sees what
the compiler sees and nothing can drift apart.
"""
import json
import pathlib
import re
import shlex
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
TOPS = ('core', 'exporters', 'plugin', 'tests')  # folders with sources
SKIPPED = 77


class Target:
    """A library or program of the build: where its sources are, and how they are compiled."""

    def __init__(self, folder, words):
        self.folder = folder     # of its first source
        self.folders = {folder}  # of all
        self.compiler = words[0]
        self.flags = flags(words[1:])
        self.path = path(self.flags)

    def compiles(self, text, *more):
        """Compiles @text as a source of this target would be. Returns (success, messages)."""
        done = subprocess.run([self.compiler, *self.flags, *more, '-fsyntax-only', '-x', 'c', '-'],
                              input=text, capture_output=True, text=True)
        return done.returncode == 0, done.stderr

    def finds(self, name, folder):
        """True if an include of @name gives the file in @folder, by the path of the compiler."""
        for place in self.path:
            if (place / name).exists():
                return (place / name).resolve() == (ROOT / folder / name).resolve()
        return False


def path(words):
    """The folders of @words where includes are looked for, in the compiler's order."""
    near, system = [], []
    words = iter(words)
    for word in words:
        for option, places in (('-isystem', system), ('-I', near)):
            if word.startswith(option):
                places.append(pathlib.Path(word[len(option):] or next(words)))
                break
    return near + system


def targets(build):
    """Maps the name of each target that has sources in the tree to a Target."""
    path = pathlib.Path(build) / 'compile_commands.json'
    if not path.exists():
        print('no %s: configure the build first' % path)
        sys.exit(SKIPPED)
    found = {}
    for entry in json.loads(path.read_text()):
        source = pathlib.Path(entry['file'])
        name = re.search(r'CMakeFiles/(\w+)\.dir/', entry['command'])
        if source.is_relative_to(ROOT) and not source.is_relative_to(build) and name:
            folder = str(source.parent.relative_to(ROOT))
            if name[1] not in found:
                found[name[1]] = Target(folder, shlex.split(entry['command']))
            found[name[1]].folders.add(folder)
    return found


def flags(words):
    """Keeps what decides what a source sees: include paths, definitions, the language."""
    kept = []
    words = iter(words)
    for word in words:
        if word in ('-I', '-isystem', '-D'):
            kept += [word, next(words)]
        elif word.startswith(('-I', '-D', '-isystem', '-std=')):
            kept.append(word)
    return kept
