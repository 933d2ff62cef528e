"""State on Apache Kafka: after kills in mid-batch it is what a batch computation over the topic gives."""

import json
import random
import time
import urllib.error
import urllib.request
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest
from kafka.admin import NewTopic

from streams.broker.admin import create_topics
from streams.broker.clients import admin, producer
from streams.settings import Settings
from tests.broker.kafka.nodes import Kafka
from tests.broker.support import Run, Worker
from tests.chaos.check import read
from tests.flow.table_worker import LOOK, TABLE, Seen

pytestmark = [pytest.mark.broker, pytest.mark.timeout(600)]
WORKER = ("tests.flow.table_worker",)
PARTITIONS = 6
SOURCES = ("anp", "belga", "dpa", "efe", "npd")
ITEMS, VERSIONS = 700, 4
KILLS = (0.10, 0.30, 0.50, 0.70)  # share of the records that is out when a worker is killed
HOLD = 0.1  # seconds between a batch's events and its changelog
QUICK = {"SESSION_TIMEOUT": "2", "HEARTBEAT_INTERVAL": "0.5", "COMMIT_INTERVAL": "0.05", "PLAIN_WORKER_HOLD": str(HOLD)}

States = dict[tuple[int, str], dict[str, tuple[int, int]]]  # by partition and source: version and words by article


def versions() -> list[tuple[str, bytes, list[tuple[str, bytes]]]]:
    """Versions of items, mixed; one in ten comes a second time later, so also after a newer one."""
    chance = random.Random(7)
    items = [
        {
            "uri": f"u{number}",
            "source": SOURCES[number % len(SOURCES)],
            "version": version,
            "text": " ".join(["woord"] * chance.randint(3, 40)),
        }
        for number in range(ITEMS)
        for version in range(1, VERSIONS + 1)
    ]
    chance.shuffle(items)
    items += chance.sample(items, len(items) // 10)
    return [(str(item["uri"]), json.dumps(item).encode(), []) for item in items]


class Proof:
    """What the topics say, read and computed without the product's code."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.expected: States = defaultdict(dict)
        self.newest_before: dict[tuple[int, int], int] = {}
        newest: dict[tuple[int, str], int] = {}
        for record in self._read(settings.topics.raw.name):
            item = json.loads(record.value)
            place = record.partition, item["source"]
            self.newest_before[record.partition, record.offset] = newest.get(place, -1)
            newest[place] = record.offset
            mine = item["version"], len(item["text"].split())
            held = self.expected[place].get(item["uri"], mine)
            self.expected[place][item["uri"]] = max(held, mine)

    def changelog(self) -> States:
        """The newest record of each key, as compaction leaves it."""
        states: States = {}
        for record in self._read(self.settings.changelog(TABLE).name):
            articles = json.loads(record.value)["words"]["by_item"]
            place = record.partition, record.key.decode()
            states[place] = {uri: (added["version"], added["value"]) for uri, added in articles.items()}
        return states

    def stale(self) -> list[Seen]:
        """Reads of a state older than the last record of the source before this one in the partition."""
        return [seen for seen in self._seen() if seen.before < self.newest_before[seen.partition, seen.offset]]

    def _seen(self) -> Iterator[Seen]:
        for record in self._read(self.settings.topics.enriched.name):
            yield msgspec.json.decode(json.loads(record.value)["text"], type=Seen)

    def _read(self, topic: str) -> Iterator[Any]:
        return read(self.settings.broker, topic, {})


@pytest.mark.parametrize("store", ["memory", "rocksdb"])
def test_state_after_kills_is_that_of_a_batch(one_node: Kafka, tmp_path: Path, store: str) -> None:
    """Four SIGKILLs in mid-batch, a worker that joins and leaves; nothing lost, nothing twice, no stale read."""
    settings = Settings(broker=one_node.address(), topic_prefix=f"tables-{store}.", partitions=PARTITIONS)
    assert all(state.created for state in create_topics(settings, tables=[TABLE]))
    with Run(settings, tmp_path) as run:

        def start(folder: str) -> Worker:
            return run.start(WORKER, STORE=store, DATADIR=str(tmp_path / folder), **QUICK)

        folders = ["one", "two"]
        workers = [start(folder) for folder in folders]
        sent = run.send(versions())
        guest = None
        for number, share in enumerate(KILLS):
            out = int(share * sent)
            run.wait_until(run.events(out), 120, f"{out} events")
            workers[number % 2].kill()
            workers[number % 2] = start(folders[number % 2])  # with what it left on disk
            if number == 0:
                guest = start("guest")
            if number == 2 and guest:
                assert guest.stop() == 0
        assert len(places(run)) < sent, "the last kill must come before the end"
        seconds = run.wait_until(lambda: len(places(run)) == sent, 120, "every record")
        for worker in workers:
            worker.kill()

        proof = Proof(settings)
        assert proof.changelog() == proof.expected
        assert proof.stale() == []
        repeats = len(run.enriched.records) - sent
        assert repeats > 0, "without repeats the kills hit nothing"

        worker = start("one")
        unready = wait_until_ready(worker)
        assert looked_up(run, proof.expected) == summed(proof.expected)
        assert worker.stop() == 0
        print(
            f"\n{store}: {sent} records, {len(KILLS)} SIGKILLs, one worker joined and left: 0 lost, {repeats} repeats, "
            f"0 stale reads; the rest {seconds:.1f} s after the last kill; started again: {unready}"
        )


def test_a_changelog_that_is_not_compacted_is_told(one_node: Kafka) -> None:
    """It would forget states with time."""
    settings = Settings(broker=one_node.address(), topic_prefix="told.", partitions=1)
    changelog, client = settings.changelog(TABLE), admin(settings)
    config = changelog.config | {"cleanup.policy": "delete"}
    client.create_topics([NewTopic(changelog.name, changelog.partitions, 1, topic_configs=config)])
    client.close()
    (problem,) = [state.problem for state in create_topics(settings, tables=[TABLE]) if state.problem]
    assert problem == "cleanup.policy is delete: make it compact, or records are kept too short or too long"


def places(run: Run) -> set[tuple[int, int]]:
    """Partition and offset of every record that came out."""
    seen = (msgspec.json.decode(json.loads(record.value)["text"], type=Seen) for record in list(run.enriched.records))
    return {(one.partition, one.offset) for one in seen}


def summed(states: States) -> dict[tuple[int, str], tuple[int, int]]:
    """Articles and words by partition and source."""
    return {place: (len(state), sum(words for _, words in state.values())) for place, state in states.items()}


def looked_up(run: Run, states: States) -> dict[tuple[int, str], tuple[int, int]]:
    """The same as a worker has it: asked by records in every partition."""
    client = producer(run.settings)
    asked = {}
    for partition, source in states:
        item = json.dumps({"uri": "look", "source": source, "version": 1, "text": LOOK}).encode()
        sent = client.send(run.settings.topics.raw.name, value=item, partition=partition)
        asked[partition, sent.get(timeout=60).offset] = source
    client.close()
    run.wait_until(lambda: asked.keys() <= places(run), 60, "every answer")
    seen = [msgspec.json.decode(json.loads(record.value)["text"], type=Seen) for record in run.enriched.records]
    return {(s.partition, s.source): (s.articles, s.words) for s in seen if (s.partition, s.offset) in asked}


def wait_until_ready(worker: Worker) -> dict[str, str]:
    """Why the worker was not ready until it was, with the seconds since its start."""
    began, said = time.monotonic(), dict[str, str]()
    while time.monotonic() - began < 60:
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{worker.web_port}/readyz", timeout=5)
            return said | {"ready": f"{time.monotonic() - began:.1f} s"}
        except urllib.error.HTTPError as error:
            for problem in json.loads(error.read())["problems"].values():
                said.setdefault(problem, f"{time.monotonic() - began:.1f} s")
        except OSError:
            pass
        time.sleep(0.01)
    raise AssertionError(f"not ready: {said}\n{worker.log[-2000:]}")
