"""A topic that is deleted under a worker: let go, and read from its beginning when it is made again.

aiokafka 0.14 tries to commit to a topic that is not there until it is: a rebalance waits for that, and the offset of
the old topic then stands for the new one, whose records up to it nobody would read. And it asks for the topic's
metadata again and again without a pause, a thousand times a second.
"""

import asyncio
import logging
import time
from collections.abc import Mapping
from typing import Any

from aiokafka.consumer.group_coordinator import GroupCoordinator

log = logging.getLogger(__name__)
_PAUSE = 1.0  # seconds between questions for a topic that is not there

_commit = GroupCoordinator._do_commit_offsets


async def _commit_what_is_there(self: Any, assignment: Any, offsets: Mapping[Any, Any]) -> None:
    there = {
        tp: at for tp, at in offsets.items() if tp.partition in (self._cluster.partitions_for_topic(tp.topic) or ())
    }
    if len(there) < len(offsets):
        gone = sorted({tp.topic for tp in offsets.keys() - there.keys()})
        log.warning("%s: not there any more; what was read of it is done, and not committed", ", ".join(gone))
    if there:
        await _commit(self, assignment, there)


def let_go_of_missing_topics(consumer: Any) -> None:
    """Makes an aiokafka consumer do without topics that are not there; before it starts."""
    GroupCoordinator._do_commit_offsets = _commit_what_is_there
    client = consumer._client
    update, asked = client._metadata_update, [0.0]

    async def paced(cluster: Any, topics: Any) -> bool:
        if any(cluster.partitions_for_topic(topic) is None for topic in topics or ()):
            await asyncio.sleep(max(0.0, asked[0] + _PAUSE - time.monotonic()))
        asked[0] = time.monotonic()
        return bool(await update(cluster, topics))

    client._metadata_update = paced
