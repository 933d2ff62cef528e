"""Where every partition of a flow stands: what to read when one of them brings nothing out any more."""

from collections.abc import Iterator
from typing import Any

from kafka import TopicPartition

from streams.broker.clients import admin, consumer
from streams.contract.graph import stage_names
from streams.settings import Settings


def standing(settings: Settings) -> str:
    """A line for each partition of each topic: its leader, its replicas in sync, its end, and what the stage that
    reads it has committed. Raises BrokerUnreachableError or KafkaError when the brokers do not answer."""
    client, reader = admin(settings), consumer(settings)
    try:
        return "\n".join(_lines(client, reader, settings))
    finally:
        reader.close()
        client.close()


def _lines(client: Any, reader: Any, settings: Settings) -> Iterator[str]:
    topics = settings.topics
    groups = {topics.source(stage).name: settings.group(stage) for stage in stage_names()}
    described = {one["name"]: one["partitions"] for one in client.describe_topics([topic.name for topic in topics])}
    for topic in topics:
        partitions = sorted(described[topic.name], key=lambda one: one["partition_index"])
        all_of_it = [TopicPartition(topic.name, one["partition_index"]) for one in partitions]
        ends = reader.end_offsets(all_of_it)
        group = groups.get(topic.name)
        committed = client.list_group_offsets({group: all_of_it})[group] if group else {}
        for one, tp in zip(partitions, all_of_it, strict=True):
            done = f", committed {committed[tp].offset}" if tp in committed else ""
            copies = f"leader {one['leader_id']}, isr {one['isr_nodes']}"
            yield f"{topic.name} {tp.partition}: {copies}, end {ends[tp]}{done}"
