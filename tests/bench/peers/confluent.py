"""confluent-kafka: the consumer and the producer of its README in one loop, with its defaults (automatic commits).

`careful` as argument: instead, takes some records, flushes the producer after them and commits by hand.
"""

import sys

from confluent_kafka import Consumer, KafkaException, Message, Producer

from streams.contract.message import Outgoing
from streams.settings import Settings
from tests.bench.peers.work import Work, group, works


def plain_loop(consumer: Consumer, producer: Producer, work: dict[str, Work]) -> None:
    """Poll, work, produce; offsets are committed in the background."""
    while True:
        producer.poll(0)
        message = consumer.poll(1.0)
        if message is None:
            continue
        _raise_if_failed(message.error())
        _produce(producer, _worked(message, work))


def careful_loop(consumer: Consumer, producer: Producer, work: dict[str, Work], settings: Settings) -> None:
    """Consume some, work, produce, flush; commit only when all of it is delivered."""
    while True:
        messages = consumer.consume(settings.batch_records, timeout=settings.batch_wait)
        for message in messages:
            _raise_if_failed(message.error())
            _produce(producer, _worked(message, work))
        if messages:
            producer.flush()
            consumer.commit(asynchronous=False)


def main() -> None:
    """Runs until it is killed."""
    settings, careful = Settings(), sys.argv[1:] == ["careful"]
    work = works(settings)
    consumer = Consumer(
        {
            "bootstrap.servers": settings.broker,
            "group.id": group(settings),
            "auto.offset.reset": "earliest",
            "session.timeout.ms": int(settings.session_timeout * 1000),
            "heartbeat.interval.ms": int(settings.heartbeat_interval * 1000),
            "enable.auto.commit": not careful,
        }
    )
    producer = Producer({"bootstrap.servers": settings.broker})
    consumer.subscribe(list(work))
    if careful:
        careful_loop(consumer, producer, work, settings)
    else:
        plain_loop(consumer, producer, work)


def _worked(message: Message, work: dict[str, Work]) -> Outgoing:
    return work[message.topic() or ""](message.value(), message.key(), message.headers())


def _produce(producer: Producer, out: Outgoing) -> None:
    producer.produce(out.topic, value=out.value, key=out.key, headers=list(out.headers), on_delivery=_delivered)


def _delivered(error: object, message: Message) -> None:
    _raise_if_failed(error)


def _raise_if_failed(error: object) -> None:
    if error is not None:
        raise KafkaException(error)


if __name__ == "__main__":
    main()
