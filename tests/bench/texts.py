"""The sample wire, as many times as it takes, under other ids."""

import json
from collections.abc import Iterator
from functools import cache
from itertools import count, islice

from kafka.partitioner.default import murmur2

from streams.cli.demo import sample
from streams.contract.event import Event
from streams.contract.records import Article, Change
from streams.feeds.raw_item import RawItem
from streams.settings import Settings
from streams.stages.graph import build_stages

Raw = tuple[bytes, bytes, list[tuple[str, bytes]]]


@cache
def _usable() -> list[tuple[RawItem, Article]]:
    """The Dutch items of the sample wire with what normalising makes of them; no kills, nothing skipped, and only
    those that say their id, so that they can come under another."""
    (normalise,) = build_stages(Settings(), ["normalise"])
    results = [(item, result) for item in sample() for result in normalise.work(item.message())]
    articles = [(item, result.article) for item, result in results if isinstance(result, Event)]
    return [
        (item, article)
        for item, article in articles
        if not article.skipped and article.change is not Change.KILL and article.id.encode() in item.payload
    ]


def size() -> int:
    """How many different ones there are: a multiple of that many has the same mix for all."""
    return len(_usable())


def raw_items(number: int) -> Iterator[Raw]:
    """`number` wire items, each under an id of its own: (key, payload, headers)."""
    return (raw for raw, _ in islice(wire(), number))


def plain_items() -> Iterator[Raw]:
    """Items without end as the stages without models read them: 2,000 characters, about an article of the wire."""
    text = max((article.text for article in bare_articles(size())), key=len)[:2000]
    for number in count():
        yield f"p{number}".encode(), json.dumps({"uri": f"p{number}", "text": text}).encode(), []


def wire(partitions: int = 1) -> Iterator[tuple[Raw, Article]]:
    """The sample wire without end, and beside each item what normalising makes of it.

    The partitions come in turn, and as many times through the wire as there are partitions brings each of the articles
    to each of them once: all have the same work then.
    """
    usable = _usable()
    for turn in count():
        for place, (item, article) in enumerate(usable):
            identity = article.id.encode()
            names = (identity + f"#{turn}.{place}.{attempt}".encode() for attempt in count())
            key = next(name for name in names if partition_of(name, partitions) == (turn + place) % partitions)
            yield (key, item.payload.replace(identity, key), list(item.headers())), article


def partition_of(key: bytes, partitions: int) -> int:
    """Where Kafka's producers put a key."""
    where: int = (murmur2(key) & 0x7FFFFFFF) % partitions
    return where


def bare_articles(number: int) -> list[Article]:
    """The same texts as `raw_items`, normalised."""
    return [article for _, article in islice(wire(), number)]
