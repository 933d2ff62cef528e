"""Where the processor time of a system's plumbing goes: py-spy's samples by package."""

import re
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

PY_SPY = Path(sys.executable).with_name("py-spy")
PYTHON = "Python itself"
_PACKAGE = re.compile(
    r"[(/](streams/\w+|tests/bench"
    r"|(?:aiokafka|faust|mode|prometheus_client|orjson|aiohttp|quixstreams|confluent_kafka)(?=/))"
)
_WAITS = ("EpollSelector.select ", "_worker (concurrent/futures")  # seen as they begin or end to wait


@contextmanager
def sampled(pid: int, file: Path, hertz: int = 400) -> Iterator[None]:
    """Samples the threads of a process that hold the interpreter's lock; writes py-spy's raw form when left."""
    command = [str(PY_SPY), "record", "--gil", f"--rate={hertz}", "--format=raw", f"--output={file}", f"--pid={pid}"]
    spy = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
    try:
        yield
    finally:
        spy.send_signal(signal.SIGINT)  # it writes then
        _, said = spy.communicate(timeout=30)
    if not file.exists():
        raise RuntimeError(f"py-spy wrote nothing: {said}")


def shares(raw: str) -> dict[str, float]:
    """The share of each package in the samples, largest first.

    A sample (`outermost (file:line);…;innermost (file:line) count`) belongs to the innermost frame of a package that
    is known; without any, to Python itself.
    """
    counts: Counter[str] = Counter()
    for line in raw.splitlines():
        stack, _, count = line.rpartition(" ")
        frames = stack.split(";")
        if not frames[-1].startswith(_WAITS):
            counts[next(filter(None, map(_package, reversed(frames))), PYTHON)] += int(count)
    return {name: count / counts.total() for name, count in counts.most_common()}


def _package(frame: str) -> str | None:
    found = _PACKAGE.search(frame)
    return found[1] if found else None
