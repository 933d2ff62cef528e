"""A log that is not what it was: its end lost, its beginning deleted unread, a byte rotten, more partitions, or new."""

import json
import os
import re
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from kafka import TopicPartition
from kafka.structs import OffsetAndMetadata

from streams.broker.admin import create_topics
from streams.broker.clients import admin, consumer, producer
from streams.settings import Settings
from tests.broker.kafka.nodes import Kafka, wait_until_up
from tests.broker.support import Run, Worker, is_ready, metrics, status

pytestmark = pytest.mark.broker
NOTICED = {"METADATA_MAX_AGE": "1"}  # second; the default is 10
Item = tuple[str, bytes, list[tuple[str, bytes]]]


def articles(start: int, end: int) -> list[Item]:
    """Articles for the plain worker."""
    return [(f"u{n}", json.dumps({"uri": f"u{n}", "text": f"tekst {n}"}).encode(), []) for n in range(start, end)]


def settings(node: Kafka, name: str, partitions: int = 1) -> Settings:
    """Topics of their own."""
    made = Settings(broker=node.address(), topic_prefix=f"{name}.", partitions=partitions)
    create_topics(made)
    return made


def all_out(run: Run, *names: range) -> Callable[[], bool]:
    """A condition to wait for: enriched events of these articles."""
    wanted = {f"u{n}" for some in names for n in some}
    return lambda: wanted <= run.enriched.by_key().keys()


def committed(settings: Settings) -> int | None:
    """Where the first stage's group stands in its first partition."""
    client, group = admin(settings), settings.group("normalise")
    try:
        found = client.list_group_offsets(group).get(group, {}).get(TopicPartition(settings.topics.raw.name, 0))
        return found and int(found.offset)
    finally:
        client.close()


def commit(settings: Settings, offset: int) -> None:
    """Sets the first stage's group, of which nobody may be there."""
    place = TopicPartition(settings.topics.raw.name, 0)
    client = consumer(settings, group_id=settings.group("normalise"))
    client.assign([place])
    client.commit({place: OffsetAndMetadata(offset, "", -1)})
    client.close()


def metric(worker: Worker, name: str, **labels: str) -> float | None:
    """A sample of the worker's page."""
    inside = ",".join(f'{label}="{value}"' for label, value in sorted(labels.items()))
    found = re.search(rf"^{name}{{{re.escape(inside)}}} (\S+)$", metrics(worker), re.MULTILINE)
    return float(found[1]) if found else None


def test_an_offset_beyond_the_logs_end(one_node: Kafka, tmp_path: Path) -> None:
    """As after a fail-over to a mirror. What is below that offset comes out, and is committed again."""
    ours = settings(one_node, "beyond")
    with Run(ours, tmp_path) as run:
        run.send(articles(0, 30))
        commit(ours, 50)
        worker = run.start()
        run.wait_until(all_out(run, range(30)), 60, "what is there")
        run.send(articles(30, 60))
        run.wait_until(all_out(run, range(60)), 30, "what came then, below and above the offset")
        run.wait_until(lambda: committed(ours) == 60, 10, "a commit at the end")
        line = f"{ours.topics.raw.name} partition 0: offset 50, where this worker was to go on, is beyond the log's end"
        assert worker.log.count(line + " at 30: ") == 1
        counted = {"stage": "normalise", "cause": "beyond_end"}
        run.wait_until(lambda: metric(worker, "news_consumer_resets_total", **counted) == 1, 5, "the count")
        place = {"topic": ours.topics.raw.name, "partition": "0"}
        run.wait_until(lambda: metric(worker, "news_consumer_lag_records", **place) == 0, 5, "no lag")
        assert worker.stop() == 0
        assert len(run.enriched.records) == 60


def test_what_retention_deleted_unread(one_node: Kafka, tmp_path: Path) -> None:
    """Nothing is left of it: the group is at the end all the same, and no lag is left to wait for."""
    ours = settings(one_node, "retention")
    with Run(ours, tmp_path) as run:
        run.send(articles(0, 30))
        commit(ours, 10)
        client = admin(ours)
        client.delete_records({TopicPartition(ours.topics.raw.name, 0): 30})
        client.close()
        worker = run.start()
        run.wait_until(lambda: "20 offsets were deleted before they were read" in worker.log, 60, "the warning")
        run.wait_until(lambda: committed(ours) == 30, 10, "a commit where it goes on")
        run.send(articles(30, 40))
        run.wait_until(all_out(run, range(30, 40)), 30, "what came then")
        deleted = "news_consumer_deleted_unread_records_total"
        run.wait_until(lambda: metric(worker, deleted, stage="normalise") == 20, 5, "the count")
        assert metric(worker, "news_consumer_resets_total", stage="normalise", cause="deleted") == 1


def test_a_broker_that_lost_the_end_of_its_log(one_node: Kafka, tmp_path: Path) -> None:
    """A power cut before it was on disk, under a worker that goes on running with records in hand."""
    (node,) = one_node.nodes
    ours = settings(one_node, "powerloss")
    log = node.folder / "data" / f"{ours.topics.raw.name}-0" / "00000000000000000000.log"
    with Run(ours, tmp_path) as run:
        worker = run.start()
        run.send(articles(0, 30))
        run.wait_until(all_out(run, range(30)), 60, "the first articles")
        flushed = log.stat().st_size
        run.send(articles(30, 60))
        run.wait_until(all_out(run, range(60)), 30, "the second articles")
        run.wait_until(lambda: committed(ours) == 60, 10, "a commit at the end")
        node.kill()
        os.truncate(log, flushed)
        node.start()
        wait_until_up(one_node)
        run.wait_until(lambda: "offset 60, where this worker was to go on, is beyond" in worker.log, 60, "the warning")
        run.send(articles(60, 100))
        run.wait_until(all_out(run, range(100)), 30, "what came after")
        run.wait_until(lambda: committed(ours) == 70, 10, "a commit at the new end")
        assert worker.process.poll() is None


def test_a_rotten_batch_holds_up_its_partition_alone(one_node: Kafka, tmp_path: Path) -> None:
    """What lies before it comes out, the worker lives and says where it stands; skipped as it says, all else is out."""
    (node,) = one_node.nodes
    ours = settings(one_node, "rot", partitions=2)
    log = node.folder / "data" / f"{ours.topics.raw.name}-0" / "00000000000000000000.log"
    with Run(ours, tmp_path) as run:
        for start in (0, 5, 10):  # a batch each
            client = producer(ours)
            for key, value, _ in articles(start, start + 5):
                client.send(ours.topics.raw.name, key=key.encode(), value=value, partition=0)
            client.flush()
            client.close()
        rotten = log.read_bytes()
        at = rotten.index(b"tekst 7")
        with log.open("r+b") as file:
            file.seek(at)
            file.write(b"?")
        client = producer(ours)
        client.send(ours.topics.raw.name, key=b"u15", value=articles(15, 16)[0][1], partition=1).get(10)
        client.close()
        worker = run.start(STALL_SECONDS="3")
        run.wait_until(all_out(run, range(5), range(15, 16)), 60, "what can be read")
        time.sleep(4)
        assert worker.process.poll() is None
        assert status(worker.web_port, "healthz") == 200
        assert status(worker.web_port, "readyz") == 503
        place = {"topic": ours.topics.raw.name, "partition": "0"}
        assert metric(worker, "news_consumer_unreadable", **place) == 1
        assert metric(worker, "news_consumer_lag_records", **place) == 10
        line = f"{ours.topics.raw.name} partition 0 offset 5: the batch there, up to offset 9, cannot be read"
        assert worker.log.count(line) == 1
        assert "--reset-offsets --to-offset 10 " in worker.log
        assert worker.stop() == 0
        commit(ours, 10)
        worker = run.start()
        run.wait_until(all_out(run, range(5), range(10, 16)), 60, "what lies behind it")
        run.wait_until(lambda: is_ready(worker), 10, "a worker that is ready")


def test_new_partitions_and_a_topic_that_is_made_again(one_node: Kafka, tmp_path: Path) -> None:
    """`news.raw` alone; what comes meanwhile is read from the beginning."""
    ours = settings(one_node, "grown", partitions=2)
    with Run(ours, tmp_path) as run:
        workers = [run.start(**NOTICED) for _ in range(2)]
        run.wait_until(lambda: all(map(is_ready, workers)), 60, "two workers")
        client = admin(ours)
        client.create_partitions({ours.topics.raw.name: 6})
        run.send(articles(0, 60))
        run.wait_until(all_out(run, range(60)), 30, "articles in all partitions")
        client.delete_topics([ours.topics.raw.name])
        # Acknowledged, and not committed yet: nothing of the old topic may be committed to the new one.
        run.wait_until(lambda: not any(map(is_ready, workers)), 30, "workers that are not ready")
        create_topics(ours)
        client.close()
        run.send(articles(60, 80))
        run.wait_until(all_out(run, range(80)), 30, "articles of the topic made again")
        assert all(worker.process.poll() is None for worker in workers)
        assert len(run.enriched.records) == 80
        assert all(worker.log.count("not found in cluster metadata") < 50 for worker in workers)
