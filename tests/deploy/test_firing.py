"""Alerts seen firing in a real Prometheus, because something was really stopped, slowed or fed bad input.

The rules are those of deploy/, with all times forty times shorter; an hour without an item is eight seconds.
"""

import json
import time
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.broker.kafka.nodes import Kafka, wait_until_up
from tests.broker.support import Item
from tests.deploy.live import Wire, addresses, topics
from tests.deploy.prometheus import hastened, needs_prometheus, prometheus

pytestmark = [needs_prometheus, pytest.mark.broker, pytest.mark.services]


def item(number: int) -> Item:
    """An article of the plain worker."""
    return None, json.dumps({"uri": f"urn:x:{number}", "text": "Goed nieuws."}).encode(), []


def test_alerts_fire_when_something_breaks_and_clear_when_it_is_mended(one_node: Kafka, tmp_path: Path) -> None:
    """Bad input, a feed that stops, more than a worker can do, a broker and a worker killed with SIGKILL."""
    (node,) = one_node.nodes
    with ExitStack() as stack:
        run = stack.enter_context(topics(one_node.address(), tmp_path))
        worker = run.start(SOURCES='["test"]', PLAIN_WORKER_SLEEP="0.02")
        server = stack.enter_context(prometheus(tmp_path, addresses(run), quick))
        wire = stack.enter_context(Wire(run, item, rate=5))

        def wait(alert: str, yes: bool = True) -> None:
            seconds = run.wait_until(
                lambda: (alert in server.firing()) == yes, 90, f"{alert}: {'firing' if yes else 'clear'}"
            )
            print(f"{alert} {'fires' if yes else 'clears'} after {seconds:.0f} s")

        flowing = "stage:news_stage_records:rate5m{stage='sentiment'} > 0"
        run.wait_until(lambda: bool(server.query(flowing)) and not server.firing(), 60, "all is well")

        run.send([(None, b"no article", [])] * 30)
        wait("NewsDeadLetterBurst")

        wire.rate = 0
        wait("NewsFeedStale")
        wait("NewsDeadLetterBurst", False)

        wire.rate = 150
        wait("NewsFeedStale", False)
        wait("NewsLagGrows")

        wire.rate = 0
        time.sleep(2)  # what is being sent arrives
        node.kill()
        wait("NewsPipelineStalled")
        node.start()
        wait_until_up(one_node)
        run.wait_until(lambda: bool(server.query(flowing)), 60, "the same worker goes on")
        wait("NewsPipelineStalled", False)
        wait("NewsLagGrows", False)

        worker.kill()
        wait("NewsWorkerDown")
        run.start(SOURCES='["test"]', WEB_PORT=str(worker.web_port))
        wait("NewsWorkerDown", False)


def quick(rules: str) -> str:
    """The rules with all times forty times shorter; a feed is stale after eight seconds."""
    assert "> 3600" in rules or "NewsFeedStale" not in rules
    return hastened(40)(rules.replace("> 3600", "> 8"))
