"""The sample wire, as many times as it takes, under other ids."""

import json
from collections import defaultdict, deque
from collections.abc import Callable, Iterable, Iterator
from itertools import count, cycle, islice
from typing import TypeVar

from kafka.partitioner.default import murmur2

from streams.cli.demo import sample
from streams.contract.outcome import Ok
from streams.contract.records import Article, Change
from streams.feeds.raw_item import RawItem
from streams.settings import Settings
from streams.stages.graph import build_stages

T = TypeVar("T")
Raw = tuple[bytes, bytes, list[tuple[str, bytes]]]


def _usable() -> list[tuple[RawItem, Article]]:
    """The Dutch items of the sample wire with what normalising makes of them; no kills, nothing skipped."""
    (normalise,) = build_stages(Settings(), ["normalise"])
    outcomes = [(item, normalise.work(item.message())) for item in sample()]
    articles = [(item, outcome.value) for item, outcome in outcomes if isinstance(outcome, Ok)]
    return [(item, a) for item, a in articles if not a.skipped and a.change is not Change.KILL]


def size() -> int:
    """How many different ones there are: a multiple of that many has the same mix for all."""
    return len(_usable())


def raw_items(number: int) -> Iterator[Raw]:
    """`number` wire items, those with an id in the payload under one of their own: (key, payload, headers)."""
    return islice((raw for raw, _ in _numbered()), number)


def plain_items() -> Iterator[Raw]:
    """Items without end as the stages without models read them: 2,000 characters, about an article of the wire."""
    text = max((article.text for article in bare_articles(size())), key=len)[:2000]
    for number in count():
        yield f"p{number}".encode(), json.dumps({"uri": f"p{number}", "text": text}).encode(), []


def wire(partitions: int) -> Iterator[tuple[Raw, Article]]:
    """The sample wire without end, the partitions in turn, and beside each item what normalising makes of it."""
    return spread(_numbered(), lambda pair: pair[0][0], partitions)


def _numbered() -> Iterator[tuple[Raw, Article]]:
    for number, (item, article) in enumerate(cycle(_usable())):
        identity = article.id.encode()
        key = identity + f"#{number}".encode()
        yield (key, item.payload.replace(identity, key), list(item.headers())), article


def spread(items: Iterable[T], key_of: Callable[[T], bytes], partitions: int) -> Iterator[T]:
    """Items partition by partition in turn, as their keys decide: each gets as many, as over a long time all do.

    Those whose turn has not come wait.
    """
    waiting: dict[int, deque[T]] = defaultdict(deque)
    due = 0
    for item in items:
        waiting[(murmur2(key_of(item)) & 0x7FFFFFFF) % partitions].append(item)
        while waiting[due % partitions]:
            yield waiting[due % partitions].popleft()
            due += 1


def bare_articles(number: int) -> list[Article]:
    """The same texts as `raw_items`, normalised."""
    return [article for _, article in islice(_numbered(), number)]
