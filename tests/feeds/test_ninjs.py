"""ninjs 1.x, 2.x and 3.x come out alike."""

import json
import os
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from streams.contract.outcome import DeadLetter, Ok, Reason
from streams.contract.records import Status
from streams.feeds.item import BodyFormat, WireItem
from streams.feeds.ninjs import read_ninjs

EXAMPLES = Path(os.environ.get("STREAMS_DATA", "")) / "iptc" / "ninjs"


def item_of(**fields: object) -> WireItem:
    outcome = read_ninjs(json.dumps({"uri": "urn:x:1", **fields}).encode())
    assert isinstance(outcome, Ok), outcome
    return outcome.value


def reason_of(payload: bytes) -> Reason:
    outcome = read_ninjs(payload)
    assert isinstance(outcome, DeadLetter), outcome
    return outcome.reason


def test_version_1() -> None:
    item = item_of(
        version="3",
        versioncreated="2026-11-23T05:48:00+01:00",
        pubstatus="usable",
        language="nl-BE",
        located="Brussel",
        ednote="Let op",
        embargoed="2026-11-23T12:00:00Z",
        headline="Kop",
        body_text="Tekst",
        body_xhtml="<p>Tekst</p>",
    )
    assert item == WireItem(
        id="urn:x:1",
        version=3,
        status=Status.USABLE,
        headline="Kop",
        body="<p>Tekst</p>",
        body_format=BodyFormat.HTML,
        language="nl-BE",
        place="Brussel",
        published=datetime(2026, 11, 23, 4, 48, tzinfo=UTC),
        embargo=datetime(2026, 11, 23, 12, tzinfo=UTC),
        note="Let op",
    )


@pytest.mark.parametrize("content_type", ["contenttype", "contentType"])
def test_versions_2_and_3(content_type: str) -> None:
    item = item_of(
        headlines=[{"role": "short", "value": "Kort"}, {"role": "main", "value": "Kop"}],
        bodies=[
            {"role": "text", content_type: "text/plain", "value": "Tekst"},
            {"role": "richtext", content_type: "application/xhtml+xml", "value": "<p>Tekst</p>"},
        ],
    )
    assert (item.headline, item.body, item.body_format) == ("Kop", "<p>Tekst</p>", BodyFormat.HTML)


def test_version_3_writes_its_names_in_camel_case() -> None:
    item = item_of(
        versionCreated="2026-11-23T05:48:00Z",
        pubStatus="withheld",
        edNote="Let op",
        embargoedUntil="2026-11-24T00:00:00Z",
    )
    assert item.published == datetime(2026, 11, 23, 5, 48, tzinfo=UTC)
    assert (item.status, item.note) == (Status.WITHHELD, "Let op")
    assert item.embargo == datetime(2026, 11, 24, tzinfo=UTC)


@pytest.mark.parametrize(("version", "expected"), [(None, 1), ("", 1), (7, 7), ("12", 12), ("0", 0)])
def test_version_as_text_or_number(version: object, expected: int) -> None:
    assert item_of(version=version).version == expected


def test_a_headline_without_a_role_and_a_body_without_a_type() -> None:
    item = item_of(headlines=[{"value": "Kop"}], bodies=[{"value": "<p>Tekst</p>"}])
    assert (item.headline, item.body_format) == ("Kop", BodyFormat.HTML)


def test_absent_null_and_empty_are_the_same() -> None:
    item = item_of(headline=None, bodies=None, headlines=[], embargoed="", language=None, pubstatus=None)
    assert item == WireItem(id="urn:x:1")
    assert item_of(bodies=[{"role": "main", "value": None}]).body is None


def test_a_byte_order_mark_is_no_part_of_the_json() -> None:
    assert isinstance(read_ninjs(b'\xef\xbb\xbf{"uri": "urn:x:1"}'), Ok)


@pytest.mark.parametrize(
    "fields",
    [
        {"uri": None},
        {"uri": 12},
        {"uri": " "},
        {"headline": 5},
        {"headline": ["Kop"]},
        {"headlines": "Kop"},
        {"headlines": [None]},
        {"bodies": {"value": "Tekst"}},
        {"bodies": [{"value": 3}]},
        {"body_text": {}},
        {"version": 1.5},
        {"version": True},
        {"version": -1},
        {"version": "twee"},
        {"version": "9" * 5000},
        {"version": 10**400},
        {"version": {}},
        {"pubstatus": "misschien"},
        {"pubstatus": 1},
        {"versioncreated": 1700000000},
        {"versioncreated": "gisteren"},
        {"versioncreated": "0001-01-01T00:00:00+14:00"},
        {"embargoed": "morgen"},
        {"language": ["nl"]},
        {"located": 1},
        {"ednote": False},
    ],
)
def test_a_field_of_the_wrong_type(fields: dict[str, object]) -> None:
    assert reason_of(json.dumps({"uri": "urn:x:1", **fields}).encode()) is Reason.WRONG_FIELD


@pytest.mark.parametrize("payload", [b"{}", b'{"headline": "Kop"}', b"[]", b'"kop"', b"12", b"null"])
def test_no_item_at_all(payload: bytes) -> None:
    assert reason_of(payload) is Reason.WRONG_FIELD


@pytest.mark.parametrize(
    "payload",
    [
        b"",
        b"{",
        b'{"uri": "a"',
        b"{'uri': 'a'}",
        b'{"uri": "a", "version": NaN}',
        b'{"uri": "\\ud800"}',
        b'{"uri": "a", "x": ' + b"[" * 100_000 + b"]" * 100_000 + b"}",
    ],
)
def test_not_json(payload: bytes) -> None:
    assert reason_of(payload) is Reason.NOT_PARSED


@pytest.mark.parametrize("payload", [b'{"uri": "\xff"}', '{"uri": "é"}'.encode("cp1252"), b"\xff\xfe{\x00}"])
def test_wrong_encoding(payload: bytes) -> None:
    assert reason_of(payload) is Reason.WRONG_ENCODING


_json = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)
_names = st.sampled_from(
    ["uri", "version", "versionCreated", "pubstatus", "headline", "headlines", "bodies", "embargoed", "located"]
)


@given(st.dictionaries(_names, _json))
def test_any_json_is_an_item_or_a_dead_letter(document: dict[str, object]) -> None:
    assert isinstance(read_ninjs(json.dumps(document).encode()), Ok | DeadLetter)


@pytest.mark.skipif(not EXAMPLES.is_dir(), reason="needs STREAMS_DATA with IPTC's examples in iptc/ninjs")
def test_the_examples_of_the_standard() -> None:
    paths = [path for path in EXAMPLES.glob("*.json") if "schema" not in path.name]
    assert paths
    for path in paths:
        outcome = read_ninjs(path.read_bytes())
        assert isinstance(outcome, Ok), (path.name, outcome)
        assert outcome.value.headline, path.name
        has_body = path.name not in ("2.1_ap_image.json", "2.1_ntb_text.json")
        assert bool(outcome.value.body) is has_body, path.name


@pytest.mark.parametrize("other", [b"1" * 5_000, b"1e999", b"-1e999", b'"\\ud800"', b"[[[1e999]]]"])
def test_a_field_that_nobody_reads_loses_no_article(other: bytes) -> None:
    outcome = read_ninjs(b'{"uri": "a", "headline": "Kop", "x": ' + other + b"}")
    assert isinstance(outcome, Ok)
    assert outcome.value.headline == "Kop"


def test_half_a_surrogate_pair_costs_that_character_only() -> None:
    """A text cut within an emoji; a backslash before a u is not one, and whole pairs stay."""
    outcome = read_ninjs(rb'{"uri": "a", "headline": "Kop \ud83d \\ud83d \ud83d\ude00"}')
    assert isinstance(outcome, Ok)
    assert outcome.value.headline == "Kop \ufffd \\ud83d \U0001f600"


@pytest.mark.parametrize("version", [b"1" * 5_000, b"1e999", b'"' + b"1" * 5_000 + b'"'])
def test_a_version_beyond_all_numbers(version: bytes) -> None:
    assert reason_of(b'{"uri": "a", "version": ' + version + b"}") is Reason.WRONG_FIELD
