"""`python -m streams.feeds.parse_one`: an answer on standard input, the feed in it on standard output (MessagePack)."""

import contextlib
import resource
import sys

import msgspec

from streams.feeds.answer import Answer
from streams.feeds.entries import read_feed

MEMORY = 2 * 1024**3  # bytes of address space
_SECONDS = 60  # of processor: also when nobody is there any more to end it


def main() -> None:
    """Parses one feed, within limits of the system."""
    resource.setrlimit(resource.RLIMIT_CPU, (_SECONDS, _SECONDS))
    with contextlib.suppress(ValueError, OSError):  # a system without this limit
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    answer = msgspec.msgpack.decode(sys.stdin.buffer.read(), type=Answer)
    sys.stdout.buffer.write(msgspec.msgpack.encode(read_feed(answer)))


if __name__ == "__main__":
    main()
