"""Nothing is lost: workers killed, workers stopped, workers that come and go, a broker that is away."""

import json
import time

import pytest

from streams.contract.graph import stage_names
from tests.broker.support import PLAIN, Item, Run, differing

pytestmark = pytest.mark.broker


def plain(count: int, version: int = 1) -> list[Item]:
    """Articles for the plain worker."""
    return [
        (f"u{i}", json.dumps({"uri": f"u{i}", "version": version, "text": f"tekst {i}"}).encode(), [])
        for i in range(count)
    ]


def test_a_graceful_stop_repeats_and_loses_nothing(run: Run) -> None:
    """SIGTERM while batches are being worked: what was taken is delivered and committed, exit status 0."""
    sent = run.send(plain(600))
    worker = run.start(PLAIN, PLAIN_WORKER_SLEEP="0.004")
    run.wait_until(run.events(101), 60, "the first hundred")
    assert worker.stop() == 0
    assert 0 < len(run.enriched.by_key()) < sent, "the stop must come mid-stream"
    run.start(PLAIN)
    run.wait_until(lambda: len(run.enriched.by_key()) == sent, 60, "the rest")
    time.sleep(1)
    assert len(run.enriched.records) == sent, "a drained worker leaves nothing to repeat"


def test_stages_apart_and_together_read_nothing_twice(run: Run) -> None:
    """Three workers of one stage each, then one worker of all three: the same groups, so the same offsets."""
    apart = [run.start((*PLAIN, stage)) for stage in stage_names()]
    sent = run.send(plain(200))
    run.wait_until(lambda: len(run.enriched.by_key()) == sent, 60, "the articles through three workers")
    assert [worker.stop() for worker in apart] == [0, 0, 0]
    run.start(PLAIN)
    run.send([(f"v{i}", json.dumps({"uri": f"v{i}", "text": "later"}).encode(), []) for i in range(50)])
    run.wait_until(lambda: len(run.enriched.by_key()) == sent + 50, 60, "the articles through one worker")
    assert len(run.enriched.records) == sent + 50


def test_versions_of_an_item_come_out_in_order_even_with_kills(run: Run) -> None:
    """Whatever is repeated, the last event of each item is its newest version."""
    for version in (1, 2, 3):
        run.send(plain(150, version))
    for _ in range(2):
        worker = run.start(PLAIN, PLAIN_WORKER_SLEEP="0.003")
        seen = len(run.enriched.records)
        run.wait_until(run.events(seen + 41), 60, "some output before a kill")
        worker.kill()
    run.start(PLAIN)

    def newest() -> list[int]:
        return [json.loads(records[-1].value)["version"] for records in run.enriched.by_key().values()]

    run.wait_until(lambda: len(newest()) == 150 and set(newest()) == {3}, 90, "version 3 of every item, last")
    print(f"\n450 versions sent, {len(run.enriched.records)} events: {len(run.enriched.records) - 450} repeats")
    assert differing(run.enriched.records) == []
