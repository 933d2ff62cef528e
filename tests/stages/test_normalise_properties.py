"""What holds for any input."""

import json
import time
import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from streams.contract.codec import encode
from streams.contract.message import Message
from streams.contract.outcome import DeadLetter, Ok
from streams.contract.records import Article
from streams.stages.normalise import Normalise
from streams.stages.normalise.characters import clean, clean_line, resolve_references
from streams.stages.normalise.lines import text_lines
from streams.stages.normalise.markup import html_lines

normalise = Normalise()

# Pieces that articles are made of, so that their parts meet in every order, beside any Unicode at all.
_pieces = st.sampled_from(
    [
        *("\n", "\n\n", " ", ". ", "“", "”", '"', "‘", "’", "- ", "• ", "—", "(NPD)", "BRUSSEL", "In het kort"),
        *("Jan Peeters", "boswachter", "23 nov.", "Hij kwam niet", "Wij moeten leren samenleven", "Lees ook: "),
        *("<p>", "</p>", "<br>", "<li>", "<b>", "</b>", "<blockquote>", "</blockquote>", "<table>", "<!--", "&amp;"),
        *("&#0;", "e\u0301", "\u200b", "\xad", "\u202e", "\u2028", "\ufeff", "\u200d", "CORRECTIE", "VERVALT", "©"),
    ]
)
_texts = st.lists(_pieces | st.text(max_size=5), max_size=30).map("".join)


def check(article: Article) -> None:
    assert unicodedata.is_normalized("NFC", article.text)
    assert article.text == article.text.strip()
    end = 0
    for block in article.blocks:
        text = article.text[block.start : block.end]
        assert end <= block.start < block.end <= len(article.text)
        assert article.text[end : block.start] in ("", "\n\n")
        assert text == "\n".join(clean_line(line) for line in text.split("\n"))
        end = block.end
    assert end == len(article.text)
    encode(article)


@given(_texts, st.booleans())
@settings(max_examples=400, deadline=None)
def test_any_text(text: str, marked_up: bool) -> None:
    body = "body_html" if marked_up else "body_text"
    for payload in (text, json.dumps({"uri": "urn:x:1", "headline": text[:40], body: text})):
        outcome = normalise(Message(value=payload.encode("utf-8", "replace")))
        assert isinstance(outcome, Ok | DeadLetter)
        if isinstance(outcome, Ok):
            check(outcome.value)


@given(st.binary(max_size=300), st.none() | st.text(max_size=20))
@settings(deadline=None)
def test_any_bytes(payload: bytes, header: str | None) -> None:
    value = (header or "").encode("utf-8", "replace")
    headers = tuple((name, value) for name in ("content-type", "source", "language", "received"))
    outcome = normalise(Message(value=payload, headers=headers if header is not None else ()))
    assert isinstance(outcome, Ok | DeadLetter)


@given(st.text() | _texts)
def test_cleaning_twice_changes_nothing(text: str) -> None:
    once = clean(text)
    assert clean(once) == once
    assert unicodedata.is_normalized("NFC", once)
    assert clean_line(clean_line(text)) == clean_line(text)


@given(st.text())
def test_no_control_character_is_left(text: str) -> None:
    assert all(unicodedata.category(character) not in ("Cc", "Cs", "Zl", "Zp") for character in clean_line(text))


_sentences = st.lists(
    st.lists(st.text("abcdefgëéïüABDE", min_size=1, max_size=9), min_size=6, max_size=20).map(
        lambda words: " ".join(words).capitalize() + "."
    ),
    min_size=1,
    max_size=6,
)


@given(_sentences)
@settings(deadline=None)
def test_an_article_of_paragraphs_read_again_stays_as_it_is(paragraphs: list[str]) -> None:
    text = "\n\n".join(["Kop boven het bericht", *paragraphs])
    outcome = normalise(Message(value=text.encode()))
    assert isinstance(outcome, Ok)
    again = normalise(Message(value=outcome.value.text.encode()))
    assert isinstance(again, Ok)
    assert (again.value.text, again.value.blocks) == (outcome.value.text, outcome.value.blocks)


@pytest.mark.parametrize(
    "text",
    [
        "<div>" * 200_000 + "x",
        "<b a=1>" * 20_000 + "<p>x" * 20_000,
        "<p>" * 200_000,
        "<ul><li>" * 100_000,
        "&amp;" * 200_000,
        "a" + "\u0315\u0300" * 250_000,
        "“" * 300_000,
        "‘a’ " * 200_000,
        "Jan Peeters\n" * 80_000,
        "- a\n" * 200_000,
        "“A b c d.”\nJan Peeters\nboswachter\n" * 20_000,
        "Wij hebben dat gezien\nJan Peeters\nboswachter\n" * 20_000,
        "<blockquote>Wij hebben dat gezien<br>Jan Peeters</blockquote><p>Wij wat dat toen gezien is.</p>" * 9_000,
        "A. " * 300_000,
        "(" * 900_000,
        " " * 900_000 + "x",
        "\n" * 900_000 + "x",
        "x\n\n" * 200_000,
        "Van de " * 100_000,
    ],
    ids=lambda text: ascii(text[:12]),
)
def test_hostile_text_of_the_largest_size_takes_seconds(text: str) -> None:
    normalise = Normalise(max_item_bytes=5_000_000)
    started = time.monotonic()
    for body in ("body_html", "body_text"):
        payload = json.dumps({"uri": "urn:x:1", "headline": "Kop", body: text}, ensure_ascii=False).encode()
        assert isinstance(normalise(Message(value=payload)), Ok)
    assert time.monotonic() - started < 20


def test_joiners_stay_where_they_mean_something() -> None:
    family = "\U0001f468\u200d\U0001f469"
    assert clean(family) == family
    assert clean("می\u200cخواهم") == "می\u200cخواهم"
    assert clean("Ams\u200cter\u200ddam") == "Amsterdam"


def test_references() -> None:
    assert resolve_references("CD&amp;V &eacute;n A&B &#39;t &niets;") == "CD&V én A&B 't &niets;"


@given(_texts)
def test_lines_are_clean_and_not_empty(text: str) -> None:
    for line in [*html_lines(text), *text_lines(text)]:
        assert line.text and line.text == clean_line(line.text)
