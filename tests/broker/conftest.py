"""A real broker for the tests: the embedded one, or the one that STREAMS_TEST_BROKER names."""

import os
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest

from streams.broker.admin import create_topics
from streams.broker.embedded import EmbeddedBrokerError, embedded_broker
from streams.settings import Settings
from tests.broker.support import Run


@pytest.fixture(scope="session")
def broker(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """`host:port` of the broker, for the whole session."""
    given = os.environ.get("STREAMS_TEST_BROKER")
    if given:
        yield given
        return
    try:
        with embedded_broker(tmp_path_factory.mktemp("broker") / "broker.log") as address:
            yield address
    except EmbeddedBrokerError as error:
        pytest.skip(str(error))


@pytest.fixture
def run(broker: str, tmp_path: Path) -> Iterator[Run]:
    """Topics of its own for a test, and what it takes to send, to start workers and to read what came out."""
    prefix = f"t{uuid.uuid4().hex[:8]}."
    settings = Settings(broker=broker, topic_prefix=prefix, partitions=6)
    states = create_topics(settings)
    assert all(state.created for state in states)
    with Run(settings, tmp_path) as run:
        yield run
