"""The page says what the run found, and says so where the run was short or disturbed."""

from pathlib import Path

import pytest

from tests.bench.kafka.cost import Measured
from tests.bench.kafka.kills import Killed
from tests.bench.kafka.load import Capacity
from tests.bench.kafka.results import Results, Row
from tests.bench.kafka.systems import OURS, PEERS
from tests.bench.kafka.timing import Sample

report = pytest.importorskip("tests.bench.kafka.report", reason="needs matplotlib, of the extra `bench`")


def results() -> Results:
    """Ours at 0.95 of bare, a peer that is slower and loses one in 10,000."""
    ours = Row(OURS, 1, [Capacity(9.5, 0.105), Capacity(9.4, 0.106)], {0.5: [[Sample(4.7, 0.2)], [Sample(4.7, 0.3)]]})
    peer = Row(PEERS[0], 1, [Capacity(9.0, 0.11), Capacity(8.9, 0.11)], {0.5: [[Sample(4.5, 0.4), Sample(4.5, 0.5)]]})
    ours.spent, peer.spent = {0.5: 0.22}, {0.5: 0.23}
    ours.plumbing, peer.plumbing = 0.0065, 0.004
    ours.profile = {"aiokafka": 0.6, "streams/flow": 0.4}
    ours.killed, ours.struck = Killed(10_000, 0, 700, 4), Killed(60, 0, 9, 3)
    peer.killed, peer.struck = Killed(10_000, 1, 50, 4), Killed(60, 2, 3, 3)
    run = Results("A machine", "make bench-kafka", 90, 250, 0.04, bare=[10.0, 10.0], rows=[ours, peer])
    run.two, run.beside_two = Row(OURS, 2, [Capacity(18.0, 0.11)]), Row(OURS, 1, [Capacity(9.5, 0.11)])
    run.two.around, run.grown = [0.007], [(6, run.beside_two), (6, run.two)]
    run.measured = Measured(9.45, 0.105, 0.0005, 0.95, 9, 419)
    return run


def test_ratios_and_losses() -> None:
    page = report.page(results())
    assert "| streams | 9.45 | 0.945 | +0.0% | 0.20 | 0.30 | 106 | 6.5 | 0 · 0 |" in page
    assert "| Quix Streams 3 | 8.95 | 0.895 | +5.6% | 0.40 | 0.50 | 110 | 4.0 | 1 · 333 |" in page
    assert "| Quix Streams 3 | at least once | 10000 | 4 | 1 | 50 | 60 | 3 | 333 | 3 |" in page
    assert "18.00 articles/s, **1.89** times\none worker, in turns with it (1.89)" in page
    assert "on the same cores 7.0 ms" in page
    assert "| 6 | 2 | 18.00 | 110 | 1.22 |" in page
    assert "| aiokafka | 3.90 |" in page
    assert "| streams | 1 | 50% | 4.70 | 2 | 0.20 | 0.30 | 0.30 | 0.20–0.30 | 110 |" in page


def test_who_is_ahead_and_what_explains_it() -> None:
    """Ours needs 2.5 ms more of plumbing, 2.4 % of its 105.5 ms; its p99 was the lower in the turn that both had."""
    assert "| Quix Streams 3 | 1 · 333 | +5.6% | 2.5 | 2.4% | 0.30 · 0.50 | 1 of 1 |" in report.page(results())


def test_a_disturbed_or_short_run_says_so() -> None:
    """A figure of such a run is never shown without it."""
    run = results()
    assert "disturbed" not in report.page(run)
    run.others, run.short = 0.3, True
    assert "other processes used 30% of the cores' time" in report.page(run)
    assert "its figures mean nothing" in report.page(run)


def test_the_plots_are_drawn(tmp_path: Path) -> None:
    report.write(results(), tmp_path / "docs/benchmarks.md")
    assert {path.name for path in (tmp_path / "docs").iterdir()} == {
        "benchmarks.md",
        "bench-latency.png",
        "bench-throughput.png",
    }
