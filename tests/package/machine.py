"""A machine to install packages on: this one, or a bare system, with all changes thrown away at the end.

Changes go to a file system in memory above it, in a mount namespace of the test's own.
"""
import ctypes
import os
import shutil
import stat
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), '..', 'live'))
from bed import Skip  # noqa: E402

LIBC = ctypes.CDLL(None, use_errno=True)
CLONE_NEWNS, MS_REC, MS_PRIVATE, MNT_DETACH = 0x20000, 0x4000, 0x40000, 2


class Machine:
    """A changed root folder: .root, with what was changed below .changes."""

    def __init__(self, base='/'):
        self.base = base

    def __enter__(self):
        assert LIBC.unshare(CLONE_NEWNS) == 0, os.strerror(ctypes.get_errno())
        LIBC.mount(b'none', b'/', None, MS_REC | MS_PRIVATE, None)
        self.folder = tempfile.mkdtemp(prefix='wc-package-')
        mount('-t', 'tmpfs', 'tmpfs', self.folder)
        self.changes, self.root = self.path('changes'), self.path('root')
        for name in ('changes', 'work', 'root'):
            os.mkdir(self.path(name))
        try:
            mount('-t', 'overlay', 'overlay', '-o', 'lowerdir=%s,upperdir=%s,workdir=%s' % (
                self.base, self.changes, self.path('work')), self.root)
        except subprocess.CalledProcessError:
            self.__exit__()
            raise Skip('this kernel has no overlays')
        mount('--rbind', '/dev', self.inside('/dev'))
        mount('-t', 'sysfs', 'sysfs', self.inside('/sys'))
        mount('-t', 'proc', 'proc', self.inside('/proc'))
        for name in ('/run', '/tmp'):
            mount('-t', 'tmpfs', 'tmpfs', self.inside(name))
        return self

    def __exit__(self, *_):
        LIBC.umount2(self.root.encode(), MNT_DETACH)
        LIBC.umount2(self.folder.encode(), MNT_DETACH)
        shutil.rmtree(self.folder, ignore_errors=True)

    def path(self, name):
        return os.path.join(self.folder, name)

    def inside(self, path):
        """Where a path of the machine is for this process."""
        return self.root + path

    def write(self, path, text):
        with open(self.inside(path), 'w') as file:
            file.write(text)

    def read(self, path):
        with open(self.inside(path)) as file:
            return file.read()

    def run(self, *command, **options):
        """Runs a command on the machine, as root; returns its output. It must end well."""
        done = subprocess.run(['chroot', self.root, *command], text=True, stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT, check=False,
                              env={'PATH': '/usr/sbin:/usr/bin:/sbin:/bin', 'LANG': 'C.UTF-8',
                                   'DEBIAN_FRONTEND': 'noninteractive'}, **options)
        assert done.returncode == 0, '%s: exit code %d: %s' % (command, done.returncode, done.stdout)
        return done.stdout

    def copy(self, file):
        """Puts a file into /tmp of the machine; returns its path there."""
        shutil.copy(file, self.inside('/tmp'))
        return '/tmp/' + os.path.basename(file)

    def leftovers(self, word):
        """Paths with @word in them that were not there before; what man(1) keeps of pages is its own."""
        found = []
        for folder, folders, names in os.walk(self.changes):
            for name in folders + names:
                path = os.path.join(folder, name)
                inside = '/' + os.path.relpath(path, self.changes)
                if word in name and not is_gone(path) and not inside.startswith('/var/cache/man/'):
                    found.append(inside)
        return sorted(found)


def is_gone(path):
    """Is it the mark of an overlay that something below was removed?"""
    found = os.lstat(path)
    return stat.S_ISCHR(found.st_mode) and found.st_rdev == 0


def mount(*arguments):
    subprocess.run(['mount', *arguments], check=True)
