"""State that a stage keeps from record to record, as the stage sees it: records by key.

Nothing here knows Kafka. In a worker `flow/` binds a table to what is kept; in a test it works as it is.
"""

from collections.abc import Callable
from typing import Generic, TypeVar

from streams.contract import codec
from streams.contract.outcome import DeadLetter
from streams.contract.records import Record
from streams.contract.topics import STATE_MAX_BYTES

S = TypeVar("S", bound=Record)
Place = tuple[int, bytes]  # partition and key
Read = Callable[[int, bytes], bytes | None]


class StateError(ValueError):
    """A state that cannot be kept, or that was kept and cannot be read."""


class Table(Generic[S]):
    """States of one kind by key, within the partition of the record at hand.

    Each partition has states of its own, as each is another worker's tomorrow: what belongs together must
    come under one key of the topic. A stage reads what the records before this one put, also those of the
    same batch; what a record puts counts only if the stage makes an event of it.

    Records come again after a kill, and not at once: work a record twice, or an older one after a newer, and
    the state must be the same (see Contributions).
    """

    def __init__(self, name: str, kind: type[S]) -> None:
        self.name, self.kind = name, kind
        self._kept: Read = lambda partition, key: None
        self._partition = 0
        self._batch: dict[Place, bytes | None] = {}
        self._record: dict[Place, bytes | None] = {}

    def get(self, key: str) -> S | None:
        """The state of a key, if there is one. Raises StateError for one that its kind cannot read."""
        place = self._place(key)
        for changes in (self._record, self._batch):
            if place in changes:
                value = changes[place]
                break
        else:
            value = self._kept(*place)
        if value is None:
            return None
        state = codec.decode(value, self.kind)
        if isinstance(state, DeadLetter):
            raise StateError(f"table {self.name}, key {key}: {state.message}")
        return state.value

    def put(self, key: str, state: S) -> None:
        """Sets the state of a key. Raises StateError for one above STATE_MAX_BYTES as JSON."""
        value = codec.encode(state)
        if len(value) > STATE_MAX_BYTES:
            raise StateError(f"table {self.name}, key {key}: {len(value):,} bytes, above {STATE_MAX_BYTES:,}")
        self._record[self._place(key)] = value

    def delete(self, key: str) -> None:
        """Forgets a key."""
        self._record[self._place(key)] = None

    def bind(self, kept: Read) -> None:
        """Says where the states are that earlier batches left."""
        self._kept = kept

    def begin(self, partition: int) -> None:
        """The next record is at hand; what the last one put and was not accepted is gone."""
        self._partition = partition
        self._record.clear()

    def accept(self) -> None:
        """The record at hand came to an event: what it put counts."""
        self._batch |= self._record
        self._record.clear()

    def take_changes(self) -> dict[Place, bytes | None]:
        """What the batch changed, the last state of each key; None for a deleted one. The batch is over."""
        changes, self._batch = self._batch, {}
        return changes

    def _place(self, key: str) -> Place:
        return self._partition, key.encode()
