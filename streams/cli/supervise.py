"""A worker as a child process that is started again when it ends by itself."""

import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from streams.broker.children import ended, start

_DRAIN = 20.0  # seconds that a worker has to drain after SIGTERM
_QUICK = 20.0  # seconds: a worker that ends sooner did not get to work
_QUICK_ENDS = 3  # such ends in a row after which starting again is no use


class WorkerKeepsEndingError(RuntimeError):
    """The worker ends as soon as it starts; the message holds its last lines."""


class WorkerProcess:
    """`streams worker` with its own log file, and `env` as its whole environment."""

    def __init__(self, env: Mapping[str, str], log_file: Path, stages: str = "") -> None:
        self._env = env
        self._log_file = log_file
        self._command = [sys.executable, "-m", "streams", "worker"] + (["--stages", stages] if stages else [])
        self.restarts = -1
        self._quick_ends = 0
        self.process = self._start()

    def keep_running(self) -> bool:
        """Starts the worker again if it has ended; tells whether it had to. Raises WorkerKeepsEndingError."""
        if self.process.poll() is None:
            return False
        ended(self.process)
        self._quick_ends = self._quick_ends + 1 if time.monotonic() - self._started < _QUICK else 0
        if self._quick_ends >= _QUICK_ENDS:
            raise WorkerKeepsEndingError(f"the worker ends as soon as it starts:\n{self.last_lines(5)}")
        self.process = self._start()
        return True

    def stop(self) -> int:
        """Ends the worker with SIGTERM, with SIGKILL if it does not drain in time; gives its exit status."""
        if self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(_DRAIN)
            except (subprocess.TimeoutExpired, KeyboardInterrupt):  # or somebody is in a hurry
                self.process.kill()
        status = self.process.wait()
        ended(self.process)
        return status

    def last_lines(self, count: int = 15) -> str:
        """The end of the worker's log."""
        lines = self._log_file.read_text(errors="replace").splitlines()
        return "\n".join(lines[-count:])

    def _start(self) -> subprocess.Popen[bytes]:
        self.restarts += 1
        self._started = time.monotonic()
        with self._log_file.open("ab") as log:
            return start(self._command, log, self._env)


@contextmanager
def worker_process(env: Mapping[str, str], log_file: Path, stages: str = "") -> Iterator[WorkerProcess]:
    """A worker while the context lasts."""
    worker = WorkerProcess(env, log_file, stages)
    try:
        yield worker
    finally:
        worker.stop()
