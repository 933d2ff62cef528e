"""What is committed where a partition has offsets without a record: transactions leave such."""

import asyncio
from collections import defaultdict
from types import SimpleNamespace
from typing import Any

import pytest
from faust.types import TP

from streams.flow.consumer import PromptConsumer, without_record

RAW = TP("news.raw", 0)


@pytest.mark.parametrize(
    ("before", "after", "records", "empty"),
    [
        (3, 6, [3, 4, 5], []),
        (3, 9, [4, 6], [range(3, 4), range(5, 6), range(7, 9)]),
        (3, 9, [], [range(3, 9)]),  # a whole transaction that was aborted
        (3, 3, [], []),
        (2, 2, [0], [range(1, 2)]),  # a new partition: its position was not known before the fetch
        (50, 6, [5], []),  # gone back to what is committed, during the fetch
        (50, 9, [5, 6], [range(7, 9)]),
    ],
)
def test_offsets_without_a_record(before: int, after: int, records: list[int], empty: list[range]) -> None:
    assert without_record(before, after, records) == empty


@pytest.fixture
def consumer() -> Any:
    """Only what Faust keeps of acknowledgements."""
    made: Any = PromptConsumer.__new__(PromptConsumer)
    made.app = SimpleNamespace(topics=SimpleNamespace(acks_enabled_for=lambda topic: topic == RAW.topic))
    made._acked, made._acked_index, made._gap = defaultdict(list), defaultdict(set), defaultdict(list)
    made._committed_offset = defaultdict(lambda: None)
    return made


def acknowledge(consumer: Any, *offsets: int) -> None:
    """As Faust does when a record is done."""
    consumer._acked[RAW].extend(offsets)
    consumer._acked_index[RAW].update(offsets)


def test_a_record_in_work_holds_back_what_is_empty_behind_it(consumer: Any) -> None:
    acknowledge(consumer, 0)
    consumer._nothing_at(RAW, range(1, 4))
    consumer._nothing_at(RAW, range(5, 6))
    assert consumer._new_offset(RAW) == 4
    acknowledge(consumer, 4)
    assert consumer._new_offset(RAW) == 6


def test_the_record_after_empty_offsets_is_not_taken_for_done(consumer: Any) -> None:
    """Faust's own note of them has it in, and would commit past it."""
    consumer._committed_offset[RAW] = 3
    asyncio.run(consumer._add_gap(RAW, 3, 5))
    acknowledge(consumer, 6)
    assert consumer._new_offset(RAW) == 5


def test_empty_offsets_count_once_and_only_where_something_is_acknowledged(consumer: Any) -> None:
    consumer._committed_offset[RAW] = 2
    acknowledge(consumer, 2)
    for _ in range(2):
        consumer._nothing_at(RAW, range(3, 5))
    assert consumer._acked[RAW] == [2, 3, 4]
    changelog = TP("news.changelog", 0)
    consumer._nothing_at(changelog, range(1, 2))
    assert changelog not in consumer._acked


def test_what_retention_deleted_is_passed_at_once(consumer: Any) -> None:
    """A million offsets between what is committed and the first record that is left."""
    consumer._committed_offset[RAW] = 5
    consumer._nothing_at(RAW, range(5, 1_000_000))
    assert len(consumer._acked[RAW]) == 1
    acknowledge(consumer, 1_000_000)
    assert consumer._new_offset(RAW) == 1_000_001
