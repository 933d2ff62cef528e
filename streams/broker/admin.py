"""Creates the topics, and checks the ones that are there."""

from dataclasses import dataclass

from kafka.admin import NewTopic
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
    """Creates the topics that are missing (or only checks), and compares the partitions of the others.

    Raises BrokerUnreachableError; what the broker refuses for one topic is that topic's problem.
    """
    client = admin(settings)
    try:
        existing = {t["name"]: len(t["partitions"]) for t in client.describe_topics()}
        states = []
        for topic in settings.topics:
            if topic.name in existing:
                states.append(TopicState(topic, False, _compare(topic, existing[topic.name])))
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


def _create(client: object, topic: Topic, replication: int) -> TopicState:
    new = NewTopic(topic.name, topic.partitions, replication, topic_configs=topic.config)
    try:
        client.create_topics([new])  # type: ignore[attr-defined]
    except TopicAlreadyExistsError:
        return TopicState(topic, False)  # another process was faster
    except KafkaError as error:
        return TopicState(topic, False, f"not created: {error}")
    return TopicState(topic, True)


def _compare(topic: Topic, partitions: int) -> str | None:
    if partitions == topic.partitions:
        return None
    return f"has {partitions} partitions, STREAMS_PARTITIONS says {topic.partitions}"
