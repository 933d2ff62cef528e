"""Ends process groups once the process that named them is gone, however it went: also by SIGKILL.

A program of its own, run by its path: it reads lines `+GROUP` and `-GROUP`, and its input ends with its parent.
"""

import os
import signal
import sys
import time

_DRAIN = 2.0  # seconds from SIGTERM to SIGKILL


def _end(groups: set[int], number: int) -> None:
    for group in list(groups):
        try:
            os.killpg(group, number)
        except OSError:  # gone
            groups.discard(group)


def main() -> None:
    """Until the input ends; then nothing of the groups is left."""
    groups: set[int] = set()
    for line in sys.stdin:
        (groups.add if line.startswith("+") else groups.discard)(int(line[1:]))
    _end(groups, signal.SIGTERM)
    end = time.monotonic() + _DRAIN
    while groups and time.monotonic() < end:
        time.sleep(0.05)
        _end(groups, 0)
    _end(groups, signal.SIGKILL)


if __name__ == "__main__":
    main()
