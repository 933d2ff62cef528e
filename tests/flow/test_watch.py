"""The watch: lag from the consumer's own view, a stall only where the broker answers, readiness."""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import NamedTuple

import pytest
from aiokafka.errors import KafkaConnectionError, NotEnoughReplicasError
from faust.exceptions import ConsumerNotStarted
from prometheus_client import REGISTRY

from streams.flow import watch as watch_module
from streams.flow.fetches import Reset, Unreadable
from streams.flow.positions import Positions
from streams.flow.watch import Watch, Watched
from streams.settings import Settings
from tests.flow.plain_worker import plain_stages


class Partition(NamedTuple):
    topic: str
    partition: int


RAW = [Partition("news.raw", 0), Partition("news.raw", 1)]


@dataclass
class FakeConsumer:
    """What the watch asks of Faust's consumer; a partition without an end was taken away meanwhile."""

    assigned: list[Partition] | None
    ends: dict[Partition, int | None]
    _committed_offset: dict[Partition, int | None] = field(default_factory=dict)
    log_ends: dict[Partition, int] = field(default_factory=dict)
    unreadable: dict[Partition, Unreadable] = field(default_factory=dict)
    resets: deque[Reset] = field(default_factory=deque)

    def assignment(self) -> set[Partition]:
        if self.assigned is None:
            raise ConsumerNotStarted
        return set(self.assigned)

    def highwater(self, partition: Partition) -> int | None:
        assert partition in self.ends, "Partition is not assigned"
        return self.ends[partition]

    async def highwaters(self, *partitions: Partition) -> dict[Partition, int]:
        return {partition: self.log_ends[partition] for partition in partitions if partition in self.log_ends}


class FakeApp:
    """An app whose broker answers unless `away`."""

    def __init__(self, consumer: FakeConsumer) -> None:
        self.consumer = consumer
        self.rebalancing = False
        self.in_recovery = False
        self.away = False
        self.asked = 0
        self.listeners: list[Callable[..., Awaitable[None]]] = []
        self.on_partitions_assigned = SimpleNamespace(connect=lambda f, weak: self.listeners.append(f))
        client = SimpleNamespace(fetch_all_metadata=self._answer)
        self.producer = SimpleNamespace(_producer=SimpleNamespace(client=client))

    async def _answer(self) -> None:
        self.asked += 1
        if self.away:
            raise KafkaConnectionError


@dataclass
class Watching:
    """A watch on the stage `normalise`, looked at by hand on a clock that is set by hand."""

    app: FakeApp
    one: Watched
    watch: Watch
    clock: list[float]

    def look(self, seconds: float = 0.0) -> dict[str, str]:
        """Time goes on, the watch looks; what /healthz would say."""
        self.clock[0] += seconds
        asyncio.run(self.watch._look_at(self.one))
        return self.watch.problems()

    def work(self, offset: int, partition: int = 0) -> None:
        self.one.positions.taken(partition, offset, 1000.0 + offset)
        self.one.positions.worked(partition, offset, 1000.0 + offset)


@pytest.fixture
def watching(monkeypatch: pytest.MonkeyPatch) -> Watching:
    clock = [0.0]
    monkeypatch.setattr(watch_module, "time", SimpleNamespace(monotonic=lambda: clock[0]))
    return _watching(FakeConsumer(RAW, {RAW[0]: 10, RAW[1]: None}), clock)


def _watching(consumer: FakeConsumer, clock: list[float]) -> Watching:
    app = FakeApp(consumer)
    one = Watched(app, plain_stages(Settings())[0], Positions(), moved_at=0.0, asked_at=0.0)  # type: ignore[arg-type]
    return Watching(app, one, Watch([one], "127.0.0.1", 0, stall_seconds=300.0), clock)


def lag(partition: int) -> float | None:
    return REGISTRY.get_sample_value("news_consumer_lag_records", {"topic": "news.raw", "partition": str(partition)})


def test_lag_is_exported_where_it_is_known(watching: Watching) -> None:
    watching.work(3)
    watching.look()
    assert lag(0) == 6
    assert lag(1) is None
    labels = {"topic": "news.raw", "partition": "0"}
    assert REGISTRY.get_sample_value("news_consumer_position_timestamp_seconds", labels) == 1003.0


def test_a_partition_without_a_record_counts_from_the_committed_offset(watching: Watching) -> None:
    watching.app.consumer._committed_offset[RAW[0]] = 4
    watching.look()
    assert (lag(0), watching.one.lag) == (6, 6)


def test_an_empty_partition_has_no_lag(watching: Watching) -> None:
    watching.app.consumer.ends[RAW[1]] = 0
    watching.look()
    assert lag(1) == 0


def test_lag_of_a_partition_that_went_to_another_worker_is_not_shown_any_more(watching: Watching) -> None:
    watching.work(3)
    watching.look()
    watching.app.consumer.assigned = [RAW[1]]
    watching.look()
    assert lag(0) is None


def test_a_partition_taken_away_while_the_watch_looks(watching: Watching) -> None:
    """The consumer has a thread of its own: the race must not end the worker."""
    watching.work(3)
    del watching.app.consumer.ends[RAW[1]]
    assert watching.look() == {}
    assert lag(0) == 6


def test_other_topics_of_the_consumer_are_not_the_stages(watching: Watching) -> None:
    other = Partition("news-normalise-assignor", 7)
    watching.app.consumer.assigned = [*RAW, other]
    watching.app.consumer.ends[other] = 99
    watching.app.consumer._committed_offset[other] = 0
    assert watching.one.partitions() == {0, 1}
    watching.look()
    assert watching.one.lag == 0


def test_lag_without_progress_while_the_broker_answers_is_a_stall(watching: Watching) -> None:
    watching.work(3)
    assert watching.look() == {}
    assert watching.look(299) == {}
    assert watching.look(2) == {"normalise": "no progress for 300 s with 6 records waiting"}
    assert watching.look(1) != {}
    assert watching.app.asked == 1, "the broker is asked once a stall, not every second"


def test_progress_ends_the_stall(watching: Watching) -> None:
    watching.work(3)
    watching.look()
    assert watching.look(301) != {}
    watching.work(4)
    assert watching.look() == {}
    assert watching.look(299) == {}
    assert watching.look(2) != {}


def test_no_lag_is_no_stall(watching: Watching) -> None:
    watching.work(9)
    watching.look()
    assert watching.look(10_000) == {}


def test_lag_that_is_new_after_a_quiet_night_has_its_full_time(watching: Watching) -> None:
    watching.work(9)
    watching.look()
    watching.look(30_000)
    watching.app.consumer.ends[RAW[0]] = 12
    assert watching.look(1) == {}
    assert watching.look(298) == {}
    assert watching.look(3) != {}


def test_a_broker_that_is_away_is_no_stall_and_the_time_begins_again_with_it(watching: Watching) -> None:
    watching.work(3)
    watching.look()
    watching.app.away = True
    assert watching.look(301) == {}
    watching.app.away = False
    assert watching.look(299) == {}
    assert watching.look(2) != {}


def test_brokers_that_refuse_a_delivery_are_no_stall_but_not_ready(watching: Watching) -> None:
    watching.work(3)
    watching.one.positions.delivery_failed(NotEnoughReplicasError())
    assert watching.look(301) == {}
    assert watching.look(301) == {}
    assert "NotEnoughReplicasError" in watching.watch.not_ready()["normalise"]
    watching.one.positions.delivery_failed(None)
    assert watching.look(299) == {}
    assert watching.watch.not_ready() == {}
    assert watching.look(2) != {}


def test_a_rebalance_is_no_stall(watching: Watching) -> None:
    watching.work(3)
    watching.look()
    watching.app.rebalancing = True
    assert watching.look(60) == {}
    watching.app.rebalancing = False
    watching.work(4)
    assert watching.look(299) == {}


def test_a_rebalance_without_end_is_one(watching: Watching) -> None:
    watching.work(9)
    watching.look()
    watching.app.rebalancing = True
    assert watching.look(301) == {"normalise": "no progress for 300 s with 0 records waiting, in a rebalance"}


def test_a_consumer_that_died_in_silence_is_found_at_the_second_look_at_the_log(watching: Watching) -> None:
    """It sees no new high watermark, so its lag is 0; the broker knows of records beyond."""
    watching.work(9)
    watching.look()
    watching.app.consumer.log_ends = {RAW[0]: 12}
    assert watching.look(301) == {}, "they may have come this second"
    assert watching.look(299) == {}
    assert watching.look(2) != {}


def test_a_log_that_ends_with_what_holds_no_record_is_no_stall(watching: Watching) -> None:
    """What a transaction leaves there is committed without being worked."""
    watching.work(9)
    watching.app.consumer.ends[RAW[0]] = 12
    watching.app.consumer.log_ends = {RAW[0]: 12}
    watching.app.consumer._committed_offset[RAW[0]] = 12
    watching.look()
    assert lag(0) == 0
    watching.look(301)
    assert watching.look(301) == {}


def test_records_that_were_worked_between_two_looks_at_the_log_are_no_stall(watching: Watching) -> None:
    watching.work(9)
    watching.look()
    watching.app.consumer.log_ends = {RAW[0]: 12}
    watching.look(301)
    watching.work(11)
    watching.app.consumer.log_ends = {RAW[0]: 15}
    assert watching.look(301) == {}


def test_ready_with_partitions(watching: Watching) -> None:
    assert watching.watch.not_ready() == {}
    watching.app.rebalancing = True
    assert watching.watch.not_ready() == {"normalise": "rebalancing"}
    watching.app.in_recovery = True
    assert watching.watch.not_ready() == {"normalise": "reading back the states of its tables"}


@pytest.mark.parametrize("consumer", [FakeConsumer(None, {}), FakeConsumer([], {})], ids=["not started", "none left"])
def test_not_ready_without_partitions(consumer: FakeConsumer) -> None:
    watching = _watching(consumer, [0.0])
    assert watching.watch.not_ready() == {"normalise": "no partitions assigned"}
    asyncio.run(watching.watch._look_at(watching.one))
    assert watching.watch.problems() == {}


def test_each_assignment_counts_as_a_rebalance(watching: Watching) -> None:
    def counted() -> float:
        return REGISTRY.get_sample_value("news_rebalances_total", {"stage": "normalise"}) or 0.0

    before = counted()
    asyncio.run(watching.app.listeners[0](watching.app, set(RAW)))  # type: ignore[arg-type]
    assert counted() == before + 1


def test_it_looks_by_itself_and_closes_its_port(watching: Watching, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(watch_module, "_INTERVAL", 0.01)
    watching.work(3)

    async def live() -> None:
        await watching.watch.start()
        await asyncio.sleep(0.1)
        await watching.watch.stop()

    asyncio.run(live())
    assert watching.one.lag == 6
