"""Another program in a stage's consumer group: the worker ends with one line, and works once that program is gone."""

import subprocess
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from kafka.admin import NewTopic

from streams.broker.clients import admin, consumer
from tests.broker.conftest import KAFKA_ONLY
from tests.broker.kafka.nodes import java
from tests.broker.support import PLAIN, Run

pytestmark = pytest.mark.broker


@contextmanager
def classic(run: Run, topic: str, group: str) -> Iterator[None]:
    """A consumer as most programs have one."""
    stop, joined = threading.Event(), threading.Event()

    def consume() -> None:
        client = consumer(run.settings, [topic], group_id=group)
        while not stop.is_set():
            client.poll(100)
            if client.assignment():
                joined.set()
        client.close()

    thread = threading.Thread(target=consume, daemon=True)
    thread.start()
    try:
        assert joined.wait(30)
        yield
    finally:
        stop.set()
        thread.join()


@contextmanager
def kip848(run: Run, topic: str, group: str) -> Iterator[None]:
    """A consumer of Kafka's own, with the new protocol (KIP-848)."""
    command = ["org.apache.kafka.tools.consumer.ConsoleConsumer", "--bootstrap-server", run.settings.broker]
    command += ["--topic", topic, "--group", group, "--command-property", "group.protocol=consumer"]
    log = run.folder / "foreign.log"
    with log.open("wb") as file:
        process = subprocess.Popen(java("-Xmx128m", *command), stdout=file, stderr=file, stdin=subprocess.DEVNULL)
    client = admin(run.settings)
    try:
        run.wait_until(
            lambda: process.poll() is not None or any(g["group_id"] == group for g in client.list_groups()),
            30,
            "the consumer in its group",
        )
        assert process.poll() is None, log.read_text()
        yield
    finally:
        process.terminate()
        process.wait(20)
        client.close()


@KAFKA_ONLY
@pytest.mark.parametrize(
    ("foreign", "says"),
    [(classic, "another program uses the consumer group"), (kip848, "a group of Kafka's new consumer protocol")],
)
def test_the_worker_ends_and_names_the_group(
    run: Run, foreign: Callable[[Run, str, str], Iterator[None]], says: str
) -> None:
    other, group = run.settings.topic_prefix + "other", run.settings.group("entities")
    client = admin(run.settings)
    client.create_topics([NewTopic(other, 1, 1)])
    client.close()
    with foreign(run, other, group):  # type: ignore[attr-defined]
        worker = run.start(PLAIN)
        assert worker.process.wait(30) == 1
    last = worker.log.splitlines()[-1]
    assert f"consumer group {group} ends this worker" in last
    assert says in last
    run.start(PLAIN)
    run.send([("u1", b'{"uri": "u1", "text": "tekst"}', [])])
    run.wait_until(run.articles(1), 40, "an article once the group is ours")
