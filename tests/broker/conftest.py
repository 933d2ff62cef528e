"""Real brokers for the tests: the embedded one and Apache Kafka, or the one that STREAMS_TEST_BROKER names."""

import os
import uuid
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from streams.broker.admin import create_topics
from streams.broker.embedded import EmbeddedBrokerError, embedded_broker
from streams.settings import Settings
from tests.broker.support import Run

GIVEN = os.environ.get("STREAMS_TEST_BROKER")
EMBEDDED_ONLY = pytest.mark.parametrize("broker", ["embedded"], indirect=True)
KAFKA_ONLY = pytest.mark.parametrize("broker", ["kafka"], indirect=True)  # what the embedded broker cannot do


@pytest.fixture(scope="session", params=["given"] if GIVEN else ["embedded", "kafka"])
def broker(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """`host:port` of a broker: a test that uses it runs once on each."""
    if GIVEN:
        yield GIVEN
    elif request.param == "kafka":
        yield request.getfixturevalue("one_node").address()
    else:
        with ExitStack() as stack:
            try:
                log = tmp_path_factory.mktemp("broker") / "broker.log"
                address = stack.enter_context(embedded_broker(log))
            except EmbeddedBrokerError as error:
                pytest.skip(str(error))
            yield address


@pytest.fixture
def run(broker: str, tmp_path: Path) -> Iterator[Run]:
    """Topics of its own for a test, and what it takes to send, to start workers and to read what came out."""
    prefix = f"t{uuid.uuid4().hex[:8]}."
    settings = Settings(broker=broker, topic_prefix=prefix, partitions=6)
    states = create_topics(settings)
    assert all(state.created for state in states)
    with Run(settings, tmp_path) as run:
        yield run
