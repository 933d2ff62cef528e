"""A soak: a worker on one core, the wire at half of what it can, and a sample of it every second."""

import re
import time
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from tests.bench.kafka.load import capacity
from tests.bench.kafka.running import Running, running
from tests.bench.kafka.systems import OURS
from tests.bench.kafka.timing import schedule
from tests.bench.machine import cores, resident_mib
from tests.soak.judge import Done, Sample, Verdict, judge
from tests.soak.wire import endless

LOAD = 0.5  # share of capacity
_TO_TELL_CAPACITY = 30  # articles
_DRAIN = 60.0  # seconds that the last articles may take
_LAG = re.compile(r"^news_consumer_lag_records\{.*\} (\S+)$", re.MULTILINE)


@dataclass(frozen=True)
class Soaked:
    """What was seen, and the verdict. Rates in articles/s."""

    capacity: float
    rate: float
    sent: int
    samples: list[Sample]
    done: list[Done]
    verdict: Verdict


def soak(broker: str, folder: Path, minutes: float, say: Callable[[str], None] = print) -> Soaked:
    """Runs for so many minutes, start and end included. Raises ValueError where that is too short to judge."""
    began = time.monotonic()
    with running(OURS, broker, folder, [cores()[-1]], items=endless()) as one:
        full = capacity(one, _TO_TELL_CAPACITY).rate
        seconds = 60 * minutes - (time.monotonic() - began) - 5
        say(f"{full:.2f} articles/s at most; {LOAD:.0%} of that for {seconds:.0f} s")
        samples, due = _feed(one, LOAD * full, seconds, say)
        done = [Done(moment, one.done[number] - start) for number, (moment, start) in due.items() if number in one.done]
    verdict = judge(samples, done, len(due))
    return Soaked(full, LOAD * full, len(due), samples, done, verdict)


def _feed(
    one: Running, rate: float, seconds: float, say: Callable[[str], None]
) -> tuple[list[Sample], dict[int, tuple[float, float]]]:
    """Sends on schedule and looks at the worker each second; the due times (from the start, and Unix) by number."""
    worker, began = one.run.workers[0], time.time()
    samples: list[Sample] = []
    due: dict[int, tuple[float, float]] = {}
    for offset in schedule(rate, seconds):
        while (wait := began + offset - time.time()) > 0:
            time.sleep(min(wait, 1.0))
            if not samples or time.time() - began - samples[-1].time >= 1:
                samples.append(Sample(time.time() - began, resident_mib(worker.process.pid), _lag(worker.web_port)))
                if len(samples) % 60 == 0:
                    say(f"{samples[-1].time / 60:.0f} min: {samples[-1].memory:.0f} MiB, lag {samples[-1].lag:.0f}")
        due[one.send()] = (offset, began + offset)
    one.flush()
    try:
        one.wait_for(list(due), _DRAIN)
    except TimeoutError as error:  # the verdict counts what is missing
        say(str(error))
    return samples, due


def _lag(port: int) -> float:
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics", timeout=10) as answer:
        return sum(map(float, _LAG.findall(answer.read().decode())))
