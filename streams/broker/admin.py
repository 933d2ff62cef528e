"""Creates the topics, and checks the ones that are there."""

from collections.abc import Sequence
from dataclasses import dataclass

from kafka.admin import ConfigResource, ConfigResourceType, KafkaAdminClient, NewTopic
from kafka.errors import KafkaError, TopicAlreadyExistsError

from streams.broker.clients import admin, check_topic
from streams.contract.topics import Topic
from streams.settings import Settings


@dataclass(frozen=True)
class TopicState:
    """A topic after the check: created now, there already, or wrong in some way."""

    topic: Topic
    created: bool
    problem: str | None = None
    note: str | None = None  # what differs, and stops nothing


def create_topics(settings: Settings, create: bool = True, tables: Sequence[str] = ()) -> list[TopicState]:
    """Creates the topics that are missing (or only checks), and compares partitions and limits of the others.

    With those behind the tables of these names. Raises BrokerUnreachableError; what the broker refuses for
    one topic is that topic's problem.
    """
    wanted = [*settings.topics, settings.topics.retried, *(settings.changelog(table) for table in tables)]
    client = admin(settings)
    try:
        existing = {t["name"]: len(t["partitions"]) for t in client.describe_topics()}
        configs = _configs(client, [topic.name for topic in wanted if topic.name in existing])
        states = []
        for topic in wanted:
            if topic.name in existing:
                config = configs.get(topic.name, {})
                problem = _compare(topic, existing[topic.name], config)
                states.append(TopicState(topic, False, problem, _kept_otherwise(topic, config)))
            elif create:
                states.append(_create(client, topic, settings.replication))
            else:
                states.append(TopicState(topic, False, "missing: run `streams topics`"))
        return states
    finally:
        client.close()


def missing_topics(settings: Settings) -> list[str]:
    """Names of topics that the stages need and that are not there. Raises BrokerUnreachableError."""
    client = admin(settings)
    try:
        existing = set(client.list_topics())
    finally:
        client.close()
    return [topic.name for topic in settings.topics if topic.name not in existing]


def require_topic(settings: Settings, name: str) -> None:
    """Raises MissingTopicError where there is no such topic: a client would wait for it; and BrokerUnreachableError."""
    client = admin(settings)
    try:
        check_topic(settings, name, client.list_topics())
    finally:
        client.close()


def _create(client: KafkaAdminClient, topic: Topic, replication: int) -> TopicState:
    new = NewTopic(topic.name, topic.partitions, replication, topic_configs=topic.config)
    try:
        client.create_topics([new])
    except TopicAlreadyExistsError:
        return TopicState(topic, False)  # another process was faster
    except KafkaError as error:
        return TopicState(topic, False, f"not created: {error}")
    return TopicState(topic, True)


def _configs(client: KafkaAdminClient, names: list[str]) -> dict[str, dict[str, str]]:
    """Settings of topics; those are left out of which the broker does not tell (the embedded one)."""
    resources = [ConfigResource(ConfigResourceType.TOPIC, name) for name in names]
    found = client.describe_configs(resources, config_filter="all") if resources else {}
    configs: dict[str, dict[str, str]] = {}
    for name, config in found.get("topic", {}).items():
        values = {key: entry.get("value") if isinstance(entry, dict) else entry for key, entry in config.items()}
        configs[name] = {key: value for key, value in values.items() if value is not None}
    return configs


def _compare(topic: Topic, partitions: int, config: dict[str, str]) -> str | None:
    if partitions != topic.partitions:
        return f"has {partitions} partitions, STREAMS_PARTITIONS says {topic.partitions}"
    limit, cleanup = config.get("max.message.bytes"), config.get("cleanup.policy", topic.cleanup)
    if limit is not None and int(limit) < topic.max_message_bytes:
        return f"max.message.bytes is {int(limit):,}: raise it to {topic.max_message_bytes:,}, or large items are stuck"
    if cleanup != topic.cleanup:
        return f"cleanup.policy is {cleanup}: make it {topic.cleanup}, or records are kept too short or too long"
    return None


def _kept_otherwise(topic: Topic, config: dict[str, str]) -> str | None:
    """Retention is not changed on a topic that is there: a shorter one would delete at once what somebody keeps."""
    kept = int(config.get("retention.ms", topic.retention_ms or 0))
    if topic.retention_ms is None or kept == topic.retention_ms:
        return None
    return f"retention.ms is {kept}, by the settings {topic.retention_ms}: kafka-configs.sh changes it"
