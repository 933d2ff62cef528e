"""Where a worker keeps the states of a table: in memory, or with RocksDB on disk. Each is a copy of the changelog.

`offset` of a partition means: everything in the changelog up to here is in the copy.
"""

from collections.abc import Iterable, Set
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

from streams.settings import Settings

Changes = Iterable[tuple[bytes, bytes | None]]  # key and state; None: deleted

_OFFSET = b"\xffoffset"  # no key of a table: keys are UTF-8
_WRITE_BUFFER = 8 * 1024 * 1024  # bytes, for each partition; twice that in memory at most
_READ_CACHE = 16 * 1024 * 1024  # bytes, for each partition


class Store(Protocol):
    """The states of one table, in the partitions that this worker has."""

    def hold(self, partitions: Set[int]) -> None:
        """Opens these partitions, as far as they are new, and closes all others."""

    def get(self, partition: int, key: bytes) -> bytes | None:
        """A state. Raises KeyError for a partition that is not held."""

    def write(self, partition: int, changes: Changes, offset: int | None) -> None:
        """Applies changes, together with the new offset if there is one."""

    def offset(self, partition: int) -> int | None:
        """Up to where the changelog is in here; None: nothing yet."""

    def forget(self, partition: int) -> None:
        """Empties a partition, which stays open."""


def make_store(settings: Settings, folder: Path) -> Store:
    """The store that the settings name. Raises ImportError where rocksdict is not installed."""
    return RocksStore(folder) if settings.store == "rocksdb" else MemoryStore()


@dataclass
class _Partition:
    states: dict[bytes, bytes] = field(default_factory=dict)
    offset: int | None = None


class MemoryStore:
    """States in memory: the whole changelog is read when a partition comes."""

    def __init__(self) -> None:
        self._partitions: dict[int, _Partition] = {}

    def hold(self, partitions: Set[int]) -> None:
        self._partitions = {number: self._partitions.get(number) or _Partition() for number in partitions}

    def get(self, partition: int, key: bytes) -> bytes | None:
        return self._partitions[partition].states.get(key)

    def write(self, partition: int, changes: Changes, offset: int | None) -> None:
        held = self._partitions[partition]
        for key, state in changes:
            if state is None:
                held.states.pop(key, None)
            else:
                held.states[key] = state
        held.offset = held.offset if offset is None else offset

    def offset(self, partition: int) -> int | None:
        return self._partitions[partition].offset

    def forget(self, partition: int) -> None:
        self._partitions[partition] = _Partition()


class RocksStore:
    """States on disk, a database for each partition: what was written since it was last here is read."""

    def __init__(self, folder: Path) -> None:
        try:
            import rocksdict
        except ImportError:
            raise ImportError("STREAMS_STORE=rocksdb needs rocksdict: pip install 'streams[rocksdb]'") from None
        self._rocksdict, self._folder = rocksdict, folder
        self._partitions: dict[int, Any] = {}

    def hold(self, partitions: Set[int]) -> None:
        for gone in set(self._partitions) - partitions:
            self._partitions.pop(gone).close()
        for new in partitions - set(self._partitions):
            self._partitions[new] = self._rocksdict.Rdict(str(self._folder / str(new)), self._options())

    def get(self, partition: int, key: bytes) -> bytes | None:
        state: bytes | None = self._partitions[partition].get(key)
        return state

    def write(self, partition: int, changes: Changes, offset: int | None) -> None:
        batch = self._rocksdict.WriteBatch(raw_mode=True)
        for key, state in changes:
            if state is None:
                batch.delete(key)
            else:
                batch.put(key, state)
        if offset is not None:
            batch.put(_OFFSET, str(offset).encode())
        self._partitions[partition].write(batch)

    def offset(self, partition: int) -> int | None:
        offset = self._partitions[partition].get(_OFFSET)
        return None if offset is None else int(offset)

    def forget(self, partition: int) -> None:
        self._partitions.pop(partition).close()
        self._rocksdict.Rdict.destroy(str(self._folder / str(partition)), self._options())
        self.hold(set(self._partitions) | {partition})

    def _options(self) -> Any:
        options = self._rocksdict.Options(raw_mode=True)
        options.create_if_missing(True)
        options.set_write_buffer_size(_WRITE_BUFFER)
        options.set_max_write_buffer_number(2)
        table = self._rocksdict.BlockBasedOptions()
        table.set_block_cache(self._rocksdict.Cache(_READ_CACHE))
        options.set_block_based_table_factory(table)
        return options
