"""The tables of a stage as Faust has them: a changelog topic that brings a partition's states to its next worker.

The changelog is the truth and a store a copy of it. A batch's changes go to the changelog by the way of all
records, awaited and sent again (`delivery`); only what the broker has confirmed is written to the store, and
then the batch is acknowledged. So a kill at any moment leaves a changelog that has all that was acknowledged,
and perhaps the batch after it, whose records come again.

Faust assigns a changelog's partitions together with those of the topic that the stage reads, reads states back
before it hands out records, and tells of both. Its own way of writing is not used: it sends in the background,
and needs a context variable that is not set while a batch is worked.
"""

import logging
from collections.abc import Iterable, Mapping, Sequence
from itertools import groupby
from typing import Any

import faust
from faust.exceptions import PartitionsMismatch
from faust.tables import Table as FaustTable

from streams.contract.message import Outgoing
from streams.flow.app import raw_topic
from streams.flow.ending import end_process
from streams.flow.positions import Positions
from streams.flow.stores import Store, make_store
from streams.settings import Settings
from streams.stages.stage import Stage
from streams.stages.table import Table

log = logging.getLogger(__name__)


class StateAbsentError(RuntimeError):
    """A record came of a partition whose states are not with this worker."""


class KeptTable(FaustTable[bytes, bytes]):
    """A stage's table in a worker."""

    def __init__(
        self, app: faust.App, table: Table[Any], source: str, settings: Settings, store: Store, positions: Positions
    ) -> None:
        topic = settings.changelog(table.name)
        changelog = raw_topic(app, topic.name, partitions=topic.partitions, internal=True, acks=False)
        super().__init__(
            app,
            name=table.name,
            key_type=bytes,
            value_type=bytes,
            partitions=topic.partitions,
            changelog_topic=changelog,
            beacon=app.tables.beacon,
        )
        self._table, self._source, self._states, self._positions = table, source, store, positions
        self._held: frozenset[int] = frozenset()
        table.bind(self._read)

    def require(self, partitions: Iterable[int]) -> None:
        """Raises StateAbsentError unless the states of these partitions are here."""
        absent = set(partitions) - self._held
        if absent:
            raise StateAbsentError(f"{self.changelog_topic_name}: not assigned with {self._source} in {absent}")

    def changes(self) -> list[Outgoing]:
        """The changelog's records for what the batch changed, one a key."""
        return [
            Outgoing(self.changelog_topic_name, key, state, partition=partition)
            for (partition, key), state in self._table.take_changes().items()
        ]

    def keep(self, written: Mapping[Outgoing, int]) -> None:
        """Writes to the store what the changelog has, at these offsets.

        A gap before an offset is another's record, of a worker that took this one for gone, or a repeat. It is
        read when partitions are next assigned: the store's offset stays before it.
        """
        mine = [(c.partition, offset, c) for c, offset in written.items() if c.topic == self.changelog_topic_name]
        for partition, group in groupby(sorted(mine, key=lambda w: w[:2]), key=lambda w: w[0]):
            assert partition is not None
            offset = self._states.offset(partition)
            end = -1 if offset is None else offset
            changes = []
            for _, at, change in group:
                end = at if at == end + 1 else end
                changes.append((change.key or b"", change.value))
            self._states.write(partition, changes, end if end >= 0 else None)

    # What Faust asks of a table.

    async def on_start(self) -> None:
        """Nothing to start: there is no store of Faust's, and `streams topics` creates the changelog."""

    async def on_stop(self) -> None:
        """After the last batch."""
        self._hold(set())

    async def on_rebalance(
        self, assigned: set[Any], revoked: set[Any], newly_assigned: set[Any], generation_id: int = 0
    ) -> None:
        """Opens and closes partitions; raises PartitionsMismatch where the changelog has another number of them."""
        self._verified_source_topics_for_partitions.discard(self._source)  # it may have grown
        try:
            self._verify_source_topic_partitions(self._source)
        except PartitionsMismatch:
            raise PartitionsMismatch(self._mismatch()) from None
        mine = [tp for tp in self.app.assignor.assigned_actives() if tp.topic == self.changelog_topic_name]
        self._hold({tp.partition for tp in mine})
        await self._forget_what_is_ahead(mine)

    def persisted_offset(self, tp: Any) -> int | None:
        """Up to where the changelog need not be read."""
        return self._states.offset(tp.partition)

    def apply_changelog_batch(self, batch: Iterable[Any]) -> None:
        """Takes in what is read back, in order. Faust would log an error and go on without the states."""
        messages = [event.message for event in batch if event.message.topic == self.changelog_topic_name]
        messages.sort(key=lambda message: (message.partition, message.offset))
        try:
            for partition, group in groupby(messages, key=lambda message: message.partition):
                if partition in self._held:
                    read = list(group)
                    self._states.write(partition, [(m.key, m.value) for m in read], read[-1].offset)
        except Exception as error:
            end_process(f"table {self.name}", error)
        self._positions.moved += len(messages)

    async def on_recovery_completed(self, active_tps: set[Any], standby_tps: set[Any]) -> None:
        """All states are here; records come after this.

        Faust 0.15.3 now seeks to the committed offsets and empties the streams' buffers, with the fetcher
        running since it read the changelog: what is fetched in between would be dropped, and later committed
        past. So the flow stops until Faust has sought and resumes it, as it does for apps without tables.
        """
        self.app.consumer.stop_flow()
        self.app.flow_control.suspend()
        log.info("table %s: the states of partitions %s are here", self.name, sorted(self._held))

    async def _forget_what_is_ahead(self, mine: Sequence[Any]) -> None:
        """A copy that has more than its changelog is of a log that is gone: Faust would end at each start."""
        kept = {tp: offset for tp in mine if (offset := self._states.offset(tp.partition)) is not None}
        for tp, end in (await self.app.consumer.highwaters(*kept)).items() if kept else ():
            if kept[tp] >= end:
                log.warning(
                    "%s partition %d ends at %d, and this worker's copy at %d: the broker lost records or the topic "
                    "was made again; the copy is dropped, and read back from the changelog",
                    tp.topic,
                    tp.partition,
                    end,
                    kept[tp] + 1,
                )
                self._states.forget(tp.partition)

    def _mismatch(self) -> str:
        count = self.app.consumer.topic_partitions
        return (
            f"{self._source} has {count(self._source)} partitions and {self.changelog_topic_name} "
            f"{count(self.changelog_topic_name)}: give the one with fewer as many as the other has, with kafka-topics "
            "--alter --partitions (docs/tables.md says what becomes of the states)"
        )

    def _read(self, partition: int, key: bytes) -> bytes | None:
        """A copy that cannot be read is no fault of the record: raised in the stage, it would make a dead letter."""
        try:
            return self._states.get(partition, key)
        except Exception as error:
            end_process(f"table {self.name}", error)
            raise

    def _hold(self, partitions: set[int]) -> None:
        self._held = frozenset(partitions)
        self._states.hold(self._held)


def attach_tables(app: faust.App, stage: Stage, settings: Settings, positions: Positions) -> Sequence[KeptTable]:
    """Makes the stage's tables tables of the app."""
    tables = []
    for table in stage.tables:
        store = make_store(settings, settings.datadir / stage.name / "tables" / table.name)
        kept = KeptTable(app, table, stage.reads, settings, store, positions)
        app.tables.add(kept)
        tables.append(kept)
    return tables
