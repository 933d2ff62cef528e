"""Apache Kafka for whoever needs the real one: started once for the whole session, on first use."""

import os
import signal
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import hypothesis
import pytest

# Any free port: whatever else runs on this machine may have the one of the settings' default.
os.environ["STREAMS_WEB_PORT"] = "0"

from tests.broker.kafka.nodes import Kafka, KafkaUnavailableError, kafka

# Processor time is what matters: tests/growth measures it. Beside a busy neighbour any example may take a while.
hypothesis.settings.register_profile("patient", deadline=None)
hypothesis.settings.load_profile("patient")


@pytest.fixture(scope="session")
def one_node(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Kafka]:
    """Apache Kafka with one node, for the whole session."""
    yield from _kafka(tmp_path_factory.mktemp("kafka"), nodes=1)


@pytest.fixture(scope="session")
def three_nodes(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Kafka]:
    """Apache Kafka with three nodes, for the tests that take one away."""
    yield from _kafka(tmp_path_factory.mktemp("kafka3"), nodes=3)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Marks what needs Apache Kafka: `make test` leaves it to `make test-all`."""
    for item in items:
        chosen = item.callspec.params.values() if hasattr(item, "callspec") else ()
        if {"one_node", "three_nodes"} & set(getattr(item, "fixturenames", ())) or "kafka" in chosen:
            item.add_marker(pytest.mark.services)


def _kafka(folder: Path, nodes: int) -> Iterator[Kafka]:
    with ExitStack() as stack:
        # SIGTERM (a CI job that is cancelled) ends the session as Ctrl-C does, so that no node is left behind.
        before = signal.signal(signal.SIGTERM, signal.default_int_handler)
        stack.callback(signal.signal, signal.SIGTERM, before)
        try:
            cluster = stack.enter_context(kafka(folder, nodes))
        except KafkaUnavailableError as error:
            pytest.skip(str(error))
        yield cluster
