"""What the code does not expect ends the process: status 1, and the last line says why."""

import subprocess
import sys

PROGRAM = """
from mode import Service
from streams.flow.worker import OneWay
from streams.telemetry.logs import set_up_logging

class Stuck(Service):
    async def on_stop(self):
        await self.sleep(3600)

class Broken(Service):
    @Service.task
    async def fail(self):
        raise RuntimeError("this was not expected")

set_up_logging("info")
OneWay(Stuck(), Broken(), override_logging=False, redirect_stdouts=False, quiet=True).execute_from_commandline()
"""


def test_a_service_that_crashes_ends_the_worker_even_if_another_would_not_stop() -> None:
    """Nothing waits for a drain that may never end; what was not acknowledged is read again."""
    ended = subprocess.run([sys.executable, "-c", PROGRAM], capture_output=True, text=True, timeout=30)
    assert ended.returncode == 1
    assert ended.stderr.splitlines()[-1].endswith("ends this worker: RuntimeError: this was not expected")
