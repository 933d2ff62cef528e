"""The table's memory is a worker's, not that of the program which prints it."""

import pytest

from streams.models import TIERS

evaluate = pytest.importorskip("streams.models.training.evaluate", reason="needs the extra `train`")


@pytest.mark.parametrize("tier", TIERS)
def test_peak_memory_leaves_out_the_program_that_asks(tier: str) -> None:
    held = b"\x01" * 900_000_000
    assert 50 < evaluate.peak_memory(tier) < 500 < len(held) / 1e6
