"""A connection that is dead without a word does not hold up the next request for metadata."""

import asyncio
from contextlib import ExitStack

import pytest
from aiokafka.client import AIOKafkaClient

from streams.broker.embedded import EmbeddedBrokerError, embedded_broker, free_port
from streams.flow.connections import close_dead_connections
from tests.broker.proxy import Proxy

pytestmark = pytest.mark.broker


def test_metadata_is_asked_on_a_new_connection_after_one_that_gave_no_answer() -> None:
    close_dead_connections()
    public = free_port()
    with ExitStack() as stack:
        try:
            address = stack.enter_context(embedded_broker(advertised=f"127.0.0.1:{public}"))
        except EmbeddedBrokerError as error:
            pytest.skip(str(error))
        proxy = Proxy(public, int(address.rsplit(":", 1)[1]))
        stack.callback(proxy.cut)
        assert asyncio.run(_answers(f"127.0.0.1:{public}", proxy)) == [True, False, True]


async def _answers(broker: str, proxy: Proxy) -> list[bool]:
    """Whether metadata came: before the connections fell silent, right after, and at the next try."""
    client = AIOKafkaClient(bootstrap_servers=broker, request_timeout_ms=2000)
    await client.bootstrap()
    answers = [await client.force_metadata_update()]
    proxy.forget()
    answers += [await client.force_metadata_update(), await client.force_metadata_update()]
    await client.close()
    return answers
