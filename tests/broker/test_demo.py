"""What the README's first command does, by itself."""

import os
import pty
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import pytest

from streams.broker.embedded import EmbeddedBrokerError, binary

pytestmark = pytest.mark.broker
SOON = 120  # seconds: models are loaded meanwhile, and the machine may be busy


def processes() -> dict[int, int]:
    """Every process that runs, with its parent."""
    told = subprocess.run(["ps", "-eo", "pid=,ppid=,stat="], capture_output=True, text=True, check=True).stdout
    rows = [line.split() for line in told.splitlines()]
    return {int(pid): int(parent) for pid, parent, state in rows if not state.startswith("Z")}


def below(ancestor: int) -> set[int]:
    """The processes that it started, and those that they did."""
    parents, found = processes(), {ancestor}
    while more := {pid for pid, parent in parents.items() if parent in found} - found:
        found |= more
    return found - {ancestor}


@dataclass
class Demo:
    """A demo on a terminal of its own."""

    pid: int
    terminal: int
    status: int | None = None
    seen: bytearray = field(default_factory=bytearray)
    children: set[int] = field(default_factory=set)

    def wait_for(self, condition: Callable[[], bool]) -> None:
        """Reads what it shows until the condition holds."""
        end = time.monotonic() + SOON
        while not condition():
            assert time.monotonic() < end, self.shown
            self._read()
            time.sleep(0.05)

    def _read(self) -> None:
        try:
            while chunk := os.read(self.terminal, 65536):
                self.seen += chunk
        except OSError:  # nothing more, for now or for good
            pass

    @property
    def shown(self) -> str:
        """What it showed, without escape codes."""
        return re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", self.seen.decode(errors="replace"))

    def has_children(self) -> bool:
        """Broker, worker, and who ends them if need be; noted for later."""
        self.children = below(self.pid)
        return len(self.children) >= 3

    def ended(self) -> bool:
        """Whether it is gone; its exit status is noted."""
        if self.status is None:
            gone, status = os.waitpid(self.pid, os.WNOHANG)
            self.status = os.waitstatus_to_exitcode(status) if gone else None
        return self.status is not None

    def nothing_left(self) -> bool:
        """Whether those that it started are gone."""
        return not self.children & set(processes())

    def close_terminal(self) -> None:
        """As a window that is closed."""
        os.close(self.terminal)
        self.terminal = -1


@pytest.fixture
def demo() -> Iterator[Demo]:
    try:
        binary()
    except EmbeddedBrokerError as error:
        pytest.skip(str(error))
    pid, terminal = pty.fork()
    if not pid:
        os.environ["COLUMNS"] = "80"
        os.execv(sys.executable, [sys.executable, "-m", "streams", "demo", "--every", "0.5"])
    os.set_blocking(terminal, False)
    demo = Demo(pid, terminal)
    yield demo
    for number in demo.children | ({pid} if demo.status is None else set()):
        try:
            os.kill(number, signal.SIGKILL)
        except ProcessLookupError:
            continue


def test_the_demo_shows_every_readable_article_and_keeps_the_malformed_one() -> None:
    """`streams demo --exit` ends by itself, with 0."""
    try:
        binary()
    except EmbeddedBrokerError as error:
        pytest.skip(str(error))
    demo = subprocess.run(
        [sys.executable, "-m", "streams", "demo", "--exit"], capture_output=True, text=True, timeout=300
    )
    assert demo.returncode == 0, demo.stdout[-3000:] + demo.stderr[-3000:]
    assert "All 47 readable articles came out enriched, 1 malformed item as a dead letter" in demo.stdout
    assert "/metrics" in demo.stdout
    assert "dead letter: not_parsed" in demo.stdout


@pytest.mark.parametrize(
    ("end", "status"),
    [
        (lambda demo: os.kill(demo.pid, signal.SIGTERM), 128 + signal.SIGTERM),
        (lambda demo: os.kill(demo.pid, signal.SIGHUP), 128 + signal.SIGHUP),
        (lambda demo: os.kill(demo.pid, signal.SIGKILL), -signal.SIGKILL),
        (lambda demo: os.write(demo.terminal, b"\x03"), 130),
        (Demo.close_terminal, 128 + signal.SIGHUP),
    ],
    ids=["SIGTERM", "SIGHUP", "SIGKILL", "Ctrl-C", "closed terminal"],
)
def test_whatever_ends_it_no_process_is_left(demo: Demo, end: Callable[[Demo], object], status: int) -> None:
    demo.wait_for(demo.has_children)
    end(demo)
    demo.wait_for(demo.ended)
    assert demo.status == status, demo.shown
    demo.wait_for(demo.nothing_left)
    assert not re.search("Traceback|Error|WARNING", demo.shown)


def test_ctrl_c_in_the_middle_is_one_line(demo: Demo) -> None:
    demo.wait_for(lambda: re.search(r" [1-9]\d* of 47 articles", demo.shown) is not None)
    demo.has_children()
    os.write(demo.terminal, b"\x03")
    demo.wait_for(demo.ended)
    assert (demo.status, demo.nothing_left()) == (0, True)
    *_, last = demo.shown.strip().splitlines()
    assert re.fullmatch(r"Stopped: \d+ of 47 articles had come out\.", last.strip())
    assert not re.search("Traceback|Error|WARNING|faust|not out", demo.shown)
