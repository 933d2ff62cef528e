"""A stage's table as Faust has it: which partitions are here, what the changelog gets, what is read back."""

import asyncio
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from faust.exceptions import PartitionsMismatch
from faust.types import TP

from streams.contract import codec
from streams.contract.message import Outgoing
from streams.flow import tables as tables_module
from streams.flow.app import make_app
from streams.flow.positions import Positions
from streams.flow.tables import KeptTable, StateAbsentError, attach_tables
from streams.settings import Settings
from streams.stages.contributions import Contributions
from streams.stages.table import Table
from tests.flow.table_worker import PerSource, counting_stage

CHANGELOG = "news.per-source-changelog"


class Kept:
    """The table of the counting stage, in an app whose assignor and consumer are played."""

    def __init__(self, folder: Path, store: str = "memory", partitions: int = 6) -> None:
        settings = Settings(datadir=folder, store=store)
        stage = counting_stage(settings)
        self.positions = Positions()
        self.app: Any = make_app("normalise", settings)
        (self.table,) = attach_tables(self.app, stage, settings, self.positions)
        self.stage_table: Table[PerSource] = stage.tables[0]
        self.assigned: set[TP] = set()
        assignor: Any = SimpleNamespace(assigned_actives=lambda: self.assigned)
        self.app.assignor = assignor
        self.flow: list[str] = []
        self.partitions, self.ends = partitions, dict[TP, int]()
        consumer: Any = SimpleNamespace(
            topic_partitions=lambda topic: self.partitions if topic == CHANGELOG else 6,
            stop_flow=lambda: self.flow.append("stopped"),
            highwaters=self._highwaters,
        )
        self.app.consumer = consumer

    async def _highwaters(self, *partitions: TP) -> dict[TP, int]:
        return {partition: self.ends.get(partition, 1000) for partition in partitions}

    def assign(self, *partitions: int, topic: str = CHANGELOG) -> KeptTable:
        """A rebalance."""
        self.assigned = {TP(topic, partition) for partition in partitions}
        asyncio.run(self.table.on_rebalance(self.assigned, set(), self.assigned))
        return self.table

    def put(self, partition: int, newest: int) -> None:
        """What the stage does with a record."""
        self.stage_table.begin(partition)
        self.stage_table.put("anp", PerSource(Contributions(), newest))
        self.stage_table.accept()

    def newest(self, partition: int) -> int | None:
        """What the stage reads: which state it is."""
        self.stage_table.begin(partition)
        held = self.stage_table.get("anp")
        return held.newest if held else None


def state(newest: int) -> bytes:
    """A state as it is kept."""
    return codec.encode(PerSource(Contributions(), newest))


def read_back(partition: int, offset: int, value: bytes | None = b"", topic: str = CHANGELOG) -> Any:
    """An event of the changelog, with a state that is known by its offset."""
    value = state(offset) if value == b"" else value
    return SimpleNamespace(
        message=SimpleNamespace(topic=topic, partition=partition, offset=offset, key=b"anp", value=value)
    )


@pytest.fixture(params=["memory", "rocksdb"])
def kept(request: pytest.FixtureRequest, tmp_path: Path) -> Kept:
    return Kept(tmp_path, request.param)


def test_a_record_of_a_partition_whose_states_are_elsewhere_ends_the_batch(kept: Kept) -> None:
    kept.assign(0, 1).require([0, 1, 1])
    with pytest.raises(StateAbsentError, match=r"per-source-changelog: not assigned with news.raw in \{2\}"):
        kept.table.require([0, 2])
    kept.assign(2).require([2])
    kept.assign(0, 1, topic="news.raw")
    with pytest.raises(StateAbsentError):
        kept.table.require([0])


def test_another_number_of_partitions_is_refused(tmp_path: Path) -> None:
    with pytest.raises(PartitionsMismatch, match=r"news.raw has 6 partitions and .*-changelog 3: give .*--alter"):
        Kept(tmp_path, partitions=3).assign(0)


def test_another_number_of_partitions_is_refused_in_mid_stream_too(kept: Kept) -> None:
    kept.assign(0)
    kept.partitions = 5
    with pytest.raises(PartitionsMismatch):
        kept.assign(0)


def test_a_copy_that_is_ahead_of_its_changelog_is_dropped(kept: Kept, caplog: pytest.LogCaptureFixture) -> None:
    """The broker lost the changelog's end; Faust would end at each start with a ConsistencyError."""
    kept.assign(4, 5)
    kept.table.apply_changelog_batch([read_back(4, 8), read_back(5, 8)])
    kept.ends = {TP(CHANGELOG, 4): 8, TP(CHANGELOG, 5): 9}
    kept.assign(4, 5)
    assert kept.table.persisted_offset(TP(CHANGELOG, 4)) is None
    assert (kept.newest(4), kept.newest(5)) == (None, 8)
    assert caplog.messages == [
        "news.per-source-changelog partition 4 ends at 8, and this worker's copy at 9: the broker lost records or the "
        "topic was made again; the copy is dropped, and read back from the changelog"
    ]
    kept.table.apply_changelog_batch([read_back(4, 7)])
    assert kept.newest(4) == 7


def test_the_changelog_gets_the_last_state_of_each_key_in_the_records_partition(kept: Kept) -> None:
    kept.assign(4)
    for newest in (1, 2):
        kept.put(4, newest)
    assert kept.table.changes() == [Outgoing(CHANGELOG, b"anp", state(2), partition=4)]
    assert kept.table.changes() == []


def test_a_state_is_kept_once_the_changelog_has_it(kept: Kept) -> None:
    kept.assign(4)
    kept.put(4, 1)
    (change,) = kept.table.changes()
    assert kept.newest(4) is None
    kept.table.keep({change: 0})
    assert kept.newest(4) == 1
    assert kept.table.persisted_offset(TP(CHANGELOG, 4)) == 0


def test_another_tables_records_are_not_kept(kept: Kept) -> None:
    kept.assign(4)
    kept.table.keep({Outgoing("news.other-changelog", b"anp", state(1), partition=4): 0})
    assert kept.newest(4) is None


def test_a_foreign_record_in_the_changelog_is_read_at_the_next_assignment(kept: Kept) -> None:
    """Records 0, 1 and 3 are ours, 2 is another worker's: the copy is whole up to 1."""
    kept.assign(4)
    for offset in (0, 1, 3):
        kept.table.keep({Outgoing(CHANGELOG, b"anp", state(offset), partition=4): offset})
    assert kept.newest(4) == 3
    assert kept.table.persisted_offset(TP(CHANGELOG, 4)) == 1
    kept.table.apply_changelog_batch([read_back(4, 2), read_back(4, 3)])
    assert kept.table.persisted_offset(TP(CHANGELOG, 4)) == 3


def test_what_is_read_back_counts_as_progress(kept: Kept) -> None:
    """A long way back is no stall."""
    kept.assign(4, 5)
    kept.table.apply_changelog_batch([read_back(4, 8), read_back(5, 2), read_back(4, 9)])
    assert (kept.newest(4), kept.newest(5)) == (9, 2)
    assert kept.table.persisted_offset(TP(CHANGELOG, 4)) == 9
    assert kept.positions.moved == 3


def test_a_deleted_key_is_read_back_as_such(kept: Kept) -> None:
    kept.assign(4)
    kept.table.apply_changelog_batch([read_back(4, 8), read_back(4, 9, value=None)])
    assert kept.newest(4) is None


def test_what_comes_late_for_a_partition_that_went_is_left_out(kept: Kept) -> None:
    """It would be a copy with a gap before it when the partition returns."""
    kept.assign(4)
    kept.table.apply_changelog_batch([read_back(5, 2), read_back(4, 3, topic="news.other-changelog")])
    assert kept.newest(4) is None
    kept.assign(5)
    assert kept.table.persisted_offset(TP(CHANGELOG, 5)) is None


@pytest.mark.parametrize("doing", ["reading", "writing"])
def test_a_copy_that_fails_ends_the_process(doing: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A write: Faust would log it and go on without the states. A read: it would become the record's dead letter."""
    monkeypatch.setattr(tables_module, "end_process", ended)
    kept = Kept(tmp_path)
    kept.assign(4)
    monkeypatch.setattr(kept.table._states, "get" if doing == "reading" else "write", full)
    with pytest.raises(SystemExit, match="table per-source: no space left"):
        if doing == "reading":
            kept.newest(4)
        else:
            kept.table.apply_changelog_batch([read_back(4, 2)])


def ended(where: str, error: BaseException) -> None:
    raise SystemExit(f"{where}: {error}")


def full(*_: object) -> None:
    raise OSError("no space left")


def test_nothing_flows_between_recovery_and_the_seek(kept: Kept) -> None:
    """Faust empties the streams' buffers after it: what came in between would be lost."""
    kept.app.flow_control.resume()
    asyncio.run(kept.table.on_recovery_completed(set(), set()))
    assert kept.flow == ["stopped"]
    assert not kept.app.flow_control.is_active()
