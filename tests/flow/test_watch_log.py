"""The watch where a log is not as it should be: its end is lost, its beginning deleted, a batch cannot be read."""

import pytest
from prometheus_client import REGISTRY

from streams.flow.fetches import Reset, Unreadable
from tests.flow.test_watch import RAW, Watching, lag
from tests.flow.test_watch import watching as watching  # the fixture

ROT = Unreadable(4, 6, "CorruptRecordException: Invalid CRC")


def value(name: str, **labels: str) -> float | None:
    return REGISTRY.get_sample_value(name, labels)


def test_a_batch_that_cannot_be_read_is_lag_and_not_ready_but_no_stall(watching: Watching) -> None:
    """No restart helps against it. Nothing of the partition was worked before."""
    consumer = watching.app.consumer
    consumer.ends[RAW[1]] = 0
    consumer.unreadable = {RAW[0]: ROT}
    consumer.log_ends = {RAW[0]: 10, RAW[1]: 0}
    place = {"topic": "news.raw", "partition": "0"}
    for _ in range(3):
        assert watching.look(301) == {}
    assert lag(0) == 6
    assert watching.watch.not_ready() == {"normalise": "a batch cannot be read in news.raw 0 at 4"}
    assert value("news_consumer_unreadable", **place) == 1
    consumer.unreadable = {}
    watching.look()
    assert watching.watch.not_ready() == {}
    assert value("news_consumer_unreadable", **place) == 0


def test_the_other_partitions_can_stall_beside_it(watching: Watching) -> None:
    watching.app.consumer.ends[RAW[1]] = 3
    watching.app.consumer.unreadable = {RAW[0]: ROT}
    watching.work(0, partition=1)
    watching.look()
    assert watching.look(301) == {"normalise": "no progress for 300 s with 2 records waiting"}


def test_a_changelog_that_cannot_be_read_is_no_stall_either(watching: Watching) -> None:
    watching.work(3)
    watching.look()
    watching.app.in_recovery = True
    watching.app.consumer.unreadable = {RAW[0]._replace(topic="news.stories-changelog"): ROT}
    assert watching.look(301) == {}
    assert watching.watch.not_ready() == {"normalise": "a batch cannot be read in news.stories-changelog 0 at 4"}


@pytest.mark.parametrize(
    ("reset", "cause", "deleted", "behind"),
    [(Reset(RAW[0], 50, 0), "beyond_end", 0, 10), (Reset(RAW[0], 3, 8), "deleted", 5, 2)],
)
def test_a_position_that_is_not_in_the_log_is_counted_and_lag_begins_anew(
    watching: Watching, reset: Reset, cause: str, deleted: int, behind: int
) -> None:
    def counted() -> tuple[float, float]:
        gone = value("news_consumer_deleted_unread_records_total", stage="normalise")
        return value("news_consumer_resets_total", stage="normalise", cause=cause) or 0.0, gone or 0.0

    watching.work(reset.lost - 1)
    before = counted()
    watching.app.consumer.resets.append(reset)
    watching.look()
    assert lag(0) == behind
    assert counted() == (before[0] + 1, before[1] + deleted)
