"""When to send, and what came of it: plain arithmetic."""

import math
import random
from collections.abc import Sequence
from dataclasses import dataclass

HALF = 0.5  # the load, as a share of capacity, at which all are compared


@dataclass(frozen=True)
class Sample:
    """An article's latency in seconds, at a rate (articles/s)."""

    rate: float
    seconds: float


@dataclass(frozen=True)
class Latency:
    """Percentiles of latency in seconds at a load (share of capacity) and its rate (articles/s).

    `spread` is the lowest and the highest p99 of a turn.
    """

    load: float
    rate: float
    count: int
    p50: float
    p95: float
    p99: float
    spread: tuple[float, float]


def schedule(rate: float, seconds: float, seed: int = 1) -> list[float]:
    """Send times in seconds from the start: arrivals at random (Poisson), `rate` a second on average.

    The same for every system. They are fixed beforehand, and latency counts from them, so that a system
    that makes the producer wait does not look faster for it (coordinated omission).
    """
    chance, now, times = random.Random(seed), 0.0, []
    while (now := now + chance.expovariate(1.0)) < rate * seconds:
        times.append(now / rate)
    return times


def percentile(values: Sequence[float], share: float) -> float:
    """The smallest value that at least `share` of the values do not exceed. Raises ValueError without values."""
    if not values:
        raise ValueError("no values")
    return sorted(values)[max(0, math.ceil(share * len(values)) - 1)]


def latency(load: float, turns: Sequence[Sequence[Sample]]) -> Latency:
    """The percentiles of the latencies of all turns; the rate is the mean. Raises ValueError without samples."""
    samples = [sample for turn in turns for sample in turn]
    seconds = [sample.seconds for sample in samples]
    p50, p95, p99 = (percentile(seconds, share) for share in (0.5, 0.95, 0.99))
    by_turn = [percentile([sample.seconds for sample in turn], 0.99) for turn in turns if turn]
    rate = sum(sample.rate for sample in samples) / len(samples)
    return Latency(load, rate, len(samples), p50, p95, p99, (min(by_turn), max(by_turn)))
