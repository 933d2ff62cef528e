"""A disk of its own for a folder, which can be filled and emptied. Needs root on Linux."""

import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

_SIZE = 2 << 30  # bytes, of which memory is taken as they are used


@dataclass(frozen=True)
class Disk:
    """A tmpfs."""

    folder: Path

    def fill(self) -> None:
        """Leaves no room: a write then fails with "no space left on device"."""
        while not self._resize(max(shutil.disk_usage(self.folder).used, 1 << 12)):
            pass  # somebody wrote meanwhile

    def empty(self) -> None:
        """Makes room again."""
        self._resize(_SIZE)

    def _resize(self, size: int) -> bool:
        command = ["mount", "-o", f"remount,size={size}", str(self.folder)]
        return subprocess.run(command, stderr=subprocess.DEVNULL).returncode == 0


@contextmanager
def small_disk(folder: Path) -> Iterator[Disk]:
    """Puts a folder with all that is in it on a disk of its own while the context lasts; nobody may be writing then."""
    aside = folder.with_name(folder.name + ".aside")
    folder.rename(aside)
    folder.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={_SIZE}", "tmpfs", str(folder)], check=True)
    try:
        shutil.copytree(aside, folder, dirs_exist_ok=True)
        yield Disk(folder)
    finally:
        shutil.rmtree(aside)
        shutil.copytree(folder, aside)
        subprocess.run(["umount", "--lazy", str(folder)], check=True)
        folder.rmdir()
        aside.rename(folder)
