"""Plain text: where the headline ends, and which bytes are text."""

import hashlib

import pytest

from streams.contract.outcome import DeadLetter, Ok, Reason
from streams.feeds.item import WireItem
from streams.feeds.plain_text import read_plain_text, split_headline

SENTENCE = "De regering heeft vannacht een akkoord bereikt over de begroting."


@pytest.mark.parametrize(
    ("text", "headline", "body"),
    [
        ("Kop\n\nTekst van het bericht.", "Kop", "Tekst van het bericht."),
        ("Kop\r\n\r\nTekst.", "Kop", "Tekst."),
        ("\n  Kop  \n \t\nTekst.\n", "Kop", "Tekst."),
        ("Premier stapt op", "Premier stapt op", None),
        ("Premier stapt op.", "Premier stapt op.", None),
        ("Wat nu? Vijf vragen\n\nTekst.", "Wat nu? Vijf vragen", "Tekst."),
        (f"{SENTENCE}\n\nTweede alinea.", None, f"{SENTENCE}\n\nTweede alinea."),
        (f"{SENTENCE} " * 5, None, (f"{SENTENCE} " * 5).strip()),
        ("Dit weten we:\n\nTekst.", None, "Dit weten we:\n\nTekst."),
        ("", None, None),
        (" \n\n ", None, None),
    ],
)
def test_headline(text: str, headline: str | None, body: str | None) -> None:
    assert split_headline(text) == (headline, body)


def test_a_pasted_page_has_single_newlines() -> None:
    assert split_headline(f"Akkoord over begroting\n{SENTENCE}\nTweede alinea.") == (
        "Akkoord over begroting",
        f"{SENTENCE}\nTweede alinea.",
    )


def test_lines_broken_at_a_margin_are_no_headline() -> None:
    text = "De regering heeft vannacht na lang praten\neen akkoord bereikt over de begroting van\nvolgend jaar."
    assert split_headline(text) == (None, text)


def test_a_headline_over_two_lines() -> None:
    headline = "Regering bereikt na een nacht onderhandelen\nakkoord over begroting"
    assert split_headline(f"{headline}\n\n{SENTENCE[:40]}")[0] == headline.replace("\n", " ")


def read(payload: bytes, charset: str | None = None) -> WireItem:
    outcome = read_plain_text(payload, charset)
    assert isinstance(outcome, Ok)
    return outcome.value


def test_the_id_is_the_digest_of_the_payload() -> None:
    assert read(b"Kop").id == f"urn:sha256:{hashlib.sha256(b'Kop').hexdigest()}"
    assert read(b"Kop").id != read(b"Kop ").id


@pytest.mark.parametrize(
    ("payload", "charset"),
    [
        ("Reünie".encode(), None),
        ("Reünie".encode("utf-8-sig"), None),
        ("Reünie".encode("utf-8-sig"), "utf-8"),
        ("Reünie".encode("cp1252"), "windows-1252"),
        ("Reünie".encode("cp1252"), "ISO-8859-1"),
        ("Reünie".encode("utf-16"), None),
    ],
)
def test_encodings(payload: bytes, charset: str | None) -> None:
    assert read(payload, charset).headline == "Reünie"


@pytest.mark.parametrize(
    ("payload", "charset"),
    [("Reünie".encode("cp1252"), None), ("Reünie".encode(), "klingon"), (b"\x81", "windows-1252"), (b"a", "zip")],
)
def test_wrong_encoding(payload: bytes, charset: str | None) -> None:
    outcome = read_plain_text(payload, charset)
    assert isinstance(outcome, DeadLetter)
    assert outcome.reason is Reason.WRONG_ENCODING
