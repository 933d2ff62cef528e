"""Headers with any name: read as they are where they are UTF-8, written out where not."""

import pytest
from aiokafka.record.default_records import DefaultRecordBatchBuilder

from streams.flow.record_batches import Batches

GZIP = 1


def batch(names: list[str], compression: int = 0) -> bytes:
    """A record for each name, in one batch."""
    builder = DefaultRecordBatchBuilder(2, compression, False, -1, -1, -1, 1 << 20)
    for offset, name in enumerate(names):
        builder.append(offset, 0, b"k", b"v", [(name, b"1")])
    return bytes(builder.build())


@pytest.mark.parametrize("size", [1, 2])
def test_a_name_that_is_no_utf_8_is_written_out_and_the_records_about_it_are_whole(size: int) -> None:
    """`caf` and a byte of Latin-1."""
    odd = batch(["source", "cafX", "naïef"]).replace(b"cafX", b"caf\xe9")
    batches = Batches(odd * size)
    for _ in range(size):
        assert batches.has_next()
        found = [(record.offset, record.key, record.value, record.headers) for record in batches.next_batch()]
        names = ["source", "caf\\xe9", "naïef"]
        assert found == [(offset, b"k", b"v", [(name, b"1")]) for offset, name in enumerate(names)]
    assert not batches.has_next()


def test_a_compressed_batch_is_read_as_it_is() -> None:
    assert [record.headers for record in Batches(batch(["source"], GZIP)).next_batch()] == [[("source", b"1")]]


def test_what_is_asked_of_a_batch_is_aiokafkas_answer() -> None:
    batches = Batches(batch(["a", "b"]))
    taken = batches.next_batch()
    assert (taken.base_offset, taken.next_offset, taken.is_control_batch, taken.validate_crc()) == (0, 2, False, True)
    assert batches.last is taken
    assert batches.size_in_bytes() == len(batch(["a", "b"]))
