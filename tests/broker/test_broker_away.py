"""A broker that is away is no bad input: the worker waits, is not ready, and loses nothing."""

import json
import time
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from streams.broker.admin import create_topics
from streams.settings import Settings
from tests.broker.proxy import Proxy
from tests.broker.support import PLAIN, SHIPPED, Run, status

pytestmark = pytest.mark.broker
AWAY = 12.0  # seconds: twice the session timeout of the tests


@pytest.fixture
def away(proxy: Proxy, tmp_path: Path) -> Iterator[tuple[Run, Proxy]]:
    """A test's topics on a broker behind a proxy."""
    settings = Settings(broker=f"127.0.0.1:{proxy.port}", topic_prefix=f"away{uuid.uuid4().hex[:8]}.", partitions=3)
    create_topics(settings)
    run = Run(settings, tmp_path)
    yield run, proxy
    run.kill_workers()


def test_a_broker_that_is_away_for_a_while(away: tuple[Run, Proxy]) -> None:
    """Every connection broken for 12 s in the middle of a run; the same process goes on afterwards."""
    run, proxy = away
    with run:
        worker = run.start(PLAIN, PLAIN_WORKER_SLEEP="0.005")
        sent = run.send((f"u{i}", json.dumps({"uri": f"u{i}", "text": f"tekst {i}"}).encode(), []) for i in range(800))
        run.wait_until(run.events(101), 60, "some output before the cut")
        proxy.cut()
        time.sleep(AWAY)
        before = len(run.enriched.by_key())
        assert worker.process.poll() is None, "a broker that is away must not end the worker"
        assert status(worker.web_port, "healthz") == 200, "not ready, but never dead"
        proxy.restore()
        seconds = run.wait_until(lambda: len(run.enriched.by_key()) == sent, 120, "every article after the cut")
        assert before < sent, "the cut must come mid-stream"
        assert not run.dead_letters.records
        repeats = len(run.enriched.records) - sent
        print(
            f"\n{sent} sent, 0 lost, {repeats} repeats; {before} were out before {AWAY:.0f} s without a broker, "
            f"the rest within {seconds:.1f} s"
        )


def test_a_broker_that_is_away_at_the_start(away: tuple[Run, Proxy]) -> None:
    """Workers say that they live, so that nobody restarts them; SIGTERM ends one, the other goes to work."""
    run, proxy = away
    proxy.cut()
    stays, goes = (run.start((*SHIPPED, "--stages", "normalise")) for _ in range(2))
    for worker in (stays, goes):
        run.wait_until(_answers(worker.web_port, 200, 503), 60, "alive, not ready")
    assert goes.stop() == 0
    proxy.restore()
    run.send([("u1", b'{"uri": "u1", "language": "nl", "body_text": "Goed nieuws."}', [])])
    run.wait_until(_answers(stays.web_port, 200, 200), 60, "a worker with its partitions")
    assert [article["id"] for article in run.collect(run.settings.topics["articles"].name, 1)] == ["u1"]
    assert stays.stop() == 0


def _answers(port: int, *wanted: int) -> Callable[[], bool]:
    return lambda: _probes(port) == wanted


def _probes(port: int) -> tuple[int, int] | None:
    try:
        return status(port, "healthz"), status(port, "readyz")
    except OSError:
        return None
