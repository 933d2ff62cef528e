"""Parses feeds each in a process of its own, which is killed when it takes too long: other feeds do not wait for it.

feedparser has texts on which its time grows with the square, and no limit of its own.
"""

import asyncio
import contextlib
import sys

import msgspec

from streams.feeds.answer import Answer
from streams.feeds.entries import Feed

SECONDS = 20.0  # an answer as large as may be takes three
_AT_A_TIME = 2
_CHILD = "streams.feeds.parse_one"


class Parser:
    """Parses a few documents at a time, each within `seconds`."""

    def __init__(self, seconds: float = SECONDS) -> None:
        self._seconds = seconds
        self._free = asyncio.Semaphore(_AT_A_TIME)

    async def parse(self, answer: Answer) -> Feed:
        """The feed in the answer; one that cannot be parsed in time has that as its problem."""
        async with self._free:
            try:
                child = await asyncio.create_subprocess_exec(
                    *(sys.executable, "-P", "-m", _CHILD),
                    stdin=asyncio.subprocess.PIPE,
                    stdout=asyncio.subprocess.PIPE,
                    stderr=asyncio.subprocess.DEVNULL,
                    process_group=0,  # Ctrl-C is for the parent
                )
            except OSError as error:
                return Feed(problem=f"no process to parse it in: {error.strerror}")
            try:
                async with asyncio.timeout(self._seconds):
                    told, _ = await child.communicate(msgspec.msgpack.encode(answer))
            except TimeoutError:
                return Feed(problem=f"parsing it takes more than {self._seconds:g} s")
            finally:
                with contextlib.suppress(ProcessLookupError):
                    child.kill()
                await child.wait()
        try:
            return msgspec.msgpack.decode(told, type=Feed)
        except msgspec.DecodeError:
            return Feed(problem="parsing it failed or takes too much memory")
