"""Records to bytes and back; what cannot be read is a reason, never an exception."""

import json
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from streams.contract.codec import decode, encode, unreadable
from streams.contract.outcome import DeadLetter, Ok, Reason
from streams.contract.records import Article, EnrichedArticle, Record, Span, TaggedArticle
from tests.contract.examples import enriched, records

GOLDEN = Path(__file__).parent / "golden" / "enriched.json"


@pytest.mark.parametrize("kind", [Article, TaggedArticle, EnrichedArticle])
@settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(data=st.data())
def test_any_record_comes_back_as_it_was(kind: type[Record], data: st.DataObject) -> None:
    record = data.draw(records(kind))
    assert decode(encode(record), kind) == Ok(record)


def test_golden_bytes() -> None:
    """The wire format that subscribers rely on. A change of names, order or values shows as a diff here."""
    assert msgspec.json.format(encode(enriched()), indent=2) + b"\n" == GOLDEN.read_bytes()


def test_golden_can_be_read() -> None:
    assert decode(GOLDEN.read_bytes(), EnrichedArticle) == Ok(enriched())


def test_text_is_utf8_without_escapes_and_times_end_in_z() -> None:
    value = encode(enriched())
    assert "“onjuist”".encode() in value
    assert b'"received":"2026-03-02T09:30:02Z"' in value


def test_mentions_and_quotes_of_the_golden_lie_where_they_say() -> None:
    article = enriched()
    spans = [(m.start, m.end, m.text) for e in article.entities for m in e.mentions]
    spans += [(q.start, q.end, q.text) for q in article.quotes]
    assert len(spans) == 2
    assert all(article.text[start:end] == text for start, end, text in spans)


def test_a_later_stage_reads_only_what_it_knows() -> None:
    """Fields may be added: an older reader passes over them."""
    value = encode(enriched())
    article = decode(value.replace(b"{", b'{"field_of_tomorrow":[1,{"a":null}],', 1), Article)
    assert isinstance(article, Ok)
    assert article.value.headline == enriched().headline


def test_optional_fields_may_be_absent() -> None:
    fields: dict[str, Any] = msgspec.json.decode(encode(enriched()))
    for name in ("embargo", "skipped", "sentiment_absent"):
        del fields[name]
    assert decode(msgspec.json.encode(fields), EnrichedArticle) == Ok(enriched(embargo=None))


def test_integers_are_not_cut_to_64_bits() -> None:
    assert decode(b'{"start": %d, "end": 1}' % 10**40, Span) == Ok(Span(start=10**40, end=1))
    assert decode(encode(Span(start=10**40, end=1)), Span) == Ok(Span(start=10**40, end=1))


_DEEP = 100_000

UNREADABLE: dict[str, tuple[bytes | None, Reason]] = {
    "no value (a tombstone)": (None, Reason.EMPTY_PAYLOAD),
    "no bytes": (b"", Reason.EMPTY_PAYLOAD),
    "blank": (b"  ", Reason.NOT_PARSED),
    "text": (b"Brand in Gent", Reason.NOT_PARSED),
    "cut off": (b'{"start": 1, "en', Reason.NOT_PARSED),
    "two values": (b'{"start": 1, "end": 2} {}', Reason.NOT_PARSED),
    "half a surrogate pair": (b'{"start": 1, "end": 2, "cue": "\\ud800"}', Reason.NOT_PARSED),
    "not UTF-8 from the first byte": (b"\xff\xfe{", Reason.WRONG_ENCODING),
    "null": (b"null", Reason.WRONG_FIELD),
    "an array": (b"[]", Reason.WRONG_FIELD),
    "field missing": (b'{"start": 1}', Reason.WRONG_FIELD),
    "number as text": (b'{"start": "1", "end": 2}', Reason.WRONG_FIELD),
    "not whole": (b'{"start": 1.5, "end": 2}', Reason.WRONG_FIELD),
    "true is no number": (b'{"start": true, "end": 2}', Reason.WRONG_FIELD),
    "5,000 digits": (b'{"start": ' + 5_000 * b"9" + b', "end": 2}', Reason.WRONG_FIELD),
    "infinite": (b'{"start": 1e999, "end": 2}', Reason.WRONG_FIELD),
    "deep, instead of an object": (_DEEP * b"[", Reason.WRONG_FIELD),
    "deep, in a field nobody reads": (
        b'{"x": ' + _DEEP * b"[" + _DEEP * b"]" + b', "start": 1, "end": 2}',
        Reason.NOT_PARSED,
    ),
}


@pytest.mark.parametrize(("value", "reason"), UNREADABLE.values(), ids=UNREADABLE.keys())
def test_what_cannot_be_read_says_why(value: bytes | None, reason: Reason) -> None:
    result = decode(value, Span)
    assert isinstance(result, DeadLetter)
    assert result.reason is reason
    assert result.message


def test_invalid_utf8_in_a_field() -> None:
    result = decode(encode(enriched()).replace("“".encode(), b"\x93"), EnrichedArticle)
    assert isinstance(result, DeadLetter)
    assert result.reason is Reason.WRONG_ENCODING
    assert result.exception_class == "UnicodeDecodeError"


@pytest.mark.parametrize("raised", [msgspec.DecodeError("x"), UnicodeDecodeError("utf-8", b"\xff", 0, 1, "x")])
def test_what_is_not_utf8_is_said_to_be_so_whatever_msgspec_raised(raised: Exception) -> None:
    assert unreadable(b'{"headline": "Re\xfcnie"}', raised).reason is Reason.WRONG_ENCODING
    assert unreadable(b'{"headline": ', raised).reason is Reason.NOT_PARSED


def test_the_message_names_the_field() -> None:
    result = decode(encode(enriched()).replace(b'"PER"', b'"PERSON"'), EnrichedArticle)
    assert isinstance(result, DeadLetter)
    assert "PERSON" in result.message
    assert "$.entities[0].type" in result.message.replace("[...]", "[0]")


@given(value=st.binary(max_size=200))
def test_no_bytes_raise(value: bytes) -> None:
    assert isinstance(decode(value, EnrichedArticle), DeadLetter)


def test_field_names_of_an_event() -> None:
    """Names that subscribers rely on, in the order in which they are written."""
    event = json.loads(GOLDEN.read_bytes())
    assert list(event) == [
        *("id", "version", "status", "change", "headline", "source", "dateline", "embargo", "skipped"),
        *("language", "text", "text_sha256", "wire_sha256", "blocks", "times", "produced_by"),
        *("entities", "quotes", "sentiment", "sentiment_absent", "sentences"),
    ]
    assert list(event["blocks"][0]) == ["start", "end", "kind", "speaker_name", "role", "repeats_body"]
    assert list(event["entities"][0]) == ["id", "type", "name", "link", "salience", "mentions", "sentiment"]
    assert list(event["quotes"][0]) == ["start", "end", "text", "speaker", "cue"]
    assert list(event["language"]) == ["code", "region", "confidence", "from"]
    assert list(event["times"]) == ["published", "received", "normalised", "entities", "enriched"]
    assert list(event["produced_by"][0]) == ["stage", "model", "version", "digest", "pipeline", "seconds"]
