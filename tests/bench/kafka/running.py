"""A system at work on topics of its own: started on its cores, warmed up, fed, timed by the broker's clock."""

import os
import time
import uuid
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Any

from kafka.errors import KafkaError

from streams.broker.admin import create_topics
from streams.broker.clients import admin, producer
from streams.settings import Settings
from tests.bench.kafka.systems import System
from tests.bench.machine import ONE_THREAD, cpu_seconds, pin
from tests.bench.texts import Raw, wire
from tests.broker.support import Run, header

_READY = 180.0  # seconds until the first article is out: models, and a group's first join
_SELDOM = {"fetch_min_bytes": 1 << 20, "fetch_max_wait_ms": 300}  # the broker notes the time: to collect costs little
_STILL = 60.0  # seconds without any output after which no more is expected


@dataclass
class Running:
    """One system with its processes. Articles are numbered, and the number comes back in `traceparent`."""

    run: Run
    items: Iterator[Raw]
    numbers: Iterator[int] = field(default_factory=count)
    seen: int = 0
    done: dict[int, float] = field(default_factory=dict)  # number -> Unix time at which the broker had the result

    def __post_init__(self) -> None:
        self._client: Any = producer(self.run.settings)

    def send(self) -> int:
        """Sends the next article without waiting; its number."""
        number = next(self.numbers)
        key, value, headers = next(self.items)
        trace = ("traceparent", f"00-{number + 1:032x}-{1:016x}-01".encode())
        self._client.send(self.run.settings.topics.raw.name, key=key, value=value, headers=[*headers, trace])
        return number

    def flush(self) -> None:
        """Returns when the broker has all that was sent."""
        self._client.flush()

    def wait_for(self, wanted: Sequence[int], timeout: float = _STILL) -> None:
        """Waits until these are out. Raises TimeoutError after a time without any output."""
        last, since = -1, time.monotonic()
        while not all(number in self.done for number in wanted):
            self._look()
            if len(self.done) != last:
                last, since = len(self.done), time.monotonic()
            elif time.monotonic() - since > timeout:
                missing = [number for number in wanted if number not in self.done]
                logs = "\n".join(worker.log[-2000:] for worker in self.run.workers)
                raise TimeoutError(f"{len(missing)} of {len(wanted)} articles did not come out\n{logs}")
            time.sleep(0.05)

    def cpu(self) -> float:
        """Processor time of the system's processes so far, seconds."""
        return sum(cpu_seconds(worker.process.pid) for worker in self.run.workers)

    def close(self) -> None:
        """Closes the producer."""
        self._client.close()

    def _look(self) -> None:
        records = self.run.enriched.records
        for record in records[self.seen : (end := len(records))]:
            number = int((header(record, "traceparent") or "").split("-")[1], 16) - 1
            self.done.setdefault(number, record.timestamp / 1000)
        self.seen = end


@contextmanager
def running(
    system: System,
    broker: str,
    folder: Path,
    on: Sequence[int],
    partitions: int = 6,
    items: Iterator[Raw] | None = None,
) -> Iterator[Running]:
    """The system with one process for each core of `on`, warm and with stable groups, while the context lasts.

    It is fed with the sample wire, or with `items`, which never end.
    """
    settings = Settings(broker=broker, topic_prefix=f"b{uuid.uuid4().hex[:8]}.", partitions=partitions)
    _create_topics(settings)
    place = folder / settings.topic_prefix
    place.mkdir()
    os.environ.update(ONE_THREAD)
    with Run(settings, place, **_SELDOM) as run:
        one = Running(run, items or (raw for raw, _ in wire(partitions)))
        try:
            for core in on:
                pin(run.start(system.command, **system.env).process.pid, core)
            _wait_for_groups(run, len(on))
            warm = [one.send() for _ in range(5 * len(on))]
            one.wait_for(warm, _READY)
            yield one
        finally:
            one.close()


def _create_topics(settings: Settings) -> None:
    problems = [state for state in create_topics(settings) if state.problem]
    if problems:
        raise RuntimeError(str(problems))


def _wait_for_groups(run: Run, members: int) -> None:
    """Until every consumer group of this run is stable with so many members. Raises TimeoutError."""
    settings = run.settings
    client, end = admin(settings), time.monotonic() + _READY
    while time.monotonic() < end and all(worker.process.poll() is None for worker in run.workers):
        with suppress(KafkaError):  # a coordinator that is not there yet
            names = group_names(client, settings)
            groups = client.describe_groups(names).values() if names else ()
            if groups and all(g["group_state"] == "Stable" and len(g["members"]) == members for g in groups):
                client.close()
                return
        time.sleep(0.2)
    logs = "\n".join(worker.log[-2000:] for worker in run.workers)
    raise TimeoutError(f"the groups of {settings.topic_prefix} did not become stable with {members} members\n{logs}")


def group_names(client: Any, settings: Settings) -> list[str]:
    """The consumer groups of a run."""
    prefix = settings.topic_prefix.rstrip(".")
    return [group["group_id"] for group in client.list_groups() if group["group_id"].startswith(prefix)]
