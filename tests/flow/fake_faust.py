"""A stand-in for Faust: its app, producer and stream in one, and events as it gives them."""

import asyncio
import json
import math
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

SENT_AT = datetime(2026, 3, 2, 9, 30, tzinfo=UTC).timestamp()


def event(offset: int, text: str = "Brand in Gent", value: bytes | None = None, **fields: Any) -> Any:
    """A Faust event: `event.message` is the record."""
    item = {"uri": f"urn:x:{offset}", "text": text}
    message = {
        "value": json.dumps(item).encode() if value is None else value,
        "key": f"urn:x:{offset}".encode(),
        "headers": [("source", b"npd")],
        "topic": "news.raw",
        "partition": 0,
        "offset": offset,
        "generation_id": 1,
        "timestamp": SENT_AT,
    }
    return SimpleNamespace(message=SimpleNamespace(**message | fields))


@dataclass
class Faust:
    """The app, its producer and its stream in one: gives batches, notes what is sent and acknowledged."""

    batches: list[list[Any]] = field(default_factory=list)
    errors: list[BaseException] = field(default_factory=list)
    log: list[str] = field(default_factory=list)
    headers: list[dict[str, bytes]] = field(default_factory=list)
    run: Callable[[Any], Awaitable[None]] | None = None
    concurrency: int = 0
    wait: bool = False
    enable_acks: bool = True
    outdated: list[Any] = field(default_factory=list)
    current_event: Any = None
    coordinator: Any = field(default_factory=lambda: SimpleNamespace(generation=1, heard=math.inf))

    @property
    def consumer(self) -> Any:
        thread = SimpleNamespace(_consumer=SimpleNamespace(_coordinator=self.coordinator))
        return SimpleNamespace(_thread=thread, unacked=self, outdated=self.outdated)

    def discard(self, message: Any) -> None:
        self.log.append(f"let go {message.offset}")

    @property
    def producer(self) -> "Faust":
        return self

    def topic(self, name: str, **options: Any) -> str:
        return name

    def agent(self, channel: str, name: str, concurrency: int) -> Callable[[Any], Any]:
        self.concurrency = concurrency

        def register(run: Any) -> None:
            self.run = run

        return register

    async def send(self, topic: str, key: Any, value: Any, partition: Any, at: Any, headers: Any) -> Awaitable[Any]:
        async def acknowledged() -> Any:
            await asyncio.sleep(0.01)
            if self.errors:
                raise self.errors.pop(0)
            self.log.append(f"delivered {topic} {key.decode()}" + (f" in {partition}" if partition is not None else ""))
            self.headers.append(dict(headers))
            return SimpleNamespace(offset=len(self.log))

        return acknowledged()

    async def __aiter__(self) -> AsyncIterator[Any]:
        """The events; after each batch nothing for longer than a stage waits for more."""
        for batch in self.batches:
            for self.current_event in batch:
                yield self.current_event.message.value
            await asyncio.sleep(0.05)
        if self.wait:
            await asyncio.Event().wait()

    async def ack(self, event: Any) -> None:
        self.log.append(f"acknowledged {event.message.offset}")
