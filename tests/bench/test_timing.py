"""The open loop: a schedule that waits for nobody, and percentiles of what came of it."""

import pytest

from tests.bench.kafka.timing import Sample, latency, percentile, schedule


def test_the_schedule_has_the_rate_asked_for_and_is_the_same_each_time() -> None:
    times = schedule(rate=50, seconds=100)
    assert len(times) == pytest.approx(5000, rel=0.05)
    assert times == sorted(times) == schedule(rate=50, seconds=100)
    assert times[-1] < 100


def test_the_same_arrivals_at_another_rate() -> None:
    """Twice as fast, in half the time: the same pattern, so that systems of unlike capacity are comparable."""
    slow, fast = schedule(rate=5, seconds=10), schedule(rate=10, seconds=5)
    assert [moment / 2 for moment in slow] == pytest.approx(fast)


def test_percentiles_are_measured_values() -> None:
    values = [float(n) for n in range(1, 101)]
    assert (percentile(values, 0.5), percentile(values, 0.95), percentile(values, 0.99)) == (50, 95, 99)
    assert percentile([7.0], 0.99) == 7.0
    turns = [[Sample(10, value) for value in values[:50]], [], [Sample(10, value) for value in values[50:]]]
    assert latency(0.5, turns).p99 == 99
    assert latency(0.5, turns).spread == (50, 100)  # a short turn at a low load may have nothing to send
    with pytest.raises(ValueError, match="no values"):
        percentile([], 0.5)
