"""Sends articles, starts and kills workers, reads what came out. Knows the topics, not the stages."""

import json
import os
import signal
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from streams.broker.clients import consumer, producer
from streams.broker.embedded import QUICK_GROUPS, free_port
from streams.settings import Settings

PLAIN = ("tests.flow.plain_worker",)  # stages without models
SHIPPED = ("streams", "worker")  # the models that ship
Item = tuple[str | None, bytes | None, list[tuple[str, bytes]]]
"""Key, payload and headers of an article to send."""
_MAY_DIFFER = ("times",)
_NO_SETTINGS = ("PLAIN_", "LD_PRELOAD", "CHAOS_")  # what a worker's environment holds beside STREAMS_…


@dataclass
class Worker:
    """A worker process."""

    process: subprocess.Popen[bytes]
    log_file: Path
    web_port: int

    def kill(self) -> None:
        """SIGKILL: no drain, no commit."""
        self.process.kill()
        self.process.wait()

    def stop(self, timeout: float = 60) -> int:
        """SIGTERM; the exit status."""
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(timeout)

    @property
    def log(self) -> str:
        """What the worker wrote."""
        return self.log_file.read_text(errors="replace")


@dataclass
class Output:
    """What came out of a topic so far."""

    records: list[Any] = field(default_factory=list)

    def by_key(self) -> dict[str, list[Any]]:
        """Records by key, in order of arrival."""
        found: dict[str, list[Any]] = defaultdict(list)
        for record in self.records:
            found[(record.key or b"").decode()].append(record)
        return found


class Run:
    """One test's topics. Collects the enriched articles and dead letters in the background.

    `collector` are options of the consumer that does.
    """

    def __init__(self, settings: Settings, folder: Path, **collector: Any) -> None:
        self.settings, self.folder, self._collector = settings, folder, collector
        self.enriched, self.dead_letters = Output(), Output()
        self.workers: list[Worker] = []
        self._stop = threading.Event()
        self._reader = threading.Thread(target=self._read, daemon=True)

    def __enter__(self) -> "Run":
        self._reader.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self.kill_workers()
        self._reader.join(10)

    def start(self, command: Iterable[str] = PLAIN, **env: str) -> Worker:
        """Starts a worker; settings as keyword arguments, as in BATCH_RECORDS="8"."""
        port, number = free_port(), len(self.workers)
        settings = {
            "BROKER": self.settings.broker,
            "TOPIC_PREFIX": self.settings.topic_prefix,
            "WEB_PORT": str(port),
            "DATADIR": str(self.folder / f"data{number}"),
        }
        named = {k if k.startswith(_NO_SETTINGS) else f"STREAMS_{k}": v for k, v in (settings | env).items()}
        log_file = self.folder / f"worker{number}.log"
        with log_file.open("wb") as log:
            process = subprocess.Popen(
                [sys.executable, "-m", *command],
                env={**os.environ, **QUICK_GROUPS, **named},
                stdout=log,
                stderr=log,
                stdin=subprocess.DEVNULL,
            )
        worker = Worker(process, log_file, port)
        self.workers.append(worker)
        return worker

    def kill_workers(self) -> None:
        """Kills those that still run."""
        for worker in self.workers:
            if worker.process.poll() is None:
                worker.kill()

    def send(self, items: Iterable[Item]) -> int:
        """Sends (key, payload, headers) to the raw topic and waits until the broker has them."""
        client = producer(self.settings)
        sent = [
            client.send(self.settings.topics.raw.name, key=key.encode() if key else None, value=value, headers=headers)
            for key, value, headers in items
        ]
        for one in sent:
            one.get(timeout=60)
        client.close()
        return len(sent)

    def wait_until(self, condition: Callable[[], bool], timeout: float, what: str) -> float:
        """Waits for a condition; seconds it took. Fails with the workers' last lines."""
        began = time.monotonic()
        while not condition():
            if time.monotonic() - began > timeout:
                logs = "\n".join(worker.log[-1500:] for worker in self.workers[-2:])
                raise AssertionError(f"{what} not within {timeout:.0f} s; {self.counts()}\n{logs}")
            time.sleep(0.05)
        return time.monotonic() - began

    def events(self, count: int) -> Callable[[], bool]:
        """A condition to wait for: so many enriched events, repeats among them."""
        return lambda: len(self.enriched.records) >= count

    def articles(self, count: int) -> Callable[[], bool]:
        """A condition to wait for: enriched events of so many articles."""
        return lambda: len(self.enriched.by_key()) >= count

    def settled(self) -> bool:
        """Whether every worker that runs has its partitions, in every stage's group.

        To wait for before a kill on the embedded broker: Tansu 0.6 keeps a leader that dies between its join and its
        sync for ever, and every sync of the others ends in REBALANCE_IN_PROGRESS. Kafka lets it go with its session.
        """
        return all(is_ready(worker) for worker in self.workers if worker.process.poll() is None)

    def collect(
        self, topic: str, count: int, timeout: float = 60, parse: Callable[[bytes], Any] = json.loads
    ) -> list[Any]:
        """The first `count` events of a topic, as JSON or otherwise parsed."""
        client, found, end = consumer(self.settings, [topic]), list[Any](), time.monotonic() + timeout
        while len(found) < count and time.monotonic() < end:
            found += [record for records in client.poll(timeout_ms=200).values() for record in records]
        client.close()
        return [parse(record.value) for record in found]

    def counts(self) -> str:
        """How much has come out."""
        return (
            f"{len(self.enriched.by_key())} articles in {len(self.enriched.records)} enriched events, "
            f"{len(self.dead_letters.records)} dead letters"
        )

    def _read(self) -> None:
        topics = self.settings.topics
        client = consumer(self.settings, [topics.enriched.name, topics.dead_letters.name], **self._collector)
        while not self._stop.is_set():
            for records in client.poll(timeout_ms=200).values():
                for record in records:
                    output = self.dead_letters if record.topic == topics.dead_letters.name else self.enriched
                    output.records.append(record)
        client.close()


def metrics(worker: Worker) -> str:
    """The worker's page of metrics. Raises OSError where it is not there yet."""
    return str(urllib.request.urlopen(f"http://127.0.0.1:{worker.web_port}/metrics", timeout=5).read().decode())


def status(port: int, path: str) -> int:
    """HTTP status of a worker's page."""
    try:
        return int(urllib.request.urlopen(f"http://127.0.0.1:{port}/{path}", timeout=5).status)
    except urllib.error.HTTPError as error:
        return error.code


def is_ready(worker: Worker) -> bool:
    """Whether the worker says so."""
    try:
        return status(worker.web_port, "readyz") == 200
    except OSError:  # the page is not there yet
        return False


def header(record: Any, name: str) -> str | None:
    """A header of a record as text."""
    return next((value.decode() for key, value in record.headers if key == name), None)


def content(record: Any) -> dict[str, Any]:
    """An event without what may differ between repeats of one `ce_id`."""
    event = {name: value for name, value in json.loads(record.value).items() if name not in _MAY_DIFFER}
    event["produced_by"] = [
        {name: value for name, value in step.items() if name != "seconds"} for step in event["produced_by"]
    ]
    return event


def differing(records: Iterable[Any]) -> list[str]:
    """Every `ce_id` under which events with different content came out."""
    first: dict[str, dict[str, Any]] = {}
    wrong = []
    for record in records:
        identity = header(record, "ce_id") or ""
        if first.setdefault(identity, content(record)) != content(record):
            wrong.append(identity)
    return wrong
