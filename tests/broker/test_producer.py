"""The kafka-python producer of feeds and commands, where its defaults would make it wait."""

import pytest

from streams.broker.clients import close_producer, producer
from streams.settings import Settings

pytestmark = pytest.mark.broker


def test_a_producer_that_found_nobody_to_ask_who_leads_asks_again_within_two_seconds(broker: str) -> None:
    """However often: seen on three nodes, one of them killed, where articles for its partitions waited for 43 s."""
    client = producer(Settings(broker=broker))
    try:
        manager = client._sender._client._manager
        for _ in range(20):
            manager.update_backoff("metadata")
        assert 0 < manager.connection_delay("metadata") < 2
    finally:
        close_producer(client)
