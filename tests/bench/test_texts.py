"""The bench's wire gives every partition the same work."""

from itertools import islice

from streams.contract.event import Event
from streams.contract.message import Message
from streams.settings import Settings
from streams.stages.graph import build_stages
from tests.bench.texts import partition_of, size, wire


def test_every_partition_gets_every_article_once() -> None:
    keys = [key for (key, *_), _ in islice(wire(6), 6 * size())]
    got = {(partition_of(key, 6), number % size()) for number, key in enumerate(keys)}
    assert len(got) == 6 * size()


def test_partitions_come_in_turn_under_keys_that_never_come_again() -> None:
    keys = [key for (key, *_), _ in islice(wire(6), 2 * size())]
    assert [partition_of(key, 6) for key in keys[:7]] == [0, 1, 2, 3, 4, 5, 0]
    assert len(set(keys)) == len(keys)


def test_the_stages_find_the_new_id() -> None:
    """They write under the id they find, so only then are the partitions of every stage as even as those of the raw
    topic."""
    (normalise,) = build_stages(Settings(), ["normalise"])
    for (key, payload, headers), _ in islice(wire(6), size()):
        (result,) = normalise.work(Message(payload, key, tuple(headers)))
        assert isinstance(result, Event)
        assert result.article.id == key.decode()
