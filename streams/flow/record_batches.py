"""The batches of a fetch, each readable also where a header's name is no UTF-8.

Kafka takes any bytes for the name of a header; aiokafka 0.14 raises UnicodeDecodeError over it, at this record and at
every record behind it in the partition. Here the odd bytes are written out, as in `caf\\xe9`.
"""

from collections.abc import Iterator
from typing import Any

from aiokafka.record.default_records import _DefaultRecordBatchPy
from aiokafka.record.memory_records import MemoryRecords

_HEAD = 12  # bytes of a batch that its length does not count


class Batches:
    """Stands for aiokafka's `MemoryRecords`. `last` is the batch that was taken last, if there was one."""

    def __init__(self, data: bytes) -> None:
        self._batches: Any = MemoryRecords(data)
        self._data, self._at = memoryview(data), 0
        self.last: Batch | None = None

    def size_in_bytes(self) -> int:
        return int(self._batches.size_in_bytes())

    def has_next(self) -> bool:
        return bool(self._batches.has_next())

    def next_batch(self) -> Any:
        start, self.last = self._at, None
        self._at += _HEAD + int.from_bytes(self._data[start + 8 : start + _HEAD], "big", signed=True)
        self.last = Batch(self._batches.next_batch(), self._data[start : self._at])
        return self.last


class Batch:
    """One of them: aiokafka's, and the bytes that it was made from."""

    def __init__(self, batch: Any, data: memoryview) -> None:
        self._batch, self._data = batch, data

    def __getattr__(self, name: str) -> Any:
        return getattr(self._batch, name)

    def __next__(self) -> Any:
        return next(self._batch)

    def __iter__(self) -> Iterator[Any]:
        given = 0
        try:
            for record in self._batch:
                given += 1
                yield record
        except UnicodeDecodeError:
            yield from list(_lenient(self._data))[given:]


def _lenient(data: memoryview) -> Any:
    batch: Any = _DefaultRecordBatchPy(data)
    batch._maybe_uncompress()
    batch._buffer = _Names(batch._buffer)
    return batch


class _Names(bytearray):
    """What aiokafka cuts the names out of."""

    def __getitem__(self, place: Any) -> Any:
        found = super().__getitem__(place)
        return _Names(found) if isinstance(place, slice) else found

    def decode(self, encoding: str = "utf-8", errors: str = "backslashreplace") -> str:
        return super().decode(encoding, errors)
