"""A worker's log says when it is ready, and where its metrics are."""

import asyncio
import re

import pytest

from tests.flow.test_watch import RAW, FakeConsumer, Watching, _watching


@pytest.fixture
def watching() -> Watching:
    return _watching(FakeConsumer(RAW, {}), [0.0])


def test_the_log_says_when_a_worker_is_ready_and_when_no_more(
    watching: Watching, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO", "streams.flow.watch")
    watching.app.rebalancing = True
    watching.watch._tell_readiness()
    watching.app.rebalancing = False
    for _ in range(3):
        watching.watch._tell_readiness()
    watching.app.consumer.assigned = []
    watching.watch._tell_readiness()
    assert caplog.messages == ["ready; partitions: normalise 2", "not ready: normalise: no partitions assigned"]


def test_the_log_says_where_metrics_are(watching: Watching, caplog: pytest.LogCaptureFixture) -> None:
    """Also where the port is any that is free."""
    caplog.set_level("INFO", "streams.flow.watch")

    async def start_and_stop() -> None:
        await watching.watch.on_start()
        await watching.watch.on_stop()

    asyncio.run(start_and_stop())
    (message,) = caplog.messages
    assert re.fullmatch(r"metrics at http://127\.0\.0\.1:[1-9]\d+/metrics, health at /healthz and /readyz", message)
