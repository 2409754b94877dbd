"""A small machine in qemu, with another kernel and this host's files.

The kernel is one of a Debian package, unpacked to a folder. Its first programs are busybox and a script
of ours; then it sees all files of this host, read-only, and runs one command. It has no network and
needs no KVM: its processors are emulated, and slow.
"""
import os
import pathlib
import re
import shutil
import subprocess
import tempfile

MODULES = ['virtio_pci', '9p', '9pnet_virtio', 'veth', 'sch_ingress']

INIT = r"""#!/bin/busybox sh
PATH=/bin
/bin/busybox --install -s /bin
mkdir /proc /host
mount -t proc proc /proc
while read -r module; do insmod "/modules/$module"; done </modules/order
mount -t 9p -o trans=virtio,version=9p2000.L,ro,msize=524288,cache=loose host /host
mount -t proc proc /host/proc
mount -t sysfs sys /host/sys
mount -t bpf bpf /host/sys/fs/bpf
mount -t devtmpfs dev /host/dev
mount -t tmpfs run /host/run
cp /command /host/run/command
stty -F /host/dev/ttyS1 raw
chroot /host /usr/bin/env -i TMPDIR=/run PATH=/usr/sbin:/usr/bin:/sbin:/bin \
    sh /run/command >/host/dev/ttyS1 2>&1
echo "ended $?" >/host/dev/ttyS1
sync
poweroff -f
"""


class Lacking(Exception):
    """What the machine is not made without."""


def depends(modules, name, found):
    """Appends to @found the files of module @name and, before it, of those that it needs."""
    path = modules.get(name)
    if path is None or path in found:  # or part of the kernel
        return
    needed = re.search(rb'\0depends=([^\0]*)\0', path.read_bytes())
    for other in needed[1].decode().split(',') if needed and needed[1] else []:
        depends(modules, other.replace('-', '_'), found)
    found.append(path)


class Machine:
    """@folder has boot/vmlinuz-* and lib/modules, as in the package."""

    def __init__(self, folder):
        self.folder = pathlib.Path(folder)
        self.kernel = max(self.folder.glob('boot/vmlinuz-*'), default=None)
        if not self.kernel:
            raise Lacking('there is no kernel in %s; ./setup campaign fetches one' % folder)
        for program in ('qemu-system-x86_64', 'busybox', 'cpio'):
            if not shutil.which(program):
                raise Lacking('there is no %s' % program)
        self.version = self.kernel.name.partition('-')[2]

    def make_root(self, folder, command):
        """Writes to @folder what the kernel begins with."""
        (folder / 'bin').mkdir()
        (folder / 'modules').mkdir()
        shutil.copy(shutil.which('busybox'), folder / 'bin/busybox')
        (folder / 'init').write_text(INIT)
        (folder / 'init').chmod(0o755)
        (folder / 'command').write_text(command)
        known = {path.stem.replace('-', '_'): path for path in
                 (self.folder / 'lib/modules' / self.version).rglob('*.ko')}
        wanted = []
        for name in MODULES:
            depends(known, name, wanted)
        for path in wanted:
            shutil.copy(path, folder / 'modules')
        (folder / 'modules/order').write_text(''.join(path.name + '\n' for path in wanted))

    def run(self, command, seconds, arrives=print):
        """
        Runs a shell's @command, for so long at most; what it writes goes to @arrives line by line.
        Returns its exit code, or None if the machine did not come to its end, and the console.
        """
        with tempfile.TemporaryDirectory() as name:
            folder = pathlib.Path(name)
            (folder / 'root').mkdir()
            self.make_root(folder / 'root', command)
            files = subprocess.run(['find', '.'], cwd=folder / 'root', capture_output=True,
                                   check=True).stdout
            with open(folder / 'initrd', 'wb') as initrd:
                subprocess.run(['cpio', '-o', '-H', 'newc', '--quiet'], cwd=folder / 'root',
                               input=files, stdout=initrd, check=True)
            return self.boot(folder, seconds, arrives)

    def boot(self, folder, seconds, arrives):
        console = folder / 'console'
        with subprocess.Popen(
                ['timeout', '-k', '10', str(seconds), 'qemu-system-x86_64', '-M', 'q35',
                 '-accel', 'tcg', '-cpu', 'max', '-smp', '2', '-m', '1G',
                 '-nodefaults', '-no-user-config', '-display', 'none', '-no-reboot',
                 '-kernel', self.kernel, '-initrd', folder / 'initrd',
                 '-append', 'console=ttyS0 panic=-1 quiet',
                 '-virtfs', 'local,path=/,mount_tag=host,security_model=none,readonly=on,'
                 'multidevs=remap',
                 '-serial', 'file:%s' % console, '-serial', 'stdio'],
                stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                text=True, errors='replace') as machine:
            code = None
            for line in machine.stdout:
                ended = re.fullmatch(r'ended (\d+)\n', line)
                if ended:
                    code = int(ended[1])
                else:
                    arrives(line.rstrip('\n'))
        return code, console.read_text(errors='replace')
