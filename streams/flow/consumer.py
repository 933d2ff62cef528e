"""Faust's consumer, woken promptly.

When the buffers of all partitions are full, Faust 0.15.3 sleeps a whole second before it looks again
(`Consumer._wait_next_records`), and a fetch that began while some were full waits as long for the others
alone. With a buffer small enough to be worked off within a rebalance, the stage would then sit idle for
most of that second. Faust is pinned exactly because of this private name.
"""

from typing import Any

import faust
from faust.transport.drivers.aiokafka import Consumer

_LOOK = 0.02  # seconds


class PromptConsumer(Consumer):
    """Looks every 20 ms whether a buffer has room again, as long as one is full."""

    async def _wait_next_records(self, timeout: float) -> Any:
        for _ in range(int(timeout / _LOOK)):
            if self.should_stop or not self.flow_active or self._get_active_partitions():
                break
            await self.sleep(_LOOK)
        # A fetch waits only for the partitions that had room when it began.
        return await super()._wait_next_records(_LOOK if self._buffered_partitions else timeout)


def use_prompt_consumer(app: faust.App) -> None:
    """Makes the app's consumer a prompt one; before the app starts."""
    transport: Any = app.transport
    transport.Consumer = PromptConsumer
