"""Alerts seen firing in a real Prometheus, because something was really stopped, slowed or fed bad input.

The rules are those of deploy/, with all times forty times shorter; an hour without an item is eight seconds.
"""

import json
import time
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.deploy.live import Item, Wire, addresses, broker, stop
from tests.deploy.prometheus import hastened, needs_prometheus, prometheus

pytestmark = [needs_prometheus, pytest.mark.broker]


def item(number: int) -> Item:
    """An article of the plain worker."""
    return None, json.dumps({"uri": f"urn:x:{number}", "text": "Goed nieuws."}).encode(), []


def test_alerts_fire_when_something_breaks_and_clear_when_it_is_mended(tmp_path: Path) -> None:
    with ExitStack() as brokers, ExitStack() as stack:
        run = brokers.enter_context(broker(tmp_path))
        stack.callback(stop, run)
        worker = run.start(SOURCES='["test"]', PLAIN_WORKER_SLEEP="0.02")

        def quick(rules: str) -> str:
            return hastened(40)(rules.replace("> 3600", "> 8"))

        server = stack.enter_context(prometheus(tmp_path, addresses(run), quick))
        wire = stack.enter_context(Wire(run, item, rate=5))

        def fires(alert: str, yes: bool = True) -> bool:
            return (alert in server.firing()) == yes

        def wait(alert: str, yes: bool = True) -> None:
            run.wait_until(lambda: fires(alert, yes), 60, f"{alert}: {'firing' if yes else 'clear'}")

        flowing = "stage:news_stage_records:rate5m{stage='sentiment'} > 0"
        run.wait_until(lambda: bool(server.query(flowing)) and not server.firing(), 60, "all is well")

        run.send([(None, b"no article", [])] * 30)
        wait("NewsDeadLetterBurst")

        wire.rate = 0
        wait("NewsFeedStale")
        wait("NewsDeadLetterBurst", False)

        wire.rate = 150
        wait("NewsLagGrows")
        assert fires("NewsFeedStale", False)

        wire.rate = 0
        time.sleep(2)  # what is being sent arrives
        brokers.close()
        wait("NewsPipelineStalled")
        wait("NewsLagGrows", False)

        worker.kill()
        wait("NewsWorkerDown")
