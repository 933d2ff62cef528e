"""Polls feeds side by side and gives what is new in them."""

import asyncio
import threading
from collections.abc import Callable, Generator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field
from hashlib import blake2b
from pathlib import Path

from streams.feeds.address import Address
from streams.feeds.answer import Answer, Failed, Limits, Unchanged, Validators
from streams.feeds.entries import Feed
from streams.feeds.fetch import fetch
from streams.feeds.memory import Memory
from streams.feeds.pace import Pace
from streams.feeds.parsing import Parser
from streams.feeds.raw_item import RawItem

_AT_A_TIME = 20  # items that a feed hands over before another one does
_ENDING = 5.0  # seconds that the polls have to end


@dataclass(frozen=True)
class Polled:
    """What a poll came to: how many entries the feed lists and how many are new, or why it was not read.

    `entries` is None where the server, or the same bytes as before, say that nothing changed. `whole`: the feed was
    read to its end; a malformed one, or an answer that broke off, is read as far as may be.
    """

    address: Address
    entries: int | None = None
    new: int = 0
    problem: str | None = None
    whole: bool = True


Told = Callable[[Polled], None]
Items = Generator[RawItem, None, None]


@dataclass(frozen=True)
class Options:
    """How to poll. `every` (seconds) 0: once. `source` names all feeds; None: each by its host or file."""

    every: float = 60.0
    source: str | None = None
    language: str | None = None
    limits: Limits = field(default_factory=Limits)


def poll(feeds: Sequence[Address], options: Options, told: Told = lambda polled: None) -> Items:
    """Entries that are new or changed, oldest first of each feed, until all have ended; close it to end it before.

    `told` hears of each poll, in a thread of its own. A feed that cannot be read is tried again, later and later. What
    was seen is kept in memory: after a restart entries are sent again, and come out under the same `ce_id`.
    """
    poller = _Poller(feeds, options, told)
    thread = threading.Thread(target=poller.run, name="feeds", daemon=True)
    thread.start()
    try:
        while items := poller.take():
            yield from items
        poller.raise_error()
    finally:
        poller.stop()
        thread.join(_ENDING)


@dataclass
class _Feed:
    address: Address
    pace: Pace
    memory: Memory = field(default_factory=Memory)
    validators: Validators = field(default_factory=Validators)
    last: bytes = b""


class _Poller:
    """The loop that polls. Its queue holds a few items and serves in turn who waits: no feed crowds others out."""

    def __init__(self, feeds: Sequence[Address], options: Options, told: Told) -> None:
        self._feeds = [_Feed(address, Pace(options.every)) for address in feeds]
        self._options, self._told = options, told
        self._loop = asyncio.new_event_loop()
        # Looking up a name takes a thread, for long where no name server answers: each feed may have one.
        self._loop.set_default_executor(ThreadPoolExecutor(len(feeds) + 1))
        self._found: asyncio.Queue[list[RawItem]] = asyncio.Queue(1)
        self._parser = Parser()
        self._error: Exception | None = None
        self._task = self._loop.create_task(self._all())

    def run(self) -> None:
        """Polls until all feeds have ended, or `stop`."""
        with asyncio.Runner(loop_factory=lambda: self._loop) as runner:
            runner.run(asyncio.wait([self._task]))

    def take(self) -> list[RawItem]:
        """The next items, from another thread; none at the end."""
        return asyncio.run_coroutine_threadsafe(self._next(), self._loop).result()

    def stop(self) -> None:
        """Ends all polls, from another thread."""
        with suppress(RuntimeError):  # the loop has ended by itself
            self._loop.call_soon_threadsafe(self._task.cancel)

    def raise_error(self) -> None:
        """Raises what ended the polls, if anything did: a fault of ours."""
        if self._error:
            raise self._error

    async def _all(self) -> None:
        try:
            async with asyncio.TaskGroup() as group:
                for feed in self._feeds:
                    group.create_task(self._follow(feed))
        except Exception as error:
            self._error = error
        await self._found.put([])
        await self._found.join()  # the loop lives until the end is known

    async def _next(self) -> list[RawItem]:
        items = await self._found.get()
        self._found.task_done()
        return items

    async def _follow(self, feed: _Feed) -> None:
        while True:
            failed = await self._poll(feed)
            if not self._options.every or (failed and failed.gone):
                return
            await asyncio.sleep(feed.pace.pause(failed is not None, failed.wait if failed else 0.0))

    async def _poll(self, feed: _Feed) -> Failed | None:
        answer = await self._ask(feed)
        if isinstance(answer, Failed):
            self._told(Polled(feed.address, problem=answer.problem))
            return answer
        digest = blake2b(answer.content).digest() if isinstance(answer, Answer) else feed.last
        if isinstance(answer, Unchanged) or digest == feed.last:
            self._told(Polled(feed.address))
            return None
        try:
            found = await self._parser.parse(answer)
        except Exception as error:  # whatever one feed does to it, the others go on
            found = Feed(problem=f"parsing it failed: {type(error).__name__}")
        if found.problem:
            self._told(Polled(feed.address, problem=found.problem))
            return Failed(found.problem)
        whole = found.whole and answer.complete
        await self._send(feed, found, whole)
        if whole:  # only now: who ends before has not seen it
            feed.last, feed.validators = digest, answer.validators
        return None

    async def _ask(self, feed: _Feed) -> Answer | Unchanged | Failed:
        if feed.address.path:
            return await asyncio.to_thread(_file, feed.address.path, self._options.limits)
        return await fetch(feed.address, feed.validators, self._options.limits)

    async def _send(self, feed: _Feed, found: Feed, whole: bool) -> None:
        titles = {entry.payload: entry.title for entry in found.entries}
        new = list(feed.memory.new(entry.payload for entry in reversed(found.entries)))
        self._told(Polled(feed.address, len(found.entries), len(new), whole=whole))
        name = self._options.source or feed.address.name
        language = found.language or self._options.language
        for start in range(0, len(new), _AT_A_TIME):
            some = new[start : start + _AT_A_TIME]
            origins = (f"{feed.address.shown}: {titles[payload]}" for payload in some)
            await self._found.put(
                [RawItem(p, "application/atom+xml", name, language, o) for p, o in zip(some, origins, strict=True)]
            )


def _file(path: Path, limits: Limits) -> Answer | Failed:
    try:
        if path.exists() and not path.is_file():
            return Failed("not a file")
        with path.open("rb") as file:
            content = file.read(limits.max_bytes + 1)
    except (OSError, ValueError) as error:
        return Failed(getattr(error, "strerror", None) or "not a path")
    if len(content) > limits.max_bytes:
        return Failed(f"more than {limits.max_bytes:,} bytes")
    return Answer(content) if content else Failed("an empty file")
