"""Capacity and latency of a running system."""

import time
from dataclasses import dataclass

from tests.bench.kafka.running import Running
from tests.bench.kafka.timing import Sample, schedule

WIRES_A_WORKER = 6  # so many times the wire bring each partition of six the same work, and both of two workers too
_PLUMBING_RATE = 5.0  # articles/s, about what a core does with models: then as much is polled and committed
_RESULT_AFTER = 120.0  # seconds; at 95 % of capacity a queue may grow


@dataclass(frozen=True)
class Capacity:
    """Articles/s with all articles waiting in the raw topic, and processor seconds of the workers per article."""

    rate: float
    cpu: float


def capacity(one: Running, articles: int) -> Capacity:
    """Sends so many articles at once; counts from then to the last result at the broker."""
    cpu, began = one.cpu(), time.time()
    numbers = [one.send() for _ in range(articles)]
    one.flush()
    one.wait_for(numbers)
    last = max(one.done[number] for number in numbers)
    return Capacity(articles / (last - began), (one.cpu() - cpu) / articles)


def plumbing(one: Running, articles: int) -> float:
    """Processor seconds an article of a system whose stages do next to nothing, at five articles a second."""
    cpu, began, numbers = one.cpu(), time.time(), []
    for number in range(articles):
        time.sleep(max(0.0, began + number / _PLUMBING_RATE - time.time()))
        numbers.append(one.send())
    one.wait_for(numbers)
    return (one.cpu() - cpu) / articles


def latencies(one: Running, rate: float, seconds: float, seed: int) -> list[Sample]:
    """Sends at a rate (articles/s) for some seconds; the latency of each, from when it was due, once all are out."""
    began, due = time.time(), {}
    for offset in schedule(rate, seconds, seed):
        time.sleep(max(0.0, began + offset - time.time()))
        due[one.send()] = began + offset
    one.flush()
    one.wait_for(list(due), _RESULT_AFTER)
    return [Sample(rate, one.done[number] - moment) for number, moment in due.items()]
