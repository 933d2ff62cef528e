"""Real brokers for the tests: the embedded one and Apache Kafka, or the one that STREAMS_TEST_BROKER names."""

import os
import uuid
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest

from streams.broker.admin import create_topics
from streams.broker.embedded import EmbeddedBrokerError, embedded_broker, free_port
from streams.settings import Settings
from tests.broker.proxy import Proxy
from tests.broker.support import Run

GIVEN = os.environ.get("STREAMS_TEST_BROKER")
BOTH = ["embedded", "kafka"]
KAFKA_ONLY = pytest.mark.parametrize("broker", ["kafka"], indirect=True)  # what the embedded broker cannot do


@pytest.fixture(scope="session", params=["given"] if GIVEN else BOTH)
def broker(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """`host:port` of a broker: a test that uses it runs once on each."""
    if GIVEN:
        yield GIVEN
    elif request.param == "kafka":
        yield request.getfixturevalue("one_node").address()
    else:
        with _embedded(tmp_path_factory.mktemp("broker")) as address:
            yield address


@pytest.fixture
def embedded(request: pytest.FixtureRequest, broker: str) -> bool:
    """Whether the test's broker is the embedded one."""
    return bool(request.node.callspec.params["broker"] == "embedded")


@pytest.fixture(params=BOTH)
def proxy(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Proxy]:
    """A proxy that all clients of `127.0.0.1:{proxy.port}` come through: before each of the two, whatever is given."""
    with ExitStack() as stack:
        if request.param == "kafka":
            (node,) = request.getfixturevalue("one_node").nodes
            proxy = Proxy(node.proxied, node.ports["PROXIED"])
        else:
            public = free_port()
            address = stack.enter_context(_embedded(tmp_path, advertised=f"127.0.0.1:{public}"))
            proxy = Proxy(public, int(address.rsplit(":", 1)[1]))
        stack.callback(proxy.cut)
        yield proxy


@contextmanager
def _embedded(folder: Path, advertised: str | None = None) -> Iterator[str]:
    with ExitStack() as stack:
        try:
            address = stack.enter_context(embedded_broker(folder / "broker.log", advertised))
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
