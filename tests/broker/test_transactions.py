"""Articles that a producer writes in transactions: what it commits is enriched, what it aborts never was."""

import json
import re
import time
from collections.abc import Callable

import pytest
from kafka import KafkaProducer, TopicPartition

from streams.broker.clients import admin, consumer
from streams.settings import Settings
from tests.broker.conftest import KAFKA_ONLY
from tests.broker.support import PLAIN, Run, Worker, metrics

pytestmark = pytest.mark.broker
PARTITIONS = 3  # of six: the others stay empty
TURNS = 20
_LAG = re.compile(r"^news_consumer_lag_records\{.*\} (\S+)$", re.MULTILINE)


class Wire:
    """A producer with transactions."""

    def __init__(self, settings: Settings, name: str) -> None:
        self.name, self.topic = name, settings.topics.raw.name
        self.sent: list[str] = []
        self.producer = KafkaProducer(bootstrap_servers=settings.broker, transactional_id=settings.topic_prefix + name)
        self.producer.init_transactions()

    def send(self, count: int, partition: int) -> None:
        """Has so many articles in the partition's log when it returns, whatever becomes of them."""
        for _ in range(count):
            uri = f"{self.name}-{len(self.sent)}"
            item = json.dumps({"uri": uri, "text": f"tekst van {uri}"}).encode()
            self.producer.send(self.topic, key=uri.encode(), value=item, partition=partition)
            self.sent.append(uri)
        self.producer.flush()


@KAFKA_ONLY
def test_committed_articles_come_out_once_each_and_aborted_ones_never(run: Run) -> None:
    """Transactions of two wires at a time, one of which aborts; at the end nothing is left to commit or to repeat."""
    worker = run.start(PLAIN)
    kept, dropped = Wire(run.settings, "kept"), Wire(run.settings, "dropped")
    kept.producer.begin_transaction()
    for partition in range(PARTITIONS):
        kept.send(partition, partition)  # none at the first's beginning, one at the second's
    kept.producer.commit_transaction()
    for turn in range(TURNS):
        kept.producer.begin_transaction()
        dropped.producer.begin_transaction()
        for partition in range(PARTITIONS):
            dropped.send(1 + turn % 4, partition)
            kept.send(1 + turn % 3, partition)
            dropped.send(1, partition)
        kept.producer.commit_transaction()
        dropped.producer.abort_transaction()
    run.wait_until(run.articles(len(kept.sent)), 60, "every committed article")
    run.wait_until(committed_to_the_end(run), 10, "offsets committed up to the end")
    run.wait_until(without_lag(worker), 10, "no lag in the metrics")
    assert worker.stop() == 0

    worker = run.start(PLAIN)
    run.wait_until(without_lag(worker), 60, "the next worker at the end")
    texts = {uri: [json.loads(e.value)["text"] for e in events] for uri, events in run.enriched.by_key().items()}
    assert texts == {uri: [f"tekst van {uri}"] for uri in kept.sent}
    assert not run.dead_letters.records


@KAFKA_ONLY
def test_an_article_waits_for_its_transaction_and_is_no_lag_until_then(run: Run) -> None:
    """Those behind it in the partition wait with it, as for every reader of what is committed."""
    worker = run.start(PLAIN)
    slow, quick = Wire(run.settings, "slow"), Wire(run.settings, "quick")
    run.wait_until(without_lag(worker), 60, "a worker with partitions")
    slow.producer.begin_transaction()
    quick.producer.begin_transaction()
    slow.send(5, partition=0)
    for partition in (0, 1):
        quick.send(3, partition)
    quick.producer.commit_transaction()
    run.wait_until(run.articles(3), 30, "the articles of the other partition")
    time.sleep(1.5)  # longer than the metric takes to see what came
    run.wait_until(without_lag(worker), 10, "no lag in the metrics")
    assert len(run.enriched.records) == 3
    slow.producer.commit_transaction()
    run.wait_until(run.articles(11), 30, "all of them")
    run.wait_until(committed_to_the_end(run), 10, "offsets committed up to the end")


def committed_to_the_end(run: Run) -> Callable[[], bool]:
    """A condition to wait for: the first stage's group has nothing before it, as an operator's tools count."""
    settings = run.settings
    partitions = [TopicPartition(settings.topics.raw.name, number) for number in range(PARTITIONS)]

    def condition() -> bool:
        client, reader = admin(settings), consumer(settings, isolation_level="read_uncommitted")
        committed = client.list_group_offsets(settings.group("normalise"))[settings.group("normalise")]
        ends = reader.end_offsets(partitions)
        client.close()
        reader.close()
        return {place: offset.offset for place, offset in committed.items()} == {
            p: end for p, end in ends.items() if end
        }

    return condition


def without_lag(worker: Worker) -> Callable[[], bool]:
    """A condition to wait for: the worker's own metric knows of no lag."""

    def condition() -> bool:
        try:
            lags = _LAG.findall(metrics(worker))
        except OSError:  # it starts
            return False
        return bool(lags) and not any(map(float, lags))

    return condition
