"""Three minutes of the soak: `make soak` runs it for an hour."""

from pathlib import Path

import pytest

from tests.broker.kafka.nodes import Kafka
from tests.soak.soak import soak

pytestmark = [pytest.mark.broker, pytest.mark.services, pytest.mark.timeout(260)]
MINUTES = 2.8


def test_a_worker_at_half_of_its_capacity_holds_still(one_node: Kafka, tmp_path: Path) -> None:
    """Memory, lag and latency, with words it never saw before."""
    soaked = soak(one_node.address(), tmp_path, MINUTES)
    print(f"\n{soaked.sent} articles at {soaked.rate:.2f}/s: {soaked.verdict}")
    assert soaked.verdict.problems == ()
