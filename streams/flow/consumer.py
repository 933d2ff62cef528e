"""Faust's consumer, woken promptly, and careful in a rebalance.

When the buffers of all partitions are full, Faust 0.15.3 sleeps a whole second before it looks again
(`Consumer._wait_next_records`), and a fetch that began while some were full waits as long for the others
alone. With a buffer small enough to be worked off within a rebalance, the stage would then sit idle for
most of that second. Faust is pinned exactly because of this private name.

In a rebalance Faust forgets what was acknowledged and not yet committed, and those records come again. And in one
that comes while it stops, it closes the consumer under the batch in hand, from the wrong thread.

And where an app has no tables, it leaves the app's assignor aside for aiokafka's round robin by member id.
"""

from typing import Any

import faust
from faust.transport.drivers.aiokafka import AIOKafkaConsumerThread, Consumer

_LOOK = 0.02  # seconds


class _Thread(AIOKafkaConsumerThread):
    """Shares out partitions as the app says."""

    @property
    def _assignor(self) -> Any:
        return self.app.assignor

    @_assignor.setter
    def _assignor(self, chosen: Any) -> None:
        """What Faust would take is let go."""


class PromptConsumer(Consumer):
    """Looks every 20 ms whether a buffer has room again, as long as one is full; commits before partitions go."""

    def _new_consumer_thread(self) -> AIOKafkaConsumerThread:
        return _Thread(self, loop=self.loop, beacon=self.beacon)

    async def on_partitions_revoked(self, revoked: set[Any]) -> None:
        """Commits what is acknowledged; a worker that stops has its batch in hand finished first."""
        if self.app.should_stop:
            await self.wait_empty()
            return
        await self.commit()
        await super().on_partitions_revoked(revoked)

    async def on_partitions_assigned(self, assigned: set[Any], generation_id: int = 0) -> None:
        """Nothing is begun by a worker that stops: it leaves the group in a moment."""
        if not self.app.should_stop:
            await super().on_partitions_assigned(assigned, generation_id)

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
