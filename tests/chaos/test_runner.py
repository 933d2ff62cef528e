"""When a fault passes: the verdict alone is not enough."""

from dataclasses import replace

import pytest

from tests.chaos.check import Verdict
from tests.chaos.faults import SOON, Fault
from tests.chaos.runner import Row
from tests.chaos.strikes import calm

KILL = Fault("kill", "a worker is killed", calm, limit=SOON)
ROW = Row(KILL, Verdict(sent=1, came_out=1), seconds=SOON, ended=0, took=30.0, states={})


def test_a_fault_that_passes() -> None:
    assert ROW.passed
    assert replace(ROW, fault=replace(KILL, limit=None), seconds=SOON + 60).passed, "it has no limit"


@pytest.mark.parametrize(
    "wrong",
    [
        replace(ROW, seconds=SOON + 0.1),
        replace(ROW, seconds=None),
        replace(ROW, verdict=Verdict(sent=2, came_out=1, lost=["a 1"])),
        replace(ROW, states={"a in 0": True, "b in 0": False}),
        replace(ROW, fault=replace(KILL, tables=("texts",))),
    ],
    ids=["too late", "never", "lost", "a state wrong", "no state to judge"],
)
def test_a_fault_that_does_not(wrong: Row) -> None:
    assert not wrong.passed
