"""A stage that is added to the graph's table, and nowhere else, runs in a worker."""

import json
import os
import subprocess
import sys

import pytest

from streams.broker.clients import consumer
from tests.broker.support import Run, header
from tests.flow.shouting import STAGE

pytestmark = pytest.mark.broker
CLI = "tests.flow.shouting_cli"


def test_a_stage_of_the_table_alone_runs_in_a_worker(run: Run) -> None:
    """`streams topics` creates its topic; a worker builds it, runs it in a group of its own, and types its events."""
    env = os.environ | {"STREAMS_BROKER": run.settings.broker, "STREAMS_TOPIC_PREFIX": run.settings.topic_prefix}
    made = subprocess.run([sys.executable, "-m", CLI, "topics"], env=env, capture_output=True, text=True, timeout=60)
    topic = f"{run.settings.topic_prefix}shouts"
    assert made.returncode == 0, made.stderr
    assert topic in made.stdout
    run.start((CLI, "worker", "--stages", STAGE.name))
    run.send([("urn:x:1", b'{"uri": "urn:x:1", "text": "Brand in Gent"}', [])])
    client = consumer(run.settings, [topic])
    found: list[object] = []

    def out() -> bool:
        found.extend(record for records in client.poll(timeout_ms=200).values() for record in records)
        return bool(found)

    run.wait_until(out, 60, "the stage's event")
    client.close()
    (record,) = found
    assert json.loads(record.value)["text"] == "BRAND IN GENT"  # type: ignore[attr-defined]
    assert header(record, "ce_type") == "news.article.shouted.v1"
    assert header(record, "ce_source") == "urn:streams:shout"
