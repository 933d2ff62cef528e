"""The comparison of a table with a batch computation sees what is wrong with one."""

import json

import pytest

from tests.chaos.states import compare, computed, kept
from tests.chaos.test_check import Record, raw


def state(offset: int, key: str, partition: int = 0, **versions: int) -> Record:
    """A changelog record: of each item, the version that it holds; the text is that of `raw`."""
    items = {item: {"version": version, "value": "t" * 10} for item, version in versions.items()}
    return Record(offset, key.encode(), json.dumps({"by_item": items}).encode(), partition=partition)


WIRE = [raw(0, "a1"), raw(1, "a2"), raw(2, "a2", 2), raw(3, "a2"), raw(4, "bad", poisoned=True), raw(5, "b1")]
RIGHT = [state(0, "a", a1=1), state(1, "b", b1=1), state(2, "a", a1=1, a2=2)]


def test_a_table_that_is_right() -> None:
    assert compare(computed(WIRE), kept(RIGHT)) == {"a in 0": True, "b in 0": True}


@pytest.mark.parametrize(
    "wrong",
    [
        state(3, "a", a1=1, a2=1),
        state(3, "a", a2=2),
        state(3, "a", a1=1, a2=2, a3=1),
        state(3, "c", c1=1),
        state(3, "a", partition=1, a1=1, a2=2),
        Record(3, b"a", None),
    ],
    ids=["old version", "item lost", "item invented", "state invented", "in another partition", "deleted"],
)
def test_a_table_that_is_wrong(wrong: Record) -> None:
    assert sum(not right for right in compare(computed(WIRE), kept([*RIGHT, wrong])).values()) == 1


def test_states_that_were_never_kept() -> None:
    assert compare(computed(WIRE), kept(RIGHT[:1])) == {"a in 0": False, "b in 0": False}
