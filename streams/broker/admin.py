"""Creates the topics, and checks the ones that are there."""

from dataclasses import dataclass

from kafka.admin import ConfigResource, ConfigResourceType, KafkaAdminClient, NewTopic
from kafka.errors import KafkaError, TopicAlreadyExistsError

from streams.broker.clients import admin
from streams.contract.topics import Topic
from streams.settings import Settings


@dataclass(frozen=True)
class TopicState:
    """A topic after the check: created now, there already, or wrong in some way."""

    topic: Topic
    created: bool
    problem: str | None = None


def create_topics(settings: Settings, create: bool = True) -> list[TopicState]:
    """Creates the topics that are missing (or only checks), and compares partitions and limits of the others.

    Raises BrokerUnreachableError; what the broker refuses for one topic is that topic's problem.
    """
    client = admin(settings)
    try:
        existing = {t["name"]: len(t["partitions"]) for t in client.describe_topics()}
        limits = _limits(client, [topic.name for topic in settings.topics if topic.name in existing])
        states = []
        for topic in settings.topics:
            if topic.name in existing:
                states.append(TopicState(topic, False, _compare(topic, existing[topic.name], limits.get(topic.name))))
            elif create:
                states.append(_create(client, topic, settings.replication))
            else:
                states.append(TopicState(topic, False, "missing: run `streams topics`"))
        return states
    finally:
        client.close()


def missing_topics(settings: Settings) -> list[str]:
    """Names of topics that are not there. Raises BrokerUnreachableError."""
    client = admin(settings)
    try:
        existing = set(client.list_topics())
    finally:
        client.close()
    return [topic.name for topic in settings.topics if topic.name not in existing]


def _create(client: KafkaAdminClient, topic: Topic, replication: int) -> TopicState:
    new = NewTopic(topic.name, topic.partitions, replication, topic_configs=topic.config)
    try:
        client.create_topics([new])
    except TopicAlreadyExistsError:
        return TopicState(topic, False)  # another process was faster
    except KafkaError as error:
        return TopicState(topic, False, f"not created: {error}")
    return TopicState(topic, True)


def _limits(client: KafkaAdminClient, names: list[str]) -> dict[str, int]:
    """`max.message.bytes` of topics; those left out of which the broker does not tell (the embedded one)."""
    resources = [ConfigResource(ConfigResourceType.TOPIC, name) for name in names]
    found = client.describe_configs(resources, config_filter="all") if resources else {}
    limits = {}
    for name, config in found.get("topic", {}).items():
        entry = config.get("max.message.bytes")
        value = entry.get("value") if isinstance(entry, dict) else entry
        if value is not None:
            limits[name] = int(value)
    return limits


def _compare(topic: Topic, partitions: int, limit: int | None) -> str | None:
    if partitions != topic.partitions:
        return f"has {partitions} partitions, STREAMS_PARTITIONS says {topic.partitions}"
    if limit is not None and limit < topic.max_message_bytes:
        return f"max.message.bytes is {limit:,}: raise it to {topic.max_message_bytes:,}, or large items are stuck"
    return None
