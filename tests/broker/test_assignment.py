"""Which worker has which partitions, once there are several."""

import re
from collections import defaultdict

import pytest

from tests.broker.support import Run, Worker, metrics

pytestmark = pytest.mark.broker
_LAG = re.compile(r'^news_consumer_lag_records\{partition="(\d+)",topic="([^"]+)"\}', re.MULTILINE)


def partitions(worker: Worker) -> list[set[str]]:
    """The partitions that a worker has, by topic."""
    try:
        page = metrics(worker)
    except OSError:  # it starts
        return []
    found: dict[str, set[str]] = defaultdict(set)
    for partition, topic in _LAG.findall(page):
        found[topic].add(partition)
    return list(found.values())


def test_a_worker_has_the_same_partitions_in_every_stage(run: Run) -> None:
    """Else two workers wait for each other: one half of the starts was a third slower."""
    workers = [run.start() for _ in range(2)]

    def shared() -> bool:
        return all(len(found := partitions(w)) == 3 and all(len(one) == 3 for one in found) for w in workers)

    run.wait_until(shared, 90, "three partitions of each topic for each of two workers")
    for worker in workers:
        first, *others = partitions(worker)
        assert others == [first, first]
