"""Which reader reads what."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from streams.contract.outcome import DeadLetter, Ok, Reason
from streams.feeds.readers import READERS, read, recognise


@pytest.mark.parametrize(
    ("payload", "media_type"),
    [
        (b'{"uri": "a"}', "application/vnd.iptc.ninjs+json"),
        (b'\xef\xbb\xbf \n{"uri": "a"}', "application/vnd.iptc.ninjs+json"),
        (b"\n <rss/>", "application/rss+xml"),
        (b"Premier stapt op", "text/plain"),
        (b"[1]", "text/plain"),
        (b"", "text/plain"),
    ],
)
def test_recognised_from_the_content(payload: bytes, media_type: str) -> None:
    assert recognise(payload) == media_type


@pytest.mark.parametrize(
    "content_type",
    ["application/vnd.iptc.ninjs+json", "APPLICATION/JSON ; charset=utf-8", "application/json", "", None],
)
def test_ninjs(content_type: str | None) -> None:
    outcome = read(b'{"uri": "urn:x:1"}', content_type)
    assert isinstance(outcome, Ok)
    assert outcome.value.id == "urn:x:1"


def test_the_content_type_counts_before_the_content() -> None:
    outcome = read(b"{dit is geen JSON}", "text/plain")
    assert isinstance(outcome, Ok)
    assert outcome.value.headline == "{dit is geen JSON}"


def test_the_charset_of_the_content_type() -> None:
    outcome = read("Reünie".encode("cp1252"), 'text/plain; charset="windows-1252"')
    assert isinstance(outcome, Ok)
    assert outcome.value.headline == "Reünie"


def test_a_content_type_that_no_reader_knows() -> None:
    outcome = read(b"%PDF-1.7", "application/pdf")
    assert isinstance(outcome, DeadLetter)
    assert outcome.reason is Reason.UNKNOWN_FORMAT


@given(st.binary(max_size=200), st.sampled_from([None, *READERS]) | st.text(max_size=30))
def test_any_bytes_are_an_item_or_a_dead_letter(payload: bytes, content_type: str | None) -> None:
    assert isinstance(read(payload, content_type), Ok | DeadLetter)


@given(st.text(max_size=200), st.sampled_from([None, *READERS]))
def test_any_text_is_an_item_or_a_dead_letter(text: str, content_type: str | None) -> None:
    assert isinstance(read(text.encode("utf-8", "replace"), content_type), Ok | DeadLetter)
