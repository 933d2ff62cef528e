"""A worker as a child process that is started again when it ends by itself."""

import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

_DRAIN = 20.0  # seconds that a worker has to drain after SIGTERM


class WorkerProcess:
    """`streams worker` with its own environment and log file."""

    def __init__(self, env: Mapping[str, str], log_file: Path, stages: str = "") -> None:
        self._env = {**os.environ, **env}
        self._log_file = log_file
        self._command = [sys.executable, "-m", "streams", "worker"] + (["--stages", stages] if stages else [])
        self.restarts = -1
        self.process = self._start()

    def keep_running(self) -> bool:
        """Starts the worker again if it has ended; tells whether it had to."""
        if self.process.poll() is None:
            return False
        self.process = self._start()
        return True

    def stop(self) -> int:
        """Ends the worker with SIGTERM, with SIGKILL if it does not drain in time; gives its exit status."""
        if self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(_DRAIN)
            except subprocess.TimeoutExpired:
                self.process.kill()
        return self.process.wait()

    def last_lines(self, count: int = 15) -> str:
        """The end of the worker's log."""
        lines = self._log_file.read_text(errors="replace").splitlines()
        return "\n".join(lines[-count:])

    def _start(self) -> subprocess.Popen[bytes]:
        self.restarts += 1
        with self._log_file.open("ab") as log:
            # A group of its own: Ctrl-C goes to the parent, which drains the worker in order.
            return subprocess.Popen(
                self._command, env=self._env, stdin=subprocess.DEVNULL, stdout=log, stderr=log, process_group=0
            )


@contextmanager
def worker_process(env: Mapping[str, str], log_file: Path, stages: str = "") -> Iterator[WorkerProcess]:
    """A worker while the context lasts."""
    worker = WorkerProcess(env, log_file, stages)
    try:
        yield worker
    finally:
        worker.stop()
