"""What was sent again is remembered by place and time."""

from dataclasses import replace
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

from streams.contract.message import Message
from streams.outputs.retried import note, notes, retried

LETTER = Message(b"{kapot", b"urn:x:1", topic="news.dead-letters", partition=2, offset=7)


def noted(letter: Message = LETTER) -> Message:
    """The note of a letter that was sent again, as it lies in its topic."""
    sent: dict[str, Any] = {}
    note(SimpleNamespace(send=lambda topic, **record: sent.update(record)), "news.dead-letters-retried", "2-7", letter)
    return Message(sent["value"], sent["key"])


def test_a_letter_that_was_sent_again_is_known_with_its_time() -> None:
    known = notes(iter([noted()]))
    assert (retried(LETTER, "2-7", known) or "").endswith("+00:00")
    assert retried(LETTER, "2-8", known) is None


def test_another_letter_at_the_same_place_is_another() -> None:
    """The topic was deleted and made anew."""
    younger = replace(LETTER, timestamp=LETTER.timestamp + timedelta(days=1))
    assert retried(younger, "2-7", notes(iter([noted()]))) is None


def test_what_is_no_note_is_passed_over() -> None:
    strange = [Message(None, b"2-7"), Message(b"{}", b"2-7"), Message(b"[]", b"2-7"), Message(b"\xff", b"\xff")]
    assert notes(iter(strange)) == {}
