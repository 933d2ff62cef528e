"""Publishes wire items to `news.raw`, each delivery confirmed by the broker."""

from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from streams.broker.admin import require_topic
from streams.broker.clients import close_producer, delivery_error, producer
from streams.feeds.raw_item import RawItem
from streams.settings import Settings


@dataclass(frozen=True)
class Published:
    """An item and what became of it: an error, or None when the broker has it."""

    item: RawItem
    error: str | None


class Publisher:
    """Sends items; use as a context manager, so that nothing stays in the buffer.

    Raises BrokerUnreachableError, and MissingTopicError where there is no `news.raw`.
    """

    def __init__(self, settings: Settings) -> None:
        require_topic(settings, settings.topics.raw.name)
        self._settings = settings
        self._producer = producer(settings)

    def __enter__(self) -> "Publisher":
        return self

    def __exit__(self, *_: object) -> None:
        close_producer(self._producer)

    def publish(self, items: Iterable[RawItem], ahead: int = 500) -> Iterator[Published]:
        """Sends items in order and yields each once the broker has acknowledged or refused it.

        At most `ahead` items are on their way at a time: with 1, each is confirmed before the next is taken.
        Raises BrokerRefusedError when the broker lets us in no more.
        """
        waiting = deque[tuple[RawItem, Any]]()
        for item in items:
            waiting.append((item, self._send(item)))
            if len(waiting) >= ahead:
                yield self._confirmed(*waiting.popleft())
        while waiting:
            yield self._confirmed(*waiting.popleft())

    def _confirmed(self, item: RawItem, sent: Any) -> Published:
        return Published(item, delivery_error(sent, self._settings))

    def _send(self, item: RawItem) -> Any:
        topic, headers = self._settings.topics.raw.name, list(item.headers())
        try:
            return self._producer.send(topic, key=item.key(), value=item.payload, headers=headers)
        except Exception as error:
            return error
