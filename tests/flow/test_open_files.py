"""Out of file descriptors: one line, and the end."""

import subprocess
import sys

import pytest

_PROGRAM = """
import asyncio, os, resource, socket
from mode import Worker
from streams.flow import open_files
from streams.telemetry.logs import set_up_logging
from streams.telemetry.web import serve

set_up_logging("warning")
resource.setrlimit(resource.RLIMIT_NOFILE, ({limit}, {limit}))
async def main():
    {body}
    await asyncio.sleep(20)
asyncio.run(main())
"""
_LOOK = "open_files.require_files(); files = open_files.OpenFiles(); await files.start()"
_TOO_LOW = _LOOK
_LEAK = f"{_LOOK}; kept = [os.open(os.devnull, os.O_RDONLY) for _ in range(100)]"
_LEAK_TO_THE_END = f"""{_LOOK}
    kept = []
    try:
        while True: kept.append(os.open(os.devnull, os.O_RDONLY))
    except OSError: pass"""
_ACCEPT = f"""{_LOOK}
    server = socket.create_server(("127.0.0.1", 0))
    async def connect():
        for _ in range(300): kept.append(await asyncio.open_connection(*address))
    runner = await serve("127.0.0.1", 0, dict, dict)
    address = runner.addresses[0]
    kept = []
    open_files._INTERVAL = 60
    asyncio.create_task(connect())"""


@pytest.mark.parametrize(
    ("limit", "body"),
    [(40, _TOO_LOW), (106, _LEAK), (128, _LEAK_TO_THE_END), (128, _ACCEPT)],
    ids=["a limit too low", "a leak", "a leak to the end", "connections to its pages"],
)
def test_one_line_and_the_end(limit: int, body: str) -> None:
    program = _PROGRAM.format(limit=limit, body=body)
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=30)
    assert done.returncode == 1, done.stderr
    (line,) = done.stderr.splitlines()
    assert "the operating system ends this worker: OSError: [Errno 24]" in line
    assert "raise the limit of open files" in line
