"""Connections to the brokers that are dead without a word: given up at the first request that gets no answer.

aiokafka 0.14 closes a connection on which a request timed out, except where it asks for metadata
(`AIOKafkaClient._metadata_update`). That asks broker after broker, on the same dead connections again and
again, each for a whole time limit: a consumer that rejoins its group needs metadata, and is stuck for minutes.
"""

from collections.abc import Awaitable
from typing import Any

from aiokafka.conn import AIOKafkaConnection, CloseReason

_send = AIOKafkaConnection.send


def _closing_send(self: Any, request: Any, expect_response: bool = True) -> Awaitable[Any]:
    sent = _send(self, request, expect_response)

    async def answer() -> Any:
        try:
            return await sent
        except TimeoutError:
            self.close(reason=CloseReason.CONNECTION_TIMEOUT)
            raise

    return answer()


def close_dead_connections() -> None:
    """Makes every connection of this process close when a request on it times out."""
    AIOKafkaConnection.send = _closing_send
