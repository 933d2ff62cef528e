"""A topic that is not there: nothing is committed to it, and it is not asked for a thousand times a second."""

import asyncio
from types import SimpleNamespace
from typing import Any

import pytest
from aiokafka import TopicPartition
from aiokafka.consumer.group_coordinator import GroupCoordinator

from streams.flow import missing_topics
from streams.flow.missing_topics import let_go_of_missing_topics

RAW, ARTICLES = TopicPartition("news.raw", 0), TopicPartition("news.articles", 0)


def cluster(**partitions: set[int]) -> Any:
    """What is known of the topics."""
    return SimpleNamespace(partitions_for_topic=lambda topic: partitions.get(topic.removeprefix("news.")))


@pytest.mark.parametrize(
    ("there", "committed"),
    [({"raw": {0}, "articles": {0}}, [RAW, ARTICLES]), ({"articles": {0, 1}}, [ARTICLES]), ({"raw": {1}}, [])],
)
def test_what_is_not_there_is_not_committed(
    there: dict[str, set[int]], committed: list[TopicPartition], monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[TopicPartition] = []

    async def commit(self: Any, assignment: Any, offsets: Any) -> None:
        asked.extend(offsets)

    monkeypatch.setattr(missing_topics, "_commit", commit)
    let_go_of_missing_topics(SimpleNamespace(_client=SimpleNamespace(_metadata_update=None)))
    coordinator: Any = SimpleNamespace(_cluster=cluster(**there))
    asyncio.run(GroupCoordinator._do_commit_offsets(coordinator, None, {RAW: 14, ARTICLES: 9}))
    assert asked == committed


@pytest.mark.parametrize(("there", "most"), [({}, 3), ({"raw": {0}}, 1000)])
def test_a_topic_that_is_not_there_is_asked_for_now_and_then(
    there: dict[str, set[int]], most: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(missing_topics, "_PAUSE", 0.1)
    asked = 0

    async def update(known: Any, topics: Any) -> bool:
        nonlocal asked
        asked += 1
        await asyncio.sleep(0)
        return True

    async def test() -> None:
        client = SimpleNamespace(_metadata_update=update)
        let_go_of_missing_topics(SimpleNamespace(_client=client))
        end = asyncio.get_running_loop().time() + 0.15
        while asyncio.get_running_loop().time() < end and asked < 1000:
            await client._metadata_update(cluster(**there), {"news.raw"})

    asyncio.run(test())
    assert 1 < asked <= most
