"""Child processes that do not outlive us, also where we are killed without a chance to end them.

Linux alone can bind a child to its parent, and only to one thread of it; a pipe that ends with us is the same
everywhere.
"""

import atexit
import subprocess
import sys
from collections.abc import Mapping
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import IO, Any


def start(command: list[str], log: IO[bytes], env: Mapping[str, str] | None = None) -> "subprocess.Popen[bytes]":
    """Starts a child with its output to a file, in a group of its own: Ctrl-C is for us, who end it in order.

    It is killed within seconds, with its own children, when this process is gone.
    """
    child = subprocess.Popen(command, env=env, stdin=subprocess.DEVNULL, stdout=log, stderr=log, process_group=0)
    _tell(f"+{child.pid}")
    return child


def ended(child: "subprocess.Popen[bytes]") -> None:
    """To be told once a child has been waited for: its number may become another's."""
    _tell(f"-{child.pid}")


def _tell(line: str) -> None:
    pipe: Any = _reaper().stdin
    with suppress(OSError):  # somebody killed it: then we end our children ourselves, or nobody does
        pipe.write(f"{line}\n".encode())
        pipe.flush()


@cache
def _reaper() -> "subprocess.Popen[bytes]":
    """In a session of its own: what ends us, or our terminal, does not end it."""
    program = str(Path(__file__).with_name("reaper.py"))
    process = subprocess.Popen(
        [sys.executable, "-I", "-S", program],
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    atexit.register(process.communicate)  # closes the pipe, so that it ends
    return process
