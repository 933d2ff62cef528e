"""A broker that is away is no bad input: the worker waits, is not ready, and loses nothing."""

import json
import time
import urllib.error
import urllib.request
from pathlib import Path

import pytest

from streams.broker.admin import create_topics
from streams.broker.embedded import EmbeddedBrokerError, embedded_broker, free_port
from streams.settings import Settings
from tests.broker.proxy import Proxy
from tests.broker.support import PLAIN, Run

pytestmark = pytest.mark.broker
AWAY = 12.0  # seconds: twice the session timeout of the tests


def test_a_broker_that_is_away_for_a_while(tmp_path: Path) -> None:
    """Every connection broken for 12 s in the middle of a run; the same process goes on afterwards."""
    public = free_port()
    try:
        broker = embedded_broker(tmp_path / "broker.log", advertised=f"127.0.0.1:{public}")
        address = broker.__enter__()
    except EmbeddedBrokerError as error:
        pytest.skip(str(error))
    proxy = Proxy(public, int(address.rsplit(":", 1)[1]))
    settings = Settings(broker=f"127.0.0.1:{public}", topic_prefix="away.", partitions=3)
    create_topics(settings)
    try:
        with Run(settings, tmp_path) as run:
            worker = run.start(PLAIN, PLAIN_WORKER_SLEEP="0.005")
            sent = run.send(
                (f"u{i}", json.dumps({"uri": f"u{i}", "text": f"tekst {i}"}).encode(), []) for i in range(1500)
            )
            run.wait_until(lambda: len(run.enriched.records) > 100, 60, "some output before the cut")
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
    finally:
        proxy.cut()
        broker.__exit__(None, None, None)


def status(port: int, path: str) -> int:
    """HTTP status of a worker's page."""
    try:
        return int(urllib.request.urlopen(f"http://127.0.0.1:{port}/{path}", timeout=5).status)
    except urllib.error.HTTPError as error:
        return error.code
