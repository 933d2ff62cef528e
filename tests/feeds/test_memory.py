"""What is remembered of a feed, and when it is polled again."""

import pytest

from streams.feeds.memory import Memory
from streams.feeds.pace import Pace


def entries(first: int, count: int) -> list[bytes]:
    return [b"entry %d" % number for number in range(first, first + count)]


def test_a_feed_of_any_length_is_sent_once() -> None:
    memory = Memory()
    assert list(memory.new(entries(0, 5_600))) == entries(0, 5_600)
    for _ in range(3):
        assert list(memory.new(entries(0, 5_600))) == []


def test_entries_that_go_and_come_back_are_known() -> None:
    """A cache serves an old list for once, or an answer breaks off."""
    memory = Memory()
    list(memory.new(entries(0, 5_600)))
    assert list(memory.new(entries(0, 10))) == []
    assert list(memory.new(entries(0, 5_600))) == []


def test_memory_is_twice_the_feed_at_most() -> None:
    memory = Memory()
    for turn in range(30):
        list(memory.new(entries(turn * 2_000, 2_000)))
    assert len(memory) == 4_000
    small = Memory()
    for turn in range(5_000):
        list(small.new(entries(turn, 20)))
    assert len(small) == 1_000


def test_an_entry_that_stays_listed_is_not_forgotten() -> None:
    memory = Memory()
    for turn in range(5_000):
        assert (b"at the top" in list(memory.new([b"at the top", b"entry %d" % turn]))) is (turn == 0)


def test_an_entry_listed_twice_is_new_once() -> None:
    assert list(Memory().new([b"a", b"b", b"a"])) == [b"a", b"b"]


def test_pauses_grow_with_failures_and_end_with_them(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("random.uniform", lambda least, most: least)
    pace = Pace(60)
    assert [pace.pause(False), pace.pause(False)] == [60, 60]
    assert [pace.pause(True) for _ in range(8)] == [60, 120, 240, 480, 960, 1920, 3600, 3600]
    assert pace.pause(False) == 60
    assert Pace(7_200).pause(True) == 7_200
    for _ in range(10_000):
        pace.pause(True)  # and no overflow


def test_what_the_server_asks_for_is_waited() -> None:
    pause = Pace(60).pause(True, wait=900)
    assert 900 <= pause <= 990
    assert Pace(60).pause(True, wait=5) >= 60


def test_feeds_do_not_keep_step() -> None:
    pauses = {Pace(60).pause(False) for _ in range(20)}
    assert len(pauses) > 10
    assert min(pauses) >= 60
    assert max(pauses) <= 66
