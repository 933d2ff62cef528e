"""Apache Kafka killed and started again: waited for while it is away, obeyed when it refuses on its return."""

import json
import time
from pathlib import Path

import pytest
from kafka.admin import ScramMechanism, UserScramCredentialDeletion, UserScramCredentialUpsertion

from streams.broker.admin import create_topics
from streams.broker.clients import admin
from streams.settings import Settings
from tests.broker.kafka.nodes import Kafka, wait_until_up
from tests.broker.support import PLAIN, Run, differing

pytestmark = pytest.mark.broker
AWAY = 8.0  # seconds: more than the session timeout of the tests


def article(name: str) -> tuple[str, bytes, list[tuple[str, bytes]]]:
    """An article for the plain worker."""
    return name, json.dumps({"uri": name, "text": f"tekst {name}"}).encode(), []


def test_a_broker_that_is_killed_and_comes_back(one_node: Kafka, tmp_path: Path) -> None:
    """In mid-stream; the same worker goes on and nothing is lost."""
    (node,) = one_node.nodes
    settings = Settings(broker=one_node.address(), topic_prefix="restart.", partitions=3)
    create_topics(settings)
    with Run(settings, tmp_path) as run:
        worker = run.start(PLAIN, PLAIN_WORKER_SLEEP="0.004")
        sent = run.send(article(f"u{i}") for i in range(1000))
        run.wait_until(run.events(51), 60, "some output before the kill")
        node.kill()
        time.sleep(AWAY)
        before = len(run.enriched.by_key())
        assert before < sent, "the kill must come mid-stream"
        assert worker.process.poll() is None
        node.start()
        wait_until_up(one_node)
        seconds = run.wait_until(lambda: len(run.enriched.by_key()) == sent, 90, "every article")
        assert not run.dead_letters.records
        assert differing(run.enriched.records) == []
        repeats = len(run.enriched.records) - sent
        print(
            f"\n{sent} sent, 0 lost, {repeats} repeats, {before} out before; the rest {seconds:.1f} s after the return"
        )


def test_a_password_that_is_withdrawn_ends_what_runs(one_node: Kafka, tmp_path: Path) -> None:
    """Connections that are open stay so; after a restart of the broker there is one clear line and status 1."""
    (node,) = one_node.nodes
    settings = Settings(broker=one_node.address(), topic_prefix="withdrawn.", partitions=1)
    create_topics(settings)
    (tmp_path / "password").write_text("tijdelijk")
    _users(settings, UserScramCredentialUpsertion("guest", ScramMechanism.SCRAM_SHA_512, "tijdelijk"))
    guest = {
        "BROKER": one_node.address("SASL_PLAINTEXT"),
        "SECURITY_PROTOCOL": "SASL_PLAINTEXT",
        "SASL_USERNAME": "guest",
        "SASL_PASSWORD_FILE": str(tmp_path / "password"),
    }
    feed = tmp_path / "feed.xml"
    feed.write_text(_feed("urn:rss:1"))
    with Run(settings, tmp_path) as run:
        worker = run.start(PLAIN, **guest)
        run.send([article("u1")])
        run.wait_until(lambda: len(run.enriched.records) == 1, 60, "an article with the right password")
        reader = run.start(("streams", "subscribe", "--from-beginning"), **guest)
        sender = run.start(("streams", "ingest", "feed", str(feed), "--every", "1"), **guest)
        run.wait_until(lambda: "─ u1 ─" in reader.log, 60, "an article at the subscriber")
        assert len(run.collect(settings.topics.raw.name, 2, parse=bytes.decode)) == 2
        _users(settings, UserScramCredentialDeletion("guest", ScramMechanism.SCRAM_SHA_512))
        node.kill()
        node.start()
        wait_until_up(one_node)
        feed.write_text(_feed("urn:rss:2"))
        for process in (worker, reader, sender):
            assert process.process.wait(90) == 1
            line = process.log.splitlines()[-1]
            assert "the Kafka broker at 127.0.0.1:" in line
            assert line.endswith("see STREAMS_SASL_USERNAME and STREAMS_SASL_PASSWORD_FILE")


def _feed(identity: str) -> str:
    entry = f"<item><guid>{identity}</guid><title>Bericht</title></item>"
    return f'<rss version="2.0"><channel><title>Proef</title>{entry}</channel></rss>'


def _users(settings: Settings, change: object) -> None:
    client = admin(settings)
    assert set(client.alter_user_scram_credentials([change]).values()) == {None}
    client.close()
