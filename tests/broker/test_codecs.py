"""Batches that a producer or the broker compressed: workers and commands read all of Kafka's codecs."""

import json
import subprocess
from pathlib import Path

import pytest
from kafka import KafkaProducer
from kafka.admin import ConfigResource, ConfigResourceType

from streams.broker.clients import admin
from tests.broker.conftest import KAFKA_ONLY
from tests.broker.kafka.nodes import java
from tests.broker.support import PLAIN, Run
from tests.broker.test_commands import streams

pytestmark = pytest.mark.broker
CODECS = ("gzip", "snappy", "lz4", "zstd")
TINY, LARGE = "tekst", "een lange tekst " * 40_000  # 640 kB: some blocks of each codec


def item(uri: str, text: str) -> bytes:
    return json.dumps({"uri": uri, "text": text}).encode()


def by_kafka_python(run: Run, codec: str) -> list[str]:
    """Batches of one record and of many, tiny and large."""
    client = KafkaProducer(bootstrap_servers=run.settings.broker, compression_type=codec, linger_ms=50)
    texts = {f"{codec}-{size}-{i}": text for size, text in (("tiny", TINY), ("large", LARGE)) for i in range(5)}
    for uri, text in texts.items():
        client.send(run.settings.topics.raw.name, key=uri.encode(), value=item(uri, text))
    client.close()
    return list(texts)


def by_java(run: Run, codec: str) -> list[str]:
    """What Kafka's own producer writes, whose snappy and lz4 have a framing of their own."""
    uris = [f"{codec}-java-{i}" for i in range(20)]
    command = ["org.apache.kafka.tools.ConsoleProducer", "--bootstrap-server", run.settings.broker]
    command += ["--topic", run.settings.topics.raw.name, "--compression-codec", codec, "--reader-property"]
    command += ["parse.key=true"]
    lines = b"".join(uri.encode() + b"\t" + item(uri, TINY * 50) + b"\n" for uri in uris)
    subprocess.run(java("-Xmx128m", *command), input=lines, check=True, capture_output=True, timeout=60)
    return uris


def recompress(run: Run, codec: str) -> None:
    """Has the broker compress whatever comes into the topics, what the workers write too."""
    client = admin(run.settings)
    client.alter_configs(
        [
            ConfigResource(ConfigResourceType.TOPIC, topic.name, {**topic.config, "compression.type": codec})
            for topic in run.settings.topics
        ],
        raise_on_unknown=False,  # a broker may not know of topics yet that were made a moment ago
    )
    client.close()


@KAFKA_ONLY
def test_what_producers_compress(run: Run) -> None:
    worker = run.start(PLAIN)
    sent = [uri for codec in CODECS for by in (by_kafka_python, by_java) for uri in by(run, codec)]
    run.wait_until(run.articles(len(sent)), 60, "every article")
    texts = {uri: json.loads(events[-1].value)["text"] for uri, events in run.enriched.by_key().items()}
    assert set(texts) == set(sent)
    assert {len(text) for text in texts.values()} == {len(TINY), len(TINY * 50), len(LARGE)}
    assert worker.stop() == 0


@KAFKA_ONLY
@pytest.mark.parametrize("codec", ["snappy", "lz4", "zstd"])
def test_what_the_broker_compresses(run: Run, codec: str, tmp_path: Path) -> None:
    """Every topic, so that each stage and each command has it to read."""
    recompress(run, codec)
    run.start(PLAIN)
    (tmp_path / "een.json").write_bytes(item("u1", TINY * 1_000))
    (tmp_path / "twee.json").write_bytes(b'{"uri": "u2", "text": ' + b"kapot " * 1_000)
    sent = streams(run, "ingest", "files", str(tmp_path / "een.json"), str(tmp_path / "twee.json"))
    assert sent.returncode == 0, sent.stderr
    run.wait_until(lambda: len(run.enriched.records) == len(run.dead_letters.records) == 1, 60, "one of each")
    read = streams(run, "subscribe", "--from-beginning", "--limit", "1", "--json")
    assert json.loads(read.stdout)["text"] == TINY * 1_000, read.stderr
    letter = json.loads(streams(run, "dead-letters", "list", "--json").stdout)
    shown = streams(run, "dead-letters", "show", f"{letter['partition']}-{letter['offset']}")
    assert "kapot" in shown.stdout, shown.stderr
    again = streams(run, "dead-letters", "retry", "--all")
    assert again.returncode == 0, again.stderr
    run.wait_until(lambda: len(run.dead_letters.records) >= 2, 30, "the letter a second time")


@KAFKA_ONLY
def test_a_record_that_unpacks_to_more_than_any_topic_takes(run: Run) -> None:
    """Small enough for the raw topic while compressed; its dead letter holds the beginning, and the next comes out."""
    worker = run.start(PLAIN)
    client = KafkaProducer(bootstrap_servers=run.settings.broker, compression_type="zstd", max_request_size=10**8)
    for uri, size in (("u1", 4_000_000), ("u2", 10)):
        client.send(run.settings.topics.raw.name, key=uri.encode(), value=item(uri, TINY * size), partition=0)
    client.close()
    run.wait_until(lambda: len(run.dead_letters.records) == len(run.enriched.records) == 1, 60, "one of each")
    letter = run.dead_letters.records[0]
    assert (letter.key, letter.value) == (b"u1", item("u1", TINY * 4_000_000)[: run.settings.max_item_bytes])
    assert worker.stop() == 0
