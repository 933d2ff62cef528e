"""What a stage waits for that only the brokers can give: no restart of the worker helps, so it is alive, not ready."""

from collections.abc import Iterator
from typing import Any

import faust
from aiokafka.errors import (
    KafkaStorageError,
    LeaderNotAvailableError,
    NotEnoughReplicasAfterAppendError,
    NotEnoughReplicasError,
)

_NO_LEADER = -1  # as aiokafka's metadata say it
_BROKERS = (KafkaStorageError, LeaderNotAvailableError, NotEnoughReplicasAfterAppendError, NotEnoughReplicasError)
"""Refusals of a delivery that lie with the brokers alone; for others a client that is stuck may be to blame."""


def held_up(app: faust.App, writes: list[str], refusal: BaseException | None) -> str | None:
    """Why the brokers keep a stage from its work, in words; None where they do not, as far as the clients know.

    `writes` are the topics it writes, `refusal` the error with which its last delivery failed, if it did.
    """
    if isinstance(refusal, _BROKERS):
        return f"a delivery is refused: {type(refusal).__name__}: see to the brokers and their in-sync replicas"
    leaderless = sorted({f"{topic} {partition}" for topic, partition in _leaderless(app, writes)})
    if leaderless:
        return f"no broker leads {', '.join(leaderless)}: see to the brokers that hold them"
    coordinator = getattr(_consumer(app), "_coordinator", None)
    if coordinator is not None and coordinator.coordinator_id is None:
        return "no broker coordinates its consumer group"
    return None


def forbidden(app: faust.App) -> set[str]:
    """Assigned topics that the worker's user may not even see (any more): fetches wait for their leaders for ever."""
    consumer = _consumer(app)
    hidden: set[str] = consumer._client.cluster.unauthorized_topics if consumer else set()
    return hidden & {tp.topic for tp in consumer.assignment()} if hidden else set()


def _leaderless(app: faust.App, writes: list[str]) -> Iterator[tuple[str, int]]:
    consumer = _consumer(app)
    if consumer is not None:
        for tp in consumer.assignment():
            if consumer._client.cluster.leader_for_partition(tp) == _NO_LEADER:
                yield tp.topic, tp.partition
    client = getattr(getattr(app.producer, "_producer", None), "client", None)
    cluster: Any = getattr(client, "cluster", None)
    for topic in writes if cluster is not None else ():
        known = cluster.partitions_for_topic(topic) or set()
        for partition in known - (cluster.available_partitions_for_topic(topic) or set()):
            yield topic, partition


def _consumer(app: faust.App) -> Any:
    """aiokafka's consumer, behind Faust's and its thread (private names; Faust is pinned exactly); None before."""
    return getattr(getattr(app.consumer, "_thread", None), "_consumer", None)
