"""The judge on made-up runs: still ones pass, and each kind of drift is seen."""

import math
from collections.abc import Callable

import pytest

from tests.soak.judge import Done, Sample, Verdict, judge

Course = Callable[[float], float]  # a value by the time in seconds


def flat(level: float) -> Course:
    """Around a level, with a ripple of a tenth."""
    return lambda time: level * (1 + 0.1 * math.sin(time))


STILL: dict[str, Course] = {"memory": flat(50), "lag": flat(3), "latency": flat(0.5)}


def run(seconds: int, **moving: Course) -> Verdict:
    """A sample and two articles a second; all still but what is given."""
    course = STILL | moving
    samples = [Sample(t, 300 + course["memory"](t), course["lag"](t)) for t in range(seconds)]
    done = [Done(t / 2, course["latency"](t / 2)) for t in range(2 * seconds)]
    return judge(samples, done, sent=len(done))


@pytest.mark.parametrize("seconds", [150, 3600])
def test_a_still_run_passes(seconds: int) -> None:
    assert run(seconds).problems == ()


@pytest.mark.parametrize(("seconds", "mib_an_hour"), [(150, 800), (3600, 60)])
def test_a_leak_is_seen(seconds: int, mib_an_hour: float) -> None:
    """In three minutes only a coarse one, in an hour a fine one."""
    (problem,) = run(seconds, memory=lambda time: mib_an_hour * time / 3600).problems
    assert problem.startswith("memory grew by")


def test_memory_that_grows_only_while_warming_up_is_no_leak() -> None:
    assert run(600, memory=lambda time: 200 * min(1, time / 100)).problems == ()


def test_memory_that_goes_up_and_down_is_no_leak() -> None:
    """A vocabulary that fills up and is renewed."""
    assert run(3600, memory=lambda time: 20 * (time % 600) / 600).problems == ()


def test_a_queue_that_builds_up_is_seen() -> None:
    """A worker that is a little too slow: the lag grows, and the latency with it."""
    verdict = run(600, lag=lambda time: time / 10, latency=lambda time: 0.5 + time / 20)
    assert [problem.split()[0] for problem in verdict.problems] == ["lag", "p95"]


def test_latency_that_drifts_is_seen() -> None:
    (problem,) = run(600, latency=lambda time: 0.5 + time / 200).problems
    assert problem.startswith("p95 of latency drifted")


def test_a_single_pause_is_no_drift() -> None:
    """One article in a hundred that waits for a rebalance, say."""
    assert run(600, latency=lambda time: 20.0 if time == 580 else 0.5).problems == ()


def test_what_did_not_come_out_is_seen() -> None:
    samples = [Sample(t, 300, 0) for t in range(300)]
    done = [Done(t, 0.5) for t in range(300)]
    assert judge(samples, done, sent=301).problems == ("1 of 301 articles did not come out",)


def test_too_short_a_run_is_no_pass() -> None:
    with pytest.raises(ValueError, match="too short"):
        run(20)
