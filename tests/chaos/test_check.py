"""The checker sees what it is there to see: each test does one wrong to a stream that is right."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from tests.chaos.check import ERRORS, POISONED, Check, Verdict, article_of


@dataclass(frozen=True)
class Record:
    """A record as kafka-python gives it."""

    offset: int
    key: bytes | None
    value: bytes | None
    headers: Sequence[tuple[str, bytes]] = ()
    partition: int = 0


def raw(offset: int, item: str, version: int = 1, poisoned: bool = False) -> Record:
    """A wire item, or bytes that are none."""
    payload = b"{broken" if poisoned else json.dumps({"uri": item, "version": version, "text": "t"}).encode()
    return Record(offset, item.encode(), payload, [(POISONED, b"1")] if poisoned else [])


def enriched(offset: int, item: str, version: int = 1, ce_id: str = "", **changed: Any) -> Record:
    """The event of an item; times and seconds differ from one offset to the next, as in life."""
    event = {
        "id": item,
        "version": version,
        "text": "t",
        "times": {"enriched": offset},
        "produced_by": [{"stage": "entities", "seconds": offset}],
    }
    headers = [("ce_id", (ce_id or f"{item}-{version}").encode()), ("ce_time", str(offset).encode())]
    return Record(offset, item.encode(), json.dumps(event | changed).encode(), headers)


def dead(offset: int, of: Record, topic: str = "news.raw") -> Record:
    """The dead letter of a record."""
    why = {"topic": topic, "partition": str(of.partition), "offset": str(of.offset)}
    return Record(offset, of.key, of.value, [*of.headers, *((ERRORS + k, v.encode()) for k, v in why.items())])


WIRE = [raw(0, "a"), raw(1, "b"), raw(2, "b", 2), raw(3, "bad", poisoned=True)]
EVENTS = [enriched(0, "a"), enriched(1, "b"), enriched(2, "b", 2)]
DEAD = [dead(0, WIRE[3])]


def verdict(
    wire: Sequence[Record] = WIRE,
    events: Sequence[Record] = EVENTS,
    dead: Sequence[Record] = DEAD,
    whole: bool = True,
) -> Verdict:
    """Of the stream above, where the test does not change it; the sender was told that the broker has all of it."""
    check = Check("news.raw", acknowledged=[article_of(record.key, record.value) for record in WIRE])
    check.whole = whole
    for take, records in ((check.raw, wire), (check.enriched, events), (check.dead_letter, dead)):
        for record in records:
            take(record)
    return check.verdict()


def test_a_stream_that_is_right() -> None:
    v = verdict()
    assert v.holds
    assert (v.sent, v.came_out, v.dead_letters, v.repeated, v.out_of_order) == (4, 3, 1, 0, 0)


def test_a_repeat_that_differs_in_its_times_alone_is_a_repeat() -> None:
    v = verdict(events=[*EVENTS, enriched(3, "a"), enriched(4, "b"), enriched(5, "b", 2)])
    assert v.holds
    assert (v.repeated, v.out_of_order) == (3, 1), "version 1 of b came after its version 2, and version 2 again"


def test_an_article_sent_twice_is_one_article() -> None:
    v = verdict(wire=[*WIRE, raw(4, "a")])
    assert v.holds
    assert v.sent == 4


def test_an_acknowledged_article_that_the_raw_topic_does_not_hold() -> None:
    v = verdict(wire=[*WIRE[1:], raw(4, "c")], events=[*EVENTS[1:], enriched(3, "c")])
    assert v.sent == v.came_out + v.dead_letters == 4, "the topics alone show nothing"
    assert v.vanished == ["a 1"]
    assert not v.holds


def test_an_acknowledged_poisoned_item_that_the_raw_topic_does_not_hold() -> None:
    v = verdict(wire=WIRE[:3], dead=[])
    assert len(v.vanished) == 1
    assert not v.holds


def test_a_lost_article() -> None:
    v = verdict(events=EVENTS[1:])
    assert v.lost == ["a 1"]
    assert not v.holds


def test_a_lost_version_of_an_item_that_has_others() -> None:
    assert verdict(events=[EVENTS[0], EVENTS[2]]).lost == ["b 1"]


def test_an_event_of_an_item_that_nobody_sent() -> None:
    v = verdict(events=[*EVENTS, enriched(3, "c")])
    assert v.invented == ["c 1"]
    assert not v.holds


def test_an_event_of_a_version_that_nobody_sent() -> None:
    assert verdict(events=[*EVENTS, enriched(3, "b", 3)]).invented == ["b 3"]


def test_an_event_of_an_item_whose_version_only_the_stages_can_read() -> None:
    xml = Record(4, b"c", b"<nitf/>")
    assert verdict(wire=[*WIRE, xml], events=[*EVENTS, enriched(3, "c", 2)]).holds


def test_an_event_whose_raw_record_retention_may_have_taken() -> None:
    assert verdict(events=[*EVENTS, enriched(3, "c")], whole=False).holds


def test_a_poisoned_item_that_vanished_is_lost_and_missing_among_the_dead_letters() -> None:
    v = verdict(dead=[])
    assert len(v.lost) == len(v.missing_dead) == 1


def test_a_poisoned_item_that_came_out_all_the_same() -> None:
    v = verdict(dead=[], events=[*EVENTS, enriched(3, "bad")])
    assert not v.lost
    assert v.missing_dead
    assert not v.holds


def test_a_repeat_that_differs() -> None:
    v = verdict(events=[*EVENTS, enriched(3, "a", text="another")])
    assert v.differing == ["a-1"]
    assert not v.holds


def test_a_repeat_whose_headers_differ() -> None:
    other = replace(EVENTS[0], headers=[*EVENTS[0].headers, ("ce_source", b"elsewhere")])
    assert verdict(events=[*EVENTS, other]).differing == ["a-1"]


def test_a_repeat_under_another_ce_id() -> None:
    v = verdict(events=[*EVENTS, enriched(3, "a", ce_id="other")])
    assert v.several_ids == ["a 1"]
    assert not v.holds


def test_a_dead_letter_too_many() -> None:
    v = verdict(dead=[*DEAD, dead(1, WIRE[0])])
    assert v.unexpected_dead == ["a 1"]
    assert not v.holds


def test_a_dead_letter_of_a_later_stage_is_known_by_the_article_in_it() -> None:
    article = Record(7, b"b", json.dumps({"id": "b", "version": 1}).encode())
    v = verdict(events=[EVENTS[0], EVENTS[2]], dead=[*DEAD, dead(1, article, "news.articles")])
    assert not v.lost
    assert v.unexpected_dead == ["b 1"]


def test_a_dead_letter_whose_bytes_were_changed() -> None:
    v = verdict(dead=[replace(DEAD[0], value=b"{mended}")])
    assert len(v.differing) == 1
    assert not v.holds


def test_a_dead_letter_that_repeats() -> None:
    v = verdict(dead=[*DEAD, replace(DEAD[0], offset=1)])
    assert v.holds
    assert (v.dead_letters, v.repeated) == (1, 1)


def test_an_old_version_that_stands_last() -> None:
    v = verdict(events=[EVENTS[0], EVENTS[2], EVENTS[1]])
    assert (v.out_of_order, v.stale) == (1, ["b"])
    assert not v.holds


def test_versions_of_an_item_in_another_partition_are_not_compared() -> None:
    elsewhere = replace(EVENTS[1], partition=1)
    assert verdict(events=[EVENTS[0], EVENTS[2], elsewhere]).out_of_order == 0
