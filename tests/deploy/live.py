"""Workers on topics of their own, and a wire that keeps flowing."""

import threading
import uuid
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from itertools import count
from pathlib import Path

import pytest

from streams.broker.admin import create_topics
from streams.broker.embedded import EmbeddedBrokerError, embedded_broker
from streams.settings import Settings
from tests.broker.support import Item, Run


@contextmanager
def broker(folder: Path) -> Iterator[Run]:
    """An embedded broker; skips the test where this machine has none. All ends with the context."""
    with ExitStack() as stack:
        try:
            address = stack.enter_context(embedded_broker(folder / "broker.log"))
        except EmbeddedBrokerError as error:
            pytest.skip(str(error))
        yield stack.enter_context(topics(address, folder))


@contextmanager
def topics(address: str, folder: Path) -> Iterator[Run]:
    """Topics on a broker, and the workers that are started on them: killed at the end."""
    settings = Settings(broker=address, topic_prefix=f"t{uuid.uuid4().hex[:8]}.", partitions=3)
    create_topics(settings)
    run = Run(settings, folder)
    try:
        yield run
    finally:
        run.kill_workers()


class Wire:
    """Sends items in a thread of its own: `rate` a second, as made by `item` from a running number."""

    def __init__(self, run: Run, item: Callable[[int], Item], rate: float) -> None:
        self.run, self.item, self.rate = run, item, rate
        self.sent = 0
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._send, daemon=True)

    def __enter__(self) -> "Wire":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._thread.join(30)

    def _send(self) -> None:
        numbers = count()
        while not self._stop.wait(1):
            items = [self.item(next(numbers)) for _ in range(int(self.rate))]
            self.sent += self.run.send(items) if items else 0


def addresses(run: Run) -> Sequence[str]:
    """Where the workers show their metrics."""
    return [f"127.0.0.1:{worker.web_port}" for worker in run.workers]
