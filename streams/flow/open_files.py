"""The worker ends, with one line, once it is out of file descriptors.

Else every connection that it tries, and every one that its pages refuse, is a line in the log and a traceback,
many a second, while the worker can do nothing any more.
"""

import asyncio
import errno
import os
import resource
from typing import Any

from mode import Service

from streams.flow.ending import end_process, out_of_files

_INTERVAL = 0.25  # seconds between looks
_LEAST = 64  # descriptors; a worker with one broker and all stages holds 25
_SPARE = 4  # descriptors with which it ends: before a library notices, and says so in its own way


class OpenFiles(Service):
    """Looks how many descriptors are left, and at what the event loop cannot do for lack of them."""

    async def on_start(self) -> None:
        """asyncio tells of a connection that it cannot take in up to a hundred tracebacks."""
        asyncio.get_running_loop().set_exception_handler(_noticed)

    @Service.task
    async def _look(self) -> None:
        while not self.should_stop:
            check_files()
            await self.sleep(_INTERVAL)


def require_files() -> None:
    """Ends the process where its limit is too low to work with."""
    limit, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    if limit != resource.RLIM_INFINITY and limit < _LEAST:
        end_process("the operating system", OSError(errno.EMFILE, f"{limit} files at most, {_LEAST} are needed"))


def check_files() -> None:
    """Ends the process where hardly a descriptor is left."""
    try:
        lowest_free = os.open(os.devnull, os.O_RDONLY)
    except OSError as error:
        if out_of_files(error):
            end_process("the operating system", error)
        return
    os.close(lowest_free)
    limit, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    if limit != resource.RLIM_INFINITY and lowest_free >= limit - _SPARE:
        end_process("the operating system", OSError(errno.EMFILE, f"{lowest_free} of {limit} files are open"))


def _noticed(loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
    error = context.get("exception")
    if error is not None and out_of_files(error):
        end_process("the operating system", error)
    loop.default_exception_handler(context)
