"""A connection that is dead without a word does not hold up the next request for metadata."""

import asyncio

import pytest
from aiokafka.client import AIOKafkaClient

from streams.flow.connections import close_dead_connections
from tests.broker.proxy import Proxy

pytestmark = pytest.mark.broker


def test_metadata_is_asked_on_a_new_connection_after_one_that_gave_no_answer(proxy: Proxy) -> None:
    close_dead_connections()
    assert asyncio.run(_answers(proxy)) == [True, False, True]


async def _answers(proxy: Proxy) -> list[bool]:
    """Whether metadata came: before the connections fell silent, right after, and at the next try."""
    client = AIOKafkaClient(bootstrap_servers=f"127.0.0.1:{proxy.port}", request_timeout_ms=2000)
    await client.bootstrap()
    answers = [await client.force_metadata_update()]
    proxy.forget()
    answers += [await client.force_metadata_update(), await client.force_metadata_update()]
    await client.close()
    return answers
