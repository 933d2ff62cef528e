"""How far a stage has come in each partition, and how far behind it is."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field


@dataclass
class Position:
    """`next` is the first offset not yet worked; `oldest` the Unix time of the record there, if it was seen."""

    next: int
    oldest: float = 0.0


@dataclass
class Positions:
    """The positions of one stage by partition. `moved` counts every record worked, to see progress.

    `refusal` is the error with which the last delivery failed, until one succeeds.
    """

    by_partition: dict[int, Position] = field(default_factory=dict)
    moved: int = 0
    refusal: BaseException | None = None

    def delivery_failed(self, error: BaseException | None) -> None:
        """A delivery failed, or succeeded after all (None)."""
        self.refusal = error

    def taken(self, partition: int, offset: int, timestamp: float) -> None:
        """A record was read and is about to be worked."""
        position = self.by_partition.setdefault(partition, Position(offset))
        if offset <= position.next or not position.oldest:
            position.oldest = timestamp

    def worked(self, partition: int, offset: int, timestamp: float) -> None:
        """A record is done and acknowledged; its time stands for the next one's until that is seen."""
        self.by_partition[partition] = Position(offset + 1, timestamp)
        self.moved += 1

    def began_anew(self, partition: int, lost: int, start: int) -> None:
        """A partition goes on at `start`, since the offset `lost` is not in its log."""
        position = self.by_partition.get(partition)
        if position is None or position.next >= lost:  # else it has gone on meanwhile
            self.by_partition[partition] = Position(start)

    def assigned(self, partitions: Iterable[int]) -> None:
        """Forgets partitions that are not this worker's any more."""
        for gone in set(self.by_partition) - set(partitions):
            del self.by_partition[gone]

    def lag(self, highwaters: Mapping[int, int], starts: Mapping[int, int]) -> dict[int, tuple[int, float | None]]:
        """Lag in records, and the time of the oldest record not worked (0: none), where both are known.

        `highwaters` are the log's ends; `starts` what is committed: before any record came since the assignment
        began, or past offsets that hold no record.
        """
        known = {}
        for partition, end in highwaters.items():
            position = self.by_partition.get(partition)
            start = max(position.next if position else -1, starts.get(partition, -1))
            if start >= 0:
                behind = max(0, end - start)
                oldest = position.oldest if position else None
                known[partition] = (behind, oldest if behind else 0.0)
        return known
