"""A wire that never stops: articles at a steady rate, some in several versions, some poisoned."""

import itertools
import json
import threading
import time
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from kafka.errors import KafkaError

from streams.broker.clients import producer
from streams.settings import Settings
from tests.bench.texts import wire
from tests.chaos.check import POISONED, Article, article_of

_ITEMS, _VERSIONS = 20, 3  # the versions of an item come 20 articles apart: some share a batch, some do not

_UNDER_WAY, _AT_LEAST = 2.0, 60  # seconds' worth of articles that may be under way, and never fewer than so many


@dataclass(frozen=True)
class Item:
    """A raw record to send; `article` is what should come out of it, None if it is poisoned."""

    key: bytes
    payload: bytes
    headers: list[tuple[str, bytes]]
    article: Article | None


def plain_wire(poisoned: float) -> Iterator[Item]:
    """For the worker without models. `poisoned` is the share of bad items: half no JSON, half making a stage raise."""
    bad = 0.0
    for number in itertools.count():
        block, place = divmod(number, _ITEMS * _VERSIONS)
        name, version = f"u{block * _ITEMS + place % _ITEMS}", place // _ITEMS + 1
        bad += poisoned
        if bad >= 1:
            bad -= 1
            payload = b"{broken %d" % number if number % 2 else _json(f"bad{number}", 1, "raise")
            yield Item(f"bad{number}".encode(), payload, [(POISONED, b"1")], None)
        else:
            yield Item(name.encode(), _json(name, version, f"tekst {number}"), [], (name, str(version)))


def slow_item(number: int) -> Item:
    """An article that the worker without models takes long over."""
    name = f"slow{number}"
    return Item(name.encode(), _json(name, 1, "slow"), [], (name, "1"))


def sample_wire(partitions: int) -> Iterator[Item]:
    """For the models that ship: the ninjs items of the sample wire, over and over under other ids, the partitions
    about in turn, so that a slow wire too reaches all of them soon."""
    return (
        Item(key, payload, headers, (key.decode(), str(json.loads(payload).get("version", 1))))
        for (key, payload, headers), _ in wire(partitions)
        if payload.startswith(b"{")
    )


def _json(name: str, version: int, text: str) -> bytes:
    return json.dumps({"uri": name, "version": version, "text": text}).encode()


class Wire(threading.Thread):
    """Sends items at `rate` a second until stopped, and knows what the broker has.

    It waits while more than two seconds' worth have not come out, so that a slow machine is no fault.
    """

    def __init__(self, settings: Settings, items: Iterator[Item], rate: float) -> None:
        super().__init__(daemon=True)
        self.settings, self.items, self.rate = settings, items, rate
        self.came_out = 0  # to be kept up to date by who reads what comes out
        self.sent: dict[int, list[tuple[float, Article]]] = {}  # by partition: when (monotonic), and what
        self.articles: set[Article] = set()  # that the broker has, and that should come out
        self.acknowledged: set[Article] = set()  # these and the poisoned ones
        self._stop_now = threading.Event()

    def run(self) -> None:
        """Sends; an article that finds no room, since the broker is away, is sent again."""
        client, topic = producer(self.settings), self.settings.topics.raw.name
        due = time.monotonic()
        while not self._stop_now.is_set():
            if len(self.articles) - self.came_out > max(_UNDER_WAY * self.rate, _AT_LEAST):
                time.sleep(0.05)
                continue
            item = next(self.items)
            while not self._send(client, topic, item):
                time.sleep(0.1)
            due = max(due + 1 / self.rate, time.monotonic() - 1)
            time.sleep(max(0.0, due - time.monotonic()))
        client.flush()
        client.close()

    def insert(self, item: Item) -> None:
        """The next item to send, before all others."""
        self.items = itertools.chain([item], self.items)

    def stop(self, timeout: float) -> None:
        """Stops, and returns when the broker has everything. Raises TimeoutError."""
        self._stop_now.set()
        self.join(timeout)
        if self.is_alive():
            raise TimeoutError(f"the broker did not take the last articles within {timeout:.0f} s")

    def after(self, moment: float) -> list[Article]:
        """For each partition the first article that was sent after a moment and that the broker has."""
        places = [(sent, bisect_left(sent, (moment,))) for sent in list(self.sent.values())]
        return [sent[place][1] for sent, place in places if place < len(sent)]

    def _send(self, client: Any, topic: str, item: Item) -> bool:
        began = time.monotonic()
        try:
            sent = client.send(topic, key=item.key, value=item.payload, headers=item.headers)
        except KafkaError:
            return False
        sent.add_callback(self._take_note, began, item)
        return True

    def _take_note(self, began: float, item: Item, record: Any) -> None:
        self.acknowledged.add(article_of(item.key, item.payload))
        if item.article:
            self.articles.add(item.article)
            self.sent.setdefault(record.partition, []).append((began, item.article))
