"""The short form of the fault suite: each of a few faults once, on three nodes. The whole of it is `make chaos`."""

from pathlib import Path

import pytest

from tests.broker.kafka.nodes import Kafka
from tests.chaos.faults import FAULTS, Fault
from tests.chaos.runner import run

pytestmark = [pytest.mark.broker, pytest.mark.timeout(300)]
SHORT = ("sigkill", "broker-killed", "hang")


@pytest.mark.parametrize("fault", [fault for fault in FAULTS if fault.name in SHORT], ids=lambda fault: fault.name)
def test_nothing_is_lost(fault: Fault, three_nodes: Kafka, tmp_path: Path) -> None:
    """In mid-stream, with two workers; the checker reads the topics, and output flows again."""
    row = run(fault, three_nodes, tmp_path / "scene", seed="short", size=0.5, short=True)
    print(f"\n{row}")
    assert row.passed, row
