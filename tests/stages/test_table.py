"""A stage that keeps state, as its author writes and tests it: a table is a dict of records, by key."""

import json
from collections.abc import Sequence
from dataclasses import replace

import pytest

from streams.contract.event import Event
from streams.contract.message import Message
from streams.contract.outcome import DeadLetter, Reason
from streams.contract.records import Record
from streams.contract.topics import STATE_MAX_BYTES
from streams.settings import Settings
from streams.stages.contributions import Contributions
from streams.stages.stage import Stage, apply
from streams.stages.table import StateError, Table
from tests.flow.plain_worker import plain_stages
from tests.stages.only import error


class Longest(Record, frozen=True):
    """The longest text so far."""

    text: str


def stage() -> tuple[Stage, Table[Longest]]:
    """A stage that keeps the longest text, and fails on `!` after it has put one."""
    table = Table("longest", Longest)
    (plain, *_) = plain_stages(Settings())

    def work(message: Message) -> Sequence[Event | DeadLetter]:
        (result,) = plain.work(message)
        if isinstance(result, Event):
            text = result.article.text
            held = table.get("all")
            if not held or len(text) > len(held.text):
                table.put("all", Longest(text))
            if "!" in text:
                raise RuntimeError("no exclamations")
            if "?" in text:
                return [DeadLetter(Reason.NO_TEXT, "no questions")]
        return [result]

    return replace(plain, work=work, tables=[table]), table


def message(text: str, partition: int = 0) -> Message:
    return Message(json.dumps({"uri": "urn:x:1", "text": text}).encode(), partition=partition)


def test_a_record_sees_what_the_records_before_it_left() -> None:
    kept, table = stage()
    for text in ("een", "een twee", "drie"):
        apply(kept, message(text))
    assert table.get("all") == Longest("een twee")
    assert table.take_changes() == {(0, b"all"): b'{"text":"een twee"}'}


def test_each_partition_has_states_of_its_own() -> None:
    kept, table = stage()
    apply(kept, message("lang genoeg", partition=1))
    apply(kept, message("kort", partition=2))
    assert table.take_changes() == {(1, b"all"): b'{"text":"lang genoeg"}', (2, b"all"): b'{"text":"kort"}'}


@pytest.mark.parametrize("text", ["een langere tekst!", "een langere tekst?"], ids=["raises", "dead letter"])
def test_a_dead_letter_leaves_no_state(text: str) -> None:
    kept, table = stage()
    apply(kept, message("kort"))
    assert error(apply(kept, message(text)))
    apply(kept, message("x"))
    assert table.take_changes() == {(0, b"all"): b'{"text":"kort"}'}


def test_a_batch_begins_with_what_was_kept() -> None:
    kept, table = stage()
    table.bind(lambda partition, key: {(3, b"all"): b'{"text":"van gisteren"}'}.get((partition, key)))
    apply(kept, message("vandaag", partition=3))
    assert table.get("all") == Longest("van gisteren")
    assert table.take_changes() == {}


def test_a_deleted_key_is_gone_and_told_to_the_changelog() -> None:
    table = Table("longest", Longest)
    table.bind(lambda partition, key: b'{"text":"van gisteren"}')
    table.begin(0)
    table.delete("all")
    assert table.get("all") is None
    table.accept()
    assert table.take_changes() == {(0, b"all"): None}


def test_what_cannot_be_kept_or_read_is_said() -> None:
    table = Table("longest", Longest)
    with pytest.raises(StateError, match=r"table longest, key all: 1,000,\d+ bytes, above 1,000,000"):
        table.put("all", Longest("x" * STATE_MAX_BYTES))
    table.bind(lambda partition, key: b'{"text":7}')
    with pytest.raises(StateError, match=r"table longest, key all: Expected `str`, got `int`"):
        table.get("all")


def test_contributions_are_the_same_however_often_a_version_comes() -> None:
    words = Contributions[int]()
    for item, version, value in (("a", 1, 10), ("b", 1, 5), ("a", 2, 8), ("a", 1, 10), ("a", 2, 8), ("b", 1, 5)):
        words = words.with_item(item, version, value)
    assert sum(words.values) == 13
    assert words == Contributions[int]().with_item("b", 1, 5).with_item("a", 2, 8).with_item("a", 1, 10)


def test_a_withdrawn_item_does_not_come_back_with_an_older_version() -> None:
    words = Contributions[int]().with_item("a", 1, 10).with_item("a", 2, 0).with_item("a", 1, 10)
    assert sum(words.values) == 0
