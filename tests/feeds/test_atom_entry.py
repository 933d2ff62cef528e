"""A feed's entry as an Atom document of its own, which the reader of the first stage reads back."""

from typing import Any
from xml.etree import ElementTree as Xml

import feedparser
from hypothesis import given
from hypothesis import strategies as st

from streams.contract.outcome import Ok
from streams.feeds.entries import atom_entry
from streams.feeds.item import WireItem
from streams.feeds.readers import read


def entry(**fields: Any) -> Any:
    """A feedparser entry."""
    return feedparser.FeedParserDict({"id": "urn:x:1", "title": "Brand"} | fields)


def read_entry(parsed: Any) -> WireItem:
    """The entry as the first stage reads it."""
    result = read(atom_entry(parsed), "application/atom+xml")
    assert isinstance(result, Ok), result
    return result.value


def test_an_entry_without_an_id_goes_by_its_link() -> None:
    assert read_entry(entry(id="", link="https://nieuws.example/1")).id == "https://nieuws.example/1"


def test_content_counts_before_the_summary() -> None:
    assert read_entry(entry(content=[{"value": "<p>Alles</p>"}], summary="Kort")).body == "<p>Alles</p>"
    assert read_entry(entry(content=[{"value": ""}], summary="Kort")).body == "Kort"
    assert read_entry(entry()).body is None


def test_characters_that_xml_does_not_know_are_left_out() -> None:
    assert read_entry(entry(title="Brand\x0b in\x00 Gent \ud83d")).headline == "Brand in Gent"


@given(st.text(st.characters()))
def test_any_text_makes_an_entry_that_can_be_read(text: str) -> None:
    payload = atom_entry(entry(content=[{"value": f"<p>{text}</p>"}]))
    assert isinstance(read(payload, "application/atom+xml"), Ok)
    content = Xml.fromstring(payload).findtext("{http://www.w3.org/2005/Atom}content")
    whole = "".join(c for c in text if c.isprintable())
    assert "".join(c for c in content or "" if c.isprintable()) == f"<p>{whole}</p>"


def test_the_bytes_are_the_same_each_time() -> None:
    """What tells whether an entry changed."""
    assert atom_entry(entry(summary="Kort")) == atom_entry(entry(summary="Kort"))
    assert atom_entry(entry(summary="Kort")) != atom_entry(entry(summary="Korter"))
