"""Dead letters by hand: read them from their topic, and send them again to where they came from."""

import time
from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

from kafka import KafkaConsumer, KafkaProducer, TopicPartition

from streams.broker.admin import require_topic
from streams.broker.clients import (
    BrokerUnreachableError,
    MissingTopicError,
    check_topic,
    close_producer,
    consumer,
    delivery_error,
    producer,
)
from streams.contract.dead_letters import PREFIX, REASON, without_errors
from streams.contract.graph import stage_names
from streams.contract.message import Message, clean_headers
from streams.outputs.retried import Notes, note, notes, retried
from streams.settings import Settings

_SILENCE = 30.0  # seconds that a partition may take to answer


@dataclass(frozen=True)
class Letter:
    """A dead letter as it lies in its topic, and when it was sent again (RFC 3339) if that is known."""

    message: Message
    retried: str | None = None

    @property
    def place(self) -> str:
        """Partition and offset: `3-42`."""
        return f"{self.message.partition}-{self.message.offset}"

    @property
    def reason(self) -> str:
        """One of the fixed list; empty where a stranger wrote it."""
        return self.message.header(REASON) or ""

    @property
    def stage(self) -> str:
        """The stage that failed on it."""
        return self.message.header(PREFIX + "stage") or ""

    @property
    def topic(self) -> str:
        """The topic that the stage read it from."""
        return self.message.header(PREFIX + "topic") or ""

    @property
    def problem(self) -> str:
        """What was wrong, for a person."""
        return self.message.header(PREFIX + "exception.message") or ""


@dataclass(frozen=True)
class Retried:
    """A dead letter and what became of it: an error, or None when the broker has it in its old topic."""

    letter: Letter
    error: str | None


def read(settings: Settings) -> Iterator[Letter]:
    """All dead letters that are there now, by partition and offset; those that come meanwhile are left.

    Raises BrokerUnreachableError, BrokerRefusedError, MissingTopicError.
    """
    client = _consumer(settings)
    try:
        known = _notes(client, settings)
        for partition in _partitions(client, settings.topics.dead_letters.name):
            for message in _between(client, partition, 0, None):
                letter = Letter(message)
                yield replace(letter, retried=retried(message, letter.place, known))
    finally:
        client.close()


def read_at(settings: Settings, places: Iterable[str]) -> Iterator[tuple[str, Letter | None]]:
    """The dead letters at these places (`3-42`, or with the topic: `news.dead-letters-3-42`); None for no such.

    Raises ValueError for what is no place, BrokerUnreachableError, BrokerRefusedError.
    """
    parsed = [(place, *_parse(place, settings.topics.dead_letters.name)) for place in places]
    client = _consumer(settings)
    try:
        there = {p.partition: p for p in _partitions(client, settings.topics.dead_letters.name)}
        for place, number, offset in parsed:
            found = _between(client, there[number], offset, offset + 1) if number in there else iter(())
            message = next(found, None)
            yield place, Letter(message) if message else None
    finally:
        client.close()


def retry(settings: Settings, letters: Iterable[Letter], ahead: int = 100) -> Iterator[Retried]:
    """Sends the original value under its key, with the original headers, to the topic it was read from.

    Yields each once the broker has acknowledged or refused it; at most `ahead` are on their way at a time.
    The dead letter stays where it is; that it was sent again is noted. Raises BrokerUnreachableError,
    BrokerRefusedError, MissingTopicError.
    """
    remembered = settings.topics.retried.name
    require_topic(settings, remembered)
    read_topics = {settings.topics.source(stage).name for stage in stage_names()}
    client, waiting = producer(settings), deque[tuple[Letter, Any]]()

    def outcome(letter: Letter, sent: Any) -> Retried:
        error = delivery_error(sent, settings)
        return Retried(letter, error or delivery_error(_noted(client, remembered, letter), settings))

    try:
        for letter in letters:
            waiting.append((letter, _send(client, letter, read_topics)))
            if len(waiting) >= ahead:
                yield outcome(*waiting.popleft())
        while waiting:
            yield outcome(*waiting.popleft())
    finally:
        close_producer(client)


def _send(client: KafkaProducer, letter: Letter, read_topics: set[str]) -> Any:
    if letter.topic not in read_topics:
        return ValueError(f"it came from {letter.topic or 'nowhere'}, which no stage reads")
    message = letter.message
    try:
        headers = list(without_errors(message.headers))
        return client.send(letter.topic, key=message.key, value=message.value, headers=headers)
    except Exception as error:
        return error


def _noted(client: KafkaProducer, topic: str, letter: Letter) -> Any:
    try:
        return note(client, topic, letter.place, letter.message)
    except Exception as error:
        return error


def _notes(client: KafkaConsumer, settings: Settings) -> Notes:
    """None where the topic for them is not there yet."""
    if (name := settings.topics.retried.name) not in client.topics():
        return {}
    return notes(message for partition in _partitions(client, name) for message in _between(client, partition, 0, None))


def _consumer(settings: Settings) -> KafkaConsumer:
    client = consumer(settings, fetch_max_wait_ms=50)
    try:
        check_topic(settings, settings.topics.dead_letters.name, client.topics())
    except MissingTopicError:
        client.close()
        raise
    return client


def _partitions(client: KafkaConsumer, topic: str) -> list[TopicPartition]:
    return [TopicPartition(topic, number) for number in sorted(client.partitions_for_topic(topic) or ())]


def _between(client: KafkaConsumer, partition: TopicPartition, start: int, end: int | None) -> Iterator[Message]:
    """Records from `start` up to `end`, or up to the partition's end as it is at the first fetch.

    That end is the fetch's high watermark; the embedded broker does not know the latest offset otherwise.
    An offset that is not there any more leads to the oldest one that is.
    """
    client.assign([partition])
    if start:
        client.seek(partition, start)
    else:
        client.seek_to_beginning(partition)
    high, patience = None, time.monotonic() + _SILENCE
    while high is None or client.position(partition) < high:
        records = client.poll(timeout_ms=20).get(partition, [])
        if high is None:
            high = client.highwater(partition)
            if high is not None and end is not None:
                high = min(high, end)
        if records:
            patience = time.monotonic() + _SILENCE
        elif time.monotonic() > patience:
            raise BrokerUnreachableError(f"{partition.topic} partition {partition.partition} does not answer")
        for record in records:
            if record.offset >= (high if high is not None else record.offset + 1):
                return
            if end is None or record.offset >= start:
                yield _message(record)


def _message(record: Any) -> Message:
    return Message(
        record.value,
        record.key,
        clean_headers(record.headers),
        record.topic,
        record.partition,
        record.offset,
        datetime.fromtimestamp(record.timestamp / 1000, UTC),
    )


def _parse(place: str, topic: str) -> tuple[int, int]:
    partition, _, offset = place.removeprefix(topic + "-").partition("-")
    if not (partition.isdecimal() and offset.isdecimal()):
        raise ValueError(f"{place}: not a place in {topic}; write it as PARTITION-OFFSET, such as 3-42")
    return int(partition), int(offset)
