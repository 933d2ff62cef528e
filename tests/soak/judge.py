"""Whether a worker holds still: arithmetic on what was seen, without a clock or a process."""

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

from tests.bench.kafka.timing import percentile

WARM_UP = 0.2  # share of the run that is not judged: caches fill, arenas grow to the longest article
MEMORY_NOISE = 12.0  # MiB that a median of resident memory may move by itself
MEMORY_SLOPE = 20.0  # MiB an hour beyond which it counts as a leak
LAG_NOISE = 5.0  # records, the median of a third
LATENCY_FACTOR, LATENCY_NOISE = 1.5, 0.5  # the later p95 may be so many times the earlier one, plus seconds


@dataclass(frozen=True)
class Sample:
    """At `time` (seconds from the start): resident memory in MiB, and records waiting in all topics together."""

    time: float
    memory: float
    lag: float


@dataclass(frozen=True)
class Done:
    """An article that was due at `time` (seconds from the start) and out `latency` seconds later."""

    time: float
    latency: float


@dataclass(frozen=True)
class Verdict:
    """How much each moved from the first to the last third after the warm-up, and what is wrong with that."""

    memory: float  # MiB
    memory_bound: float
    lag: float  # records
    latency: tuple[float, float]  # p95 of the first and of the last third, seconds
    problems: tuple[str, ...]

    def __str__(self) -> str:
        first, last = self.latency
        return (
            f"memory {self.memory:+.1f} MiB (bound {self.memory_bound:.1f}), lag {self.lag:+.1f} records "
            f"(bound {LAG_NOISE:.0f}), p95 {first:.2f} s then {last:.2f} s"
        )


def judge(samples: Sequence[Sample], done: Sequence[Done], sent: int) -> Verdict:
    """The verdict. Raises ValueError where there is too little to tell: ten samples and ten articles a third."""
    begin, end = WARM_UP * samples[-1].time, samples[-1].time
    third = (end - begin) / 3
    early = [s for s in samples if begin <= s.time < begin + third]
    late = [s for s in samples if s.time >= end - third]
    early_done = [d.latency for d in done if begin <= d.time < begin + third]
    late_done = [d.latency for d in done if d.time >= end - third]
    if min(len(early), len(late), len(early_done), len(late_done)) < 10:
        raise ValueError(f"too short a run to judge: {len(samples)} samples, {len(done)} articles")
    memory = median(s.memory for s in late) - median(s.memory for s in early)
    bound = MEMORY_NOISE + MEMORY_SLOPE * 2 * third / 3600  # the middles of the thirds are two thirds apart
    lag = median(s.lag for s in late) - median(s.lag for s in early)
    first, last = percentile(early_done, 0.95), percentile(late_done, 0.95)
    problems = []
    if len(done) < sent:
        problems.append(f"{sent - len(done)} of {sent} articles did not come out")
    if memory > bound:
        problems.append(f"memory grew by {memory:.1f} MiB, more than {bound:.1f}")
    if lag > LAG_NOISE:
        problems.append(f"lag grew by {lag:.1f} records, more than {LAG_NOISE:.0f}")
    if last > LATENCY_FACTOR * first + LATENCY_NOISE:
        problems.append(f"p95 of latency drifted from {first:.2f} to {last:.2f} s")
    return Verdict(memory, bound, lag, (first, last), tuple(problems))
