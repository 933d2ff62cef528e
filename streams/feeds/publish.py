"""Publishes wire items to `news.raw`, each delivery confirmed by the broker."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from streams.broker.clients import producer
from streams.feeds.raw_item import RawItem
from streams.settings import Settings


@dataclass(frozen=True)
class Published:
    """An item and what became of it: an error, or None when the broker has it."""

    item: RawItem
    error: str | None


class Publisher:
    """Sends items; use as a context manager, so that nothing stays in the buffer.

    Raises BrokerUnreachableError on entering.
    """

    def __init__(self, settings: Settings) -> None:
        self._topic = settings.topics.raw.name
        self._producer = producer(settings)

    def __enter__(self) -> "Publisher":
        return self

    def __exit__(self, *_: object) -> None:
        self._producer.close()

    def publish(self, items: Iterable[RawItem], ahead: int = 500) -> Iterator[Published]:
        """Sends items in order and yields each once the broker has acknowledged or refused it.

        At most `ahead` items are on their way at a time: with 1, each is confirmed before the next is taken.
        """
        waiting: list[tuple[RawItem, Any]] = []
        for item in items:
            waiting.append((item, self._send(item)))
            if len(waiting) >= ahead:
                yield _confirmed(*waiting.pop(0))
        for item, sent in waiting:
            yield _confirmed(item, sent)

    def _send(self, item: RawItem) -> Any:
        try:
            return self._producer.send(self._topic, key=item.key(), value=item.payload, headers=list(item.headers()))
        except Exception as error:
            return error


def _confirmed(item: RawItem, sent: Any) -> Published:
    try:
        if isinstance(sent, Exception):
            raise sent
        sent.get()
    except Exception as error:
        return Published(item, f"{type(error).__name__}: {error}")
    return Published(item, None)
