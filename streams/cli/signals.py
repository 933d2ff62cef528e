"""SIGTERM and a hang-up end a command as Ctrl-C does: in order, with what it started."""

import os
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from types import FrameType


class StopSignal(KeyboardInterrupt):
    """SIGTERM came, or the terminal is gone."""

    def __init__(self, number: int) -> None:
        super().__init__()
        self.status = 128 + number


@contextmanager
def stop_signals() -> Iterator[None]:
    """Raises StopSignal in the main thread, once; what comes after it lets the command end in peace."""
    # What was ignored when we began stays so: `nohup` wants no hang-up to end us.
    numbers = [each for each in (signal.SIGTERM, signal.SIGHUP) if signal.getsignal(each) is not signal.SIG_IGN]

    def stop(number: int, frame: FrameType | None) -> None:
        for each in numbers:
            signal.signal(each, signal.SIG_IGN)
        if number == signal.SIGHUP:
            _leave_the_terminal()
        raise StopSignal(number)

    before = [signal.signal(number, stop) for number in numbers]
    try:
        yield
    finally:
        for number, handler in zip(numbers, before, strict=True):
            signal.signal(number, handler)


def _leave_the_terminal() -> None:
    """What is written from now on has nowhere to go, and writing it must not fail."""
    nowhere = os.open(os.devnull, os.O_RDWR)
    for stream in (sys.stdin, sys.stdout, sys.stderr):
        with suppress(OSError, ValueError):
            if stream.isatty():
                os.dup2(nowhere, stream.fileno())
