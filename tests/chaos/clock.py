"""Workers whose wall clock can be set, by a small library that is preloaded; their monotonic clock runs on."""

import shutil
import struct
import subprocess
from pathlib import Path

COMPILER = shutil.which("cc")
ENVIRONMENT = {"LD_PRELOAD": "{folder}/clock.so", "CHAOS_CLOCK": "{folder}/clock"}  # of a worker, {folder} its scene's


def make_clock(folder: Path) -> None:
    """Compiles the library; the clock is right at first."""
    source = Path(__file__).with_suffix(".c")
    subprocess.run([str(COMPILER), "-O2", "-shared", "-fPIC", "-o", str(folder / "clock.so"), str(source)], check=True)
    set_clock(folder, 0)


def set_clock(folder: Path, seconds: float) -> None:
    """Sets the workers' clocks `seconds` away from the truth, at once."""
    path = folder / "clock"
    with path.open("r+b" if path.exists() else "wb") as clock:
        clock.write(struct.pack("=q", int(seconds)))
