"""What only the brokers can give is told from what a restart of the worker would mend."""

from types import SimpleNamespace
from typing import Any

import pytest
from aiokafka.cluster import ClusterMetadata
from aiokafka.errors import KafkaTimeoutError, LeaderNotAvailableError, NotEnoughReplicasError
from aiokafka.structs import PartitionMetadata, TopicPartition

from streams.flow.held_up import forbidden, held_up

RAW = [TopicPartition("news.raw", 0), TopicPartition("news.raw", 1)]
ARTICLES = [TopicPartition("news.articles", 0)]


def an_app(leaders: dict[TopicPartition, int], coordinator: int | None = 1, hidden: tuple[str, ...] = ()) -> Any:
    """An app with the partitions of `news.raw`; `leaders` by partition, -1 for none."""
    cluster = ClusterMetadata()
    cluster.unauthorized_topics = set(hidden)
    for (topic, partition), leader in leaders.items():
        known = cluster._partitions.setdefault(topic, {})
        known[partition] = PartitionMetadata(topic, partition, leader, [1], [1], 0)
    client = SimpleNamespace(cluster=cluster)
    consumer = SimpleNamespace(
        _client=client, _coordinator=SimpleNamespace(coordinator_id=coordinator), assignment=lambda: set(RAW)
    )
    return SimpleNamespace(
        consumer=SimpleNamespace(_thread=SimpleNamespace(_consumer=consumer)),
        producer=SimpleNamespace(_producer=SimpleNamespace(client=client)),
    )


LED = dict.fromkeys([*RAW, *ARTICLES], 1)


@pytest.mark.parametrize(
    ("leaders", "refusal", "says"),
    [
        (LED, None, None),
        (LED, KafkaTimeoutError(), None),  # a client that is stuck does so too: the stall rule decides
        (LED, NotEnoughReplicasError(), "a delivery is refused: NotEnoughReplicasError"),
        (LED, LeaderNotAvailableError(), "a delivery is refused: LeaderNotAvailableError"),
        (LED | {RAW[1]: -1}, None, "no broker leads news.raw 1: "),
        (LED | {ARTICLES[0]: -1}, None, "no broker leads news.articles 0: "),
        ({}, None, None),  # no metadata yet
    ],
)
def test_the_reason_in_words(
    leaders: dict[TopicPartition, int], refusal: BaseException | None, says: str | None
) -> None:
    said = held_up(an_app(leaders), ["news.articles"], refusal)
    assert said == says if says is None or said is None else said.startswith(says)


def test_a_group_without_a_coordinator() -> None:
    assert held_up(an_app(LED, coordinator=None), [], None) == "no broker coordinates its consumer group"


def test_an_app_that_has_not_started() -> None:
    app: Any = SimpleNamespace(consumer=None, producer=None)
    assert held_up(app, ["news.articles"], None) is None
    assert forbidden(app) == set()


def test_a_topic_that_the_user_may_not_see_any_more() -> None:
    assert forbidden(an_app(LED)) == set()
    assert forbidden(an_app(LED, hidden=("news.raw", "other"))) == {"news.raw"}
