"""Both stores: states by partition and key, and up to where the changelog is in them."""

from collections.abc import Callable
from pathlib import Path

import pytest

from streams.flow.stores import Store, make_store
from streams.settings import Settings

Make = Callable[[], Store]


@pytest.fixture(params=["memory", "rocksdb"])
def make(request: pytest.FixtureRequest, tmp_path: Path) -> Make:
    """A store of the kind; twice is the second time in the same folder."""
    settings = Settings(store=request.param)
    return lambda: make_store(settings, tmp_path / "deep" / "tables")


def test_states_of_a_partition(make: Make) -> None:
    store = make()
    store.hold({0, 1})
    assert (store.get(0, b"a"), store.offset(0)) == (None, None)
    store.write(0, [(b"a", b"1"), (b"b", b"2"), (b"a", b"3")], 6)
    store.write(0, [(b"b", None), (b"never", None)], None)
    assert (store.get(0, b"a"), store.get(0, b"b"), store.offset(0)) == (b"3", None, 6)
    assert (store.get(1, b"a"), store.offset(1)) == (None, None)
    store.hold(set())


def test_a_partition_that_is_not_held_is_no_empty_one(make: Make) -> None:
    store = make()
    store.hold({0})
    store.hold({1})
    with pytest.raises(KeyError):
        store.get(0, b"a")
    with pytest.raises(KeyError):
        store.write(0, [(b"a", b"1")], 0)
    store.hold(set())


def test_a_partition_that_stays_keeps_its_states(make: Make) -> None:
    store = make()
    store.hold({0})
    store.write(0, [(b"a", b"1")], 0)
    store.hold({0, 1})
    assert (store.get(0, b"a"), store.offset(0)) == (b"1", 0)
    store.hold(set())


def test_memory_forgets_a_partition_and_a_disk_does_not(make: Make) -> None:
    store = make()
    store.hold({0})
    store.write(0, [(b"a", b"1")], 4)
    store.hold(set())
    store.hold({0})
    kept = (b"1", 4) if type(store).__name__ == "RocksStore" else (None, None)
    assert (store.get(0, b"a"), store.offset(0)) == kept
    store.hold(set())


def test_what_is_on_disk_is_there_for_the_next_process(tmp_path: Path) -> None:
    first = make_store(Settings(store="rocksdb"), tmp_path)
    first.hold({0})
    first.write(0, [(b"a", b"1")], 4)
    first.hold(set())
    second = make_store(Settings(store="rocksdb"), tmp_path)
    second.hold({0})
    assert (second.get(0, b"a"), second.offset(0)) == (b"1", 4)
    second.hold(set())


def test_two_workers_in_one_folder_are_told(tmp_path: Path) -> None:
    first, second = (make_store(Settings(store="rocksdb"), tmp_path) for _ in range(2))
    first.hold({0})
    with pytest.raises(Exception, match="lock"):
        second.hold({0})
    first.hold(set())


def test_without_rocksdict_one_line_says_what_to_install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "rocksdict", None)
    with pytest.raises(ImportError, match=r"pip install 'streams\[rocksdb\]'"):
        make_store(Settings(store="rocksdb"), tmp_path)
