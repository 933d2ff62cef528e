"""Cores, processor time, and which machine this is. Linux."""

import os
import platform
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

ONE_THREAD = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")


def cores() -> list[int]:
    """The cores that this process may use."""
    return sorted(os.sched_getaffinity(0))


def pin(pid: int, *on: int) -> None:
    """Keeps all threads of a process on some cores, those too that it starts later."""
    for thread in Path(f"/proc/{pid}/task").iterdir():
        with suppress(ProcessLookupError):  # it ended meanwhile
            os.sched_setaffinity(int(thread.name), on)


def cpu_seconds(pid: int) -> float:
    """Processor time of a process so far, its ended children left out."""
    fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def resident_mib(pid: int) -> float:
    """Memory of a process that is in RAM, MiB."""
    return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 2**20


def connections(pid: int, port: int) -> int:
    """Open TCP connections of a process to a port."""
    links = [str(entry.readlink()) for entry in Path(f"/proc/{pid}/fd").iterdir() if entry.is_symlink()]
    mine = {link[len("socket:[") : -1] for link in links if link.startswith("socket:[")}
    rows = [line.split() for line in Path("/proc/net/tcp").read_text().splitlines()[1:]]
    return sum(row[9] in mine and row[3] == "01" and int(row[2].split(":")[1], 16) == port for row in rows)


def busy() -> list[float]:
    """Processor time that each allowed core has spent working, seconds since boot."""
    lines = Path("/proc/stat").read_text().splitlines()
    times = {line.split()[0]: [int(v) for v in line.split()[1:]] for line in lines if line.startswith("cpu")}
    tick = os.sysconf("SC_CLK_TCK")
    # user nice system idle iowait irq softirq steal …; idle and iowait are no work
    return [(sum(t[:3]) + sum(t[5:8])) / tick for t in (times[f"cpu{core}"] for core in cores())]


def describe() -> str:
    """Processor, cores, memory, Python and date, in one line."""
    info = Path("/proc/cpuinfo").read_text()
    model = next((line.split(":", 1)[1].strip() for line in info.splitlines() if line.startswith("model name")), "?")
    memory = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") / 2**30
    return (
        f"{model}, {len(cores())} cores, {memory:.0f} GiB, Linux {platform.release()}, "
        f"Python {platform.python_version()}, {datetime.now(UTC):%Y-%m-%d %H:%M} UTC"
    )
